"""The lines of a Mem-Info block, RHEL 4 to 10: zone, node, free list, reserve, counters, trailer (KERNEL.md 2.5)."""
from __future__ import annotations

import re
from dataclasses import field
from typing import Final

from nopage.kernel.frozen import dataclass

ZoneKey = tuple[int | None, str]
"""Node number (None where none is printed) and zone name."""

_NAME: Final = r"(?:Node (?P<node>\d{1,4})[ ,] ?)?(?P<zone>[A-Z][A-Za-z0-9]{1,11})"
ZONE: Final = re.compile(_NAME + r" (?=free:)")
FREE_LIST: Final = re.compile(_NAME + r": ?(?=\d{1,12}\*\d{1,9} ?kB)")
NODE: Final = re.compile(r"Node (?P<node>\d{1,4}) (?=active_anon:)")
EMPTY_ZONE: Final = re.compile(_NAME + r": empty")
LOWMEM: Final = re.compile(r"(?:lowmem_reserve|protections)\[\]:(?P<pages>(?: \d{1,18}){1,12})")
# `shmem_thp: 0kB` has a blank, `reserved_highatomic:0KB` capitals. `all_unreclaimable? no` is no pair.
# Hands that copy a report put a blank before the unit.
PAIR: Final = re.compile(r"([A-Za-z_][\w()\-]{0,40}): ?(\d{1,18})(?![\d*])(?: ?([kK]B?)(?![A-Za-z_]))?")
COUNTER: Final = re.compile(
    r"(?:[Aa]ctive|[Ii]nactive|active_|inactive_|isolated_|unevictable:|dirty:|writeback:|slab_|mapped|shmem:|pagetables:|"
    r"sec_pagetables:|kernel_misc|free:|free_pcp:|bounce:|unstable:)[\w-]*:? ?\d"
)
_BLOCK: Final = re.compile(r"(\d{1,12})\*(\d{1,9}) ?kB(?: \(([A-Z]{1,8})\))?")
_TOTAL: Final = re.compile(r"= ?(\d{1,15}) ?kB")

# The first letter of every per-cpu, empty and trailer line, so that most others need no search.
TRAILER_STARTS: Final = frozenset("0123456789FTSCcNDHMU")

# Per-cpu and trailer lines. A named group holds a number that is kept under its name.
TRAILER: Final = re.compile(
    "|".join(
        (
            r"(?:CPU|cpu) +\d{1,5}(?::| hot| cold)",
            r"(?P<pagecache>\d{1,18}) (?:total )?pagecache pages",
            r"(?P<swap_cache>\d{1,18}) pages (?:in swap cache|swap cached)",
            r"(?P<ram>\d{1,18}) pages (?:of )?RAM",
            r"(?P<reserved>\d{1,18}) (?:pages reserved|reserved pages)",
            r"(?P<highmem>\d{1,18}) pages (?:of )?(?:HIGHMEM|HighMem)",
            r"(?P<cma_reserved>\d{1,18}) pages cma reserved",
            r"(?P<hwpoisoned>\d{1,18}) pages hwpoisoned",
            r"(?P<shared>\d{1,18}) pages shared",
            r"(?P<non_shared>\d{1,18}) pages non-shared",
            r"(?P<bounce_buffer>\d{1,18}) bounce buffer pages",
            r"\d{1,18} pages (?:dirty|writeback|mapped|slab|pagetables|TLB|free|in)",
            r"Free swap:? +(?:= ?)?(?P<swap_free_kb>\d{1,18}) ?kB",
            r"Total swap:? +(?:= ?)?(?P<swap_total_kb>\d{1,18}) ?kB",
            r"Free pages: +\d{1,18} ?kB",
            r"Swap cache",
            r"(?:Node \d{1,4} )?\w{2,12} per-cpu:",
            r"Node \d{1,4} hugepages_total=",
            r"(?:Unreclaimable slab info|Memory allocations):",
        )
    )
)


@dataclass(slots=True)
class ZoneLine:
    """One zone line with the lowmem_reserve[] (RHEL 4: protections[]) line that follows it."""

    kb: dict[str, int] = field(default_factory=dict)
    reserve: tuple[int, ...] = ()
    unreclaimable: bool | None = None


@dataclass(frozen=True, slots=True)
class FreeList:
    """`1*4kB (U) 0*8kB .. = 15676kB`: count, block size in kB and migratetypes."""

    text: str
    blocks: tuple[tuple[int, int, str], ...]
    total_kb: int | None


def zone_name(match: re.Match[str]) -> ZoneKey:
    node = match["node"]
    return (int(node) if node is not None else None, match["zone"])


def read_free_list(text: str) -> FreeList:
    total = _TOTAL.search(text)
    blocks = tuple((int(count), int(size), letters) for count, size, letters in _BLOCK.findall(text))
    return FreeList(text, blocks, int(total[1]) if total else None)
