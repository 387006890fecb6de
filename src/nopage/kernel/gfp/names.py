"""The names of GFP bits: which hold on a release, how the kernel's %pGg joins them, and what printed ones stand for."""
from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp.layout import Bit, Layout
from nopage.kernel.gfp.tables import FLAG_ORDER, LAYOUT_ROWS
from nopage.kernel.release import Release

_FLAG_RANK: Final = {name: rank for rank, name in enumerate(FLAG_ORDER)}
_SEPARATORS: Final = re.compile(r"[|\s()]+")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,16}")


@dataclass(frozen=True, slots=True)
class Printed:
    """What the kernel printed in parentheses: names and leftover bits; `cut` when it ends inside a name or at a bar."""

    names: tuple[str, ...]
    rest: int
    cut: bool

    @property
    def text(self) -> str:
        """The names as the kernel joins them."""
        words = [*self.names, *([f"{self.rest:#x}"] if self.rest else [])]
        return "|".join(words) or "0x0"


def read_printed(printed: str | None) -> Printed | None:
    """Split the text in parentheses; None when there was none."""
    if printed is None:
        return None
    text = printed.strip()
    words = [word for word in _SEPARATORS.split(text) if word]
    names: list[str] = []
    rest = 0
    cut = text.endswith("|")
    for place, word in enumerate(words):
        if _HEX.fullmatch(word):
            rest |= int(word, 16)
        elif place == len(words) - 1 and _is_cut(word):
            cut = True
        else:
            names.append(word)
    return Printed(tuple(names), rest, cut)


def printed_mask(layout: Layout, text: Printed) -> int | None:
    """The bits that the names stand for under this layout; None when it lacks one of them."""
    values = _values(layout)
    total = text.rest
    for name in text.names:
        value = values.get(name)
        if value is None:
            return None
        total |= value
    return total


def agrees(layout: Layout, mask: int, text: Printed) -> bool:
    """Whether number and names say the same under this layout; of names cut short, that they say nothing else."""
    named = printed_mask(layout, text)
    if named is None:
        return False
    if text.cut:
        return named & ~mask == 0
    # A constant may have had two values in one layout: SKIP_KASAN_POISON was part of movable pages on RHEL 9.0 only.
    return named == mask or composite_name(layout, bit_table(layout, None), mask) == text.text


@lru_cache(maxsize=64)
def bit_table(layout: Layout, release: Release | None) -> tuple[Bit, ...]:
    """The bits that hold on this release, one row a bit, in the order in which the kernel names them."""
    rows: dict[int, Bit] = {}
    for bit in layout.bits:
        if bit.value not in rows and _in_force(bit, release) and _has_dma32(bit, layout, release):
            rows[bit.value] = bit
    return tuple(sorted(rows.values(), key=lambda bit: _FLAG_RANK[bit.name]))


def composite_name(layout: Layout, table: tuple[Bit, ...], mask: int) -> str:
    """The name of a mask as %pGg writes it: largest composite first, then single flags, then the rest in hex."""
    left = mask
    names: list[str] = []
    in_force = {bit.name for bit in table} | {""}
    for composite in layout.composites:
        if mask & composite.clear or composite.needs not in in_force or composite.name in names:
            continue
        if left & composite.value == composite.value:
            names.append(composite.name)
            left &= ~composite.value
    for bit in table:
        if left & bit.value:
            names.append(_flag_text(bit.name))
            left &= ~bit.value
    if left or not names:
        names.append(f"{left:#x}")
    return "|".join(names)


def _in_force(bit: Bit, release: Release | None) -> bool:
    if release is None or (not release.exact and "-" in bit.since + bit.below):
        return True  # Red Hat's build numbers say nothing about other kernels
    if bit.since and not release.at_least(bit.since):
        return False
    return not (bit.below and release.at_least(bit.below))


def _has_dma32(bit: Bit, layout: Layout, release: Release | None) -> bool:
    """Up to 2.6.30 __GFP_DMA32 was 0x4 on x86_64 only, 0x1 or 0 elsewhere (el5:include/linux/gfp.h)."""
    arch = release.arch if release is not None else None
    return bit.name != "DMA32" or layout.zone_mask != 0x7 or arch in (None, "x86_64")


def _flag_text(name: str) -> str:
    return f"GFP_{name}" if name in ("DMA", "DMA32") else f"__GFP_{name}"  # as mmflags.h spells them


def _is_cut(word: str) -> bool:
    """A last word that only begins a name: "__GFP_CO"; one that is a name itself ("GFP_DMA") counts as whole."""
    names = _all_names()
    return word not in names and any(name.startswith(word) for name in names)


@lru_cache(maxsize=32)
def _values(layout: Layout) -> Mapping[str, int]:
    """Every name that can stand in parentheses -> its bits."""
    values = {_flag_text(bit.name): bit.value for bit in layout.bits}
    values.update((f"__GFP_{bit.name}", bit.value) for bit in layout.bits)
    values["__GFP_RECLAIM"] = layout.wait | layout.named("KSWAPD_RECLAIM")
    for composite in reversed(layout.composites):  # of two values the plainer one stands last in the table
        values.setdefault(composite.name, composite.value)
    return values


@lru_cache(maxsize=1)
def _all_names() -> frozenset[str]:
    return frozenset(name for layout in LAYOUT_ROWS for name in _values(layout))
