"""Writes a small synthetic crash dump: python bench/make_core.py LAYOUT OUT [--machine M] [--kdump] [--lines N]."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cores import LAYOUTS, MACHINES, Record, elf_core, kdump_core, make_core

SAMPLE = "swapper: page allocation failure. order:1, mode:0x20"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layout", choices=LAYOUTS)
    parser.add_argument("out", type=Path)
    parser.add_argument("--machine", choices=sorted(MACHINES), default="x86_64")
    parser.add_argument("--kdump", action="store_true", help="kdump-compressed instead of ELF")
    parser.add_argument("--lines", type=int, default=200)
    args = parser.parse_args()
    records = [Record(f"line {number} of the log", number * 1_000_000) for number in range(args.lines)]
    core = make_core(args.layout, [*records, Record(SAMPLE, args.lines * 1_000_000)], machine=MACHINES[args.machine])
    args.out.write_bytes(kdump_core(core) if args.kdump else elf_core(core))
    return 0


if __name__ == "__main__":
    sys.exit(main())
