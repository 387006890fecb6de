"""The whole result in one sentence, and how soon to act: one row a situation."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nopage.diagnosis.cause import Asker, Diagnosis, Drops, timeline
from nopage.diagnosis.cause.diagnosis import Note
from nopage.diagnosis.host import Diagnosed, Failure
from nopage.kernel.facts import FailureReport, Place
from nopage.kernel.gfp import decode
from nopage.kernel.message import say
from nopage.result import (
    Cause,
    Coverage,
    DropsVerdict,
    Finding,
    FindingType,
    Memory,
    Network,
    Path,
    SeriesKind,
    Severity,
    Source,
    SourceKind,
    Timeline,
    Zone,
)
from nopage.result.build import severity_of, severity_of_failures, verdict_of


def failed(
    path: str = "network receive", *, atomic: bool = True, cause: str = "exhausted", swap: bool = False
) -> Diagnosed:
    report = FailureReport("swapper", 0, 0x20 if atomic else 0xD0, Place("messages", 1), "")
    asker = Asker(path=path, driver="ixgbe", function=None, in_interrupt=True, stack=(), helpers=frozenset(),
                  callers=frozenset(), third_party="", signature="x", path_known=True, context_known=True)
    notes = (Note("swap_out", say("t.note", "note")),) if swap else ()
    diagnosis = Diagnosis(cause if atomic else None, cause, "replayed", (), notes=notes, asker=asker)
    return Diagnosed(Failure(report, decode(report.gfp_mask, None, None), None, None, ()), diagnosis, "s")


def series(kind: str) -> Any:
    return replace(timeline([]), kind=kind)


def drops(verdict: str) -> Drops:
    return Drops(verdict, (), {})


SEVERITIES = [
    ("a burst without loss", failed(), "burst", drops("not shown"), Severity.LOW),
    ("a burst, perhaps with loss", failed(), "burst", drops("likely"), Severity.MODERATE),
    ("a burst with loss", failed(), "burst", drops("shown"), Severity.MODERATE),
    ("one that was over at once", failed(cause="transient"), "single", drops("likely"), Severity.LOW),
    ("it goes on", failed(), "recurring", drops("likely"), Severity.IMPORTANT),
    ("it goes on with loss", failed(), "recurring", drops("shown"), Severity.URGENT),
    ("a storm with loss", failed(), "storm", drops("shown"), Severity.URGENT),
    ("storage goes on", failed("storage"), "recurring", None, Severity.URGENT),
    ("swap once", failed("other", swap=True), "single", None, Severity.MODERATE),
    ("sleeping once", failed(atomic=False), "single", None, Severity.LOW),
    ("sleeping goes on", failed(atomic=False), "recurring", None, Severity.MODERATE),
]


@pytest.mark.parametrize(("example", "kind", "lost", "severity"), [row[1:] for row in SEVERITIES],
                         ids=[row[0] for row in SEVERITIES])
def test_severity_of_failures(example: Diagnosed, kind: str, lost: Drops | None, severity: Severity) -> None:
    assert severity_of_failures(example, series(kind), lost) is severity


def finding(**more: Any) -> Finding:
    fields = {"key": "ATOMIC_ALLOCATION_FAILURE", "type": FindingType.FAIL, "summary": "s", "cause": Cause.FRAGMENTED,
              "remedies": (), "links": (), "fingerprint": "f", "reports": 3, "atomic": True,
              "path": Path.NETWORK_RECEIVE, "driver": "mlx4_en", **more}
    return Finding(**fields)


def test_the_most_severe_finding_counts() -> None:
    assert severity_of([]) is Severity.NONE
    assert severity_of([finding(severity=Severity.LOW), finding(severity=Severity.URGENT)]) is Severity.URGENT


def network(verdict: DropsVerdict) -> Network:
    return Network(interfaces=(), softnet_dropped=None, drops=verdict, words=())


BURST = Timeline(kind=SeriesKind.BURST, reports=3, span_s=1.0, bursts=1, harmless=True, asked_pages=3, said=())
SOURCE = Source(path="x", kind=SourceKind.SOSREPORT, complete=True, coverage=Coverage(found=("kernel_log",)))
BARE = Source(path="x", kind=SourceKind.DIRECTORY, complete=True, coverage=Coverage())
ZONE = Zone(node=0, zone="Normal", page_kb=4, free_pages=1, min_pages=1, low_pages=1, high_pages=1, present_pages=1,
            managed_pages=1, lowmem_reserve_pages=(), free_area=())
STATE = Memory(source=None, total_kb=None, settings={}, zones=(ZONE,), missing=())
VERDICTS = [
    ([finding()], BURST, network(DropsVerdict.SHOWN), SOURCE, None, ["verdict.lost", "verdict.series.burst"]),
    ([finding()], BURST, network(DropsVerdict.LIKELY), SOURCE, None, ["verdict.likely", "verdict.series.burst"]),
    ([finding()], BURST, None, SOURCE, None, ["verdict.likely", "verdict.series.burst"]),
    ([finding()], BURST, network(DropsVerdict.NOT_SHOWN), SOURCE, None, ["verdict.not_lost", "verdict.series.burst"]),
    ([finding(path=Path.SOCKETS)], BURST, None, SOURCE, None, ["verdict.refused", "verdict.series.burst"]),
    ([finding(path=Path.SOCKETS)], BURST, network(DropsVerdict.SHOWN), SOURCE, None,
     ["verdict.lost", "verdict.series.burst"]),
    ([finding(path=Path.STORAGE)], BURST, None, SOURCE, None, ["verdict.other", "verdict.series.burst"]),
    ([finding(atomic=False)], None, None, SOURCE, None, ["verdict.sleeping"]),
    ([finding(reports=None, cause=None)], None, None, SOURCE, None, ["verdict.finding"]),
    ([], None, None, SOURCE, STATE, ["nothing.in_logs", "nothing.at_risk", "nothing.no_proof"]),
    ([], None, None, SOURCE, None, ["nothing.in_logs", "nothing.no_state", "nothing.no_proof"]),
    (
        [], None, None, Source(path="x", kind=SourceKind.LOG, complete=True, coverage=Coverage(
            found=("kernel_log",), other_events={"hung_task": 1, "oom_kill": 2})),
        None, ["nothing.in_logs", "nothing.other_events", "nothing.no_state", "nothing.no_proof"],
    ),
    ([], None, None, BARE, STATE, ["nothing.no_logs", "nothing.at_risk"]),
    ([], None, None, BARE, None, ["nothing.neither"]),
    ([], None, None, Source(path="x", kind=SourceKind.UNREADABLE, complete=False), None, ["nothing.unreadable"]),
]


@pytest.mark.parametrize(("findings", "kind", "net", "source", "memory", "ids"), VERDICTS)
def test_verdict(findings: Any, kind: Any, net: Any, source: Any, memory: Any, ids: list[str]) -> None:
    assert [message.id for message in verdict_of(findings, kind, net, source, memory)] == ids


def test_the_sentence_names_who_and_why() -> None:
    (first, _series) = verdict_of([finding()], BURST, network(DropsVerdict.SHOWN), SOURCE, None)
    assert str(first) == (
        "Packets were lost: mlx4_en got no memory 3 times, because free memory lay in pieces too small for it."
    )
