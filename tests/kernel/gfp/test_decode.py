from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.kernel.gfp.decode import LAYOUTS, decode, layout_of_all
from nopage.kernel.release.parse import parse_release

# One build of each generation whose rules KERNEL.md gives, and of the upstream layouts.
BUILD = {
    "el4": "2.6.9-89.29.1.EL",
    "el5": "2.6.18-274.7.1.el5",
    "el6": "2.6.32-642.6.2.el6.x86_64",
    "el7": "3.10.0-1062.el7.x86_64",
    "el7.9": "3.10.0-1160.el7.x86_64",
    "el8": "4.18.0-240.el8.x86_64",
    "el9.0": "5.14.0-70.30.1.el9_0.x86_64",
    "el9.4": "5.14.0-427.42.1.el9_4.x86_64",
    "el9.5": "5.14.0-503.40.1.el9_5.x86_64",
    "el9.6": "5.14.0-570.32.1.el9_6.x86_64",
    "el10": "6.12.0-55.24.1.el10_0.x86_64",
    "v4.9": "4.9.65",
    "v4.14": "4.14.213",
    "v2.6.9": "2.6.9",
}
GENERATIONS = ("el4", "el5", "el6", "el7", "el8", "el9.0", "el9.5")

# KERNEL.md 1.1, column by column of the generations above; "-" is no name.
BITS = """
0x1        DMA DMA DMA DMA DMA DMA DMA
0x2        HIGHMEM HIGHMEM HIGHMEM HIGHMEM HIGHMEM HIGHMEM HIGHMEM
0x4        - DMA32 DMA32 DMA32 DMA32 DMA32 DMA32
0x8        - - MOVABLE MOVABLE MOVABLE MOVABLE MOVABLE
0x10       WAIT WAIT WAIT WAIT RECLAIMABLE RECLAIMABLE RECLAIMABLE
0x20       HIGH HIGH HIGH HIGH HIGH HIGH HIGH
0x40       IO IO IO IO IO IO IO
0x80       FS FS FS FS FS FS FS
0x100      COLD COLD COLD COLD WRITE ZERO ZERO
0x200      NOWARN NOWARN NOWARN NOWARN NOWARN ATOMIC -
0x400      REPEAT REPEAT REPEAT REPEAT RETRY_MAYFAIL DIRECT_RECLAIM DIRECT_RECLAIM
0x800      NOFAIL NOFAIL NOFAIL NOFAIL NOFAIL KSWAPD_RECLAIM KSWAPD_RECLAIM
0x1000     NORETRY NORETRY NORETRY NORETRY NORETRY WRITE WRITE
0x2000     NO_GROW NO_GROW - MEMALLOC MEMALLOC NOWARN NOWARN
0x4000     COMP COMP COMP COMP COMP RETRY_MAYFAIL RETRY_MAYFAIL
0x8000     - ZERO ZERO ZERO ZERO NOFAIL NOFAIL
0x10000    - NOMEMALLOC NOMEMALLOC NOMEMALLOC NOMEMALLOC NORETRY NORETRY
0x20000    - HARDWALL HARDWALL HARDWALL HARDWALL MEMALLOC MEMALLOC
0x40000    - NO_OOM THISNODE THISNODE THISNODE COMP COMP
0x80000    - - RECLAIMABLE RECLAIMABLE ATOMIC NOMEMALLOC NOMEMALLOC
0x100000   - - - KMEMCG ACCOUNT HARDWALL HARDWALL
0x200000   - - NOTRACK NOTRACK DIRECT_RECLAIM THISNODE THISNODE
0x400000   - - NO_KSWAPD NO_KSWAPD KSWAPD_RECLAIM ACCOUNT ACCOUNT
0x800000   - - OTHER_NODE OTHER_NODE NOLOCKDEP ZEROTAGS ZEROTAGS
0x1000000  - - - WRITE - SKIP_KASAN_POISON SKIP_ZERO
"""
BIT_ROWS = [
    (int(row.split()[0], 16), generation, name)
    for row in BITS.strip().splitlines()
    for generation, name in zip(GENERATIONS, row.split()[1:], strict=True)
]


