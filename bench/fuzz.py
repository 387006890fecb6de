"""Damaged and hostile inputs against all of nopage: each reader by itself, and hosts through rules and formats.

    python bench/fuzz.py [--minutes N] [--seed N] [--only NUMBER] [--area NAME]

Every input has a number that makes it again. Allowed ends are results, or for the intake a SourceError of one line; a
finding is any other exception, a fault of its own in a result, an input that takes over twenty seconds, a file written,
a line that is not the log's own, a character that steers a terminal, or a peak over --mebibytes. Prints what it
covered, how many inputs it ran and what it found; the exit status is 1 with findings.
"""

from __future__ import annotations

import argparse
import bz2
import contextlib
import gzip
import io
import lzma
import os
import random
import resource
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import zstandard
from fuzz_hosts import Hosts
from hostile import KINDS

from nopage.engine.run import diagnose
from nopage.intake.collect import collect
from nopage.intake.model import Limits, SourceError
from nopage.intake.search import windows
from nopage.intake.search.windows import WindowSearch
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "data"
LIMITS = Limits(unpacked_bytes=48 << 20, members=20_000, log_bytes=1 << 20, seconds=8)
SECONDS = 20  # of the processor, for one input; of the clock six times as many, since machines are busy
SIZES = (windows.WHOLE, windows.LINE, windows.BEFORE)
HEADER = "page allocation failure"
# fmt: off
NUMBERS = (b"\0", b"\xff" * 4, b"\x80\0\0\0", b"\xff\xff\xff\x7f", b"77777777777", b"\x80" + b"\xff" * 11, b"-1",
           b"9" * 20)
SYNTAX = (
    b"page allocation failure", b": page allocation failure: order:", b"mode:0x", b"(GFP_", b"Call Trace:", b"\n",
    b"Mem-Info:\n", b" <IRQ> ", b"Node 0 Normal free:", b"*4kB", b"kB", b"#012", b'{"msg": "', b'"\n},{\n', b"\r\n",
    b"last message repeated 99999999999999999999 times", b" callbacks suppressed", b"lowmem_reserve[]: ", b"\0", b"[<",
    b"\xff\xfe", b"\x1b[2J", b"Linux version 2.6.", b"SLUB: Unable to allocate memory on node -1 (gfp=0x",
)
# fmt: on
PACKERS: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    lambda data: gzip.compress(data, 1, mtime=0),
    lambda data: lzma.compress(data, preset=0),
    bz2.compress,
    lambda data: zstandard.ZstdCompressor(level=1, write_checksum=True).compress(data),
)


def made_apart(kind: str, folder: Path, factor: float) -> Path:
    """An input of a kind of hostile.py, made in another process: packing takes memory that is not nopage's."""
    taking, giving = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(giving, os.fsencode(KINDS[kind](folder, factor)))
        finally:
            os._exit(0)
    os.close(giving)
    with open(taking, "rb") as told:
        path = told.read()
    os.waitpid(child, 0)
    return Path(os.fsdecode(path))


class TooSlow(BaseException):
    """An input took over its time."""


def damaged(data: bytes, rng: random.Random, words: tuple[bytes, ...]) -> bytes:
    """A few random edits: flips, cuts, repeats, swaps, words put in."""
    out = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 4, 16))):
        if not out:
            break
        at, to = sorted((rng.randrange(len(out)), rng.randrange(len(out) + 1)))
        to = min(to, at + rng.choice((1, 8, 64, 512, 1 << 20)))
        kind = rng.randrange(7)
        if kind == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[at:to]
        elif kind == 2:
            out[at:at] = out[at:to] * rng.choice((1, 2, 50))
        elif kind == 3:
            word = rng.choice(words)
            out[at : at + len(word)] = word
        elif kind == 4:
            out[at:at] = rng.choice(words)
        elif kind == 5:
            del out[to:]
        else:
            out[at:to] = rng.randbytes(to - at)
        del out[4 << 20 :]
    return bytes(out)


