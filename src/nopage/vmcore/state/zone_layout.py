"""Where the fields of struct zone lie: from the kernel's own types, or from the source and the data itself.

VMCOREINFO tells only the offsets of free_area, vm_stat and spanned_pages. Without type information the rest follows
from the order of the members in include/linux/mmzone.h, which is told apart by what must hold in every zone.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.frozen import dataclass
from nopage.vmcore.symbols import Btf


@dataclass(frozen=True, slots=True)
class ZoneLayout:
    """Byte offsets in struct zone; None where it has no such field or it is not known.

    `low` and `high` watermarks follow `min_at` word by word; `reserves` is the length of lowmem_reserve[]; `free_at` is
    free_pages of 2.6.18, which later kernels count in vm_stat.
    """

    origin: str
    free_at: int | None = None
    min_at: int | None = None
    boost_at: int | None = None
    highatomic_at: int | None = None
    reserve_at: int | None = None
    reserves: int = 0
    managed_at: int | None = None
    present_at: int | None = None
    spanned_at: int | None = None
    start_at: int | None = None
    name_at: int | None = None


@dataclass(frozen=True, slots=True)
class ZoneWords:
    """One populated zone as words of memory, for telling layouts apart."""

    words: Sequence[int]
    index: int
    node_address: int


def layout_from_types(btf: Btf) -> ZoneLayout | None:
    """The layout that the kernel's type information tells; None when it has no struct zone."""
    if "zone" not in btf.structs:
        return None

    def at(*names: str) -> int | None:
        member = btf.member("zone", *names)
        return member.offset if member else None

    reserve = btf.member("zone", "lowmem_reserve")
    return ZoneLayout(
        btf.origin,
        free_at=at("free_pages"),
        min_at=at("_watermark", "watermark", "pages_min"),
        boost_at=at("watermark_boost"),
        highatomic_at=at("nr_reserved_highatomic"),
        reserve_at=reserve.offset if reserve else None,
        reserves=min(reserve.count or 0, 8) if reserve else 0,
        managed_at=at("managed_pages"),
        present_at=at("present_pages"),
        spanned_at=at("spanned_pages"),
        start_at=at("zone_start_pfn"),
        name_at=at("name"),
    )


def layout_from_source(
    version: tuple[int, ...], zones: Sequence[ZoneWords], word: int, spanned_at: int | None, *, numa: bool
) -> ZoneLayout:
    """The layout by the order of members in the source; what the data contradicts is left None."""
    first = 1 if version < _VM_STAT else 0
    sizes = _sizes(version, zones, word, spanned_at)
    prefix = _prefix(version, zones, first, numa)
    layout: dict[str, int | None] = {
        "free_at": 0 if first else None,
        "min_at": first * word if _ordered(zones, first) else None,
    }
    reserves = 0
    if prefix is not None:
        names, reserves = prefix
        for place, name in enumerate(names):
            if name in ("boost", "highatomic"):
                layout[f"{name}_at"] = (first + 3 + place) * word
        layout["reserve_at"] = (first + 3 + len(names)) * word
    return ZoneLayout("the order of fields in the source", reserves=reserves, **layout, **sizes)


def _ordered(zones: Sequence[ZoneWords], at: int) -> bool:
    """min <= low <= high, and not all zero, in every zone."""
    rows = [zone.words[at : at + 3] for zone in zones]
    return bool(rows) and all(
        len(row) == 3 and row[0] <= row[1] <= row[2] < 1 << 40 for row in rows
    ) and any(row[2] for row in rows)


_VM_STAT = (2, 6, 21)  # moved free_pages from the first word of struct zone into vm_stat[]
# What stands between the three watermarks and lowmem_reserve[], newest first; mm/page_alloc.c and mmzone.h:
# WMARK_PROMO 5.18; watermark_boost 5.0 (RHEL 8.10); nr_reserved_highatomic 4.4; nr_free_highatomic 6.12
_PREFIXES: tuple[tuple[tuple[int, int], tuple[str, ...]], ...] = (
    ((6, 12), ("promo", "boost", "highatomic", "free_highatomic")),
    ((5, 18), ("promo", "boost", "highatomic")),
    ((5, 0), ("boost", "highatomic")),
    ((4, 4), ("highatomic",)),
    ((3, 17), ()),
)
_RESERVES = (3, 4, 5)  # MAX_NR_ZONES
# before 3.17 the node's address stands elsewhere; percpu_drift_mark 2.6.36 (RHEL 6.1)
_OLD_PREFIXES: tuple[tuple[str, ...], ...] = (("drift",), ())
_OLD_RESERVES = 4  # DMA DMA32 Normal Movable, or DMA Normal HighMem Movable


