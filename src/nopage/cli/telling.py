"""What is said on standard error of a source: what could not be read, what could not be shown."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain

if TYPE_CHECKING:
    from nopage.result import Result


def tell_warnings(result: Result) -> None:
    """What could not be read, one line each on standard error."""
    for warning in result.source.warnings:
        tell(warning, result.source.path)


def tell_fault(error: Exception, result: Result) -> None:
    """One line on standard error for a result that could not be shown."""
    from nopage.engine.faults import fault_words

    tell(fault_words(error), result.source.path)


def tell(words: str, path: str) -> None:
    complain(placed(words, path))


def placed(warning: str, path: str) -> str:
    """A warning with the source's path before it, unless it begins with that file's name already."""
    name = os.path.basename(path)
    return f"{path}{warning[len(name):]}" if name and warning.startswith(f"{name}:") else f"{path}: {warning}"