def archive(files: list[tuple[str, bytes]], rng: random.Random) -> bytes:
    """The files in an archive of a random kind, damaged before or after it is compressed, or both."""
    out = io.BytesIO()
    if rng.random() < 0.15:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in files:
                packed.writestr(f"sosreport-x/{name}", data)
        return damaged(out.getvalue(), rng, NUMBERS)
    with tarfile.open(fileobj=out, mode="w", format=rng.choice((0, 1, 2))) as tar:
        for name, data in files:
            if rng.random() < 0.1:
                data = rng.choice(PACKERS)(data)
            info = tarfile.TarInfo(f"sosreport-x/{name}" + rng.choice(("", "", "", "n" * 200, "\udcff")))
            info.size = len(data)
            info.type = rng.choice((b"0",) * 12 + (b"1", b"2", b"5", b"S", b"x", b"L"))
            with contextlib.suppress(ValueError, UnicodeError):  # a ustar header takes no such name
                tar.addfile(info, io.BytesIO(data))
    data = damaged(out.getvalue(), rng, NUMBERS) if rng.random() < 0.5 else out.getvalue()
    data = rng.choice(PACKERS)(data)
    return data if rng.random() < 0.4 else damaged(data, rng, NUMBERS)


class Fuzz:
    """Makes input number N and feeds it to a reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        hosts = sorted(SAMPLES.glob("*/*/sosreport"))
        self.hosts = [
            [(str(path.relative_to(host)), path.read_bytes()) for path in sorted(host.rglob("*")) if path.is_file()]
            for host in hosts
        ]
        self.logs = [data for host in self.hosts for name, data in host if "dmesg" in name or "messages" in name]
        self.ends: Counter[str] = Counter()
        self.covered: Counter[str] = Counter()
        whole = Hosts(folder, [dict(host) for host in self.hosts], self.covered)
        self._clean = whole.clean
        self.areas: dict[str, Callable[[random.Random], None]] = {
            "damaged archives": self.intake,
            "windows of logs": self.windows,
            "reports": self.parser,
            "archives": whole.archives,
            "facts": whole.facts,
            "directories": whole.directories,
            "crash directories": whole.crash_directories,
            "single files": whole.single_files,
            "hostile kinds": self.hostile,
        }

    def run(self, number: int, area: str | None = None) -> None:
        rng = random.Random(number)
        windows.WHOLE, windows.LINE, windows.BEFORE = SIZES
        name = area or list(self.areas)[number % len(self.areas)]
        self.covered[f"area {name}"] += 1
        try:
            self.areas[name](rng)
        finally:
            self._clean()

    def hostile(self, rng: random.Random) -> None:
        """The kinds of hostile.py with other counts, small enough to be many."""
        kind = rng.choice(list(KINDS))
        self.covered[f"hostile {kind}"] += 1
        path = made_apart(kind, self.folder, rng.choice((0.01, 0.02, 0.05)))
        for result in diagnose(str(path), LIMITS):
            if result.source.internal_error:
                raise AssertionError(f"{kind}: a fault of its own: {result.source.warnings[:1]}")

    def intake(self, rng: random.Random) -> None:
        path = self.folder / "input"
        path.write_bytes(archive(rng.choice(self.hosts), rng))
        try:
            found = list(collect(str(path), LIMITS))
        except SourceError as error:
            if "\n" in error.reason:
                raise AssertionError("a reason of more than one line") from error
            self.ends["refused in one line"] += 1
            return
        finally:
            if os.listdir(self.folder) != ["input"]:
                raise AssertionError(f"files were written: {os.listdir(self.folder)}")
        for one in found:
            if not one.complete and not one.warnings:
                raise AssertionError("not whole, and nothing said")
            self.ends["read wholly" if one.complete else "read in part, and said"] += 1
            for stream in one.streams:
                read_log(stream.windows)

    def windows(self, rng: random.Random) -> None:
        """A log fed in random pieces: every window's lines stand in it where the window says."""
        data = damaged(rng.choice(self.logs) * rng.choice((1, 3, 30)), rng, SYNTAX)
        small = rng.random() < 0.7  # so that short logs meet every border
        sizes = (rng.choice((0, 1000)), rng.choice((2000, 9000)), rng.choice((300, 2000))) if small else SIZES
        windows.WHOLE, windows.LINE, windows.BEFORE = sizes
        search = WindowSearch("log", LIMITS)
        at = 0
        while at < len(data):
            step = rng.choice((37, 200, 1000, 5000, 300_000))
            search.feed(data[at : at + step])
            at += step
        found = search.finish()
        shown = sum(line.count(HEADER) for window in found.windows for line in window.lines)
        if found.counted is None and shown < data.count(HEADER.encode()):
            raise AssertionError("a header that is in no window")
        for window in found.windows:
            if data.count(b"\n", 0, window.byte_offset) != window.line - 1:
                raise AssertionError("a window with a wrong line number")
            first = data[window.byte_offset :].split(b"\n", 1)[0].replace(b"\0", b"").rstrip(b"\r")
            texts = (first.decode("utf-8", "replace"), first.decode("latin-1"))
            if len(first) < windows.LINE and window.lines[0] not in texts:
                raise AssertionError("a window that does not begin with its line")
        self.ends["windows in their places"] += 1

    def parser(self, rng: random.Random) -> None:
        text = damaged(rng.choice(self.logs), rng, SYNTAX).decode(rng.choice(("utf-8", "latin-1")), "replace")
        lines = text.split("\n")
        if rng.random() < 0.3:  # two processors at once
            other = rng.choice(self.logs).decode("latin-1").split("\n")
            for at in range(0, min(len(lines), len(other)), rng.choice((1, 2, 5))):
                lines.insert(rng.randrange(len(lines)), other[at])
        facts = read_log([Window("log", 1, 0, lines)])
        for report in facts.reports:
            if not 1 <= report.place.line <= len(lines):
                raise AssertionError("a report at no line of the log")
        self.ends["logs parsed"] += 1


