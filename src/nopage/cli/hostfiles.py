"""`--format sysctl|ansible`: what a host obeys is of one host; several hosts need a folder, one file each."""
from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from nopage.cli.complaint import tell_fault, tell_warnings
from nopage.cli.output import UnwritableError, written

if TYPE_CHECKING:
    from nopage.report.view import View
    from nopage.result import Result

OF_ONE_HOST = ("ansible", "sysctl")


class Refused(Exception):
    """The command line asks for what is not done; says why and what to write instead."""


def several_hosts(format: str, hosts: int) -> str:
    """Why several hosts do not go into one file, and what to write instead."""
    return f"--format {format}: {hosts} hosts, and such a file is of one host; write -o FOLDER/ for one file each"


def is_folder(output: str | None) -> bool:
    """Whether the output is to be a folder: it is one, or its name ends with a slash."""
    return output is not None and (output.endswith("/") or os.path.isdir(output))


@contextlib.contextmanager
def made_folder(folder: str) -> Iterator[TextIO]:
    """The folder is there, or UnwritableError says why not; nothing goes to standard output."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    yield sys.stdout


def write_folder(format: str, results: Iterator[Result], folder: str, view: View) -> int:
    """A file for each host, named after it, as soon as it is ready; returns how many results could not be shown."""
    from nopage.report.documents import host_file

    taken: set[str] = set()
    unshown = 0
    for result in results:
        tell_warnings(result)
        try:
            name, text = host_file(format, result, taken, view.speak)
        except Exception as error:
            tell_fault(error, result)
            unshown += 1
            continue
        with written(os.path.join(folder, name)) as out:
            out.write(text)
    return unshown
