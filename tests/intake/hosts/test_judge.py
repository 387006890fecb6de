"""Which folders of a source are hosts, and what their collections are called."""
from __future__ import annotations

import pytest

from nopage.intake.archive import FILE, FOLDER, Member
from nopage.intake.hosts import FEEDS, LOOSE, Kept, Placer, judged
from nopage.intake.lines import Lines
from nopage.intake.model import Limits, Stream
from nopage.intake.streams import Taken
from nopage.kernel.window import Window

HIT = (Window("log", 1, 0, Lines(b"swapper: page allocation failure. order:1, mode:0x20\n")),)


class Nothing:
    def read(self) -> bytes:
        return b""


def filled(kind: str, *paths: str) -> Kept:
    """What is kept of these files; "/" at the end is a folder, "!" a log with a hit."""
    kept = Kept("src", kind, Limits())
    placer = Placer(kept.hosts, directory=kept.is_directory)
    for path in paths:
        place = placer.place(Member(path.rstrip("/!"), FOLDER if path.endswith("/") else FILE, None, Nothing))
        if place is not None:
            assert place.role in (FEEDS, LOOSE)
            name = place.path
            windows = HIT if path.endswith("!") else ()
            kept.keep(place, Taken(Stream(place.source.spec, name, windows=windows)))
    return kept


@pytest.mark.parametrize(
    ("kind", "paths", "wanted"),
    [
        ("archive", ("a/sos_commands/", "a/proc/meminfo"), [("src", "sosreport", 1)]),
        ("archive", ("a/insights_commands/", "a/proc/meminfo"), [("src", "insights", 1)]),
        ("directory", ("sos_commands/", "proc/meminfo"), [("src", "sosreport", 1)]),
        (
            "archive",
            ("b/sos_commands/", "b/proc/meminfo", "a/sos_commands/", "a/proc/meminfo"),
            [("src!a", "sosreport", 1), ("src!b", "sosreport", 1)],
        ),
        (
            "directory",
            ("a/sos_commands/", "a/proc/meminfo", "b/var/log/messages!"),
            [("src/a", "sosreport", 1), ("src/b", "directory", 1)],
        ),
        ("directory", ("a/sos_commands/", "a/proc/meminfo", "b/var/log/messages"), [("src", "sosreport", 1)]),
        ("archive", ("sosreport-x/proc/meminfo", "y/proc/meminfo"), [("src", "sosreport", 1)]),
        ("archive", ("x/proc/meminfo", "y/proc/meminfo"), [("src!x", "archive", 1), ("src!y", "archive", 1)]),
        ("archive", ("x/proc/meminfo", "y/proc/meminfo", "a/b/c/some.log"), [("src", "archive", 3)]),
        ("archive", ("some.log!", "other.txt"), [("src", "archive", 2)]),
        ("archive", ("nothing.png",), []),
        ("archive", ("a/sos_commands/",), []),
    ],
)
def test_hosts(kind: str, paths: tuple[str, ...], wanted: list[tuple[str, str, int]]) -> None:
    found = judged(filled(kind, *paths))
    assert [(one.path, one.kind, len(one.streams)) for one in found] == wanted


def test_logs_alone_are_told_to_be_no_sosreport() -> None:
    assert judged(filled("archive", "some.log!"))[0].warnings == ("is no sosreport: only its logs were searched",)


def test_a_dump_read_from_an_archive_makes_it_a_crash_directory() -> None:
    kept = filled("archive", "x/vmcore-dmesg.txt")
    kept.keep_dump("x/vmcore", [Stream("vmcore", "x/vmcore")], ["lacks zones"], complete=False)
    (one,) = judged(kept)
    assert (one.kind, one.complete, one.warnings) == ("crashdir", False, ("x/vmcore: lacks zones",))
    assert [(stream.spec, stream.name) for stream in one.streams] == [
        ("kernel_log", "x/vmcore-dmesg.txt"), ("vmcore", "x/vmcore")
    ]