def alarmed(_number: int, _frame: object) -> None:
    raise TooSlow(f"took over {SECONDS} s")


def allow(seconds: float) -> None:
    """So long from now on, 0 for ever."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 6 * seconds)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--minutes", type=float, default=1)
    options.add_argument("--area", help="inputs of this area alone")
    options.add_argument("--seed", type=int, default=0, help="number of the first input")
    options.add_argument("--only", type=int, help="this input alone")
    options.add_argument("--mebibytes", type=int, default=300, help="most memory that the whole run may take")
    chosen = options.parse_args()
    for timer in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(timer, alarmed)
    findings: Counter[str] = Counter()
    ran = 0
    with tempfile.TemporaryDirectory() as folder:
        fuzz = Fuzz(Path(folder))
        if not fuzz.logs:
            print(f"{SAMPLES}: no sample sosreports to damage", file=sys.stderr)
            return 2
        end = time.monotonic() + chosen.minutes * 60
        number = chosen.seed if chosen.only is None else chosen.only
        while ran == 0 or (time.monotonic() < end and chosen.only is None):
            allow(SECONDS)
            try:
                fuzz.run(number, chosen.area)
            except (Exception, TooSlow) as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
                findings[place] += 1
                if findings[place] == 1:
                    print(f"input {number}: {place}: {error}", file=sys.stderr)
                    traceback.print_exc()
            finally:
                allow(0)
            ran += 1
            number += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    if peak > chosen.mebibytes:
        findings[f"peak of {peak} MiB"] += 1
    ends = ", ".join(f"{count} {end}" for end, count in sorted(fuzz.ends.items()))
    print(f"{ran} inputs from number {number - ran} on: {ends}; peak {peak} MiB; {sum(findings.values())} findings")
    for group in sorted({name.split(" ")[0] for name in fuzz.covered}):
        rows = sorted((name, count) for name, count in fuzz.covered.items() if name.split(" ")[0] == group)
        print(f"  {group}: " + ", ".join(f"{name.removeprefix(group).strip()} {count}" for name, count in rows))
    for place, count in findings.most_common():
        print(f"  FOUND {count} x {place}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