def _prefix(
    version: tuple[int, ...], zones: Sequence[ZoneWords], first: int, numa: bool
) -> tuple[tuple[str, ...], int] | None:
    """(the fields before lowmem_reserve[], its length): the version's own row where the data agrees, else any that
    does. Backports blur versions: RHEL 8.10 has the boost of 5.0, RHEL 9 the promo mark of 5.18.
    """
    if not zones:
        return None
    for strict in True, False:  # not strict: vm.lowmem_reserve_ratio may be 0
        found = _prefix_of(version, zones, first, numa, strict)
        if found is not None:
            return found
    return None


def _prefix_of(
    version: tuple[int, ...], zones: Sequence[ZoneWords], first: int, numa: bool, strict: bool
) -> tuple[tuple[str, ...], int] | None:
    if version < (3, 17):
        for names in _OLD_PREFIXES:
            at = first + 3 + len(names)
            if _is_reserve(zones, at, _OLD_RESERVES, strict):
                return names, _OLD_RESERVES
        return None
    anchor = _node_anchor(zones)
    if anchor is None:
        return None
    own = next((row for row in _PREFIXES if version >= row[0]), _PREFIXES[-1])
    promo = _has_promo(zones)
    for _, names in (own, *_PREFIXES):
        at = first + 3 + len(names)
        reserves = anchor - at - int(numa)  # CONFIG_NUMA: `int node` stands between
        if reserves in _RESERVES and promo == ("promo" in names) and _is_reserve(zones, at, reserves, strict):
            return names, reserves
    return None


def _node_anchor(zones: Sequence[ZoneWords]) -> int | None:
    """The word that holds the address of the zone's own node (zone_pgdat) in every zone."""
    for place in range(6, 24):
        if all(place < len(zone.words) and zone.words[place] == zone.node_address for zone in zones):
            return place
    return None


def _has_promo(zones: Sequence[ZoneWords]) -> bool:
    """mm/page_alloc.c, 5.18 on: WMARK_PROMO lies above high by as much as high above low."""
    return all(
        zone.words[3] - zone.words[2] == zone.words[2] - zone.words[1] for zone in zones if len(zone.words) > 3
    ) and any(zone.words[2] > zone.words[1] for zone in zones)


def _is_reserve(zones: Sequence[ZoneWords], at: int, count: int, strict: bool) -> bool:
    """lowmem_reserve[j] is 0 up to the zone's own index and never falls behind it (RHEL 10: but for empty zones).

    `strict` asks that the first zone reserves something against the next populated one, which tells one more
    leading zero from the field itself.
    """
    for zone in zones:
        row = zone.words[at : at + count]
        if len(row) < count or any(row[: zone.index + 1]):
            return False
        rest = [pages for pages in row if pages]
        if rest != sorted(rest) or max(row) >= 1 << 40:
            return False
    above = [zone.index for zone in zones if zone.index > zones[0].index and zone.node_address == zones[0].node_address]
    return not strict or not above or zones[0].words[at + above[0]] > 0


def _sizes(
    version: tuple[int, ...], zones: Sequence[ZoneWords], word: int, spanned_at: int | None
) -> dict[str, int | None]:
    """managed, present, start and name, counted from spanned_pages; managed <= present <= spanned must hold."""
    none: dict[str, int | None] = dict.fromkeys(("managed_at", "present_at", "spanned_at", "start_at", "name_at"))
    if spanned_at is None or spanned_at % word or spanned_at < 2 * word:
        return none
    # words from spanned_pages: (start, managed, present, name); 3.17 moved managed_pages, 3.9 brought it
    rows: list[tuple[int, int | None, int, int]] = [(-2, -1, 1, 2), (-1, 2, 1, 3), (-1, None, 1, 2)]
    own = 0 if version >= (3, 17) else 1 if version >= (3, 9) else 2
    for start, managed, present, name in (rows[own], *rows):
        if all(_sized(zone.words, spanned_at // word, start, managed, present) for zone in zones):
            return {
                "managed_at": None if managed is None else spanned_at + managed * word,
                "present_at": spanned_at + present * word, "spanned_at": spanned_at,
                "start_at": spanned_at + start * word, "name_at": spanned_at + name * word,
            }
    return {**none, "spanned_at": spanned_at}


def _sized(words: Sequence[int], spanned: int, start: int, managed: int | None, present: int) -> bool:
    if not 0 <= spanned + start < spanned + 3 < len(words):
        return False
    size, there = words[spanned], words[spanned + present]
    usable = there if managed is None else words[spanned + managed]
    return 0 <= usable <= there <= size < 1 << 40 and words[spanned + start] < 1 << 46 and bool(there)
