"""Files without folders: what each is, and one host out of all."""
from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from nopage.intake.dropped import NeedsCommand, one_host
from nopage.intake.model import Limits, SourceError

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "example" / "sosreport-example-rhel6"
LIMITS = Limits(threads=False)
LOG = b"swapper: page allocation failure. order:1, mode:0x20\n"
ZONES = (EXAMPLE / "proc" / "zoneinfo").read_bytes()

KINDS = [
    ("zoneinfo", ZONES, ["zoneinfo"]),
    ("whatever.txt", ZONES, ["zoneinfo"]),
    ("x", (EXAMPLE / "proc/buddyinfo").read_bytes(), ["buddyinfo"]),
    ("both", ZONES + (EXAMPLE / "proc/buddyinfo").read_bytes(), ["buddyinfo", "zoneinfo"]),
    ("x", b"MemTotal:       16384 kB\nMemFree: 1 kB\n", ["meminfo"]),
    ("x", b"sysctl: permission denied on key 'a.b'\nabi.vsyscall32 = 1\n", ["sysctl"]),
    ("settings.txt", b"abi.vsyscall32 = 1\nvm.min_free_kbytes = 90112\n", ["sysctl"]),
    ("x", b"Linux web1 2.6.32-358.el6.x86_64 #1 SMP x86_64 GNU/Linux\n", ["uname"]),
    ("x", b"Module                  Size  Used by\nigb 1 0\n", ["lsmod"]),
    ("vmstat", b"nr_free_pages 12\nallocstall 3\n", ["vmstat"]),
    ("hostname", b"web1.example.com\n", ["hostname"]),
    ("date.txt", b"Wed Feb 15 10:00:00 UTC 2012\n", ["date"]),
    ("cmdline", b"ro quiet\n", ["cmdline"]),
    ("messages", LOG, ["kernel_log"]),
    ("messages-20240101.gz", gzip.compress(LOG), ["kernel_log"]),
    ("kern.log.xz", lzma.compress(LOG), ["kernel_log"]),
    ("kern.log.bz2", bz2.compress(LOG), ["kernel_log"]),
    ("zoneinfo.gz", gzip.compress(ZONES), ["zoneinfo"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "specs"), KINDS, ids=[f"{row[0]}-{n}" for n, row in enumerate(KINDS)])
def test_a_file_is_told_by_what_stands_in_it(name: str, data: bytes, specs: list[str]) -> None:
    found = one_host([(name, data)], LIMITS)
    assert sorted({stream.spec for stream in found.streams}) == specs
    assert (found.complete, found.path, found.kind) == (True, name, "log")


ETHTOOL = [
    ("ethtool_-S_eth4", b"NIC statistics:\n  rx: 1\n", "ethtool_-S_eth4"),
    ("ethtool-i-ens1f0.txt", b"driver: ixgbe\nversion: 3\n", "ethtool_-i_ens1f0"),
    ("x", b"Ring parameters for p1p1:\n", "ethtool_-g_p1p1"),
    ("x", b"Features for bond0:\n", "ethtool_-k_bond0"),
    ("x", b"Settings for eth0:\n", "ethtool_eth0"),
    ("statistics.txt", b"NIC statistics:\n  rx: 1\n", "ethtool_-S_nic"),
]


@pytest.mark.parametrize(("name", "data", "told"), ETHTOOL)
def test_outputs_of_ethtool_have_their_interface(name: str, data: bytes, told: str) -> None:
    (stream,) = one_host([(name, data)], LIMITS).streams
    assert (stream.spec, stream.name) == ("ethtool", told)


def test_the_only_interface_that_is_told_is_that_of_all() -> None:
    files = [("s.txt", b"NIC statistics:\n  rx: 1\n"), ("g", b"Ring parameters for eth7:\n"),
             ("d.txt", b"driver: igb\nversion: 5\n"), ("messages", LOG), ("messages", LOG)]
    found = one_host(files, LIMITS)
    assert [stream.name for stream in found.streams] == [
        "ethtool_-S_eth7", "ethtool_-g_eth7", "ethtool_-i_eth7", "messages", "messages (2)",
    ]  # fmt: skip
    assert (found.path, found.kind) == ("5 files", "directory")
    assert [window.file for stream in found.streams for window in stream.windows] == ["messages", "messages (2)"]


def tar(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        one = tarfile.TarInfo("sosreport-x/var/log/messages")
        one.size = len(LOG)
        archive.addfile(one, io.BytesIO(LOG))
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("messages", LOG)
    return out.getvalue()


@pytest.mark.parametrize("data", [tar("w:"), tar("w:gz"), tar("w:xz"), zipped(), b"KDUMP   " + bytes(4096)],
                         ids=["tar", "tar.gz", "tar.xz", "zip", "vmcore"])
def test_an_archive_needs_the_command(data: bytes) -> None:
    with pytest.raises(NeedsCommand):
        one_host([("messages", LOG), ("sosreport-x.tar.xz", data)], LIMITS)


UNREAD = [
    ([("empty", b"")], "is empty"),
    ([], "is empty"),
    ([("x.bin", bytes(range(256)) * 40)], "is neither an archive nor a log"),
    ([("x.pdf", b"%PDF-1.7 " + bytes(100))], "is a PDF file"),
    ([("x.gz", gzip.compress(LOG * 40)[:40])], "the gzip data ends early"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), UNREAD)
def test_what_cannot_be_read_says_why(files: list[tuple[str, bytes]], reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        one_host(files, LIMITS)


def test_one_that_cannot_be_read_is_passed_over_and_told() -> None:
    found = one_host([("x.pdf", b"%PDF-1.7 x"), ("messages", LOG)], LIMITS)
    assert [stream.spec for stream in found.streams] == ["kernel_log"]
    assert not found.complete
    assert found.warnings == ("x.pdf: is a PDF file, which is not read here",)


def test_of_many_that_cannot_be_read_some_are_told() -> None:
    empty = [(f"empty{number}", b"") for number in range(3000)]
    with pytest.raises(SourceError) as fault:
        one_host(empty, LIMITS)
    assert fault.value.reason == "empty0: is empty; empty1: is empty; empty2: is empty; and more of these"
    found = one_host([*empty, ("messages", LOG)], LIMITS)
    assert not found.complete
    assert len(found.warnings) < 1000
    assert found.warnings[-1] == "and more of these"


def test_a_bomb_is_bounded() -> None:
    bomb = gzip.compress(b"Feb 14 18:26:56 stor1 kernel: quiet\n" * (64 << 10))
    found = one_host([("messages.gz", bomb)], Limits(threads=False, unpacked_bytes=1 << 20))
    assert not found.complete
    assert "more than 1 MiB unpacked" in found.warnings[0]
