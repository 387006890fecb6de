"""GFP bits and composites of each kernel generation, as data (KERNEL.md 1.1-1.3).

A layout is one numbering of the bits. Those named "elN" are Red Hat's, those named "vX.Y" upstream's from that version
on. Several rows for one bit are told apart by the build they hold from or up to.
"""
from __future__ import annotations

from typing import Final

from nopage.kernel.gfp.layout import Bit, Composite, Implausible, Layout, Rule
from nopage.kernel.release import Version


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The order in which the kernel's %pGg names what is left of a mask (include/trace/events/mmflags.h).
FLAG_ORDER: Final = _words(
    "DMA HIGHMEM DMA32 WAIT HIGH ATOMIC IO FS COLD NOWARN REPEAT RETRY_MAYFAIL NOFAIL NORETRY NO_GROW COMP WIRED ZERO "
    "NOMEMALLOC MEMALLOC HARDWALL NO_OOM THISNODE RECLAIMABLE MOVABLE KMEMCG ACCOUNT NOTRACK NO_KSWAPD WRITE "
    "DIRECT_RECLAIM KSWAPD_RECLAIM OTHER_NODE NOLOCKDEP ZEROTAGS SKIP_ZERO SKIP_KASAN_POISON NO_OBJ_EXT"
)

# gfp_zone(): the low bits of a mask -> the highest zone usable (GFP_ZONE_TABLE of include/linux/gfp.h, 2.6.31 on).
ZONE_TABLE: Final = {
    0x0: "Normal", 0x1: "DMA", 0x2: "HighMem", 0x4: "DMA32", 0x8: "Normal", 0x9: "DMA", 0xA: "Movable", 0xC: "DMA32",
}  # fmt: skip


def _implausible(names: str, waits: bool | None, weight: int, unless: str = "") -> Implausible:
    return Implausible(frozenset(names.split()), waits, weight, frozenset(unless.split()))


IMPLAUSIBLE: Final = (
    _implausible("IO FS", False, 3),
    _implausible("NOFAIL REPEAT RETRY_MAYFAIL NORETRY WRITE", False, 2),
    _implausible("HIGH", True, 2),
    _implausible("NO_KSWAPD OTHER_NODE WIRED", None, 2),
    _implausible("NO_GROW MEMALLOC SKIP_ZERO NO_OBJ_EXT", None, 1),
)


def _bits(first: int, names: str) -> tuple[Bit, ...]:
    """Consecutive bits from `first` on; "-" leaves one out."""
    return tuple(Bit(first << place, name) for place, name in enumerate(_words(names)) if name != "-")


def _composites(*rows: tuple[str, int] | tuple[str, int, int]) -> tuple[Composite, ...]:
    return tuple(Composite(*row) for row in rows)


# 0x1 .. 0x4000 did not move from 2.6.9 to 4.3. 0x10 is WAIT.
_OLD_LOW: Final = "DMA HIGHMEM DMA32 MOVABLE WAIT HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY"
_CANNOT_WAIT: Final = 0x10
_NOT_A_NOWAIT: Final = 0xF0  # WAIT HIGH IO FS

