"""Diagnoses - why each failure happened, grouped by what they have in common

A signature is order, mode, cause and the asking call stack: a host that prints ten thousand reports has a handful.
"""
from __future__ import annotations

from dataclasses import replace

from insights.core.plugins import combiner

from nopage.combiners.failures import Failures
from nopage.combiners.memory import Memory
from nopage.diagnosis.cause import REPLAYED, Diagnosis, Timeline, diagnose, diagnose_all, timeline
from nopage.diagnosis.host import Diagnosed, Group, grouped, signature_of


@combiner(Failures, optional=[Memory])
class Diagnoses:
    """Every failure diagnosed.

    Attributes:
        all (tuple[Diagnosed, ...]): in order of time.
        groups (tuple[Group, ...]): by signature, commonest first, then the one with the largest order.
        timeline (Timeline): what the series of failures says: a burst, a storm, one that comes back.
    """

    def __init__(self, failures: Failures, memory: Memory | None) -> None:
        swap_total_kb = memory.state.swap_total_kb if memory is not None and memory.state is not None else None
        reports = ((failure.report, failure.release) for failure in failures.failures)
        gfps = [failure.gfp for failure in failures.failures]
        found = diagnose_all(reports, gfps, swap_total_kb=swap_total_kb)
        if memory is not None and memory.state is not None and found:
            found = self._with_collected_state(failures, found, memory)
        self.all = tuple(
            Diagnosed(failure, diagnosis, signature_of(failure, diagnosis))
            for failure, diagnosis in zip(failures.failures, found, strict=True)
        )
        self.groups = grouped(self.all)
        series = timeline(
            [failure.report for failure in failures.failures],
            suppressed=failures.suppressed,
            suppressed_exact=failures.suppressed_exact,
            counted_only=sum(failures.counted_only.values()),
        )
        self.timeline: Timeline = series

    def of(self, *, atomic: bool) -> tuple[Group, ...]:
        """The groups whose requests could not (`atomic`) or could sleep; the first is the one to tell first."""
        return tuple(group for group in self.groups if group.members[0].failure.gfp.atomic == atomic)

    @staticmethod
    def _with_collected_state(failures: Failures, found: list[Diagnosis], memory: Memory) -> list[Diagnosis]:
        """The collected state told beside those whose report has none, once a signature."""
        told: dict[str, Diagnosis] = {}
        result = []
        for failure, diagnosis in zip(failures.failures, found, strict=True):
            if diagnosis.confidence == REPLAYED:
                result.append(diagnosis)
                continue
            key = f"{failure.report.comm} {signature_of(failure, diagnosis)}"
            if key not in told:
                told[key] = diagnose(
                    failure.report, release=failure.release, gfp=failure.gfp, memory=memory.state
                )
            result.append(replace(diagnosis, words=told[key].words))
        return result
