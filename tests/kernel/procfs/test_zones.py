"""/proc/zoneinfo of each generation by key, and buddyinfo's counts beside it."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.kernel.facts import FreeBlocks, Zone
from nopage.kernel.procfs.zones import with_free_areas, zoneinfo, zones_of_buddyinfo

RHEL5 = """\
Node 0, zone      DMA
  pages free     2842
        min      5
        low      6
        high     7
        active   0
        inactive 0
        scanned  0 (a: 5 i: 5)
        spanned  4096
        present  2527
    nr_anon_pages 0
        protection: (0, 2990, 8040, 8040)
  pagesets
    cpu: 0 pcp: 0
              count: 0
              high:  99
              batch: 1
  all_unreclaimable: 1
"""
RHEL7 = """\
Node 1, zone   Normal
  pages free     112590
        min      9027
        low      11283
        high     13540
        scanned  0
        spanned  4194304
        present  4194304
        managed  4118416
    nr_free_pages 112590
    nr_free_cma  12
        protection: (0, 0, 0, 0)
"""
RHEL9 = """\
Node 0, zone      DMA
  per-node stats
      nr_inactive_anon 1
      nr_active_anon 2
  pages free     2816
        boost    256
        min      290
        low      293
        high     296
        spanned  4095
        present  3998
        managed  3840
        cma      0
        protection: (0, 2707, 15659, 15659, 15659)
      nr_free_pages 2816
      nr_free_cma  0
Node 0, zone   Device
  pages free     0
        boost    0
        min      0
        low      0
        high     0
        spanned  0
        present  0
        managed  0
        protection: (0, 0, 0, 0, 0)
"""


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        pytest.param(
            RHEL5,
            [
                Zone(
                    "DMA",
                    0,
                    free_pages=2842,
                    min_pages=5,
                    low_pages=6,
                    high_pages=7,
                    present_pages=2527,
                    lowmem_reserve_pages=(0, 2990, 8040, 8040),
                )
            ],
            id="RHEL 5: per-cpu 'high' is not the watermark",
        ),
        pytest.param(
            RHEL7,
            [
                Zone(
                    "Normal",
                    1,
                    free_pages=112590,
                    min_pages=9027,
                    low_pages=11283,
                    high_pages=13540,
                    present_pages=4194304,
                    managed_pages=4118416,
                    free_cma_pages=12,
                    lowmem_reserve_pages=(0, 0, 0, 0),
                )
            ],
            id="RHEL 7: managed pages and CMA",
        ),
        pytest.param(
            RHEL9,
            [
                Zone(
                    "DMA",
                    0,
                    free_pages=2816,
                    min_pages=290,
                    low_pages=293,
                    high_pages=296,
                    boost_pages=256,
                    present_pages=3998,
                    managed_pages=3840,
                    free_cma_pages=0,
                    lowmem_reserve_pages=(0, 2707, 15659, 15659, 15659),
                ),
                Zone(
                    "Device",
                    0,
                    free_pages=0,
                    min_pages=0,
                    low_pages=0,
                    high_pages=0,
                    boost_pages=0,
                    present_pages=0,
                    managed_pages=0,
                    lowmem_reserve_pages=(0, 0, 0, 0, 0),
                ),
            ],
            id="RHEL 9: boost, per-node statistics, an empty zone",
        ),
        pytest.param("", [], id="empty"),
        pytest.param("zoneinfo: No such file or directory\n", [], id="a message instead of the file"),
        pytest.param(RHEL7[:30], [Zone("Normal", 1)], id="cut after the first line"),
    ],
)
def test_zoneinfo(text: str, zones: list[Zone]) -> None:
    assert list(zoneinfo(text.splitlines())) == zones


def test_buddyinfo_alone_gives_free_lists_without_watermarks() -> None:
    (zone,) = zones_of_buddyinfo({(0, "Normal"): (3, 2, 1)})
    assert zone.free_pages == 3 + 2 * 2 + 4
    assert zone.min_pages is None
    assert zone.free_area == (FreeBlocks(0, 3), FreeBlocks(1, 2), FreeBlocks(2, 1))


def test_free_lists_go_to_the_zone_of_their_node() -> None:
    zones = (Zone("Normal", 0), Zone("Normal", 1))
    first, second = with_free_areas(zones, {(1, "Normal"): (7,)})
    assert first.free_area == ()
    assert second.free_area == (FreeBlocks(0, 7),)


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    zoneinfo(("Node 0, zone Normal\n" + text).splitlines())
