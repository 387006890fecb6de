"""Logs that bear each line twice or more: two daemons that read one ring, or several consoles, write one file."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from nopage.klog.framing import Framer

_LINES: Final = 24  # behind a header that are looked at
_RUNS: Final = 4  # of equal lines that must stand there
_MOST: Final = 8


def times_of(lines: Sequence[str], text: str) -> int:
    """How often each line stands in a row; 1 as nearly always."""
    if "page alloc" not in text:
        return 1
    for index, line in enumerate(lines[:-1]):
        if "page alloc" not in line or "page alloc" not in lines[index + 1]:
            continue
        framer = Framer()
        texts = (framer.record(0, one).text for one in lines[index : index + _LINES])
        runs = [len(list(same)) for said, same in groupby(texts) if said][:-1]
        times = min(runs, default=1)
        if len(runs) < _RUNS or not 1 < times <= _MOST or any(run % times for run in runs):
            return 1
        return times
    return 1


def once(lines: Sequence[str], times: int) -> Iterator[tuple[int, str]]:
    """Each line once, the first of those that say the same."""
    framer = Framer()
    for _, same in groupby(enumerate(lines), lambda line: framer.record(0, line[1]).text):
        yield from list(same)[::times]