@pytest.mark.parametrize(("bit", "generation", "name"), BIT_ROWS)
def test_each_bit_of_each_generation(bit: int, generation: str, name: str) -> None:
    found = decode(bit, parse_release(BUILD[generation]))
    if name == "-":
        assert (found.flags, found.unknown_bits) == ((), bit)
        assert found.name.endswith(f"{bit:#x}")
    else:
        assert (found.flags, found.unknown_bits) == ((f"__GFP_{name}",), 0)


@pytest.mark.parametrize(
    ("build", "bit", "flag"),
    [
        ("2.6.9-22.EL", 0x8000, "__GFP_WIRED"), ("2.6.9-34.0.2.EL", 0x8000, "__GFP_WIRED"),
        ("2.6.9-42.EL", 0x8000, None), ("2.6.18-164.el5", 0x40000, None), ("2.6.18-194.el5", 0x40000, "__GFP_NO_OOM"),
        ("2.6.32-71.el6", 0x800000, None), ("2.6.32-131.el6", 0x800000, "__GFP_OTHER_NODE"),
        ("3.10.0-1062.el7", 0x100000, "__GFP_KMEMCG"), ("3.10.0-1160.el7", 0x100000, "__GFP_ACCOUNT"),
        ("5.14.0-284.30.1.el9_2", 0x1000000, "__GFP_SKIP_ZERO"), ("6.12.0-55.el10_0", 0x1000000, "__GFP_NO_OBJ_EXT"),
        ("2.6.18-274.el5.x86_64", 0x4, "__GFP_DMA32"), ("2.6.18-274.el5.i686", 0x4, None),
        ("4.12.3", 0x400, "__GFP_REPEAT"), ("4.14.213", 0x400, "__GFP_RETRY_MAYFAIL"),
        ("2.6.28-16-generic", 0x100000, "__GFP_MOVABLE"), ("2.6.28-16-generic", 0x80000, "__GFP_RECLAIMABLE"),
    ],
)  # fmt: skip
def test_bits_that_came_or_went_inside_a_generation(build: str, bit: int, flag: str | None) -> None:
    found = decode(bit, parse_release(build))
    assert found.flags == (() if flag is None else (flag,))
    assert bool(found.unknown_bits) is (flag is None)


# KERNEL.md 1.2: constant, then build key:mask.
CONSTANTS = """
GFP_ATOMIC el4:0x220 el5:0x220 el6:0x20 el7:0x20 el8:0x480020 el9.0:0xa20 el9.4:0xa20 el9.5:0x820 el10:0x820
GFP_ATOMIC v4.9:0x2080020 v4.14:0x1080020 v2.6.9:0x20
GFP_NOWAIT el5:0x200 el6:0x0 el7:0x0 el8:0x400000 el9.0:0x800 el9.6:0x800 el10:0x2800
GFP_NOIO el4:0x10 el5:0x10 el6:0x10 el7:0x10 el8:0x600000 el9.4:0xc00 el10:0xc00
GFP_NOFS el4:0x50 el5:0x50 el6:0x50 el7:0x50 el8:0x600040 el9.4:0xc40 el10:0xc40
GFP_KERNEL el4:0xd0 el5:0xd0 el6:0xd0 el7:0xd0 el8:0x6000c0 el9.0:0xcc0 el10:0xcc0
GFP_KERNEL_ACCOUNT el7.9:0x1000d0 el8:0x7000c0 el9.0:0x400cc0 el9.6:0x400cc0 el10:0x400cc0
GFP_TEMPORARY el6:0x800d0 el7:0x800d0
GFP_USER el5:0x200d0 el6:0x200d0 el7:0x200d0 el8:0x6200c0 el9.0:0x100cc0 el10:0x100cc0
GFP_HIGHUSER el4:0xd2 el5:0x200d2 el6:0x200d2 el7:0x200d2 el8:0x6200c2 el9.0:0x100cc2 el10:0x100cc2
GFP_HIGHUSER_MOVABLE el6:0x200da el7:0x200da el8:0x6200ca el9.0:0x1100cca el9.4:0x100cca el9.5:0x100cca el10:0x100cca
GFP_IOFS el6:0xc0 el7:0xc0
GFP_TRANSHUGE_LIGHT el8:0x342ca el9.0:0x11c20ca el9.4:0x1c20ca el9.5:0x1c20ca el10:0x1c20ca
GFP_TRANSHUGE el6:0x4352da el7:0x4352da el8:0x2342ca el9.0:0x11c24ca el9.5:0x1c24ca el10:0x1c24ca
GFP_DMA el8:0x1 el9.0:0x1 el10:0x1
GFP_DMA32 el8:0x4 el9.0:0x4 el10:0x4
"""
CONSTANT_ROWS = [
    (row.split()[0], cell.split(":")[0], int(cell.split(":")[1], 16))
    for row in CONSTANTS.strip().splitlines()
    for cell in row.split()[1:]
]
NO_WAIT = {"GFP_ATOMIC", "GFP_NOWAIT", "GFP_IOFS", "GFP_TRANSHUGE_LIGHT", "GFP_DMA", "GFP_DMA32"}