_EL4_BITS: Final = (
    *_bits(0x1, "DMA HIGHMEM - - WAIT HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY NO_GROW COMP"),
    Bit(0x8000, "WIRED", since="2.6.9-22", below="2.6.9-35"),
)
_EL4_COMPOSITES: Final = (("GFP_HIGHUSER", 0xD2), ("GFP_KERNEL", 0xD0), ("GFP_NOFS", 0x50))
_EL5_BITS: Final = (
    *_bits(0x1, "DMA HIGHMEM DMA32 - WAIT HIGH IO FS COLD NOWARN REPEAT NOFAIL NORETRY NO_GROW COMP"),
    *_bits(0x8000, "ZERO NOMEMALLOC HARDWALL"),
)
_EL5_COMPOSITES: Final = (("GFP_HIGHUSER", 0x200D2), ("GFP_USER", 0x200D0), ("GFP_KERNEL", 0xD0), ("GFP_NOFS", 0x50))
_EL6_COMPOSITES: Final = _composites(
    ("GFP_TRANSHUGE", 0x4352DA),
    ("GFP_HIGHUSER_MOVABLE", 0x200DA),
    ("GFP_HIGHUSER", 0x200D2),
    ("GFP_USER", 0x200D0),
    ("GFP_TEMPORARY", 0x800D0),
    ("GFP_KERNEL", 0xD0),
    ("GFP_NOFS", 0x50),
    ("GFP_ATOMIC", 0x20, _CANNOT_WAIT),
    ("GFP_NOIO", 0x10),
    ("GFP_IOFS", 0xC0, _CANNOT_WAIT),
    ("GFP_THISNODE", 0x41200),
    ("GFP_NOWAIT", 0x0, _NOT_A_NOWAIT | 0x41200 | 0x5),  # a zone's own constant or THISNODE says it better
)
# Red Hat's GFP_ATOMIC of RHEL 4 and 5 carries NOWARN; upstream's never did (v2.6.9:include/linux/gfp.h:49).
_ATOMIC_NOWARN: Final = (("GFP_ATOMIC", 0x220, _CANNOT_WAIT), ("GFP_NOIO", 0x10))
_ATOMIC_PLAIN: Final = (("GFP_ATOMIC", 0x20, _CANNOT_WAIT), ("GFP_NOIO", 0x10))
_V2618_TAIL: Final = (*_ATOMIC_PLAIN, ("GFP_NOWAIT", 0x0, _NOT_A_NOWAIT))

_WAIT_CLEAR: Final = Rule(0, 0x10)  # RHEL 4, 5: can_try_harder / ALLOC_HARDER from !wait alone
_EL6_HARDER: Final = Rule(0, 0x10 | 0x10000)  # and not NOMEMALLOC
_EL7_HARDER: Final = Rule(0, 0x10 | 0x400000 | 0x10000)  # atomic = !(WAIT | NO_KSWAPD), and not NOMEMALLOC
_EL8_HARDER: Final = Rule(0x80000, 0x10000)  # ATOMIC and not NOMEMALLOC
_EL90_HARDER: Final = Rule(0x200, 0x80000)
_NON_BLOCK: Final = Rule(0, 0x400 | 0x80000)
_EL95_HARDER: Final = Rule(0x20, 0x400 | 0x80000)  # NON_BLOCK counts only inside the MIN_RESERVE branch

_EL6_BITS: Final = (
    *_bits(0x1, f"{_OLD_LOW} - COMP ZERO NOMEMALLOC HARDWALL THISNODE RECLAIMABLE - - NO_KSWAPD"),
    Bit(0x200000, "NOTRACK", rare=True),  # CONFIG_KMEMCHECK
    Bit(0x800000, "OTHER_NODE", since="2.6.32-131"),
)
_EL7_BITS: Final = (
    *_bits(0x1, f"{_OLD_LOW} MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE RECLAIMABLE"),
    Bit(0x100000, "KMEMCG", below="3.10.0-1160"),
    Bit(0x100000, "ACCOUNT", since="3.10.0-1160"),
    *_bits(0x200000, "NOTRACK NO_KSWAPD OTHER_NODE WRITE"),
)
_MIDDLE_LOW: Final = "DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS"
_MIDDLE_HIGH: Final = "NOFAIL NORETRY MEMALLOC COMP ZERO NOMEMALLOC HARDWALL THISNODE ATOMIC ACCOUNT"
_NEW_BITS: Final = _bits(
    0x1,
    "DMA HIGHMEM DMA32 MOVABLE RECLAIMABLE HIGH IO FS ZERO - DIRECT_RECLAIM KSWAPD_RECLAIM WRITE NOWARN RETRY_MAYFAIL "
    "NOFAIL NORETRY MEMALLOC COMP NOMEMALLOC HARDWALL THISNODE ACCOUNT ZEROTAGS",
)


