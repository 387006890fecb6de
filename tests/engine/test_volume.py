"""Many reports, foreign filters, look-alikes: what a rule runner meets in the field."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from nopage.api import diagnose_text
from nopage.engine.run import diagnose

RELEASE = "2.6.32-358.el6.x86_64"
REPORT = """\
[{seconds}.000001] {comm}: page allocation failure. order:{order}, mode:0x20
[{seconds}.000002] Pid: {pid}, comm: {comm} Not tainted 2.6.32-358.el6.x86_64 #1
[{seconds}.000003] Call Trace:
[{seconds}.000004]  <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0
[{seconds}.000005]  [<ffffffff8143d6ad>] ? __alloc_skb+0x6d/0x190
[{seconds}.000006]  [<ffffffffa0d01174>] ? bnx2x_alloc_rx_skb+0x44/0x200 [bnx2x]
[{seconds}.000007]  [<ffffffff8144cd43>] ? net_rx_action+0x103/0x2f0
[{seconds}.000008]  <EOI>  [<ffffffff8100de05>] ? do_softirq+0x65/0xa0
"""


def storm(count: int) -> str:
    return "".join(
        REPORT.format(seconds=100 + number, comm=f"task{number % 7}", pid=number, order=number % 3)
        for number in range(count)
    )


@pytest.fixture(scope="module")
def storm_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("storm") / "dmesg"
    log.write_text(storm(10_000))
    return log


def test_ten_thousand_reports_are_all_counted_and_the_finding_stays_small(storm_log: Path) -> None:
    (result,) = diagnose(str(storm_log))
    (finding,) = result.findings
    assert finding.reports == 10_000
    assert finding.reports_counted_only == 10_000 - len(result.failures)
    assert finding.summary.startswith("10,000 atomic allocation failures")
    assert len(str(msgspec.to_builtins(finding))) < 64 * 1024
    assert finding.failures_total == len(result.failures)
    assert 0 < finding.failures_left_out < len(result.failures)
    assert len(result.groups) == 3


def test_a_filter_of_another_plugin_takes_nothing_away(tmp_path: Path) -> None:
    tree = tmp_path / "sosreport-x"
    (tree / "sos_commands/kernel").mkdir(parents=True)
    (tree / "sos_commands/kernel/uname_-a").write_text(f"Linux web {RELEASE} #1 SMP x86_64 GNU/Linux\n")
    (tree / "sos_commands/kernel/dmesg").write_text(storm(1))
    (tree / "var/log").mkdir(parents=True)
    (tree / "var/log/messages").write_text(storm(1))
    (tmp_path / "other_plugin.py").write_text(
        "from insights.core.filters import add_filter\n"
        "from insights.specs import Specs\n"
        "add_filter(Specs.messages, 'oom-killer')\n"
        "add_filter(Specs.dmesg, 'oom-killer')\n"
    )
    insights = str(Path(sys.executable).with_name("insights"))
    done = subprocess.run(
        [insights, "run", "-p", "other_plugin,nopage.rules", "-f", "_json", str(tree)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    (report,) = json.loads(done.stdout)["reports"]
    assert report["details"]["driver"] == "bnx2x"


@pytest.mark.parametrize(
    "text",
    [
        "java invoked oom-killer: gfp_mask=0x201da, order=0, oom_adj=0, oom_score_adj=0",
        "vmalloc: allocation failure: 536870912 bytes",
        "kworker: page allocation stalls for 10004ms, order:0, mode:0x14200ca(GFP_HIGHUSER_MOVABLE)",
        "bash: grep 'page allocation failure' /var/log/messages",
        "app[12]: see the article on page allocation failure, order and mode",
        "",
    ],
)
def test_look_alikes_are_no_finding(text: str) -> None:
    result = diagnose_text(text, RELEASE)
    assert result.failures == ()
    assert result.findings == ()


def test_a_rule_of_one_release_does_not_speak_on_another() -> None:
    header = "swapper: page allocation failure. order:1, mode:0x20"
    rows = {
        release: diagnose_text(header, release).findings[0].knowledge_row
        for release in (
            "2.6.9-89.EL",
            "2.6.18-371.el5",
            "2.6.32-279.el6.x86_64",
            "2.6.32-358.el6.x86_64",
            "3.10.0-1160.el7.x86_64",
            "6.1.0-50-amd64",
        )
    }
    assert list(rows.values()) == ["rhel4", "rhel5", "rhel6-before-358", "rhel6-from-358", "rhel7", "other"]


def test_only_rhel_6_before_358_is_told_to_update_first() -> None:
    header = "swapper: page allocation failure. order:1, mode:0x20"
    first = [
        diagnose_text(header, release).findings[0].remedies[0].action
        for release in ("2.6.32-279.el6.x86_64", "2.6.32-754.el6.x86_64", "3.10.0-1160.el7.x86_64")
    ]
    assert first[0] == "update_kernel"
    assert "update_kernel" not in first[1:]


def test_a_slub_block_without_a_report_is_told_but_is_no_finding() -> None:
    text = (
        "SLUB: Unable to allocate memory on node -1 (gfp=0x20)\n"
        "  cache: kmalloc-256(12:docker-abc), object size: 256, buffer size: 256, default order: 1, min order: 0\n"
        "  node 0: slabs: 1, objs: 32, free: 0\n"
    )
    result = diagnose_text(text, "3.10.0-1062.el7.x86_64")
    assert result.findings == ()
    (slub,) = result.slub
    assert (slub.cache, slub.count, slub.gfp_mask, slub.atomic) == (
        "kmalloc-256(12:docker-abc)",
        1,
        "0x20",
        True,
    )
    assert "memory cgroup" in slub.words
