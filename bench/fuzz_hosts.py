"""What `fuzz.py` throws at the whole of nopage: hosts in every shape, through the rules and into every format."""
from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import random
import shutil
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import zstandard
from cores import LAYOUTS, MACHINES, Record, elf_core, flatten, kdump_core, make_core

from nopage.api import FORMATS, load, render
from nopage.cli.hostfiles import OF_ONE_HOST
from nopage.engine.run import diagnose
from nopage.intake.model import Limits
from nopage.result import Result

Files = Mapping[str, bytes]
LIMITS = Limits(unpacked_bytes=48 << 20, members=20_000, log_bytes=1 << 20, seconds=8)
# fmt: off
NAMES = (
    "var/log/messages", "var/log/messages-20240101.gz", "var/log/journal/x/system.journal",
    "sos_commands/kernel/dmesg", "sos_commands/networking/ethtool_-S_eth0", "sos_commands/networking/ethtool_-g_eth0",
    "proc/net/softnet_stat", "sos_commands/networking/ip_-s_-d_link", "sos_commands/networking/ifconfig_-a",
    "sos_commands/general/date", "sos_commands/networking/netstat_-s", "sos_commands/kernel/sysctl_-a",
    "sos_commands/kernel/uname_-a", "hostname", "proc/sys/vm/min_free_kbytes", "proc/zoneinfo", "proc/buddyinfo",
    "proc/meminfo", "proc/pagetypeinfo", "proc/vmstat", "proc/slabinfo", "proc/net/dev", "proc/net/netstat",
    "proc/net/snmp", "proc/uptime", "proc/cmdline", "proc/version", "sys/devices/system/node/node0/meminfo",
    "etc/sysctl.d/99-x.conf", "etc/redhat-release", "sos_logs/sos.log", "var/crash/127.0.0.1-x/vmcore-dmesg.txt",
    "sos_commands/sar/sar01", "var/log/sa/sar01", "extra.tar.gz", "sys/class/net/eth0/device/numa_node",
    "sys/kernel/mm/transparent_hugepage/enabled", "sos_commands/memory/free", "sos_commands/pci/lspci_-vv", "lsmod",
    "etc/tuned/active_profile", "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
)
WILD = (
    "\n", "\x1b[2J", "\u202e", "\udcff", " ", "'", '"', "<b>", "[x](y)", "{{ 7 }}", "%s", "../", "a" * 250, "\\",
    "`", "#",
    "|",
)
TOKENS = (
    b"9" * 5000, b"-1", b"0x" + b"f" * 300, b"\xff\xfe", b"\xf0\x9f\x98\x80", b"\0", b"\x1b]0;x\x07", b":",
    b"\n", b"\t",
    b" " * 3000, b"kB", b"page allocation failure. order:3, mode:0x20", b"Node 0, zone   Normal", b"1e999",
    b"nan", b"=",
    b"\xc2\xb2", b"\xe2\x80\xae",
)
# fmt: on
PACK: dict[str, Callable[[bytes], bytes]] = {
    "none": bytes,
    "gzip": lambda data: gzip.compress(data, 1, mtime=0),
    "xz": lambda data: lzma.compress(data, preset=0),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE, preset=0),
    "bzip2": lambda data: bz2.compress(data, 1),
    "zstd": lambda data: zstandard.ZstdCompressor(level=1, write_checksum=True).compress(data),
}
ZIPS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
COUNTS = (0, 1, 1, 2, 3, 10, 300)


