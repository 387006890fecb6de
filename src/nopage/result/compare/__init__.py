"""Results beside time and each other: two collections of a host, failures older than a date, what is severe enough."""

from __future__ import annotations

from nopage.result.compare.chosen import at_least, in_time
from nopage.result.compare.difference import compare
from nopage.result.compare.pairs import Pairs, pairs_of
from nopage.result.compare.steps import kernel_state, memory_state, mtu_state, setting_state

__all__ = [
    "Pairs",
    "at_least",
    "compare",
    "in_time",
    "kernel_state",
    "memory_state",
    "mtu_state",
    "pairs_of",
    "setting_state",
]