def _middle_composites(reclaim: int, kswapd: int, direct: int) -> tuple[Composite, ...]:
    """4.4 .. 4.17: the constants differ only in where the two reclaim bits are."""
    return _composites(
        ("GFP_TRANSHUGE", 0x342CA | direct),
        ("GFP_TRANSHUGE_LIGHT", 0x342CA),
        ("GFP_HIGHUSER_MOVABLE", reclaim | 0x200CA),
        ("GFP_HIGHUSER", reclaim | 0x200C2),
        ("GFP_USER", reclaim | 0x200C0),
        ("GFP_TEMPORARY", reclaim | 0xD0),
        ("GFP_KERNEL_ACCOUNT", reclaim | 0x1000C0),
        ("GFP_KERNEL", reclaim | 0xC0),
        ("GFP_NOFS", reclaim | 0x40),
        ("GFP_ATOMIC", kswapd | 0x80020),
        ("GFP_NOIO", reclaim),
        ("GFP_NOWAIT", kswapd),
    )


def _new_composites(atomic: int, nowait: int, *kasan: tuple[str, int]) -> tuple[Composite, ...]:
    """5.1 on: GFP_ATOMIC and GFP_NOWAIT changed, and SKIP_KASAN_POISON was part of movable pages for a while."""
    return _composites(
        *kasan,
        ("GFP_TRANSHUGE", 0x1C24CA),
        ("GFP_TRANSHUGE_LIGHT", 0x1C20CA),
        ("GFP_HIGHUSER_MOVABLE", 0x100CCA),
        ("GFP_HIGHUSER", 0x100CC2),
        ("GFP_USER", 0x100CC0),
        ("GFP_KERNEL_ACCOUNT", 0x400CC0),
        ("GFP_KERNEL", 0xCC0),
        ("GFP_NOFS", 0xC40),
        ("GFP_ATOMIC", atomic),
        ("GFP_NOIO", 0xC00),
        ("GFP_NOWAIT", nowait),
    )


