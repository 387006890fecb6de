"""Small texts of /proc and /sys: a switch's chosen word, modules, page blocks, slabs, static hugepages, PCI nodes."""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from nopage.kernel.numbers import decimal_number, whole_number
from nopage.kernel.pattern import later

MOST_LINES: Final = 5_000
MOST_MODULES: Final = 2_000
LONGEST_CMDLINE: Final = 4096  # COMMAND_LINE_SIZE of the larger architectures
_BRACKETED: Final = later(r"\[([a-z+_-]{1,32})\]")
_MODULE: Final = re.compile(r"([A-Za-z0-9_-]{1,64})\s+\d{1,20}\b")
_PER_BLOCK: Final = re.compile(r"^Pages per block:\s*(\d{1,10})\s*$", re.MULTILINE)
_HUGE_FILE: Final = later(r"(?:node/node(?P<node>\d{1,4})/)?hugepages/hugepages-(?P<kb>\d{1,10})kB/nr_hugepages$")
_HUGE_SIZE: Final = later(r"\bhugepagesz=(\d{1,6})([KMG])\b", re.IGNORECASE)
_PCI_DEVICE: Final = later(r"((?:[0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\s", re.IGNORECASE)
_PCI_NODE: Final = later(r"\s+NUMA node:\s*(\d{1,4})\s*$")
UNITS_KB: Final = {"k": 1, "m": 1024, "g": 1024 * 1024}


def bracketed(text: str) -> str | None:
    """The word in brackets of `always [madvise] never`, which is the one that is set."""
    found = _BRACKETED.search(text[:256])
    return found[1] if found else None


def modules(lines: Iterable[str]) -> tuple[str, ...]:
    """Loaded modules by name, from lsmod or /proc/modules."""
    found: dict[str, None] = {}
    for line in lines:
        match = _MODULE.match(line)
        if match:
            found.setdefault(match[1].replace("-", "_"))
        if len(found) >= MOST_MODULES:
            break
    return tuple(found)


def pages_per_block(text: str) -> int | None:
    """Of /proc/pagetypeinfo."""
    found = _PER_BLOCK.search(text[:4096])
    return whole_number(found[1]) if found else None


def slab_pages(lines: Iterable[str]) -> dict[str, int]:
    """Pages that each slab cache holds, by its name, from /proc/slabinfo (version 2)."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines):
        if number >= MOST_LINES:
            break
        cache, _, slabs = line.partition(" : slabdata")
        words, counts = cache.split(), slabs.split()
        if len(words) < 6 or len(counts) < 2 or len(words[0]) > 64:
            continue
        per_slab, of_cache = whole_number(words[5]), whole_number(counts[1])
        if per_slab is not None and of_cache is not None:
            found[words[0]] = found.get(words[0], 0) + per_slab * of_cache
    return found


def huge_page_file(path: str, text: str) -> tuple[int | None, int, int] | None:
    """Node (None: of the whole host), size in KiB and count out of one nr_hugepages file of /sys."""
    name = _HUGE_FILE.search(path)
    count = whole_number(text.strip())
    if name is None or count is None:
        return None
    return (int(name["node"]) if name["node"] else None, int(name["kb"]), count)


def huge_page_sizes_kb(cmdline: str) -> tuple[int, ...]:
    """The sizes that the command line reserves hugepages of (hugepagesz=1G)."""
    found = _HUGE_SIZE.findall(cmdline[:LONGEST_CMDLINE])
    return tuple(dict.fromkeys(int(size) * UNITS_KB[unit.lower()] for size, unit in found))


def uptime_seconds(text: str) -> float | None:
    """The first number of /proc/uptime."""
    words = text[:64].split()
    return decimal_number(words[0]) if words else None


def pci_nodes(lines: Iterable[str]) -> dict[str, int]:
    """NUMA node by PCI address with its domain ("0000:04:00.0"), from `lspci -vv`."""
    found: dict[str, int] = {}
    address = ""
    for line in lines:
        device = _PCI_DEVICE.match(line)
        if device:
            address = device[1].lower() if device[1].count(":") == 2 else f"0000:{device[1].lower()}"
        node = _PCI_NODE.match(line)
        if node and address and len(found) < MOST_MODULES:
            found[address] = int(node[1])
    return found
