"""What a member is to its source by name and kind, and which folders turn out to be hosts."""
from __future__ import annotations

import pytest

from nopage.intake.archive import FILE, FOLDER, HARDLINK, LINK, Member
from nopage.intake.hosts.place import ARCHIVE, CORE, FEEDS, LATER, LOOSE, NO_FILE, Placer
from nopage.intake.hosts.record import Hosts
from nopage.intake.reader import LimitReached

SOS = ("s/sos_commands", "s/version.txt")  # `s` is a collected host's own folder


def unread() -> None:
    raise AssertionError("placing reads nothing")


def member(path: str, kind: str = FILE) -> Member:
    return Member(path, kind, None, unread)  # type: ignore[arg-type]


def role(path: str, kind: str = FILE, seen: tuple[str, ...] = (), *, directory: bool = False) -> str | None:
    placer = Placer(Hosts(10), directory=directory)
    for name in seen:
        placer.place(member(name, FOLDER))
    place = placer.place(member(path, kind))
    return None if place is None else place.role


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("s/sos_commands/kernel/dmesg", FEEDS),
        ("./s//proc/buddyinfo", FEEDS),
        ("s/proc/1/status", None),
        ("s/screenlog.0", LOOSE),
        ("a/b/c/notes.log", LOOSE),
        ("a/loki-export.json", LOOSE),
        ("a/case 7.eml", LOOSE),
        ("a/kibana.csv.gz", LOOSE),
        ("a/notes.md", None),
        ("picture.png", None),
        ("one.tar.xz", ARCHIVE),
        ("x/two.TGZ", ARCHIVE),
        ("x/y/three.tar", None),
        ("x/y/z/sosreport-web.tar.bz2", ARCHIVE),
        ("x/vmcore", CORE),
        ("x/vmcore.flat.gz", CORE),
        ("x/vmcore-dmesg.txt", FEEDS),
        ("../etc/dmesg", None),
    ],
)
def test_a_file_by_its_name(path: str, wanted: str | None) -> None:
    assert role(path) == wanted


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("s/screenlog.0", None),  # a collected host's logs are known by name
        ("s/var/log/messages", FEEDS),
        ("s/other.tar.gz", ARCHIVE),  # as `sos collect` packs them
        ("s/root/backup.tar.gz", None),
        ("s/var/crash/vmcore", LATER),
        ("t/screenlog.0", LOOSE),
    ],
)
def test_inside_a_collected_host_less_counts(path: str, wanted: str | None) -> None:
    assert role(path, seen=SOS) == wanted


def test_a_core_in_a_directory_is_left_to_the_caller() -> None:
    assert role("x/vmcore", directory=True) == LATER


@pytest.mark.parametrize(
    ("path", "kind", "wanted"),
    [
        ("s/var/log/messages", LINK, NO_FILE),
        ("s/var/log/messages", HARDLINK, NO_FILE),
        ("s/var/log/messages", "special file", NO_FILE),
        ("s/var/log/messages", FOLDER, None),
        ("s/other.tar.gz", LINK, None),
    ],
)
def test_only_files_are_read(path: str, kind: str, wanted: str | None) -> None:
    assert role(path, kind) == wanted


def test_names_that_lead_out_are_counted() -> None:
    placer = Placer(Hosts(10), directory=False)
    assert [placer.place(member(path)) for path in ("../a", "a/../../b", "a/b")] == [None, None, None]
    assert placer.unsafe == 2


def test_hosts_are_bounded() -> None:
    placer = Placer(Hosts(3), directory=False)
    for number in range(4):
        placer.place(member(f"{number}/sos_commands/x"))
    with pytest.raises(LimitReached, match="more than 3 hosts"):
        placer.place(member("4/sos_commands/x"))