LAYOUT_ROWS: Final[tuple[Layout, ...]] = (
    Layout("el4", _EL4_BITS, _composites(*_EL4_COMPOSITES, *_ATOMIC_NOWARN), 0x10, _WAIT_CLEAR, zone_mask=0x3),
    Layout("v2.6.9", _EL4_BITS[:-1], _composites(*_EL4_COMPOSITES, *_ATOMIC_PLAIN), 0x10, _WAIT_CLEAR, zone_mask=0x3),
    Layout(
        "el5",
        (*_EL5_BITS, Bit(0x40000, "NO_OOM", since="2.6.18-194")),
        _composites(*_EL5_COMPOSITES, *_ATOMIC_NOWARN, ("GFP_NOWAIT", 0x200, _NOT_A_NOWAIT)),
        0x10,
        _WAIT_CLEAR,
        zone_mask=0x7,
    ),
    Layout(
        "v2.6.18",
        (*_EL5_BITS, Bit(0x40000, "THISNODE")),
        _composites(*_EL5_COMPOSITES, *_V2618_TAIL),
        0x10,
        _WAIT_CLEAR,
        zone_mask=0x7,
    ),
    Layout(
        "v2.6.24",  # mobility bits came above the others; 2.6.31 moved MOVABLE to 0x8
        (*_EL5_BITS, *_bits(0x40000, "THISNODE RECLAIMABLE MOVABLE")),
        _composites(("GFP_HIGHUSER_MOVABLE", 0x1200D2), *_EL5_COMPOSITES, *_V2618_TAIL),
        0x10,
        _EL6_HARDER,
        zone_mask=0x7,
    ),
    Layout("el6", _EL6_BITS, _EL6_COMPOSITES, 0x10, _EL6_HARDER),
    Layout(
        "el7",
        _EL7_BITS,
        (*_EL6_COMPOSITES[:5], Composite("GFP_KERNEL_ACCOUNT", 0x1000D0, needs="ACCOUNT"), *_EL6_COMPOSITES[5:]),
        0x10,
        _EL7_HARDER,
    ),
    Layout(
        "v4.9",
        _bits(
            0x1,
            f"{_MIDDLE_LOW} COLD NOWARN REPEAT {_MIDDLE_HIGH} NOTRACK DIRECT_RECLAIM OTHER_NODE WRITE KSWAPD_RECLAIM",
        ),
        _middle_composites(0x2400000, 0x2000000, 0x400000),
        0x400000,
        _EL8_HARDER,
        _EL8_HARDER,
        prints_names=True,
    ),
    Layout(
        "v4.14",
        (
            *_bits(0x1, f"{_MIDDLE_LOW} COLD NOWARN - {_MIDDLE_HIGH} NOTRACK DIRECT_RECLAIM WRITE KSWAPD_RECLAIM"),
            Bit(0x400, "REPEAT", below="4.13"),
            Bit(0x400, "RETRY_MAYFAIL", since="4.13"),
        ),
        _middle_composites(0x1400000, 0x1000000, 0x400000),
        0x400000,
        _EL8_HARDER,
        _EL8_HARDER,
        prints_names=True,
    ),
    Layout(
        "el8",
        _bits(0x1, f"{_MIDDLE_LOW} WRITE NOWARN RETRY_MAYFAIL {_MIDDLE_HIGH} DIRECT_RECLAIM KSWAPD_RECLAIM NOLOCKDEP"),
        tuple(
            row for row in _middle_composites(0x600000, 0x400000, 0x200000) if row.name != "GFP_TEMPORARY"
        ),
        0x200000,
        _EL8_HARDER,
        _EL8_HARDER,
        prints_names=True,
    ),
    Layout(
        "el9.0",
        (
            *_NEW_BITS,
            Bit(0x200, "ATOMIC"),
            Bit(0x1000000, "SKIP_KASAN_POISON", below="5.14.0-284"),
            Bit(0x1000000, "SKIP_ZERO", since="5.14.0-284"),
        ),
        _new_composites(
            0xA20,
            0x800,
            ("GFP_TRANSHUGE", 0x11C24CA),
            ("GFP_TRANSHUGE_LIGHT", 0x11C20CA),
            ("GFP_HIGHUSER_MOVABLE", 0x1100CCA),
        ),
        0x400,
        _EL90_HARDER,
        _EL90_HARDER,
        prints_names=True,
    ),
    Layout(
        "el9.5",
        (*_NEW_BITS, Bit(0x1000000, "SKIP_ZERO")),
        _new_composites(0x820, 0x800),
        0x400,
        _EL95_HARDER,
        _NON_BLOCK,
        prints_names=True,
    ),
    Layout(
        "el10",
        (*_NEW_BITS, Bit(0x1000000, "NO_OBJ_EXT")),
        _new_composites(0x820, 0x2800),
        0x400,
        _EL95_HARDER,
        _NON_BLOCK,
        prints_names=True,
    ),
)

# Which layout a Red Hat build has, by its first number; generations not listed have one of their own name.
RHEL_LAYOUTS: Final[dict[str, tuple[tuple[int, str], ...]]] = {"el9": ((0, "el9.0"), (503, "el9.5"))}

# Which layout an upstream version has, whoever built it. 4.10 dropped OTHER_NODE, which moved WRITE and KSWAPD_RECLAIM;
# 6.8 put NOWARN into GFP_NOWAIT.
UPSTREAM_LAYOUTS: Final[tuple[tuple[Version, str], ...]] = (
    ((0, 0, 0), "v2.6.9"),
    ((2, 6, 12), "v2.6.18"),
    ((2, 6, 24), "v2.6.24"),
    ((2, 6, 31), "el6"),
    ((3, 6, 0), "el7"),
    ((4, 4, 0), "v4.9"),
    ((4, 10, 0), "v4.14"),
    ((4, 18, 0), "el8"),
    ((5, 1, 0), "el9.0"),
    ((6, 3, 0), "el9.5"),
    ((6, 8, 0), "el10"),
)
