"""What goes to standard error: one line each, whatever names and texts of a source stand in it."""
from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.kernel.plain import plain

if TYPE_CHECKING:
    from nopage.result import Result


def complain(what: str) -> None:
    """Say it, where standard error can be written."""
    with contextlib.suppress(OSError, ValueError):
        print(f"nopage: {plain(os.fsdecode(what))}", file=sys.stderr)


def tell_missing(error: ModuleNotFoundError, command: str, libraries: Sequence[str]) -> None:
    """Which of a command's libraries is not installed, and how to install it; any other fault is raised again."""
    library = (error.name or "").split(".")[0]
    if library not in libraries:
        raise error
    complain(f"nopage {command} needs {library}: pip install 'nopage[{command}]'")


MOST_WARNINGS = 30  # lines for one result; the result itself has them all
_told: tuple[str, frozenset[str]] = ("", frozenset())  # of the archive that the last result was of


def tell_warnings(result: Result) -> None:
    """What could not be read, one line each on standard error; what is said of a whole archive, for its first host."""
    global _told
    path = result.source.path
    around, is_inside, _ = path.partition("!")
    before = _told[1] if is_inside and _told[0] == around else frozenset()
    warnings = [warning for warning in result.source.warnings if warning not in before]
    _told = around, before | frozenset(warnings[:MOST_WARNINGS])
    for warning in warnings[:MOST_WARNINGS]:
        tell(warning, path)
    if len(warnings) > MOST_WARNINGS:
        tell(f"{len(warnings) - MOST_WARNINGS} warnings more; --format json has them all", path)


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
