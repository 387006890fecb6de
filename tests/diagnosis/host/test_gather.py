"""What several files say of one thing."""
from __future__ import annotations

import pytest

from nopage.diagnosis import host
from nopage.diagnosis.host import HugePages, Pressure
from nopage.kernel.facts import Zone
from nopage.kernel.release import parse_release
from nopage.kernel.sysctl import assignments

ONE_GB = 1 << 20


@pytest.mark.parametrize(
    ("meminfo", "nodes", "files", "cmdline", "pools"),
    [
        ({"HugePages_Total": 0, "Hugepagesize": 2048}, {}, [], None, []),
        ({"HugePages_Total": 512, "Hugepagesize": 2048}, {}, [], None, [(2048, 512, None)]),
        ({"HugePages_Total": 512, "Hugepagesize": 2048}, {0: {"HugePages_Total": 500}, 1: {"HugePages_Total": 12}}, [],
         None, [(2048, 500, 0), (2048, 12, 1)]),
        ({"HugePages_Total": 512, "Hugepagesize": 2048}, {0: {"HugePages_Total": 500}}, [], None, [(2048, 512, None)]),
        ({"HugePages_Total": 0, "Hugepagesize": 2048}, {}, [(None, ONE_GB, 16), (0, ONE_GB, 8), (1, ONE_GB, 8)], None,
         [(ONE_GB, 8, 0), (ONE_GB, 8, 1)]),
        ({"HugePages_Total": 8, "Hugepagesize": 2048, "Hugetlb": 16 * ONE_GB + 8 * 2048}, {}, [], "hugepagesz=1G",
         [(2048, 8, None), (ONE_GB, 16, None)]),
        ({"HugePages_Total": 8, "Hugepagesize": 2048, "Hugetlb": 16 * ONE_GB + 8 * 2048}, {}, [], None,
         [(2048, 8, None), (ONE_GB, 16, None)]),
        ({}, {}, [], "hugepagesz=1G hugepages=4", []),
    ],
)  # fmt: skip
def test_static_hugepages(
    meminfo: dict[str, int],
    nodes: dict[int, dict[str, int]],
    files: list[tuple[int | None, int, int]],
    cmdline: str | None,
    pools: list[tuple[int, int, int | None]],
) -> None:
    assert host.huge_pages(meminfo, nodes, files, cmdline) == tuple(HugePages(*pool) for pool in pools)


@pytest.mark.parametrize(
    ("per_block", "pmd_bytes", "hugepagesize_kb", "page_kb", "pages"),
    [
        (32, 2 << 20, 2048, 64, 32),  # ppc64le radix
        (None, 512 << 20, 524288, 64, 8192),
        (None, None, 2048, 4, 512),
        (None, None, ONE_GB, 4, None),  # default_hugepagesz=1G
        (None, 2 << 20, ONE_GB, 4, 512),
        (0, None, 0, 4, None),
        (513, None, 0, 4, None),
    ],
)
def test_pageblock(
    per_block: int | None, pmd_bytes: int | None, hugepagesize_kb: int, page_kb: int, pages: int | None
) -> None:
    assert host.pageblock_pages(per_block, pmd_bytes, {"Hugepagesize": hugepagesize_kb}, page_kb) == pages


def test_balloons_zones_and_slabs() -> None:
    assert host.balloons(["ixgbe", "vmw_balloon", "hv_balloon"]) == ("vmw_balloon", "hv_balloon")
    zones = [Zone("DMA", present_pages=5), Zone("Normal", managed_pages=7, present_pages=9)]
    assert host.zones_kb(zones, 64) == 12 * 64
    assert host.zones_kb([], 4) is None
    assert list(host.slab_kb({"dentry": 5, "TCP": 9, "empty": 0}, 4).items()) == [("TCP", 36), ("dentry", 20)]
    assert len(host.slab_kb({f"c{n}": n for n in range(500)}, 4)) == 20


def test_nodes_of_the_cards() -> None:
    found = host.nic_nodes(
        [("sys/class/net/eth0/device/numa_node", "1\n"), ("sys/class/net/eth1/device/numa_node", "-1\n")],
        [("sos_commands/networking/ethtool_-i_eth1", "driver: ixgbe\nbus-info: 0000:05:00.1\n"),
         ("sos_commands/networking/ethtool_-i_eth0", "driver: ixgbe\nbus-info: 0000:05:00.1\n"),
         ("sos_commands/networking/ethtool_-k_eth2", "bus-info: 0000:05:00.1\n")],
        {"0000:05:00.1": 3},
    )  # fmt: skip
    assert found == {"eth0": 1, "eth1": 3}


TUNED = [
    ("sos_commands/tuned/tuned-adm_active", "Current active profile: db\n"),
    ("etc/tuned/db/tuned.conf", "[main]\ninclude=throughput-performance\n[sysctl]\nvm.min_free_kbytes=135168\n"),
    ("usr/lib/tuned/db/tuned.conf", "[sysctl]\nvm.min_free_kbytes=1\n"),
    ("usr/lib/tuned/throughput-performance/tuned.conf", "[sysctl]\nvm.swappiness=10\nkernel.pid_max=65536\n"),
]


@pytest.mark.parametrize(
    ("release", "main_conf", "last"),
    [
        ("5.14.0-427.el9.x86_64", "", ("vm.min_free_kbytes", "90112", "etc/sysctl.conf", 1)),
        ("5.14.0-427.el9.x86_64", "reapply_sysctl=0\n", ("vm.min_free_kbytes", "135168", "etc/tuned/db/tuned.conf", 4)),
        ("3.10.0-327.el7.x86_64", "", ("vm.min_free_kbytes", "135168", "etc/tuned/db/tuned.conf", 4)),  # 7.2
    ],
)
def test_the_last_word_on_a_setting(release: str, main_conf: str, last: tuple[str, str, str, int]) -> None:
    lines = assignments("etc/sysctl.conf", "vm.min_free_kbytes=90112\nnet.core.rmem_max=1\n")
    lines += assignments("etc/sysctl.d/50-db.conf", "vm.min_free_kbytes=67584\n")
    found = host.setting_sources(lines, [*TUNED, ("etc/tuned/tuned-main.conf", main_conf)], parse_release(release))
    won = {one.setting: (one.setting, one.value, one.file, one.line) for one in found if one.wins}
    assert won["vm.min_free_kbytes"] == last
    assert won["vm.swappiness"] == ("vm.swappiness", "10", "usr/lib/tuned/throughput-performance/tuned.conf", 2)
    assert all(one.setting.startswith("vm.") for one in found)
    assert host.tuned_profile(TUNED) == "db"


def test_ktune_of_rhel_6() -> None:
    tuned = [
        ("etc/tune-profiles/active-profile", "virtual-guest\n"),
        ("etc/tune-profiles/virtual-guest/sysctl.ktune", "vm.min_free_kbytes = 7\nvm.swappiness = 30\n"),
    ]
    lines = assignments("etc/sysctl.conf", "vm.min_free_kbytes=90112\n")
    found = host.setting_sources(lines, tuned, parse_release("2.6.32-358.el6.x86_64"))
    won = {one.setting: one.value for one in found if one.wins}
    assert won == {"vm.min_free_kbytes": "90112", "vm.swappiness": "30"}


def test_rates_need_the_uptime() -> None:
    assert Pressure({"allocstall": 48}, 86400.0).per_hour("allocstall") == 2
    assert Pressure({"allocstall": 48}).per_hour("allocstall") is None
    assert Pressure({}, 86400.0).per_hour("allocstall") is None
