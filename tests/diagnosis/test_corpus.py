"""The shared corpus: verdict and cause of every atomic report with Mem-Info, and how often the replay agrees."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.kernel.gfp.decode import decode
from nopage.kernel.release.parse import parse_release
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log

pytestmark = pytest.mark.corpus


def test_the_replay_agrees_that_requests_had_to_fail(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for path in sorted((shared / "corpus").glob("*.log")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        log = read_log([Window(path.name, 1, 0, lines)])
        for report in log.reports:
            text = report.kernel or next(iter(log.releases), None)
            release = parse_release(text) if text else None
            gfp = decode(report.gfp_mask, release, report.gfp_text)
            if not gfp.atomic or report.mem_info is None or not report.mem_info.zones:
                continue
            one = diagnose(report, release=release, gfp=gfp)
            verdict = f"{one.best.name} {one.best.margin_pages:+d}" if one.best else one.reason
            rows.append((path.name, text, report.order, gfp.name, one.cause, verdict))
    agree = [row for row in rows if row[4] not in ("transient", "unknown")]
    decided = [row for row in rows if row[4] != "unknown"]
    with capsys.disabled():
        print()
        for row in rows:
            print("  ".join(str(cell) for cell in row))
        print(f"the replay agrees in {len(agree)} of {len(decided)} that can be decided, of {len(rows)} reports")
    assert len(rows) >= 5
    assert len(agree) * 100 >= len(decided) * 80
