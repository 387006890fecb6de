"""Network cards: what their drivers' counters mean, and which order a receive buffer takes."""
from __future__ import annotations

from nopage.kernel.nic.buffers import BUFFERS, Buffers, receive_order
from nopage.kernel.nic.counters import (
    COUNTERS,
    NO_BUFFER,
    NO_MEMORY,
    PROTOCOLS,
    Counter,
    Protocol,
    counter_of,
    counts_failures,
    driver_names,
)

__all__ = [
    "BUFFERS",
    "COUNTERS",
    "NO_BUFFER",
    "NO_MEMORY",
    "PROTOCOLS",
    "Buffers",
    "Counter",
    "Protocol",
    "counter_of",
    "counts_failures",
    "driver_names",
    "receive_order",
]
