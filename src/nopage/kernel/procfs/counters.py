"""/proc/vmstat, numastat, meminfo: names and numbers."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from nopage.kernel.numbers import whole_number

MOST_LINES: Final = 5_000
MOST_NODES: Final = 1024  # CONFIG_NODES_SHIFT=10
LONGEST_NAME: Final = 64
_MEMINFO: Final = re.compile(r"(?:Node\s+(?P<node>\d{1,4})\s+)?(?P<key>[\w()]{1,64}):\s*(?P<value>\d{1,20})(?:\s|$)")

# What says that memory was short (mm/vmstat.c vmstat_text[], 2.6.9 to 6.12); split by zone where a kernel does that:
# allocstall since 4.8, pgscan_direct and its kin until then.
PRESSURE: Final = (
    "allocstall",
    "pgscan_kswapd", "pgscan_direct", "pgsteal_kswapd", "pgsteal_direct", "pgscan_direct_throttle",
    "kswapd_low_wmark_hit_quickly", "kswapd_high_wmark_hit_quickly", "pageoutrun",
    "compact_stall", "compact_fail", "compact_success", "compact_daemon_wake",
    "zone_reclaim_failed", "oom_kill", "pswpin", "pswpout",
)  # fmt: skip
ZONES: Final = ("dma", "dma32", "normal", "high", "movable", "device")


def counters(text: str) -> dict[str, int]:
    """Lines of a name and a number; others are passed over."""
    found: dict[str, int] = {}
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        words = line.split()
        if len(words) == 2 and len(words[0]) <= LONGEST_NAME:
            value = whole_number(words[1])
            if value is not None:
                found.setdefault(words[0], value)
    return found


def pressure_counters(vmstat: Mapping[str, int]) -> dict[str, int]:
    """The counters of PRESSURE, each the sum over its zones where the kernel splits it."""
    found: dict[str, int] = {}
    for name in PRESSURE:
        split = [vmstat[f"{name}_{zone}"] for zone in ZONES if f"{name}_{zone}" in vmstat]
        if name in vmstat:
            found[name] = vmstat[name]
        elif split:
            found[name] = sum(split)
    return found


def meminfo(lines: Iterable[str]) -> dict[str, int]:
    """/proc/meminfo by key as printed: sizes in KiB, HugePages_* in pages."""
    return node_meminfo(lines).get(None, {})


def node_meminfo(lines: Iterable[str]) -> dict[int | None, dict[str, int]]:
    """The same of sys/devices/system/node/node*/meminfo, by node; that of the whole host under None."""
    found: dict[int | None, dict[str, int]] = {}
    for number, line in enumerate(lines):
        match = _MEMINFO.match(line.strip()) if number < MOST_LINES else None
        value = whole_number(match["value"]) if match else None
        if match is not None and value is not None:
            node = int(match["node"]) if match["node"] else None
            if node in found or len(found) <= MOST_NODES:
                found.setdefault(node, {}).setdefault(match["key"], value)
    return found


def numa_misses(text: str, node: int | None = None) -> dict[int, int]:
    """Pages that a node gave because the wanted one had none, by node.

    `numastat` has a column a node; of sys/devices/system/node/node*/numastat `node` is told by its path.
    """
    nodes: list[int | None] = [] if node is None else [node]
    for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
        words = line.split()
        if words and all(word.startswith("node") for word in words):
            nodes = [whole_number(word.removeprefix("node")) for word in words[:MOST_NODES]]
        elif words[:1] == ["numa_miss"]:
            values = [whole_number(word) for word in words[1:]]
            return {one: value for one, value in zip(nodes, values, strict=False) if None not in (one, value)}  # type: ignore[misc]
    return {}