@pytest.mark.parametrize(("name", "key", "mask"), CONSTANT_ROWS)
def test_each_constant_of_each_generation(name: str, key: str, mask: int) -> None:
    found = decode(mask, parse_release(BUILD[key]))
    assert found.name == name
    assert found.atomic is (name in NO_WAIT)
    assert found.layout_from == ("nearest" if key.startswith("v") else "exact")
    assert found.uses_reserve is (name == "GFP_ATOMIC")


# KERNEL.md 1.4 and the traps of 1.3: mask, build, name, atomic, bit 5.
WILD = [
    (0x20, "el6", "GFP_ATOMIC", True, True),
    (0x20, "el5", "__GFP_HIGH", True, True),  # Red Hat's GFP_ATOMIC of RHEL 4 and 5 has NOWARN as well
    (0x4020, "el6", "GFP_ATOMIC|__GFP_COMP", True, True),
    (0x4120, "el7", "GFP_ATOMIC|__GFP_COLD|__GFP_COMP", True, True),
    (0x6020, "el7", "GFP_ATOMIC|__GFP_COMP|__GFP_MEMALLOC", True, True),
    (0x8020, "el6", "GFP_ATOMIC|__GFP_ZERO", True, True),
    (0x80020, "el7", "GFP_ATOMIC|__GFP_RECLAIMABLE", True, True),
    (0x204020, "el7", "GFP_ATOMIC|__GFP_COMP|__GFP_NOTRACK", True, True),
    (0x2040D0, "el7", "GFP_KERNEL|__GFP_COMP|__GFP_NOTRACK", False, False),
    (0x104020, "el7", "GFP_ATOMIC|__GFP_COMP|__GFP_KMEMCG", True, True),
    (0x104020, "el7.9", "GFP_ATOMIC|__GFP_COMP|__GFP_ACCOUNT", True, True),
    (0x304020, "el7", "GFP_ATOMIC|__GFP_COMP|__GFP_KMEMCG|__GFP_NOTRACK", True, True),
    (0x102020, "el8", "__GFP_HIGH|__GFP_MEMALLOC|__GFP_ACCOUNT", True, True),
    (0x2280020, "v4.9", "GFP_ATOMIC|__GFP_NOTRACK", True, True),
    (0x1084020, "v4.14", "GFP_ATOMIC|__GFP_COMP", True, True),
    (0x484020, "el8", "GFP_ATOMIC|__GFP_COMP", True, True),
    (0x40A20, "el9.0", "GFP_ATOMIC|__GFP_COMP", True, True),
    (0x40820, "el9.5", "GFP_ATOMIC|__GFP_COMP", True, True),
    (0x10D0, "el6", "GFP_KERNEL|__GFP_NORETRY", False, False),
    (0xC0D0, "el5", "GFP_KERNEL|__GFP_COMP|__GFP_ZERO", False, False),
    (0x201D2, "el7", "GFP_HIGHUSER|__GFP_COLD", False, False),
    (0x280DA, "el6", "GFP_HIGHUSER_MOVABLE|__GFP_ZERO", False, False),
    (0x10C0D0, "el7", "GFP_KERNEL|__GFP_COMP|__GFP_ZERO|__GFP_KMEMCG", False, False),
    (0x30, "el6", "GFP_NOIO|__GFP_HIGH", False, True),  # bit 5, and yet it can sleep
    (0xF0, "el7", "GFP_KERNEL|__GFP_HIGH", False, True),
    (0x6000E0, "el8", "GFP_KERNEL|__GFP_HIGH", False, True),
    (0xCE0, "el9.0", "GFP_KERNEL|__GFP_HIGH", False, True),
    (0x0, "el6", "GFP_NOWAIT", True, False),  # no bit 5, and yet it cannot sleep
    (0x4000, "el7", "GFP_NOWAIT|__GFP_COMP", True, False),
    (0x41200, "el6", "GFP_THISNODE", True, False),
    (0x480030, "el8", "GFP_ATOMIC|__GFP_RECLAIMABLE", True, True),  # 0x10 is no WAIT from RHEL 8 on
    (0xD2, "el7", "GFP_KERNEL|__GFP_HIGHMEM", False, False),
    (0x2000020, "el6", "GFP_ATOMIC|0x2000000", True, True),
]  # fmt: skip


@pytest.mark.parametrize(("mask", "key", "name", "atomic", "bit5"), WILD)
def test_masks_seen_in_reports(mask: int, key: str, name: str, atomic: bool, bit5: bool) -> None:
    found = decode(mask, parse_release(BUILD[key]))
    assert (found.name, found.atomic, found.uses_reserve) == (name, atomic, bit5)


# Who gets a quarter of min more, and whose high orders may take the high-atomic reserve (KERNEL.md 1.3, 4).
@pytest.mark.parametrize(
    ("mask", "key", "harder", "highatomic"),
    [
        (0x20, "el4", True, False), (0x0, "el4", True, False), (0x10020, "el5", True, False),
        (0xD0, "el5", False, False), (0x20, "el6", True, False), (0x10020, "el6", False, False),
        (0x0, "el6", True, False), (0x30, "el6", False, False),
        (0x20, "el7", True, False), (0x400020, "el7", False, False), (0x10020, "el7", False, False),
        (0x480020, "el8", True, True), (0x490020, "el8", False, False), (0x400000, "el8", False, False),
        (0xA20, "el9.0", True, True), (0x820, "el9.0", False, False), (0x80A20, "el9.4", False, False),
        (0x820, "el9.5", True, True), (0x80820, "el9.5", False, False), (0x800, "el9.5", False, True),
        (0x2800, "el10", False, True), (0xCE0, "el10", False, False), (0x2080020, "v4.9", True, True),
    ],
)  # fmt: skip
def test_share_of_the_reserve(mask: int, key: str, harder: bool, highatomic: bool) -> None:
    found = decode(mask, parse_release(BUILD[key]))
    assert (found.harder, found.highatomic) == (harder, highatomic)


@pytest.mark.parametrize(
    ("mask", "build", "zone"),
    [
        (0x20, "2.6.32-358.el6.x86_64", "Normal"), (0x21, "2.6.32-358.el6.x86_64", "DMA"),
        (0x24, "2.6.32-358.el6.x86_64", "DMA32"), (0x200DA, "2.6.32-358.el6.x86_64", "Movable"),
        (0xD2, "2.6.32-358.el6.x86_64", "Normal"), (0xD2, "2.6.32-358.el6.i686", "HighMem"), (0xD2, None, "HighMem"),
        (0x24, "2.6.32-358.el6.i686", "Normal"), (0x23, "2.6.32-358.el6.x86_64", "DMA"),
        (0x24, "2.6.18-274.el5.x86_64", "DMA32"), (0x24, "2.6.18-274.el5PAE", "Normal"), (0x221, "2.6.9-89.EL", "DMA"),
        (0xD2, "2.6.9-89.ELhugemem", "HighMem"), (0xC04, "6.12.0-55.el10_0.x86_64", "DMA32"),
        (0x480021, "4.18.0-553.el8_10.x86_64", "DMA"), (0x20, "2.6.18-274.el5PAE", "Normal"),
    ],
)  # fmt: skip
def test_highest_zone_usable(mask: int, build: str | None, zone: str) -> None:
    assert decode(mask, parse_release(build) if build else None).zone_limit == zone


