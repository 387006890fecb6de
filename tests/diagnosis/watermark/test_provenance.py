"""Where min_free_kbytes comes from, and when it is too low or too high: KERNEL.md 3.1."""
from __future__ import annotations

import pytest

from nopage.diagnosis.watermark.base import MemoryBase
from nopage.diagnosis.watermark.provenance import provenance, too_high, too_low
from nopage.kernel.facts import Zone
from nopage.kernel.release import Release
from nopage.kernel.release.parse import parse_release

EL7 = parse_release("3.10.0-1062.el7.x86_64")
# 16 GB: DMA, DMA32, Normal of one node
SIZED = (Zone("DMA", 0, managed_pages=3977, present_pages=3998), Zone("DMA32", 0, managed_pages=500000),
         Zone("Normal", 0, managed_pages=3600000))


@pytest.mark.parametrize(
    ("current", "kind"),
    [
        (16208, "default"),  # 4 * sqrt(16.4 GB in kB)
        (67584, "thp"),  # 22528 kB a zone, three zones
        (262144, "user"),
        (None, "unknown"),
    ],
)
def test_provenance(current: int | None, kind: str) -> None:
    assert provenance(EL7, SIZED, current).kind == kind


def test_provenance_without_sizes_is_unknown() -> None:
    assert provenance(EL7, (Zone("Normal"),), 67584).kind == "unknown"


EL4 = parse_release("2.6.9-89.29.1.ELsmp")
EL4_64 = parse_release("2.6.9-89.29.1.ELsmp.x86_64")
EL4_OLD = parse_release("2.6.9-42.ELsmp.x86_64")
EL6 = parse_release("2.6.32-754.el6.x86_64")
EL8 = parse_release("4.18.0-553.66.1.el8_10.x86_64")
EL9_64K = parse_release("5.14.0-427.42.1.el9_4.aarch64+64k")
TINY = (Zone("DMA", 0, managed_pages=3840), Zone("DMA32", 0, managed_pages=4352))
MB256 = (Zone("DMA", 0, present_pages=3840), Zone("DMA32", 0, present_pages=60160))
MB540 = (Zone("DMA", 0, present_pages=3840), Zone("DMA32", 0, present_pages=131160))
GB1 = (Zone("DMA", 0, managed_pages=3840), Zone("DMA32", 0, managed_pages=258304))
ARM = (Zone("DMA", 0, page_kb=64, managed_pages=60000), Zone("Normal", 0, page_kb=64, managed_pages=200000))


@pytest.mark.parametrize(("release", "zones", "current", "thp", "total", "id", "own"), [
    # the kernel's own default is never too low, however small
    (EL7, TINY, 724, "never", 32768, "", 724),
    (EL7, TINY, 600, "never", 32768, "too_low.default", 724),
    (EL7, SIZED, 512, None, None, "too_low.default", 16206),
    (EL7, SIZED, 8192, None, None, "too_low.default", 16206),
    (EL7, SIZED, 16208, None, None, "", 16206),
    (EL7, SIZED, None, None, None, "", 16206),
    # the raise for huge pages: on evidence only
    (EL7, SIZED, 40000, None, None, "", 16206),
    (EL7, SIZED, 40000, "never", None, "", 16206),
    (EL7, SIZED, 40000, "always", None, "too_low.thp", 67584),
    (EL7, SIZED, 40000, "madvise", None, "too_low.thp", 67584),
    (EL7, SIZED, 67584, "always", None, "", 67584),
    (EL6, MB256, 1000, "always", 256000, "too_low.default", 2023),
    # below 512 MB they are off; present pages say more than there is
    (EL6, MB540, 2938, "always", 500000, "", 2939),
    (EL6, MB540, 2938, "always", 540000, "", 26780),
    # a cap above what would be advised is no measure
    (EL7, GB1, 20000, "always", None, "", 45056),
    (EL9_64K, ARM, 65536, "always", None, "", 829504),
    (EL9_64K, ARM, 10000, "always", None, "too_low.default", 829504),
    # no zones: MemTotal; RHEL 4 counts Normal only, and a quarter before 2.6.9-55.0.6
    (EL4_64, (), 1982, None, 245632 + 16384, "", 1982),
    (EL4_64, (), 1500, None, 245632 + 16384, "too_low.default", 1982),
    (EL4_OLD, (), 1024, None, 1064960, "", 1024),
    (EL4, (Zone("DMA", 0, present_pages=4096), Zone("Normal", 0, present_pages=61408)), 1982, None, None, "", 1982),
    (parse_release("2.6.9-89.ELsmp.i686"), (), 3700, None, 8 << 20, "", 3797),
    # nothing known: below what every kernel sets
    (EL8, (), 100, None, None, "too_low.floor", None),
    (EL8, (), 724, None, None, "", None),
    # a container's meminfo is not the host's
    (EL8, SIZED, 16208, None, 1 << 20, "", 16206),
])
def test_too_low(
    release: Release, zones: tuple[Zone, ...], current: int | None, thp: str | None, total: int | None, id: str,
    own: int | None,
) -> None:
    assert too_low(release, zones, current, thp=thp, total_kb=total).id == id
    assert provenance(release, zones, current, thp=thp, total_kb=total).own_kb == own


