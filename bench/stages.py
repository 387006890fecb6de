"""Where the intake's time goes: each stage alone, over the sosreport that bench/run.py made.

python bench/stages.py FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from gen_sos import TOP

from nopage.intake.archive import OpenFile, normal, walk_directory, walk_tar
from nopage.intake.collect import collect
from nopage.intake.model import Limits
from nopage.intake.reader import FileReader, Reader
from nopage.intake.search import WindowSearch, finder, newlines
from nopage.intake.sources import classify
from nopage.intake.unpack import unpacked


def least_s(work: Callable[[], object], runs: int = 4) -> float:
    """The least processor time of a few runs."""
    taken = []
    for _ in range(runs):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def drain(reader: Reader) -> None:
    while reader.read():
        pass


def archive(path: Path, form: str | None = None) -> Reader:
    file = path.open("rb", buffering=0)
    reader = FileReader(file.read)
    return unpacked(reader, form) if form else reader


def blocks(path: Path) -> list[bytes]:
    reader = OpenFile(str(path))
    return list(iter(reader.read, b""))


def log(path: Path) -> None:
    search = WindowSearch("log", Limits())
    reader = OpenFile(str(path))
    while block := reader.read():
        search.feed(block)
    search.finish()


def stages(folder: Path) -> list[tuple[str, float]]:
    top = folder / TOP
    messages = top / "var/log/messages"
    forms = {form: folder / f"{TOP}.tar.{form}" for form in ("xz", "gz", "zst")}
    names = [member.path for member in walk_tar(archive(forms["gz"], "gzip"))]
    gzip_s = least_s(lambda: drain(archive(forms["gz"], "gzip")))
    held = blocks(messages)
    find = finder(True, False)
    size = f"{os.path.getsize(messages) / 1e6:.0f} MB"
    return [
        ("unpack xz", least_s(lambda: drain(archive(forms["xz"], "xz")), 2)),
        ("unpack gzip (isal)", gzip_s),
        ("unpack zstd", least_s(lambda: drain(archive(forms["zst"], "zstd")))),
        (
            f"tar headers of {len(names)} members",
            least_s(lambda: list(walk_tar(archive(forms["gz"], "gzip")))) - gzip_s,
        ),
        ("which file feeds what", least_s(lambda: [classify(normal(name) or "") for name in names])),
        ("directory walk", least_s(lambda: list(walk_directory(str(top), [])))),
        (f"messages, {size}: read", least_s(lambda: blocks(messages))),
        (f"messages, {size}: needles", least_s(lambda: [find(block) for block in held])),
        (f"messages, {size}: line numbers", least_s(lambda: [newlines(block) for block in held])),
        (f"messages, {size}: the whole search", least_s(lambda: log(messages))),
        ("collect() of tar.gz, all threads", least_s(lambda: list(collect(str(forms["gz"]))))),
        ("collect() of tar.zst, all threads", least_s(lambda: list(collect(str(forms["zst"]))))),
        ("collect() of the directory, all threads", least_s(lambda: list(collect(str(top))))),
    ]


if __name__ == "__main__":
    print("| stage | CPU s |\n|---|---|")
    for name, seconds in stages(Path(sys.argv[1])):
        print(f"| {name} | {seconds:.3f} |")
