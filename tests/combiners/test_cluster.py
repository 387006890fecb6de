"""Facts of a host for rules over many: one by one, and as `insights run` gathers them from a folder of archives."""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from insights.tests import InputData, run_test

from nopage.combiners.cluster import failure_groups, host
from nopage.parsers.specs import Specs

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs/example/sosreport-example-rhel6"
LOG = """\
swapper: page allocation failure. order:2, mode:0x4020
Pid: 0, comm: swapper Not tainted 2.6.32-279.el6.x86_64 #1
Call Trace:
 <IRQ>  [<ffffffff8112759f>] ? __alloc_pages_nodemask+0x77f/0x940
 [<ffffffffa0236d2d>] ? mlx4_en_alloc_frag+0x4d/0x130 [mlx4_en]
 <EOI>  [<ffffffff8100de85>] ? do_softirq+0x65/0xa0
"""


def failing() -> InputData:
    data = InputData()
    data.add(Specs.kernel_log, LOG, path="var/log/messages")
    data.add(Specs.uname, "Linux web1 2.6.32-279.el6.x86_64 #1 SMP\n")
    return data


def test_the_facts_of_a_host() -> None:
    row = run_test(host, failing())
    assert (row["kernel"], row["rhel"], row["failures"]) == ("2.6.32-279.el6.x86_64", "6.3", 1)
    assert row["first_action"] == "update_kernel"
    (group,) = run_test(failure_groups, failing())
    expected = {"count": 1, "order": 2, "gfp_mask": "0x4020", "atomic": True, "driver": "mlx4_en",
                "path": "network receive", "kernel": "2.6.32-279.el6.x86_64"}
    assert {name: group[name] for name in expected} == expected
    assert json.loads(json.dumps([row, group])) == [row, group], "plain values for a table"


def test_a_host_without_failures_has_a_row_too() -> None:
    row = run_test(host, InputData().add(Specs.uname, "Linux web1 2.6.32-754.el6.x86_64 #1 SMP\n"))
    assert (row["failures"], row["first_action"]) == (0, None)


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """stor1 to stor3 as in the example, fixed with a later kernel, quiet without a failure."""
    folder = tmp_path / "archives"
    folder.mkdir()
    for name in ("stor1", "stor2", "stor3", "fixed", "quiet"):
        report = tmp_path / f"sosreport-{name}"
        shutil.copytree(EXAMPLE, report, symlinks=True)
        for file in (path for path in report.rglob("*") if path.is_file() and not path.is_symlink()):
            text = file.read_text(encoding="utf-8", errors="surrogateescape").replace("stor1", name)
            if name == "fixed":
                text = re.sub(r"2\.6\.32-[\d.]+\.el6", "2.6.32-754.el6", text)
            if name == "quiet" and "page allocation failure" in text:
                text = ""
            file.write_text(text, encoding="utf-8", errors="surrogateescape")
        with tarfile.open(folder / f"{name}.tar.gz", "w:gz") as made:
            made.add(report, report.name)
    return folder


def insights_run(folder: Path, plugin: str) -> dict[str, Any]:
    """`insights run` over a folder of archives; what it prints as JSON."""
    program = Path(sys.executable).parent / "insights"
    path = os.pathsep.join((str(ROOT / "docs/recipes"), os.environ.get("PYTHONPATH", "")))
    ended = subprocess.run(
        [str(program), "run", "-p", plugin, "-f", "json", str(folder)],
        capture_output=True, text=True, timeout=120, check=True, cwd=folder.parent,
        env=os.environ | {"PYTHONPATH": path},
    )
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def test_the_cluster_rule_of_the_manual(archives: Path) -> None:
    pytest.importorskip("pandas", reason="insights-core's cluster rules need pandas")
    pytest.importorskip("ansible", reason="insights-core's cluster rules need ansible-core")
    told = insights_run(archives, "below_the_fix")
    (report,) = told["reports"]
    assert report["key"] == "HOSTS_BELOW_THE_FIX"
    (due,) = report["details"]["due"]
    assert due["hosts"] == [f"stor{number}.example.com" for number in (1, 2, 3)]
    assert (due["cause"], due["driver"]) == ("watermark_order", "mlx4_en")
    assert due["build"].startswith("2.6.32-")

    for name in ("stor2", "stor3"):
        (archives / f"{name}.tar.gz").unlink()
    told = insights_run(archives, "below_the_fix")
    assert not told.get("reports"), "one host alone is no fleet's matter"
    (passed,) = told["pass"]
    assert passed["details"]["hosts"] == 3
