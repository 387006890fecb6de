"""`--format sysctl|ansible`: what a host obeys is of one host; several hosts need a folder, one file each."""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nopage.report.view import View
    from nopage.result import Result

OF_ONE_HOST = ("ansible", "sysctl")


class Refused(Exception):
    """The command line asks for what is not done; says why and what to write instead."""


def refusal(format: str, hosts: int) -> str:
    """Why several hosts do not go into one file, and what to write instead."""
    return f"--format {format}: {hosts} hosts, and such a file is of one host; write -o FOLDER/ for one file each"


def is_folder(output: str | None) -> bool:
    """Whether the output is to be a folder: it is one, or its name ends with a slash."""
    return output is not None and (output.endswith("/") or os.path.isdir(output))


def write_folder(format: str, results: Iterator[Result], folder: str, view: View) -> int:
    """A file for each host, named after it, as soon as it is ready; returns how many results could not be shown."""
    from nopage.cli.writers import tell_fault, tell_warnings
    from nopage.report.documents import host_file

    place = Path(folder)
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
        write_whole(place / name, text)
    return unshown


def write_whole(path: Path, text: str) -> None:
    """Written beside and renamed when whole: nobody's half a file is ever obeyed."""
    with NamedTemporaryFile("w", encoding="utf-8", errors="backslashreplace", dir=path.parent, delete=False) as out:
        try:
            out.write(text)
            out.close()
            os.chmod(out.name, 0o644)
            os.replace(out.name, path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise
