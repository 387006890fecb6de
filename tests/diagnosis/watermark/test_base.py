"""What a share of memory is measured on."""
from __future__ import annotations

import pytest

from nopage.diagnosis.watermark import MemoryBase, memory_base
from nopage.kernel.facts import HugePages, Zone
from nopage.kernel.release import parse_release

EL4 = "2.6.9-89.29.1.ELsmp"
EL5 = "2.6.18-274.7.1.el5"
EL6_32 = "2.6.32-754.el6.i686"
EL8 = "4.18.0-553.66.1.el8_10.x86_64"
EL10 = "6.12.0-55.24.1.el10_0.x86_64"


def zones(*sizes: int, managed: bool = True, page_kb: int = 4, names: tuple[str, ...] = ()) -> tuple[Zone, ...]:
    """DMA, DMA32, Normal, Normal of node 1 ... (or `names`) of these sizes in pages."""
    named = names or ("DMA", "DMA32", *("Normal",) * len(sizes))
    return tuple(
        Zone(name, node=max(0, number - 2), page_kb=page_kb, **{"managed_pages" if managed else "present_pages": size})
        for number, (name, size) in enumerate(zip(named, sizes, strict=False))
    )


ZONES_8 = zones(3840, 759296, 1318912)
KB_8 = (3840 + 759296 + 1318912) * 4
ZONES_32 = zones(4000, 221280, 3900000, managed=False, names=("DMA", "Normal", "HighMem"))


@pytest.mark.parametrize(("release", "known", "total", "huge", "base", "managed", "taken", "lowmem", "contradiction"), [
    (EL8, ZONES_8, KB_8, (), KB_8, KB_8, 0, False, ""),
    (EL8, ZONES_8, None, (), KB_8, KB_8, 0, False, ""),
    (EL8, (), 8000000, (), 8000000, 8000000, 0, False, ""),
    (EL8, (Zone("Normal"),), 8000000, (), 8000000, 8000000, 0, False, ""),
    # meminfo a little smaller or larger than the zones: the zones
    (EL8, ZONES_8, KB_8 - 12000, (), KB_8, KB_8, 0, False, ""),
    # a container's meminfo: the zones, said; another host's or another page size: MemTotal, said
    (EL8, ZONES_8, 1 << 20, (), KB_8, KB_8, 0, False, "base.meminfo_of_container"),
    (EL8, ZONES_8, KB_8 * 16, (), KB_8 * 16, KB_8 * 16, 0, False, "base.zones_incomplete"),
    # present pages hold what the allocator never got: MemTotal counts, a container's does not
    (EL5, zones(4000, 1000000, managed=False), 3900000, (), 3900000, 3900000, 0, False, ""),
    (EL5, zones(4000, 1000000, managed=False), 900000, (), 4016000, 4016000, 0, False, "base.meminfo_of_container"),
    # 64 kB pages
    (EL8, zones(2000000, page_kb=64, names=("Normal",)), 128000000, (), 128000000, 128000000, 0, False, ""),
    # static hugepages: the host's number, else the sum of its nodes, of each size
    (EL8, ZONES_8, KB_8, (HugePages(2048, 2000),), KB_8 - 4096000, KB_8, 4096000, False, ""),
    (EL8, ZONES_8, KB_8, (HugePages(2048, 2000), HugePages(2048, 1500, 0), HugePages(2048, 500, 1)),
     KB_8 - 4096000, KB_8, 4096000, False, ""),
    (EL8, ZONES_8, KB_8, (HugePages(2048, 1500, 0), HugePages(2048, 500, 1), HugePages(1 << 20, 1)),
     KB_8 - 4096000 - (1 << 20), KB_8, 4096000 + (1 << 20), False, ""),
    (EL8, ZONES_8, KB_8, (HugePages(2048, -5), HugePages(0, 7)), KB_8, KB_8, 0, False, ""),
    (EL8, ZONES_8, KB_8, (HugePages(2048, 1 << 20),), KB_8, KB_8, 0, False, "base.huge_pages_absurd"),
    # 32-bit: lowmem; hugepages lie in HighMem first
    (EL6_32, ZONES_32, 16400000, (), 901120, 16400000, 0, True, ""),
    (EL6_32, ZONES_32, 16400000, (HugePages(2048, 3000),), 901120, 16400000, 6144000, True, ""),
    (EL6_32, ZONES_32, 16400000, (HugePages(2048, 7600),), 835200, 16400000, 15564800, True, ""),
    (EL6_32, zones(4000, 100000, managed=False, names=("DMA", "Normal")), 410000, (), 410000, 410000, 0, False, ""),
    # RHEL 4 has no zoneinfo
    (EL4 + ".i686", (), 4000000, (), 917504, 4000000, 0, True, ""),
    (EL4 + ".i686", (), 500000, (), 500000, 500000, 0, False, ""),
    ("2.6.9-89.ELhugemem.i686", (), 8 << 20, (), 4 << 20, 8 << 20, 0, True, ""),
    (EL4 + ".x86_64", (), 16000000, (), 16000000, 16000000, 0, False, ""),
    # min_free_kbytes is not spread over RHEL 10's Movable
    (EL10, zones(3840, 700000, 800000, names=("DMA", "DMA32", "Movable")), 6015360, (), 2815360, 6015360, 0, True, ""),
])
def test_memory_base(
    release: str, known: tuple[Zone, ...], total: int | None, huge: tuple[HugePages, ...], base: int, managed: int,
    taken: int, lowmem: bool, contradiction: str,
) -> None:
    found = memory_base(parse_release(release), known, total, huge)
    assert found is not None
    assert found == MemoryBase(base, managed, taken, lowmem, found.contradiction)
    assert found.contradiction.id == contradiction


@pytest.mark.parametrize("total", [None, 0, -4])
def test_nothing_is_known(total: int | None) -> None:
    assert memory_base(None, (Zone("Normal", free_pages=7),), total) is None


def test_the_contradiction_names_both_sizes() -> None:
    found = memory_base(parse_release(EL8), ZONES_8, 1 << 20)
    assert found is not None
    assert str(found.contradiction) == (
        "/proc/meminfo says MemTotal 1048576 kB, the kernel's zones hold 8328192 kB: that meminfo is not the host's "
        "but probably a container's, the zones are taken")


@pytest.mark.parametrize(("base_kb", "own_kb", "most", "bound"), [
    (33554432, 65536, 1677721, 1006592),
    (901120, None, 45056, 26624),
    (1048576, 45056, 52428, 45056),
    (30000, 690, 1500, 690),
])
def test_bounds(base_kb: int, own_kb: int | None, most: int, bound: int) -> None:
    base = MemoryBase(base_kb, base_kb)
    assert (base.most_kb, base.bound_kb(own_kb)) == (most, bound)
