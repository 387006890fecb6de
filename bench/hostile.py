"""Small inputs that ask for much: each kind with a maker that writes one file or folder.

Used by the tests, which run each under a bound of memory and time, and by `bench/fuzz.py`, which varies the counts.
"""
from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MB = 1 << 20
TOP = "sosreport-web1-2026"
REPORT = (
    "swapper: page allocation failure. order:1, mode:0x20\n"
    "Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1\n"
    "Call Trace:\n"
    " <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0\n"
    " [<ffffffffa0123456>] ? e1000_alloc_rx_buffers+0x1b8/0x2a0 [e1000]\n"
    "Mem-Info:\n"
    "Node 0 DMA per-cpu:\n"
    "CPU    0: hi:    0, btch:   1 usd:   0\n"
    "active_anon:40000 inactive_anon:10000 isolated_anon:0\n"
    " active_file:60000 inactive_file:80000 isolated_file:0\n"
    " free:4000 slab_reclaimable:9000 slab_unreclaimable:12000\n"
    "Node 0 DMA free:15700kB min:248kB low:308kB high:372kB active_anon:0kB present:15300kB pages_scanned:0\n"
    "lowmem_reserve[]: 0 3000 4000 4000\n"
    "Node 0 Normal free:300kB min:2776kB low:3468kB high:4164kB active_anon:160000kB present:1034240kB\n"
    "lowmem_reserve[]: 0 0 0 0\n"
    "Node 0 DMA: 3*4kB 2*8kB 2*16kB 2*32kB 1*64kB 0*128kB 1*256kB 0*512kB 1*1024kB 1*2048kB 3*4096kB = 15700kB\n"
    "Node 0 Normal: 75*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 300kB\n"
    "140000 total pagecache pages\n"
    "0 pages in swap cache\n"
)
DMESG = "sos_commands/kernel/dmesg"

Maker = Callable[[Path, float], Path]
KINDS: dict[str, Maker] = {}


def kind(maker: Maker) -> Maker:
    """A maker takes a folder and a factor for its counts, and gives the path of what it made."""
    KINDS[maker.__name__] = maker
    return maker


class Tar:
    """A gzipped tar with a report in its dmesg, into which members go one by one."""

    def __init__(self, path: Path, form: int = tarfile.GNU_FORMAT) -> None:
        self._file = gzip.GzipFile(path, "wb", 1)
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=form)
        self.add(f"{TOP}/{DMESG}", REPORT.encode())

    def __enter__(self) -> Tar:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._file.close()

    def add(self, name: str, data: bytes = b"", **fields: object) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        for field, value in fields.items():
            setattr(info, field, value)
        self._tar.addfile(info, io.BytesIO(data))


