"""/proc/vmstat, meminfo of host and nodes, numastat."""
from __future__ import annotations

import pytest

from nopage.kernel.procfs import counters, meminfo, node_meminfo, numa_misses, pressure_counters


def test_counters_are_names_with_numbers() -> None:
    text = "nr_free_pages 12\nallocstall 3\nno number\nthree 1 2\nbig 99999999999999999999\nallocstall 9\n"
    assert counters(text) == {"nr_free_pages": 12, "allocstall": 3}


@pytest.mark.parametrize(
    ("vmstat", "found"),
    [
        ("allocstall 5\npgscan_direct_dma 1\npgscan_direct_normal 7\npageoutrun 2\n",
         {"allocstall": 5, "pgscan_direct": 8, "pageoutrun": 2}),  # to RHEL 7
        ("allocstall_dma 0\nallocstall_dma32 1\nallocstall_normal 4\nallocstall_movable 2\npgscan_direct 9\n"
         "pgscan_direct_throttle 3\n", {"allocstall": 7, "pgscan_direct": 9, "pgscan_direct_throttle": 3}),  # from 8
        ("nr_free_pages 3\n", {}),
    ],
)  # fmt: skip
def test_pressure_is_summed_over_the_zones(vmstat: str, found: dict[str, int]) -> None:
    assert pressure_counters(counters(vmstat)) == found


def test_meminfo_by_key_as_printed() -> None:
    text = "MemTotal:    16303716 kB\nActive(anon):  12 kB\nHugePages_Total:  64\nHugepagesize:    2048 kB\n\x00bad\n"
    assert meminfo(text.splitlines()) == {
        "MemTotal": 16303716, "Active(anon)": 12, "HugePages_Total": 64, "Hugepagesize": 2048,
    }  # fmt: skip
    assert node_meminfo(["Node 1 HugePages_Total:   32", "Node 1 MemTotal: 5 kB", "Node 0 MemTotal: 4 kB"]) == {
        1: {"HugePages_Total": 32, "MemTotal": 5},
        0: {"MemTotal": 4},
    }


@pytest.mark.parametrize(
    ("text", "node", "found"),
    [
        ("numa_hit 5\nnuma_miss 77\nnuma_foreign 1\n", 3, {3: 77}),
        ("                 node0     node1\nnuma_hit  1  2\nnuma_miss  11  22\n", None, {0: 11, 1: 22}),
        ("                 node0     node1\nnuma_miss  11  x\n", None, {0: 11}),
        ("numa_miss 5\n", None, {}),
    ],
)
def test_pages_from_another_node(text: str, node: int | None, found: dict[int, int]) -> None:
    assert numa_misses(text, node) == found
