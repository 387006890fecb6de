"""Findings that need evidence: none on healthy hosts; what counters tell, and whose counters they are."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.engine.run import diagnose
from nopage.result import DropsVerdict, Result, load, to_json

SILENT, AT_RISK = "SILENT_ALLOCATION_FAILURE", "ATOMIC_RESERVE_AT_RISK"


def of(path: Path) -> Result:
    (result,) = diagnose(str(path))
    return result


def test_healthy_hosts_have_no_finding(shared: Path) -> None:
    hosts = sorted((shared / "faults" / "hosts").glob("healthy-*"))
    assert hosts
    assert {path.name: [one.key for one in of(path).findings] for path in hosts} == {path.name: [] for path in hosts}


@pytest.mark.parametrize(
    ("host", "verdict", "first"),
    [
        ("none-needed-by-other-nics-counters", DropsVerdict.LIKELY, "drops.own_not_collected"),
        ("rx-dropped-alone-is-shown", DropsVerdict.LIKELY, "drops.hinted"),
    ],
)
def test_drops(shared: Path, host: str, verdict: DropsVerdict, first: str) -> None:
    network = of(shared / "faults" / "hosts" / f"{host}.tar.xz").network
    assert network is not None
    assert (network.drops, network.said[0].id) == (verdict, first)


def test_proc_net_dev_is_a_collection_of_counters(shared: Path) -> None:
    network = of(shared / "cases" / "rhel73-net-e1000-mtu1500.tar.xz").network
    assert network is not None
    assert (network.drops, network.said[0].id) == (DropsVerdict.NOT_SHOWN, "drops.none.link")


def test_silent_failures(samples: Path) -> None:
    lost = of(samples / "silent_allocation_failure" / "rhel7_lost" / "sosreport")
    (finding,) = lost.findings
    assert (finding.key, finding.type, finding.silent_failures, finding.lost_packets) == (SILENT, "fail", 10530, 20815)
    assert (finding.driver, finding.cause, finding.reports) == ("ixgbe", None, None)
    assert lost.verdict.startswith("No failure was reported, but 10,530 allocations failed")
    assert load(to_json(lost)) == lost
    (harmless,) = of(samples / "silent_allocation_failure" / "rhel9_nothing_lost" / "sosreport").findings
    assert (harmless.type, harmless.severity, harmless.lost_packets, harmless.remedies) == ("info", "low", 0, ())


def test_a_risk_names_who_asks(samples: Path) -> None:
    (finding,) = of(samples / "atomic_reserve_at_risk" / "rhel6_fragmented" / "sosreport").findings
    assert (finding.key, finding.orders, finding.rings_need_kb) == (AT_RISK, (1,), None)
    assert "at_risk.asked_by" in [one.id for one in finding.why_said]


def test_the_finding_of_a_failure_carries_the_article_and_the_fixes(samples: Path) -> None:
    found = of(samples / "atomic_allocation_failure" / "rhel6_before_358" / "sosreport").findings[0]
    ids = [one.id for one in found.article]
    assert ids[0].startswith("article.cannot_wait")
    assert {"article.update", "article.too_high", "article.ladder.here"} <= set(ids)
    assert found.article_says
    assert all(fix.source and fix.said for fix in found.known_fixes)
    later = of(samples / "atomic_allocation_failure" / "rhel9" / "sosreport").findings[0]
    assert later.article == ()
