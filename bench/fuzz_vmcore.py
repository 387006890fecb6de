"""Flips, cuts and lies: damaged crash dumps against the reader.

    python bench/fuzz_vmcore.py --runs 10000

Each run damages one small synthetic core and reads it. Allowed ends are facts or a CoreError of one line; a fault is
any other exception, a run over --seconds, or a peak over --mebibytes. Every run has a number that makes it again
(--only). The exit status is 1 when there was a fault.
"""
from __future__ import annotations

import argparse
import faulthandler
import os
import random
import resource
import signal
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cramjam
import lzallright
import zstandard
from cores import LAYOUTS, MACHINES, Record, ZoneSpec, elf_core, flatten, kdump_core, make_core

from nopage.vmcore import CoreError, CoreFacts, CoreLimits, read_core

LIMITS = CoreLimits(search_bytes=64 << 20, search_seconds=5.0)
REPORT = "swapper: page allocation failure. order:1, mode:0x20"
NUMBERS = (0, 1, 7, 0x7F, 0xFF, 0xFFFF, 1 << 20, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 40, (1 << 63) - 1,
           1 << 63, (1 << 64) - 1)


# makedumpfile diskdump_mod.h: DUMP_DH_COMPRESSED_*
PACKS: dict[int, Callable[[bytes], bytes]] = {
    0x1: lambda data: zlib.compress(data, 1),
    0x2: lambda data: lzallright.LZOCompressor().compress(data),
    0x4: lambda data: bytes(cramjam.snappy.compress_raw(data)),
    0x20: lambda data: zstandard.ZstdCompressor().compress(data),
}


class TooSlow(BaseException):
    """A run went over its time."""


def seeds() -> list[bytes]:
    """One core of each layout, machine, container and compression; zones, types and symbols where kernels have them."""
    records = [Record(f"line {number}", number * 1_000_000) for number in range(60)]
    records += [Record(None, 61_000_000), Record("cont", 62_000_000, flags=8), Record(" inued", 63_000_000, flags=10),
                Record("dictionary", 64_000_000, dictionary=b"SUBSYSTEM=net\0"), Record(REPORT, 65_000_000)]
    zones = [[ZoneSpec("DMA", 1, 4095, 3840, (34, 42, 50), (0, 109, 109, 109, 109), counts=(1,) * 11),
              ZoneSpec("DMA32", 4096, 60_000, 50_000, (249, 311, 373), counts=(2,) * 11, letters=("UM",) * 11)]]
    out = []
    for layout in LAYOUTS:
        for name in ("x86_64", "ppc64", "i386", "aarch64"):
            core = make_core(layout, records, machine=MACHINES[name], size=4096, zones=zones, types=name != "i386",
                             kallsyms="base" if (layout, name) == ("printk_ringbuffer", "x86_64") else "")
            out += [elf_core(core), elf_core(core, mapped=False, pieces=3), kdump_core(core), flatten(kdump_core(core))]
        core = make_core(layout, records, size=4096, zones=zones, types=True)
        out += [kdump_core(core, pack=pack, method=method) for method, pack in PACKS.items()]
    return out


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def flip_head(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 2, 8))):
        data[dice.randrange(min(len(data), 6000))] = dice.randrange(256)


def put_number(data: bytearray, dice: random.Random) -> None:
    size = dice.choice((2, 4, 8))
    at = dice.randrange(max(len(data) - 8, 1)) & ~3
    number = dice.choice(NUMBERS) & (1 << 8 * size) - 1
    data[at : at + size] = number.to_bytes(size, dice.choice(("little", "big")))


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def lie(data: bytearray, dice: random.Random) -> None:
    """Another number behind one `=` of VMCOREINFO, as long as the old one so that nothing moves."""
    places = [at for at in range(len(data)) if data[at : at + 2] == b")="]
    if not places:
        return
    at = dice.choice(places) + 2
    end = data.find(b"\n", at)
    if not at < end < at + 40:
        return
    number = dice.choice(NUMBERS)
    text = f"{number:x}" if end - at > 8 else str(number)
    data[at:end] = text.encode()[: end - at].rjust(end - at, b"0")


def move(data: bytearray, dice: random.Random) -> None:
    size = dice.randrange(1, 4096)
    source, target = dice.randrange(len(data)), dice.randrange(len(data))
    part = data[source : source + size]
    data[target : target + len(part)] = part


def noise(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    part = dice.randbytes(min(dice.randrange(1, 2048), len(data) - at))
    data[at : at + len(part)] = part


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, flip_head, flip_head, put_number, put_number, cut, lie, lie, lie, move, noise)


def damaged(pool: list[bytes], number: int) -> bytes:
    """The core of run `number`, always the same one."""
    dice = random.Random(number)
    data = bytearray(dice.choice(pool))
    for _ in range(dice.choice((1, 1, 2, 4))):
        if data:
            dice.choice(DAMAGES)(data, dice)
    return bytes(data)


def wrong(facts: CoreFacts) -> str:
    """What a reader must never give."""
    for window in facts.windows:
        if any("\n" in line for line in window.lines):
            return "a line with a line end in it"
    for text in (*facts.warnings, *facts.missing):
        if "\n" in text or len(text) > 400:
            return f"no one-line message: {text[:80]!r}"
    for zone in facts.mem_info.zones if facts.mem_info else ():
        if any(block.count < 0 for block in zone.free_area):
            return "a free list below zero"
    return ""


def run(data: bytes, seconds: float) -> str:
    """One reading: "facts", "facts and warnings", "refused", or "fault: ..."."""
    fd = os.memfd_create("core")
    try:
        os.write(fd, data)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            facts = read_core(f"/proc/self/fd/{fd}", limits=LIMITS)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        bad = wrong(facts)
        if bad:
            return f"fault: {bad}"
        return "facts and warnings" if facts.warnings else "facts"
    except CoreError as error:
        return "refused" if "\n" not in error.reason else "fault: a reason of several lines"
    except TooSlow:
        return f"fault: over {seconds:g} s"
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"fault: {type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
    finally:
        os.close(fd)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first run")
    parser.add_argument("--only", type=int, help="one run by its number")
    parser.add_argument("--seconds", type=float, default=2.0, help="the longest that one run may take")
    parser.add_argument("--mebibytes", type=int, default=150, help="the most memory that the whole may take")
    args = parser.parse_args()
    faulthandler.enable()

    def too_slow(_number: int, _frame: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, too_slow)
    pool = seeds()
    numbers = [args.only] if args.only is not None else range(args.first, args.first + args.runs)
    ends: Counter[str] = Counter()
    faults: list[tuple[int, str]] = []
    slowest = (0.0, -1)
    begin = time.monotonic()
    for number in numbers:
        data = damaged(pool, number)
        start = time.monotonic()
        end = run(data, args.seconds)
        slowest = max(slowest, (time.monotonic() - start, number))
        ends[end.partition(":")[0]] += 1
        if end.startswith("fault"):
            faults.append((number, end))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    for number, end in faults[:20]:
        print(f"run {number}: {end}")
    counts = ", ".join(f"{name} {count}" for name, count in sorted(ends.items()))
    print(f"{len(numbers)} runs of {len(pool)} cores in {time.monotonic() - begin:.1f} s: {counts}; "
          f"slowest {slowest[0]:.2f} s (run {slowest[1]}), peak {peak} MiB")
    if peak > args.mebibytes:
        print(f"fault: the peak is over {args.mebibytes} MiB")
    return 1 if faults or peak > args.mebibytes else 0


if __name__ == "__main__":
    sys.exit(main())