class Hosts:
    """Makes hosts from a number and feeds them to `diagnose`; `seen` counts what was covered."""

    def __init__(self, folder: Path, samples: list[Files], seen: Counter[str]) -> None:
        self._folder = folder
        self._samples = samples
        self.seen = seen
        self._cores: list[bytes] = []

    def archives(self, dice: random.Random) -> None:
        """Names, counts and codecs: hosts beside and inside each other, in tar and zip of every kind."""
        files = self._host(dice)
        tops = ["sosreport-x", *(f"sosreport-{name(dice)}" for _ in range(dice.choice((0, 0, 1, 3))))]
        members = {f"{top}/{path}": data for top in tops for path, data in files.items()}
        for _ in range(dice.choice(COUNTS)):
            place = dice.choice(("", "sosreport-x/", "a/b/c/", "../"))
            members[place + name(dice)] = dice.choice(list(files.values()))
        whole = self._packed(members, dice)
        if dice.random() < 0.2:
            whole = self._packed({"sosreport-y.tar": whole, "z/messages": dice.choice(list(files.values()))}, dice)
        if dice.random() < 0.3:
            whole = edited(whole, dice)
        path = self._folder / "input"
        path.write_bytes(whole)
        self._told(path, dice)

    def facts(self, dice: random.Random) -> None:
        """Every fact file, with words put in, numbers of thousands of digits, columns cut and lines repeated."""
        files = dict(dice.choice(self._samples))
        for _ in range(dice.choice((1, 3, 8))):
            target = dice.choice((*NAMES, *files))
            source = files.get(target) or dice.choice(list(files.values()))
            files[target] = worded(source, dice)
        path = self._folder / "input"
        path.write_bytes(self._packed({f"sosreport-x/{path}": data for path, data in files.items()}, dice, plain=True))
        self._told(path, dice)

    def directories(self, dice: random.Random) -> None:
        """Unpacked trees with links, FIFOs, sockets' names, unreadable files, loops and deep folders."""
        top = self._folder / "tree"
        for path, data in self._host(dice).items():
            self._put(top / path, data)
        for _ in range(dice.choice((0, 2, 5))):
            place = top / dice.choice((*NAMES, name(dice), f"{name(dice)}/{name(dice)}"))
            with contextlib.suppress(OSError, ValueError):
                place.parent.mkdir(parents=True, exist_ok=True)
                match dice.randrange(5):
                    case 0:
                        os.symlink(dice.choice(("..", ".", "/etc/passwd", str(top), "nowhere", place.name)), place)
                    case 1:
                        os.mkfifo(place)
                    case 2:
                        place.mkdir()
                    case 3:
                        place.unlink(missing_ok=True)  # a FIFO would wait
                        place.write_bytes(dice.choice(TOKENS) * dice.choice((1, 1000)))
                    case _:
                        os.link(top / "hostname", place)
        self._told(top, dice)

    def crash_directories(self, dice: random.Random) -> None:
        """What kdump and abrt leave, whole, cut, split, flattened, packed, with links and FIFOs among it."""
        top = self._folder / "127.0.0.1-2024-02-14"
        core = dice.choice(self._made_cores())
        if dice.random() < 0.7:
            core = edited(core, dice)
        core = dice.choice(list(PACK.values()))(core) if dice.random() < 0.3 else core
        self._put(top / dice.choice(("vmcore", "vmcore.flat", "vmcore.gz", "dump.1", "core", name(dice))), core)
        texts = [data for files in self._samples for path, data in files.items() if "dmesg" in path]
        for place in dice.sample(("vmcore-dmesg.txt", "dmesg", "hostname", "kernel", "backtrace", "vmcore2"), 3):
            with contextlib.suppress(OSError):
                match dice.randrange(4):
                    case 0:
                        os.symlink(dice.choice(("/etc/shadow", "vmcore", "..")), top / place)
                    case 1:
                        os.mkfifo(top / place)
                    case _:
                        self._put(top / place, worded(dice.choice(texts), dice))
        self._told(top, dice)

    def single_files(self, dice: random.Random) -> None:
        """One file of any kind: facts alone, logs, noise, in any codec, layer over layer."""
        data = dice.choice((*dice.choice(self._samples).values(), dice.randbytes(3000)))
        data = worded(data, dice) if dice.random() < 0.7 else data
        for _ in range(dice.choice((0, 1, 1, 2, 5))):
            form = dice.choice(list(PACK))
            self.seen[f"codec {form}"] += 1
            data = PACK[form](data)
        if dice.random() < 0.5:
            data = edited(data, dice)
        path = self._folder / f"in{name(dice).replace('/', '')[:100]}"
        self._put(path, data)
        self._told(path if path.exists() else self._folder, dice)

    # -- how each is made and what must hold ---------------------------------------------------------------------------

    def _host(self, dice: random.Random) -> dict[str, bytes]:
        files = dict(dice.choice(self._samples))
        for _ in range(dice.choice((0, 1, 4))):
            path = dice.choice(list(files))
            other = path + name(dice)[:60].replace("/", "")
            files[dice.choice((path, other, dice.choice(NAMES)))] = worded(files[path], dice)
        return files

    def _packed(self, members: Files, dice: random.Random, *, plain: bool = False) -> bytes:
        out = io.BytesIO()
        if not plain and dice.random() < 0.3:
            method = dice.choice(ZIPS)
            self.seen[f"zip method {method}"] += 1
            with zipfile.ZipFile(out, "w", method) as packed:
                for path, data in members.items():
                    with contextlib.suppress(UnicodeError, ValueError):
                        packed.writestr(zipfile.ZipInfo(path[:60_000]), data, method)
            return out.getvalue()
        form = tarfile.GNU_FORMAT if plain else dice.choice((0, 1, 2))
        with tarfile.open(fileobj=out, mode="w", format=form) as tar:
            for path, data in members.items():
                info = tarfile.TarInfo(path)
                info.size = len(data)
                if not plain and dice.random() < 0.05:
                    info.type = dice.choice((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, b"S"))
                    info.linkname, info.size = dice.choice((name(dice) * 20, "/etc/passwd", "..")), 0
                with contextlib.suppress(ValueError, UnicodeError):
                    tar.addfile(info, io.BytesIO(data[: info.size]))
        codec = "none" if plain else dice.choice(list(PACK))
        self.seen[f"tar format {form}"] += 1
        self.seen[f"codec {codec}"] += 1
        return PACK[codec](out.getvalue())

    def _made_cores(self) -> list[bytes]:
        if not self._cores:
            records = [Record(f"line {at}", at * 1_000_000) for at in range(30)]
            records.append(Record("swapper: page allocation failure. order:1, mode:0x20", 40_000_000))
            for layout in LAYOUTS:
                for machine in ("x86_64", "ppc64", "aarch64"):
                    core = make_core(layout, records, machine=MACHINES[machine], size=4096)
                    self._cores += [elf_core(core), kdump_core(core), flatten(kdump_core(core))]
        return self._cores

    @staticmethod
    def _put(path: Path, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # a FIFO would wait
            path.write_bytes(data)

    def _told(self, path: Path, dice: random.Random) -> None:
        before = sorted(os.listdir(self._folder))
        results = list(diagnose(str(path), LIMITS))
        if sorted(os.listdir(self._folder)) != before:
            raise AssertionError(f"files were written: {sorted(os.listdir(self._folder))}")
        for result in results:
            self._sound(result)
        form = dice.choice(FORMATS)
        self.seen[f"format {form}"] += 1
        self._harmless(render(results[: 1 if form in OF_ONE_HOST else 20], form), form)

    def _sound(self, result: Result) -> None:
        source = result.source
        if source.internal_error:
            raise AssertionError(f"a fault of its own: {[one for one in source.warnings if 'internal' in one][:1]}")
        if not source.complete and not source.warnings:
            raise AssertionError("not whole, and nothing said")
        if any("\n" in warning for warning in source.warnings):
            raise AssertionError("a warning of more than one line")
        told = render(result, "json")
        if render(load(told), "json") != told:
            raise AssertionError("the JSON does not give the result back")
        for finding in result.findings:
            self.seen[f"finding {finding.key}"] += 1
        self.seen[f"kind {source.kind}"] += 1
        self.seen["read wholly" if source.complete else "read in part, and said"] += 1

    @staticmethod
    def _harmless(text: str, form: str) -> None:
        if form in ("json", "jsonl"):
            several = form == "jsonl" or not text.startswith("{\n")
            for line in text.split("\n") if several else [text]:
                json.loads(line or "null")
            return
        steering = {char for char in text if not char.isprintable() and char not in "\n\t\u00a0\u2007\u202f\u3000"}
        if steering:
            raise AssertionError(f"{form}: characters that steer: {sorted(map(hex, map(ord, steering)))[:5]}")

    def clean(self) -> None:
        """Take away what the last input left."""
        for path in self._folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def name(dice: random.Random) -> str:
    """A name that may stand in an archive or folder."""
    words = (*WILD, dice.choice(NAMES), "x", "messages", "dmesg", ".1")
    return "".join(dice.choice(words) for _ in range(dice.choice((1, 2, 3))))


def worded(data: bytes, dice: random.Random) -> bytes:
    """The text with tokens in place of words, columns gone, lines repeated, cut or swapped."""
    lines = data.split(b"\n")
    for _ in range(dice.choice((1, 2, 6, 20))):
        at = dice.randrange(len(lines))
        words = lines[at].split(b" ")
        match dice.randrange(6):
            case 0:
                words[dice.randrange(len(words))] = dice.choice(TOKENS)
            case 1:
                del words[dice.randrange(len(words)) :]
            case 2:
                lines[at:at] = [lines[at]] * dice.choice((1, 3, 200))
                continue
            case 3:
                other = dice.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
                continue
            case 4:
                words.insert(dice.randrange(len(words) + 1), dice.choice(TOKENS))
            case _:
                words = [bytes(reversed(word)) if dice.random() < 0.1 else word for word in words]
        lines[at] = b" ".join(words)
    return b"\n".join(lines)[: 2 << 20]


def edited(data: bytes, dice: random.Random) -> bytes:
    """A few bytes flipped, cut, doubled or put in anywhere, the end most of all."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        if not out:
            break
        at = dice.randrange(len(out)) if dice.random() < 0.6 else len(out) - 1 - dice.randrange(min(len(out), 64))
        match dice.randrange(4):
            case 0:
                out[at] ^= 1 << dice.randrange(8)
            case 1:
                del out[at:]
            case 2:
                out[at:at] = out[max(0, at - dice.choice((1, 512, 4096))) : at]
            case _:
                out[at : at + 8] = dice.choice((b"\xff" * 8, bytes(8), b"77777777", b"\x80" + b"\xff" * 7))
        del out[4 << 20 :]
    return bytes(out)
