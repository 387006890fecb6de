"""A whole host through insights-core: what stands in its files is in the facts, and in the result."""
from __future__ import annotations

from pathlib import Path

import pytest
from insights.tests import InputData, context_wrap, run_test

from nopage.combiners.host import Host
from nopage.diagnosis.host import HugePages, SettingSource
from nopage.engine.run import diagnose
from nopage.parsers import host_evidence
from nopage.parsers.specs import Specs

FILES = {
    "proc/version": "Linux version 2.6.32-358.el6.x86_64 (x@example.com) #1 SMP\n",
    "proc/meminfo": "MemTotal:  16384000 kB\nMemFree: 81234 kB\nHugePages_Total:  1024\nHugepagesize:  2048 kB\n",
    "proc/zoneinfo": (
        "Node 0, zone   Normal\n  pages free 20308\n  min 11264\n  low 14080\n  high 16896\n  present 4194304\n"
    ),
    "proc/vmstat": "allocstall 48\npgscan_direct_normal 7\npgscan_direct_dma 1\n",
    "proc/uptime": "86400.00 1.00\n",
    "proc/cmdline": "ro root=/dev/sda1 transparent_hugepage=never\n",
    "proc/pagetypeinfo": "Page block order: 9\nPages per block:  512\n",
    "proc/slabinfo": "dentry 9 9 192 21 1 : tunables 0 0 0 : slabdata 48 48 0\n",
    "lsmod": "Module Size Used by\nvmw_balloon 7199 0\n",
    "sys/kernel/mm/redhat_transparent_hugepage/enabled": "always madvise [never]\n",
    "sys/kernel/mm/redhat_transparent_hugepage/defrag": "[always] madvise never\n",
    "sys/kernel/mm/redhat_transparent_hugepage/khugepaged/defrag": "[yes] no\n",
    "sys/devices/system/node/node0/numastat": "numa_hit 5\nnuma_miss 12\n",
    "sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages": "1024\n",
    "sys/class/net/eth4/device/numa_node": "1\n",
    "etc/sysctl.conf": "# ours\nvm.min_free_kbytes = 90112\n",
    "etc/sysctl.d/90-nopage.conf": "vm.min_free_kbytes = 135168\n",
    "sos_commands/kernel/sysctl_-a": "vm.min_free_kbytes = 135168\nvm.zone_reclaim_mode = 1\n",
    "date": "Wed Feb 15 10:00:00 UTC 2012\n",
    "var/log/messages": (
        "Feb 14 18:26:56 stor7 kernel: swapper: page allocation failure. order:2, mode:0x4020\n"
        "Feb 14 18:26:56 stor7 kernel: Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1\n"
        "Feb 14 18:26:56 stor7 kernel: Call Trace:\n"
    ),
    "var/log/sa/sar14": (
        "Linux 2.6.32-358.el6.x86_64 (stor7) \t02/14/2012 \t_x86_64_\t(8 CPU)\n\n"
        "06:20:01 PM  CPU  %usr\n06:30:01 PM  all  0.10\n\n"
        "06:20:01 PM  pgscank/s pgscand/s\n06:30:01 PM  1520.50  6.25\n06:40:01 PM  0.00  0.00\n\n"
        "06:20:01 PM  IFACE  rxkB/s  txkB/s\n06:30:01 PM  eth4  1000000.00  500.00\n"
    ),
}  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "sosreport-stor7"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "sos_logs").mkdir()
    return root


def test_a_host_in_the_result(tree: Path) -> None:
    (result,) = diagnose(str(tree))
    memory = result.memory
    assert memory is not None
    assert (memory.page_kb, memory.page_from, memory.pageblock_pages) == (4, "release", 512)
    assert (memory.total_kb, memory.zones_kb) == (16384000, 4194304 * 4)
    assert [(one.size_kb, one.count, one.node) for one in memory.huge_pages] == [(2048, 1024, 0)]
    assert (memory.thp, memory.thp_defrag, memory.balloons) == ("never", "always", ("vmw_balloon",))
    assert [(one.file, one.line, one.wins) for one in memory.setting_sources] == [
        ("etc/sysctl.conf", 2, False),
        ("etc/sysctl.d/90-nopage.conf", 1, True),  # initscripts of RHEL 6 read it after sysctl.conf
    ]
    assert (memory.pressure, memory.pressure_per_hour["allocstall"]) == ({"allocstall": 48, "pgscan_direct": 8}, 2.0)
    assert (memory.slab_kb, memory.numa_misses) == ({"dentry": 192}, {"0": 12})
    (one,) = memory.activity
    assert (one.time, one.failures, one.interface, one.receive_mbps) == ("2012-02-14T18:30:01", 1, "eth4", 8192.0)
    assert (one.kswapd_scanned_per_s, one.direct_scanned_per_s) == (1520.5, 6.25)
    assert result.source.complete


PICKED = {
    "proc/cmdline": Specs.cmdline, "lsmod": Specs.lsmod, "proc/vmstat": Specs.vmstat, "proc/meminfo": Specs.meminfo,
    "sys/class/net/eth4/device/numa_node": Specs.net_class, "etc/sysctl.conf": Specs.sysctl_conf,
    "sos_commands/kernel/sysctl_-a": Specs.sysctl,
}  # fmt: skip


def test_the_facts_of_the_combiner() -> None:
    host = InputData()
    for name, text in FILES.items():
        if name in PICKED:
            host.add(PICKED[name], text, path=name)
    facts = run_test(Host, host).facts
    assert facts.huge_pages == (HugePages(2048, 1024),)
    assert facts.setting_sources == (SettingSource("vm.min_free_kbytes", "90112", "etc/sysctl.conf", 2, True),)
    assert facts.zone_reclaim_mode == 1
    assert facts.nic_nodes == {"eth4": 1}
    assert facts.cmdline == "ro root=/dev/sda1 transparent_hugepage=never"
    assert facts.pressure is not None
    assert facts.pressure.per_hour("allocstall") is None
    assert (facts.page_kb, facts.page_from, facts.activity) == (None, "", ())


def test_paths_of_insights_archives() -> None:
    parsed = host_evidence.SysctlConf(context_wrap("vm.swappiness = 1\n", path="data/etc/sysctl.conf"))
    assert [one.file for one in parsed.said[1]] == ["etc/sysctl.conf"]


def test_sar_texts_do_not_crowd_out_facts(tmp_path: Path) -> None:
    root = tmp_path / "sosreport-busy"
    day = FILES["var/log/sa/sar14"] + "".join(
        f"06:{minute:02d}:{second:02d} PM  eth{nic}  1.00  1.00\n"
        for minute in range(40, 60) for second in range(60) for nic in range(40)
    )  # fmt: skip
    for number in range(1, 29):
        path = root / f"var/log/sa/sar{number:02d}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(day, encoding="utf-8")
    for name in ("proc/meminfo", "proc/zoneinfo", "var/log/messages"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(FILES[name], encoding="utf-8")
    (result,) = diagnose(str(root))
    assert result.source.complete
    assert result.memory is not None
    assert result.memory.total_kb == 16384000
    assert result.source.coverage is not None
    assert any("sar" in text for text in result.source.coverage.skipped)
