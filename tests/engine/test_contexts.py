"""Every shape of tree that insights-core knows gives what nopage gives for it."""
from __future__ import annotations

from pathlib import Path

import insights
import pytest

from nopage.engine.run import diagnose
from nopage.rules.catalogue import RULES

KERNEL = "2.6.32-279.el6.x86_64"
UNAME = f"Linux web {KERNEL} #1 SMP Wed Jun 13 18:24:36 EDT 2012 x86_64 x86_64 x86_64 GNU/Linux\n"
DMESG = """\
swapper: page allocation failure. order:2, mode:0x4020
Pid: 0, comm: swapper Not tainted 2.6.32-279.el6.x86_64 #1
Call Trace:
 <IRQ>  [<ffffffff8112759f>] ? __alloc_pages_nodemask+0x77f/0x940
 [<ffffffffa0236d2d>] ? mlx4_en_alloc_frag+0x4d/0x130 [mlx4_en]
 [<ffffffff8143d0a3>] ? net_rx_action+0x103/0x2f0
 <EOI>  [<ffffffff8100de85>] ? do_softirq+0x65/0xa0
"""
SHAPES = {
    "sosreport": {"sos_commands/kernel/uname_-a": UNAME, "sos_commands/kernel/dmesg": DMESG},
    "sosreport of old": {"sos_commands/kernel/uname_-a": UNAME, "sos_commands/general/dmesg": DMESG},
    "insights archive": {"insights_commands/uname_-a": UNAME, "insights_commands/dmesg": DMESG},
    "serialized archive": {
        "insights_archive.txt": "",
        "meta_data/insights.specs.Specs.uname.json": "{}",
        "data/insights_commands/uname_-a": UNAME,
        "data/insights_commands/dmesg": DMESG,
    },
    "crash directory": {"vmcore-dmesg.txt": f"Linux version {KERNEL} (mockbuild@x86) #1 SMP\n{DMESG}"},
    "sosreport with a crash directory": {
        "sos_commands/kernel/uname_-a": UNAME,
        "var/crash/127.0.0.1-2014-02-14-18:30/vmcore-dmesg.txt": DMESG,
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_insights_run_and_nopage_agree(tmp_path: Path, shape: str) -> None:
    tree = tmp_path / "host-2014"
    for name, text in SHAPES[shape].items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (result,) = diagnose(str(tree))
    broker = insights.run(list(RULES), root=str(tree))
    (response,) = [broker[rule] for rule in RULES if rule in broker and broker[rule].get("type") == "rule"]
    (finding,) = result.findings
    assert response["driver"] == finding.driver == "mlx4_en"
    assert response["kernel"] == result.kernel.release == KERNEL
    assert response["summary"] == finding.summary
