"""Input made to harm: nothing is followed, nothing is written, memory and time stay bounded, the good part is read."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import lzma
import os
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nopage.intake import reader
from nopage.intake.collect import collect, collect_directory
from nopage.intake.model import Collection, Limits, SourceError

Files = dict[str, bytes]
Pack = Callable[..., bytes]
TOP = "sosreport-web01-20240214"
LOG = f"{TOP}/var/log/messages"
INSIDE = "var/log/messages"  # as the host itself has it, in an archive and unpacked


def member(name: str, data: bytes = b"", **facts: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in facts.items():
        setattr(info, key, value)
    return info, data


def tar_of(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Collection]:
    """Reads the only host of an archive; fails when anything was written beside it."""

    def collected(data: bytes, limits: Limits | None = None) -> Collection:
        path = tmp_path / "a"
        path.write_bytes(data)
        (found,) = collect(str(path), limits)
        assert list(tmp_path.iterdir()) == [path]
        return found

    return collected


def reports(found: Collection) -> int:
    return sum(
        "page allocation failure" in line
        for stream in found.streams
        for window in stream.windows
        for line in window.lines
    )


def test_names_that_lead_out_are_passed_over(read: Any, report: str) -> None:
    found = read(
        tar_of(
            member("../../etc/cron.d/x", b"x"),
            member(f"{TOP}/../../var/log/messages", report.encode()),
            member(f"/{TOP}/var/log/kern.log", report.encode()),
            member(LOG, report.encode()),
        )
    )
    assert reports(found) == 2
    assert "2 members whose names lead out of the archive were passed over" in found.warnings


LINKS = [
    member(LOG, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    member(LOG, type=tarfile.SYMTYPE, linkname="../../../../../etc/passwd"),
    member(LOG, type=tarfile.LNKTYPE, linkname="/etc/passwd"),
    member(LOG, type=tarfile.FIFOTYPE),
    member(LOG, type=tarfile.CHRTYPE, devmajor=1, devminor=5),
    member(LOG, type=tarfile.BLKTYPE, devmajor=8, devminor=0),
    member(LOG, type=tarfile.CONTTYPE),
    member(LOG, type=b"Z"),
]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link[0].type)
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_links_and_special_files_in_an_archive_are_not_read(link: Any, form: int, read: Any, report: str) -> None:
    found = read(tar_of(member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()), link, form=form))
    assert reports(found) == 1
    if link[0].type != tarfile.CONTTYPE:
        assert any("var/log/messages" in line for line in found.coverage.skipped)
    assert "root:" not in str(found)


def test_links_and_fifos_in_a_directory_are_not_read(tmp_path: Path, report: str) -> None:
    top = tmp_path / TOP
    (top / "var/log").mkdir(parents=True)
    (top / "sos_commands/kernel").mkdir(parents=True)
    (top / "sos_commands/kernel/dmesg").write_text(report)
    outside = tmp_path / "outside"
    outside.write_text(report)
    (top / "var/log/messages").symlink_to(outside)
    (top / "var/log/kern.log").symlink_to("/etc/passwd")
    (top / "var/log/loop").symlink_to(top)
    (top / "dmesg").symlink_to("sos_commands/kernel/dmesg")
    os.mkfifo(top / "var/log/syslog")
    started = time.monotonic()
    found = collect_directory(str(top))
    assert time.monotonic() - started < 5
    assert reports(found) == 1
    assert found.complete
    assert [line.split(":")[0] for line in found.coverage.skipped] == [
        "var/log/kern.log",
        "var/log/messages",
        "var/log/syslog",
    ]


def test_a_member_that_changes_kind_and_one_that_comes_twice(read: Any, report: str) -> None:
    found = read(
        tar_of(
            member(LOG, b"nothing here\n"),
            member(LOG, report.encode()),
            member(LOG, type=tarfile.SYMTYPE, linkname="/etc/passwd"),
            member(LOG, type=tarfile.DIRTYPE),
        )
    )
    assert reports(found) == 1
    assert f"{INSIDE}: stands in the source more than once; the last one counts" in found.warnings


@pytest.mark.parametrize("form", ["gz", "xz", "zst", "bz2"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_bomb_ends_at_the_limit(form: str, inside: bool, packers: Any, report: str, read: Any) -> None:
    zeros = packers[form](bytes(64 << 20))
    name = f"{LOG}-1.{form}" if inside else f"{TOP}/sosreport-inner.tar.{form}"
    assert len(zeros) < 1 << 20
    data = tar_of(member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()), member(name, zeros))
    found = read(data if inside else packers[form](data), Limits(unpacked_bytes=16 << 20))
    assert not found.complete
    assert reports(found) == 1
    if inside:
        assert "more than 16 MiB unpacked" in " ".join(found.warnings)


def test_a_nested_bomb_ends_at_the_limit(report: str, packers: Any, tmp_path: Path) -> None:
    zeros = tar_of(member("sosreport-z/var/log/messages", bytes(64 << 20)))
    inner = tar_of(member("sosreport-y.tar.gz", packers["gz"](zeros)))
    data = tar_of(
        member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()), member("sosreport-x.tar.xz", packers["xz"](inner))
    )
    started = time.monotonic()
    path = tmp_path / "a"
    path.write_bytes(packers["zst"](data))
    *_, found = collect(str(path), Limits(unpacked_bytes=8 << 20))
    assert time.monotonic() - started < 5
    assert not found.complete
    assert reports(found) == 1


def test_ten_gigabytes_in_a_few_megabytes_take_neither_memory_nor_disk(tmp_path: Path, report: str) -> None:
    path = tmp_path / "a.tar.gz"
    block = bytes(1 << 20)
    with gzip.open(path, "wb", 1) as out:
        whole = tar_of(member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()))
        out.write(whole[: 512 + -(-len(report) // 512) * 512])
        info = tarfile.TarInfo(LOG)
        info.size = 10 << 30
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        for _ in range(512):
            out.write(block)
    code = (
        "import re, sys; from nopage.intake.collect import collect; from nopage.intake.model import Limits;"
        "found = list(collect(sys.argv[1], Limits(unpacked_bytes=256 << 20)));"
        "peak_kb = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]);"
        "print(len(found), found[0].complete, peak_kb >> 10)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    count, complete, peak_mb = found.stdout.split()
    assert (count, complete) == ("1", "False")
    assert int(peak_mb) <= 120
    assert list(tmp_path.iterdir()) == [path]


def test_too_many_members_and_too_much_time(
    pack: Pack, report: str, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"etc/{at}": b"" for at in range(3000)} | {"dmesg": report.encode()}
    found = read(pack(files), Limits(members=2000))
    assert not found.complete
    assert found.warnings == ("more than 2000 members; raise the limit to read on",)
    clock = itertools.count(step=0.5)
    monkeypatch.setattr(reader.time, "monotonic", lambda: next(clock))
    found = read(pack(files), Limits(seconds=1.3))
    assert not found.complete
    assert "took longer than 1.04 of 1.3 s" in found.warnings[0]


MANY = {
    "hosts": ([f"sosreport-{at}/sos_commands/x" for at in range(300)], b"", "more than 100 hosts"),
    "facts": ([f"{TOP}/proc/sys/vm/x{at}" for at in range(300)], b"1\n", "more than 200 files of use"),
    "large facts": ([f"{TOP}/proc/sys/vm/x{at}" for at in range(300)], b"x" * 9000, "more than 1 MiB of facts"),
    "logs": ([f"{LOG}-{at}" for at in range(300)], b"page allocation failure\n", "more than 200 files of use"),
}  # fmt: skip


@pytest.mark.parametrize("names", MANY)
def test_what_is_kept_is_bounded_in_all(names: str, read: Any, report: str, tmp_path: Path) -> None:
    members, data, reason = MANY[names]
    path = tmp_path / "many.tar"
    path.write_bytes(
        tar_of(member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()), *(member(name, data) for name in members))
    )
    limits = Limits(kept_hosts=100, kept_files=200, kept_fact_bytes=1 << 20)
    found = list(collect(str(path), limits))
    assert not found[0].complete
    assert found[0].warnings[0] == reason
    assert reports(found[0]) >= 1


def test_many_storms_are_each_kept_in_part(read: Any, report: str) -> None:
    storm = (report * 3000).encode()
    found = read(
        tar_of(*(member(f"{LOG}-{at}", storm) for at in range(12))), Limits(kept_log_bytes=600_000, kept_reports=900)
    )
    assert found.complete
    kept = [stream.counted.reports_kept for stream in found.streams if stream.counted is not None]
    assert len(kept) == 12
    assert all(count >= 1 for count in kept)
    assert sum(kept) <= 900
    assert all(stream.counted.reports_seen == 3000 for stream in found.streams if stream.counted is not None)


def test_remarks_are_bounded(read: Any, report: str) -> None:
    links = [member(f"{LOG}-{at}", type=tarfile.SYMTYPE, linkname=f"/x{at}") for at in range(3000)]
    found = read(tar_of(member(LOG, report.encode()), *links))
    assert len(found.coverage.skipped) <= 501
    assert "and more of these" in found.coverage.skipped


@pytest.mark.parametrize("text", [bytes(1 << 18), b"page allocation failure\n" * 9000])
def test_a_stream_without_an_end_is_left_at_the_limit(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=SimpleNamespace(read=lambda _size: text)))
    limits = Limits(unpacked_bytes=4 << 20)
    if not any(text):
        with pytest.raises(SourceError, match="is neither an archive nor a log"):
            list(collect("-", limits))
        return
    (found,) = collect("-", limits)
    assert not found.complete
    assert found.warnings == ("more than 4 MiB unpacked; raise the limit to read on",)


def test_a_device_is_no_source() -> None:
    with pytest.raises(SourceError, match="is a device"):
        list(collect("/dev/zero"))


def test_a_sparse_giant_is_not_filled_up(read: Any, report: str) -> None:
    text = report.encode()
    size = len(text)
    facts = ("major=1", "minor=0", "name=a/var/log/messages", "realsize=20000000000000")
    record = b"".join(b"%d GNU.sparse.%s\n" % (len(fact) + 15, fact.encode()) for fact in facts)
    table = b"1\n19999999999000\n%d\n" % size
    data = io.BytesIO()
    header = tarfile.TarInfo("PaxHeaders/x")
    header.type = tarfile.XHDTYPE
    header.size = len(record)
    data.write(header.tobuf(tarfile.USTAR_FORMAT) + record.ljust(-(-len(record) // 512) * 512, b"\0"))
    body = table.ljust(512, b"\0") + text
    info = tarfile.TarInfo("GNUSparseFile.0/messages")
    info.size = len(body)
    data.write(info.tobuf(tarfile.USTAR_FORMAT) + body.ljust(-(-len(body) // 512) * 512, b"\0") + bytes(1024))
    found = read(data.getvalue())
    assert reports(found) == 1
    assert next(stream.name for stream in found.streams) == "var/log/messages"


def whole(path: Path) -> tuple[list[Collection], str]:
    """All that a source gives, and the reason why it gives no more."""
    found: list[Collection] = []
    reason = ""
    try:
        found.extend(collect(str(path)))
    except SourceError as error:
        reason = error.reason
    assert "\n" not in reason
    return found, reason


def damaged(pack: Pack, packers: Any, tree: Files, form: str) -> bytes:
    files = {**tree, "a_first/x": b"x" * 2000}
    for seed in range(40):  # text that compresses badly, so that tenths of the file are tenths of the content
        files[f"etc/noise{seed}"] = os.urandom(3000)
    data: bytes = packers[form](pack(files))
    return data


@pytest.mark.parametrize("form", ["none", "gz", "xz", "bz2", "zst"])
def test_cut_at_every_tenth(form: str, tree: Files, pack: Pack, packers: Any, tmp_path: Path) -> None:
    data = damaged(pack, packers, tree, form)
    path = tmp_path / "a"
    seen = []
    for tenth in range(1, 10):
        path.write_bytes(data[: len(data) * tenth // 10])
        collections, reason = whole(path)
        if reason:
            assert not collections
            seen.append(0)
            continue
        (found,) = collections
        assert not found.complete
        assert len(found.warnings) == 1
        assert "ends early" in found.warnings[0]
        seen.append(len(found.streams))
    assert seen == sorted(seen)
    path.write_bytes(data)
    (found,) = collect(str(path))
    assert found.complete
    if form in ("none", "gz", "zst"):
        assert seen[-1] > 0


@pytest.mark.parametrize("form", ["none", "gz", "xz", "bz2", "zst"])
@pytest.mark.parametrize("place", [0.0, 0.02, 0.3, 0.5, 0.8, 0.98, 0.9999])
def test_a_flipped_byte_is_bounded_and_told_or_harmless(
    form: str, place: float, tree: Files, pack: Pack, packers: Any, tmp_path: Path
) -> None:
    data = bytearray(damaged(pack, packers, tree, form))
    data[int(len(data) * place)] ^= 0x55
    path = tmp_path / "a"
    path.write_bytes(data)
    found, _reason = whole(path)
    for one in found:
        assert one.complete == (not one.warnings)
        if form in ("gz", "xz", "bz2", "zst") and one.kind == "sosreport":
            assert not one.complete  # the check sum tells, wherever it was


def test_a_damaged_tar_header_costs_one_member(tree: Files, pack: Pack, read: Any) -> None:
    data = bytearray(pack(tree))
    at = data.find(f"{TOP}/sos_commands/kernel/sysctl_-a".encode())
    data[at + 5] ^= 0xFF
    found = read(bytes(data))
    assert not found.complete
    assert "1 damaged tar header" in found.warnings[0]
    assert {stream.spec for stream in found.streams} >= {"uname", "buddyinfo", "kernel_log"}
    assert reports(found) == 5


def test_names_of_any_bytes_and_any_length(read: Any, report: str) -> None:
    wild = f"{TOP}/var/log/messages-\udcff\udcfe\x1b[31m<b>&\u202e"
    long = f"{TOP}/var/log/messages-" + "x" * 4060
    found = read(tar_of(member(wild, report.encode()), member(long, report.encode()), form=tarfile.GNU_FORMAT))
    assert reports(found) == 2
    for stream in found.streams:
        stream.name.encode()
        assert stream.name.isprintable()
        assert stream.windows[0].file == stream.name


def test_terminal_codes_and_html_in_a_log_stay_text(read: Any, report: str) -> None:
    wild = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>"
    found = read(tar_of(member(LOG, (wild + "\n" + report).encode())))
    assert found.streams[0].windows[0].lines[0] == wild


class _Line(io.RawIOBase):
    """A log of one line, made as it is read."""

    def __init__(self, size: int, text: bytes) -> None:
        self._left = size
        self._text = text

    def chunks(self) -> Iterator[bytes]:
        block = b"x" * (1 << 20)
        while self._left > 0:
            self._left -= len(block)
            yield block
        yield self._text


def test_a_log_of_one_giant_line(report: str) -> None:
    from nopage.intake.search.windows import WindowSearch

    search = WindowSearch("log", Limits())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for chunk in _Line(192 << 20, report.encode()).chunks():
        search.feed(chunk)
    found = search.finish()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10
    (window,) = found.windows
    assert window.line == 1
    assert len(window.lines[0]) <= 2 << 20
    assert "page allocation failure" in window.lines[0]


@pytest.mark.parametrize("form", ["gz", "bz2", "xz", "zst"])
def test_a_compressed_log_that_is_cut_gives_its_first_part(form: str, report: str, packers: Any, read: Any) -> None:
    noise = os.urandom(200_000).hex().encode()
    rotated = packers[form](report.encode() + b"\n".join(noise[at : at + 80] for at in range(0, len(noise), 80)))
    data = tar_of(
        member(f"{LOG}-1.{form}", rotated[: len(rotated) * 2 // 3]),
        member(f"{TOP}/sos_commands/kernel/dmesg", report.encode()),
    )
    found = read(data)
    assert not found.complete
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith(f"{INSIDE}-1.{form}: the ")
    assert "ends early" in found.warnings[0]
    assert reports(found) == (1 if form in ("bz2", "zst") else 2) or reports(found) == 2


@pytest.mark.parametrize("maker", [gzip.compress, lzma.compress, bz2.compress])
def test_streams_one_behind_another_are_one(maker: Any, report: str, read: Any) -> None:
    parts = maker(b"first\n" * 20000) + maker(b"") + maker(report.encode())
    found = read(tar_of(member(f"{LOG}-1.gz", parts)))
    assert reports(found) == 1
    assert found.complete
    assert (
        found.streams[0].windows[0].line
        + next(at for at, line in enumerate(found.streams[0].windows[0].lines) if "failure" in line)
        == 20001
    )


def test_zstd_frames_skippable_frames_and_no_check_sum(report: str, read: Any) -> None:
    import zstandard

    plain = zstandard.ZstdCompressor(write_checksum=False, write_content_size=False)
    streamed = plain.compressobj()
    frame = streamed.compress(b"first\n" * 30000) + streamed.flush()
    skippable = b"\x5a\x2a\x4d\x18" + (300_000).to_bytes(4, "little") + bytes(300_000)
    found = read(tar_of(member(f"{LOG}-1.zst", frame + skippable + plain.compress(report.encode()))))
    assert reports(found) == 1
    assert found.complete
    assert found.streams[0].bytes_read == 180_000 + len(report)
