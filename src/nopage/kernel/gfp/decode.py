"""What a gfp_mask means: flags, the kernel's name for it, whether the request could sleep, which reserve it may use.

The same number means different things on different kernels; `layout_for` picks the numbering and says how surely.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp.layout import Layout
from nopage.kernel.gfp.names import agrees, bit_table, composite_name, printed_mask, read_printed
from nopage.kernel.gfp.tables import IMPLAUSIBLE, LAYOUT_ROWS, RHEL_LAYOUTS, UPSTREAM_LAYOUTS, ZONE_TABLE
from nopage.kernel.release import BITS_32, Release

LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType({layout.key: layout for layout in LAYOUT_ROWS})

_MASK_BITS: Final = 0xFFFF_FFFF_FFFF_FFFF
# Where a layout is sought without a release. Names are printed from 4.6 on, so a bare number is rather an old one.
_BY_NAMES: Final = ("el9.0", "el9.5", "el10", "el8", "v4.14", "v4.9", "el7", "el6")
_BY_NUMBER: Final = ("el6", "el7", "el9.0", "el9.5", "el10", "el8", "v4.14", "v4.9")
_MASKS_MOST: Final = 256
_NO_HIGHMEM: Final = frozenset({"x86_64", "aarch64", "ppc64", "ppc64le", "s390x", "ia64", "riscv64"})


@dataclass(frozen=True, slots=True)
class GfpDecoded:
    """One mask, decoded under one layout.

    `atomic`: the request could not sleep. `uses_reserve`: __GFP_HIGH (0x20), half of the min watermark is open to it.
    `harder`: it gets a further quarter off in the min pass. `highatomic`: for orders above 0 it may take blocks from
    the high-atomic reserve (RHEL 8 on). `zone_limit`: the highest zone it may use. `unknown_bits`: bits that this
    layout has no name for; they stand in `name` as hex. `layout_from`: "exact", "nearest" or "inferred".
    """

    mask: int
    flags: tuple[str, ...]
    name: str
    atomic: bool
    uses_reserve: bool
    harder: bool
    highatomic: bool
    nomemalloc: bool
    memalloc: bool
    thisnode: bool
    movable: bool
    nofail: bool
    noretry: bool
    wakes_kswapd: bool
    zone_limit: str
    layout: str
    layout_from: str
    unknown_bits: int


def layout_for(release: Release | None, *, mask: int, printed: str | None) -> tuple[Layout, str]:
    """The numbering of `mask`: printed names win, then the release, then what the mask itself can mean.

    The second item says how it was found: "exact" (a Red Hat build), "nearest" (by upstream version), "inferred".
    """
    mask &= _MASK_BITS
    own = LAYOUTS[_own_layout(release)] if release is not None else None
    source = "inferred" if release is None else "exact" if release.exact else "nearest"
    text = read_printed(printed)
    if text is not None and text.names:
        if own is not None and agrees(own, mask, text):
            return own, source
        for key in _BY_NAMES:
            if agrees(LAYOUTS[key], mask, text):
                return LAYOUTS[key], "inferred"
    if own is not None:
        return own, source
    return _likeliest(mask, names=printed is not None), "inferred"


def layout_of_all(masks: Iterable[tuple[int, str | None]]) -> str | None:
    """The one numbering of all the masks (with what was printed behind each) of a log that names no release.

    One kernel wrote them, so what fits them all decides for each: 0x20 alone may be of any. None where there are none.
    """
    seen = list(dict.fromkeys((mask & _MASK_BITS, printed) for mask, printed in masks))[:_MASKS_MOST]
    if not seen:
        return None
    names = any(printed is not None for _, printed in seen)
    texts = [read_printed(printed) for _, printed in seen]

    def oddness(key: str) -> int:
        layout = LAYOUTS[key]
        against = sum(
            not agrees(layout, mask, text)
            for (mask, _), text in zip(seen, texts, strict=True)
            if text is not None and text.names
        )
        return 100 * against + sum(_oddness(layout, mask) for mask, _ in seen)

    keys = [key for key in _BY_NAMES if LAYOUTS[key].prints_names] if names else list(_BY_NUMBER)
    return min(keys, key=oddness)


def mask_of(names: str, release: Release) -> int | None:
    """The number that names joined by "|" stand for on this kernel ("GFP_ATOMIC|__GFP_COMP"); None for unknown ones."""
    text = read_printed(names)
    if text is None or text.cut or not text.names:
        return None
    return printed_mask(LAYOUTS[_own_layout(release)], text)


def decode(
    mask: int, release: Release | None = None, printed: str | None = None, *, layout_key: str | None = None
) -> GfpDecoded:
    """Decode `mask` as `release` numbers it; `printed` is what the kernel put in parentheses behind the number.

    `layout_key` is that of the whole log, where no release is known (`layout_of_all`). Never raises: bits without a
    name stay as numbers, and a text cut short decides only what it still says.
    """
    mask &= _MASK_BITS
    layout, source = layout_for(release, mask=mask, printed=printed)
    if release is None and layout_key is not None:
        layout = LAYOUTS[layout_key]
    table = bit_table(layout, release)
    text = read_printed(printed)
    named = printed_mask(layout, text) if text is not None and not text.cut else None
    said = mask if named is None else named  # the kernel's own names decide over the number
    return GfpDecoded(
        mask=mask,
        flags=tuple(f"__GFP_{bit.name}" for bit in table if said & bit.value),
        name=composite_name(layout, table, mask) if named is None or text is None else text.text,
        atomic=not said & layout.wait,
        uses_reserve=bool(said & layout.high),
        harder=layout.harder.holds(said),
        highatomic=layout.highatomic is not None and layout.highatomic.holds(said),
        nomemalloc=bool(said & layout.named("NOMEMALLOC")),
        memalloc=bool(said & layout.named("MEMALLOC")),
        thisnode=bool(said & layout.named("THISNODE")),
        movable=bool(said & layout.named("MOVABLE")),
        nofail=bool(said & layout.named("NOFAIL")),
        noretry=bool(said & layout.named("NORETRY")),
        wakes_kswapd=_wakes_kswapd(layout, said),
        zone_limit=_zone_limit(layout, said, release),
        layout=layout.key,
        layout_from=source,
        unknown_bits=mask & ~sum(bit.value for bit in table),
    )


def _own_layout(release: Release) -> str:
    if not release.exact:
        return next(key for bound, key in reversed(UPSTREAM_LAYOUTS) if release.version >= bound)
    rows = RHEL_LAYOUTS.get(release.generation, ((0, release.generation),))
    first = release.build[0] if release.build else 0
    return next(key for bound, key in reversed(rows) if first >= bound)


def _likeliest(mask: int, *, names: bool) -> Layout:
    """The layout under which the mask asks for the least that no kernel code asks for (KERNEL.md 1.3, 1.4)."""
    layouts = [LAYOUTS[key] for key in (_BY_NAMES if names else _BY_NUMBER)]
    return min((layout for layout in layouts if layout.prints_names or not names), key=lambda row: _oddness(row, mask))


def _oddness(layout: Layout, mask: int) -> int:
    """How far the mask is from a request that kernels make and report; 0 is an everyday one."""
    odd = 4 * (mask & ~sum({bit.value for bit in layout.bits})).bit_count() + layout.prints_names
    waits = bool(mask & layout.wait)
    named = {bit.name for bit in layout.bits if bit.value & mask}
    if not _nowait_has_nowarn(layout, mask):
        odd += 3 * ("NOWARN" in named)  # such a request is never reported
    for row in IMPLAUSIBLE:
        if row.waits in (None, waits) and not named.isdisjoint(row.any_of) and named.isdisjoint(row.unless):
            odd += row.weight
    kswapd = layout.named("KSWAPD_RECLAIM")
    odd += 2 * (kswapd != 0 and not mask & kswapd)
    atomic = layout.named("ATOMIC")
    if atomic and not waits:
        odd += 2 * (bool(mask & atomic) != bool(mask & layout.high))
    odd += any(bit.rare and bit.value & mask for bit in layout.bits)
    low = mask & layout.zone_mask
    return odd + 2 * (low not in ZONE_TABLE)


def _nowait_has_nowarn(layout: Layout, mask: int) -> bool:
    nowarn = layout.named("NOWARN")
    return any(
        row.value & nowarn and row.name == "GFP_NOWAIT" and mask & row.value == row.value for row in layout.composites
    )


def _wakes_kswapd(layout: Layout, mask: int) -> bool:
    kswapd = layout.named("KSWAPD_RECLAIM")
    return bool(mask & kswapd) if kswapd else not mask & layout.named("NO_KSWAPD")


def _zone_limit(layout: Layout, mask: int, release: Release | None) -> str:
    low = mask & layout.zone_mask
    arch = release.arch if release is not None else None
    if layout.zone_mask == 0xF:
        zone = ZONE_TABLE.get(low, "DMA")  # GFP_ZONE_TABLE holds 0, the lowest zone, for a caller's mistake
    elif low & 0x1:  # highest_zone() of 2.6.9 .. 2.6.30: DMA beats DMA32 beats HIGHMEM
        zone = "DMA"
    elif low & 0x4 and arch in (None, "x86_64"):
        zone = "DMA32"
    else:
        zone = "HighMem" if low & 0x2 else "Normal"
    if zone == "DMA32" and (arch in BITS_32 or (release is not None and release.highmem)):
        return "Normal"  # CONFIG_ZONE_DMA32 is not set there
    return "Normal" if zone == "HighMem" and arch in _NO_HIGHMEM else zone