def test_a_pageblock_of_another_size_is_another_raise() -> None:
    """ppc64le radix: 32 pages of 64 kB, 11 of them a zone."""
    zones = (Zone("Normal", 0, page_kb=64, managed_pages=2097152), Zone("Normal", 1, page_kb=64, managed_pages=2097152))
    release = parse_release("4.18.0-553.66.1.el8_10.ppc64le")
    assert provenance(release, zones, 65536, thp="always", block_pages=32).thp_kb == 2 * 32 * 11 * 64
    assert provenance(release, zones, 65536, thp="always").thp_kb == 2 * 256 * 11 * 64


@pytest.mark.parametrize(("base", "current", "own", "said"), [
    (MemoryBase(16000000, 16000000), 800000, None, ""),
    (MemoryBase(16000000, 16000000), 800001, None,
     "vm.min_free_kbytes = 800001 kB is just over 5 % of memory, more than 5 %"),
    (MemoryBase(16000000, 16000000), 1600000, None,
     "vm.min_free_kbytes = 1600000 kB is 10.0 % of memory, more than 5 %"),
    (MemoryBase(16000000, 16000000), None, None, ""),
    (None, 800001, None, ""),
    (MemoryBase(0, 0), 1, None, ""),
    # the kernel's own value is never too high
    (MemoryBase(1000000, 1000000), 52000, 51000, ""),
    (MemoryBase(1000000, 1000000), 60000, 51000, "vm.min_free_kbytes = 60000 kB is 6.0 % of memory, more than 5 %"),
    (MemoryBase(901120, 16777216, 0, True), 131072, None,
     "vm.min_free_kbytes = 131072 kB is 14.5 % of the 901120 kB of lowmem, more than 5 %"),
    (MemoryBase(33554432, 536870912, 503316480), 6291456, None,
     "vm.min_free_kbytes = 6291456 kB is 18.8 % of the 33554432 kB that static hugepages leave of memory, more than "
     "5 %"),
])
def test_too_high(base: MemoryBase | None, current: int | None, own: int | None, said: str) -> None:
    assert str(too_high(base, current, own)) == said


@pytest.mark.parametrize(
    ("current", "id"),
    [(16208, "provenance.default"), (67584, "provenance.thp"), (262144, "provenance.user"),
     (None, "provenance.not_collected")],
)
def test_provenance_is_said(current: int | None, id: str) -> None:
    assert provenance(EL7, SIZED, current).words.id == id


def test_a_raise_that_was_left_when_huge_pages_were_turned_off() -> None:
    found = provenance(EL7, SIZED, 67584, thp="never")
    assert (found.kind, found.words.id) == ("thp", "provenance.thp_before")
    assert (found.own_kb, found.own_most_kb) == (16206, 16206)