@pytest.mark.parametrize(
    ("release", "layout"),
    [
        ("2.6.9", "v2.6.9"), ("2.6.18.8", "v2.6.18"), ("2.6.28-16-generic", "v2.6.24"), ("2.6.31.5", "el6"),
        ("3.2.4", "el6"), ("3.10.12", "el7"), ("4.2.3-jh1", "el7"), ("4.4.0-0-ppc64", "v4.9"), ("4.9.65", "v4.9"),
        ("4.10.0-rc5", "v4.14"), ("4.14.35-1902.el7uek", "v4.14"), ("4.19.0-25-amd64", "el8"), ("5.0.0", "el8"),
        ("5.2.0", "el9.0"), ("6.1.0-50-amd64", "el9.0"), ("6.3.9-gentoo", "el9.5"), ("6.8.0-rc3", "el10"),
        ("5.18.1-1.el9.elrepo.x86_64", "el9.0"), ("2.6.39-400.el6uek", "el6"),
    ],
)  # fmt: skip
def test_other_kernels_take_the_numbering_of_their_upstream_version(release: str, layout: str) -> None:
    found = decode(0x20, parse_release(release))
    assert (found.layout, found.layout_from) == (layout, "nearest")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_consistent(layout: str) -> None:
    rows = LAYOUTS[layout]
    assert rows.named("WAIT") == rows.wait or rows.named("DIRECT_RECLAIM") == rows.wait
    assert rows.named("HIGH") == rows.high == 0x20
    assert all(bit.value.bit_count() == 1 for bit in rows.bits)
    known = 0
    for bit in rows.bits:
        known |= bit.value
    assert all(row.value & ~known == 0 for row in rows.composites)


@given(st.integers(), st.sampled_from([None, *BUILD.values()]), st.one_of(st.none(), st.text(max_size=60)))
def test_any_mask_is_decoded_without_loss(mask: int, build: str | None, printed: str | None) -> None:
    found = decode(mask, parse_release(build) if build else None, printed)
    assert found.unknown_bits & ~found.mask == 0
    assert found.harder is False or found.atomic or found.layout.startswith(("el8", "el9.0", "v4"))
    if printed is None:
        layout = LAYOUTS[found.layout]
        total = found.unknown_bits
        for flag in found.flags:
            total |= found.mask & layout.named(flag.removeprefix("__GFP_"))
        assert total == found.mask
        assert found.atomic is not bool(found.mask & layout.wait)


@given(st.sampled_from([key for key in BUILD if key not in ("el4", "el5", "v2.6.9")]), st.data())
def test_the_name_stands_for_the_mask_again(key: str, data: st.DataObject) -> None:
    release = parse_release(BUILD[key])
    bits = [bit.value for bit in LAYOUTS[decode(0, release).layout].bits]
    mask = sum(set(data.draw(st.lists(st.sampled_from(bits), unique=True))))
    plain = decode(mask, release)
    again = decode(mask, release, plain.name)
    assert (again.atomic, again.harder, again.zone_limit) == (plain.atomic, plain.harder, plain.zone_limit)


@pytest.mark.corpus
def test_atomic_of_every_expected_report(shared: Path) -> None:
    for case in json.loads((shared / "cases" / "expected.json").read_text()).values():
        release = parse_release(case["kernel"])
        for report in case["reports"]:
            found = decode(int(report["gfp_mask"], 16), release, report["flags"] or None)
            assert (report["gfp_mask"], found.atomic) == (report["gfp_mask"], report["atomic"])
            assert decode(int(report["gfp_mask"], 16), release).name == (report["flags"] or found.name)


@pytest.mark.parametrize(
    ("masks", "layout"),
    [
        ([], None),
        ([(0x20, None)], "el6"),
        ([(0x20, None), (0xD0, None), (0x4020, None)], "el6"),
        ([(0x20, None), (0x6000D0, None)], None),
        ([(0x480020, "GFP_ATOMIC"), (0x20, None)], "el8"),
        ([(0xA20, "GFP_ATOMIC"), (0x40DC0, "GFP_KERNEL|__GFP_COMP|__GFP_ZERO")], "el9.0"),
        ([(0x820, "GFP_ATOMIC")], "el9.5"),
    ],
)
def test_a_log_without_release_has_one_numbering(masks: list[tuple[int, str | None]], layout: str | None) -> None:
    found = layout_of_all(masks)
    assert layout is None or found == layout
    told = {decode(mask, None, printed, layout_key=found).layout for mask, printed in masks}
    assert told <= {found}


def test_a_known_release_counts_for_more_than_the_numbering_of_the_log() -> None:
    release = parse_release(BUILD["el7"])
    assert decode(0x20, release, layout_key="el9.0").layout == "el7"