@kind
def long_targets(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for at in range(int(200 * factor)):
            tar.add(f"{TOP}/proc/sys/vm/{at}", type=tarfile.SYMTYPE, linkname="t" * MB)
    return folder / "a.tar.gz"


@kind
def long_names(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for at in range(int(150 * factor)):
            tar.add(f"{TOP}/var/log/messages{at}{'a' * MB}", b"x\n")
    return folder / "a.tar.gz"


@kind
def leaf_names(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for at in range(int(20_000 * factor)):
            tar.add(f"{TOP}/var/log/messages{at}{'b' * 4000}", b"x\n")
    return folder / "a.tar.gz"


@kind
def folder_names(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for at in range(int(20_000 * factor)):
            tar.add(f"{'c' * 3900}{at}/var/log/messages", b"x\n")
    return folder / "a.tar.gz"


@kind
def pax_records(folder: Path, factor: float) -> Path:
    """Global records, all with other keys, that hold for every member behind them."""
    path = folder / "a.tar.gz"
    with gzip.open(path, "wb", 1) as out:
        for at in range(int(150 * factor)):
            record = f" GNU.sparse.x{at}={'v' * (MB - 100)}\n".encode()
            body = str(len(record) + 7).encode() + record
            info = tarfile.TarInfo("g")
            info.type, info.size = tarfile.XGLTYPE, len(body)
            out.write(info.tobuf(tarfile.USTAR_FORMAT) + body.ljust(-(-len(body) // 512) * 512, b"\0"))
        info = tarfile.TarInfo(f"{TOP}/{DMESG}")
        info.size = len(REPORT)
        out.write(info.tobuf(tarfile.USTAR_FORMAT) + REPORT.encode().ljust(2048, b"\0") + bytes(1024))
    return path


@kind
def links_of_many_hosts(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for host in range(int(200 * factor)):
            tar.add(f"sosreport-{host}/sos_commands/x", b"")
            for at in range(300):
                target = f"/nowhere/{'d' * 900}{at}"
                tar.add(f"sosreport-{host}/proc/sys/vm/{at}", type=tarfile.SYMTYPE, linkname=target)
    return folder / "a.tar.gz"


@kind
def many_hosts(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for host in range(int(900 * factor)):
            tar.add(f"sosreport-{host}/sos_commands/kernel/dmesg", REPORT.encode() * 3)
            tar.add(f"sosreport-{host}/sos_commands/kernel/sysctl_-a", b"vm.min_free_kbytes = 1\n" * 400)
    return folder / "a.tar.gz"


def _zip_with(folder: Path, method: int, data: Iterator[bytes]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr(f"{TOP}/{DMESG}", REPORT)
        with packed.open(f"{TOP}/var/log/messages", "w") as out:
            for block in data:
                out.write(block)
    return path


@kind
def zip_lzma(folder: Path, factor: float) -> Path:
    return _zip_with(folder, zipfile.ZIP_LZMA, (bytes(MB) for _ in range(int(180 * factor))))


@kind
def zip_bzip2(folder: Path, factor: float) -> Path:
    return _zip_with(folder, zipfile.ZIP_BZIP2, (bytes(MB) for _ in range(int(300 * factor))))


@kind
def zip_directory(folder: Path, factor: float) -> Path:
    """A directory of hundreds of thousands of entries, all for one member."""
    path = folder / "a.zip"
    count = int(500_000 * factor)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(f"{TOP}/{DMESG}", REPORT)
    data = path.read_bytes()
    end = data.index(b"PK\x05\x06")
    begin = data.index(b"PK\x01\x02")
    entry = bytearray(data[begin:end])
    name_at = entry.index(TOP.encode())
    with path.open("wb") as out:
        out.write(data[:begin])
        for at in range(count):
            entry[name_at : name_at + 8] = b"%08d" % at
            out.write(entry)
        size = count * len(entry)
        out.write(b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, begin))
        out.write(b"PK\x06\x07" + struct.pack("<IQI", 0, begin + size, 1))
        out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))
    return path


@kind
def nested_zips(folder: Path, factor: float) -> Path:
    dice = random.Random(1)
    inner = b""
    for level in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr(f"x{level}", dice.randbytes(int(10 * MB * factor)))
            if inner:
                packed.writestr(f"sosreport-{level}.zip", inner)
            else:
                packed.writestr(f"{TOP}/{DMESG}", REPORT)
        inner = out.getvalue()
    (folder / "a.zip").write_bytes(inner)
    return folder / "a.zip"


@kind
def empty_gzip_members(folder: Path, factor: float) -> Path:
    (folder / "a.gz").write_bytes(gzip.compress(b"", mtime=0) * int(2 * MB * factor))
    return folder / "a.gz"


@kind
def empty_xz_streams(folder: Path, factor: float) -> Path:
    (folder / "a.xz").write_bytes(lzma.compress(b"") * int(300_000 * factor))
    return folder / "a.xz"


@kind
def empty_bzip2_streams(folder: Path, factor: float) -> Path:
    (folder / "a.bz2").write_bytes(bz2.compress(b"") * int(500_000 * factor))
    return folder / "a.bz2"


@kind
def xz_dictionary(folder: Path, factor: float) -> Path:
    """A header that asks for a dictionary of a gigabyte."""
    data = REPORT.encode() + b"y" * int(MB * factor)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    try:
        packed = lzma.compress(data, filters=filters)
    except MemoryError:
        packed = lzma.compress(data)
    (folder / "a.xz").write_bytes(packed)
    return folder / "a.xz"


@kind
def facts(folder: Path, factor: float) -> Path:
    """Several `sysctl -a` of 4 MiB, all keys others."""
    with Tar(folder / "a.tar.gz") as tar:
        for file in range(max(int(8 * factor), 1)):
            text = "".join(f"k{file}.{at} = 1\n" for at in range(260_000))
            tar.add(f"{TOP}/sos_commands/kernel{file}/sysctl_-a", text.encode())
    return folder / "a.tar.gz"


@kind
def astral_facts(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for file in range(max(int(8 * factor), 1)):
            text = f"\U0001f600{'a' * 60} = 1\n" * 60_000
            tar.add(f"{TOP}/etc/sysctl.d/{file}.conf", text.encode()[: 4 * MB])
    return folder / "a.tar.gz"


@kind
def ethtool_lines(folder: Path, factor: float) -> Path:
    with Tar(folder / "a.tar.gz") as tar:
        for file in range(int(100 * factor)):
            text = "".join(f"{at:x}:1\n" for at in range(90_000))
            tar.add(f"{TOP}/sos_commands/networking/ethtool_-S_e{file}", text.encode())
    return folder / "a.tar.gz"


@kind
def blank_lines(folder: Path, factor: float) -> Path:
    """Facts that are one line of blanks: expressions must not look at it again and again."""
    with Tar(folder / "a.tar.gz") as tar:
        for name in ("networking/ethtool_-S_e0", "networking/ethtool_e0", "networking/netstat_-s",
                     "networking/ip_-s_link", "networking/ifconfig_-a",
                     "kernel/uname_-a", "general/date", "memory/free", "kernel/sysctl_-a"):
            tar.add(f"{TOP}/sos_commands/{name}", b"a" + b" " * int(3 * MB * factor) + b"b\n" + b"\n" * MB)
        for name in ("meminfo", "zoneinfo", "buddyinfo", "net/dev", "net/softnet_stat", "net/snmp", "pagetypeinfo",
                     "vmstat", "slabinfo", "cmdline", "version", "uptime"):
            tar.add(f"{TOP}/proc/{name}", b"Node 0, zone" + b" " * int(3 * MB * factor) + b"b\n" + b"\n" * MB)
    return folder / "a.tar.gz"


@kind
def long_numbers(folder: Path, factor: float) -> Path:
    digits = "9" * max(int(5_000 * factor), 5_000)
    with Tar(folder / "a.tar.gz") as tar:
        for name, text in {
            "proc/net/softnet_stat": "f" * 5000 + " 00000001 00000002\n00000001 00000002 00000003\n",
            "proc/buddyinfo": f"Node 0, zone Normal {digits} 1 2\nNode {digits}, zone DMA 1 2 3\n",
            "proc/zoneinfo": f"Node 0, zone Normal\n  pages free {digits}\n        min {digits}\n"
                             f"        protection: ({digits}, 0)\n",
            "proc/meminfo": f"MemTotal: {digits} kB\nMemFree: 12 kB\n",
            "proc/net/dev": f"  eth0: {' '.join([digits] * 16)}\n",
            "proc/net/snmp": f"Udp: InErrors\nUdp: {digits}\n",
            "proc/vmstat": f"nr_free_pages {digits}\n",
            "proc/uptime": f"{digits}.00 1.00\n",
            "proc/sys/vm/min_free_kbytes": f"{digits}\n",
            "sos_commands/kernel/sysctl_-a": f"vm.min_free_kbytes = {digits}\nvm.swappiness = {digits}\n",
            "sos_commands/networking/ethtool_-S_eth0":
                f"  rx_no_buffer_count: {digits}\n  rx_errors: -{digits}\n",
            "sos_commands/networking/ethtool_-g_eth0": f"Pre-set maximums:\nRX: {digits}\nCurrent\nRX: {digits}\n",
            "sos_commands/networking/ethtool_eth0": f"\tSpeed: {digits}Mb/s\n",
            "sos_commands/networking/ip_-s_-d_link":
                f"2: eth0: <UP> mtu {digits}\n  RX: bytes packets errors dropped\n  {digits} {digits} 1 {digits}\n",
            "sos_commands/networking/ifconfig_-a":
                f"eth0: flags=1<UP>  mtu {digits}\n        RX errors {digits}  dropped {digits}\n",
            "sos_commands/networking/netstat_-s": f"    {digits} packets pruned from receive queue\n",
            "sos_commands/kernel/dmesg_-x":
                f"x: page allocation failure. order:{digits}, mode:0x20\ny: page allocation failure. order:1, "
                f"mode:0x{digits}\n[{digits}.123] z: page allocation failure. order:1, mode:0x20\n"
                f"__ratelimit: {digits} callbacks suppressed\nlast message repeated {digits} times\n",
            "var/log/messages": f"x: page allocation failure. order:{digits}, mode:0x20\n" * 3 + REPORT * 2000,
        }.items():
            tar.add(f"{TOP}/{name}", text.encode())
    return folder / "a.tar.gz"


@kind
def slub_lines(folder: Path, factor: float) -> Path:
    text = "SLUB: Unable to allocate memory on node -1 (gfp=0x20)" * 1200 + "\n"
    (folder / "slub.log").write_text("Linux version 2.6.32-131.el6.x86_64\n" + REPORT + text * int(85 * factor))
    return folder / "slub.log"


@kind
def headers_on_a_line(folder: Path, factor: float) -> Path:
    line = "a: page allocation failure. order:1, mode:0x20" * 1400 + "\n"
    (folder / "line.log").write_text(line * max(int(4 * factor), 1))
    return folder / "line.log"


@kind
def full_storms(folder: Path, factor: float) -> Path:
    """As many whole reports as are kept, in several logs."""
    with Tar(folder / "a.tar.gz") as tar:
        for file in range(6):
            text = "".join(
                REPORT.replace("swapper", f"c{at % 997}").replace("free:300kB", f"free:{at}kB")
                for at in range(int(4000 * factor))
            )
            tar.add(f"{TOP}/var/log/messages-{file}", text.encode())
    return folder / "a.tar.gz"


@kind
def newlines_around_hits(folder: Path, factor: float) -> Path:
    text = ("x: page allocation failure. order:1, mode:0x20" + "\n" * 9000) * int(700 * factor)
    (folder / "newlines.log").write_text(text)
    return folder / "newlines.log"


@kind
def astral_log(folder: Path, factor: float) -> Path:
    line = "\U0001f600" + "z" * 300 + "kB \n"
    report = "x: page allocation failure. order:1, mode:0x20\n" + line * 40
    (folder / "astral.log").write_text(report * int(600 * factor))
    return folder / "astral.log"


@kind
def suppressed_lines(folder: Path, factor: float) -> Path:
    (folder / "many.log").write_text(
        REPORT + "".join(f"__ratelimit: {at} callbacks suppressed\n" for at in range(int(200_000 * factor)))
    )
    return folder / "many.log"


@kind
def many_kinds_of_warning(folder: Path, factor: float) -> Path:
    (folder / "many.log").write_text(
        "".join(f"p{at}: page allocation failure. order:{at + 100}, mode:0x20\n" for at in range(int(60_000 * factor)))
    )
    return folder / "many.log"


def _elf(headers: bytes, count: int, behind: bytes = b"") -> bytes:
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    head = ident + struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, count, 64, 0, 0)
    return head + headers + behind


@kind
def elf_notes(folder: Path, factor: float) -> Path:
    count = min(int(60_000 * factor), 65_000)
    header = struct.pack("<IIQQQQQQ", 4, 7, 64, 0, 0, 3 * MB, 3 * MB, 4)
    (folder / "vmcore").write_bytes(_elf(header * count, count, bytes(MB)))
    return folder / "vmcore"


@kind
def elf_segments(folder: Path, factor: float) -> Path:
    count = min(int(65_000 * factor), 65_000)
    headers = b"".join(
        struct.pack("<IIQQQQQQ", 1, 7, 4 * MB, 0xFFFF_8800_0000_0000 + at * 4096, at * 8192, 4096, 4096, 4096)
        for at in range(count)
    )
    (folder / "vmcore").write_bytes(_elf(headers, count).ljust(4 * MB, b"\0") + bytes(4096))
    return folder / "vmcore"


@kind
def flat_table(folder: Path, factor: float) -> Path:
    with (folder / "vmcore.flat").open("wb") as out:
        out.write(b"makedumpfile".ljust(4096, b"\0"))
        for begin in range(0, int(2_000_000 * factor), 10_000):
            out.write(b"".join(struct.pack(">qqB", at * 2, 1, 0) for at in range(begin, begin + 10_000)))
    return folder / "vmcore.flat"


@kind
def nested_folders(folder: Path, factor: float) -> Path:
    top = folder / "deep"
    (top / "sub").mkdir(parents=True)
    (top / "dmesg").write_text(REPORT)
    here = os.getcwd()
    try:
        os.chdir(top / "sub")
        for _ in range(int(1500 * factor)):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    return top


@kind
def nodes(folder: Path, factor: float) -> Path:
    """Hundreds of zones: what is said of each must not push a response over what insights-core takes."""
    zones = "".join(
        f"Node {at} Normal free:{at}kB min:2776kB low:3468kB high:4164kB present:1034240kB\nlowmem_reserve[]: 0 0 0 0\n"
        for at in range(int(250 * factor))
    )
    lists = "".join(f"Node {at} Normal: 1*4kB 0*8kB 0*16kB = 4kB\n" for at in range(int(250 * factor)))
    head = REPORT.split("Node 0 DMA free", 1)[0]
    (folder / "nodes.log").write_text(head + zones + lists + "140000 total pagecache pages\n")
    return folder / "nodes.log"


def _dull(megabytes: float) -> Iterator[bytes]:
    """A report and lines that say nothing, in blocks of 64 KiB, so that none of them holds much."""
    line = b"a line that says nothing\n"
    yield (REPORT.encode() + line * 2700)[: 1 << 16]
    block = (line * 2700)[: 1 << 16]
    for _ in range(int(megabytes * 16)):
        yield block


def _zstd_stored(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """A zstd frame that packs nothing, with a window of 128 MiB; an empty block ends it."""
    yield b"\x28\xb5\x2f\xfd\x00" + bytes([(27 - 10) << 3])
    for block in blocks:
        yield (len(block) << 3).to_bytes(3, "little") + block
    yield b"\1\0\0"


def _xz_stored(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """A .xz block that packs nothing, with the window of xz -9; its end is missing."""
    header = b"\x02\x00\x21\x01\x1c\0\0\0"
    yield b"\xfd7zXZ\0\0\0" + struct.pack("<I", zlib.crc32(b"\0\0")) + header
    yield struct.pack("<I", zlib.crc32(header))
    mark = b"\x01"
    for piece in blocks:
        for at in range(0, len(piece), 1 << 16):
            block = piece[at : at + (1 << 16)]
            yield mark + struct.pack(">H", len(block) - 1) + block
            mark = b"\x02"


@kind
def zstd_windows(folder: Path, factor: float) -> Path:
    """A window in a window in a window, each filled."""
    import zstandard

    packer = zstandard.ZstdCompressor(1).compressobj()
    with (folder / "a.zst").open("wb") as out:
        for piece in _zstd_stored(_zstd_stored(_dull(300 * factor))):
            out.write(packer.compress(piece))
        out.write(packer.flush())
    return folder / "a.zst"


@kind
def xz_windows(folder: Path, factor: float) -> Path:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 4 * MB}]
    with lzma.open(folder / "a.xz", "wb", filters=filters) as out:
        for piece in _xz_stored(_xz_stored(_dull(300 * factor))):
            out.write(piece)
    return folder / "a.xz"


@kind
def kept_beside_a_window(folder: Path, factor: float) -> Path:
    """All that may be kept of facts and logs, while the decoder has the window of xz -9."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 64 * MB}]
    with lzma.open(folder / "a.tar.xz", "wb", filters=filters) as packed:
        tar = tarfile.TarFile(fileobj=packed, mode="w")
        dull = b"a line that says nothing\n" * 400_000
        texts = {f"var/log/secure-{number}": dull for number in range(int(20 * factor))}
        for number in range(8):
            texts[f"var/log/messages-{number}"] = b"".join(
                REPORT.replace("order:1", f"order:{at % 10}").encode() for at in range(int(4_000 * factor))
            )
        texts["proc/vmstat"] = b"".join(b"counter%d %d\n" % (at, at) for at in range(90_000))
        texts["sos_commands/kernel/sysctl_-a"] = b"".join(b"net.x%d = %d\n" % (at, at) for at in range(90_000))
        for name, data in texts.items():
            info = tarfile.TarInfo(f"{TOP}/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        tar.close()
    return folder / "a.tar.xz"
