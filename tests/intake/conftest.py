"""Sosreports made for the intake's tests, in memory and on disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

REPORT = (
    "swapper: page allocation failure. order:1, mode:0x20\n"
    "Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1\n"
    "Call Trace:\n"
    " <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0\n"
    " [<ffffffffa0123456>] ? e1000_alloc_rx_buffers+0x1b8/0x2a0 [e1000]\n"
)
TOP = "sosreport-web01-20240214"


def syslog(text: str, start: int = 0) -> str:
    """Lines as /var/log/messages has them."""
    return "".join(
        f"Feb 14 10:00:{(start + at) % 60:02d} web01 kernel: {line}\n" for at, line in enumerate(text.splitlines())
    )


@pytest.fixture(scope="session")
def report() -> str:
    """One failure report as dmesg prints it."""
    return REPORT


@pytest.fixture(scope="session")
def tree() -> dict[str, bytes]:
    """The files of a small sosreport by name, below its top folder."""
    noise = "".join(
        f"Feb 14 09:{at // 60 % 60:02d}:{at % 60:02d} web01 sshd[{at}]: session opened\n" for at in range(3000)
    )
    messages = (noise + syslog(REPORT) + noise).encode()
    return {
        "sos_commands/kernel/uname_-a": b"Linux web01 2.6.32-358.el6.x86_64 #1 SMP x86_64 GNU/Linux\n",
        "sos_commands/kernel/sysctl_-a": b"vm.min_free_kbytes = 67584\n",
        "sos_commands/kernel/dmesg": REPORT.encode(),
        "sos_commands/networking/ethtool_-S_eth0": b"NIC statistics:\n     rx_no_buffer_count: 12\n",
        "sos_commands/general/date": b"Wed Feb 14 11:00:00 UTC 2024\n",
        "proc/buddyinfo": b"Node 0, zone   Normal  1 2 3 4 5 6 7 8 9 10 11\n",
        "proc/1/status": b"Name: init\n",
        "var/log/messages": messages,
        "var/log/messages-20240204.gz": gzip.compress(messages, mtime=0),
        "var/log/messages-20240128.xz": lzma.compress(messages),
        "var/log/messages-20240121.bz2": bz2.compress(messages),
        "var/log/secure": noise.encode(),
        "version.txt": b"sosreport: 4.5\n",
    }


def tarred(files: Mapping[str, bytes], top: str = TOP, form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar archive of the files, sorted by name."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name in sorted(files):
            info = tarfile.TarInfo(f"{top}/{name}" if top else name)
            info.size = len(files[name])
            archive.addfile(info, io.BytesIO(files[name]))
    return out.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(f"{TOP}/{name}", files[name])
    return out.getvalue()


def zstandard_of(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


@pytest.fixture(scope="session")
def packers() -> dict[str, Callable[[bytes], bytes]]:
    """The compressions that a tar archive may be in."""
    return {
        "none": lambda data: data,
        "gz": lambda data: gzip.compress(data, mtime=0),
        "xz": lambda data: lzma.compress(data, preset=1),
        "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE, preset=1),
        "bz2": bz2.compress,
        "zst": zstandard_of,
    }


@pytest.fixture(scope="session")
def pack() -> Callable[..., bytes]:
    """`tarred`, for tests."""
    return tarred


@pytest.fixture(scope="session")
def pack_zip() -> Callable[[Mapping[str, bytes]], bytes]:
    """`zipped`, for tests."""
    return zipped


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Path]:
    """Writes files below a folder, as an unpacked sosreport."""

    def write(files: Mapping[str, bytes]) -> Path:
        top = tmp_path / TOP
        for name, data in files.items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return top

    return write
