"""What a finding is about: the input of the host's plan."""
from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from nopage.diagnosis.cause import Diagnosis, Drops, Timeline
from nopage.diagnosis.watermark import Request
from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release


class Kind(StrEnum):
    """What is wrong."""

    FAILURE = "failure"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    AT_RISK = "at_risk"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding's subject.

    Of failures: `diagnosis` of the example that is shown, `state` as printed with it (None where none was), `release`
    of the kernel that printed it. Of AT_RISK: `request` that would fail on the collected state for `cause`. Of SILENT
    the `driver` whose counters tell. `comm` is the task that the report names. `finding` is the key of the finding.
    """

    finding: str
    kind: Kind
    diagnosis: Diagnosis | None = None
    state: MemInfo | None = None
    release: Release | None = None
    timeline: Timeline | None = None
    drops: Drops | None = None
    request: Request | None = None
    cause: str = ""
    driver: str | None = None
    comm: str | None = None


def failure_problem(
    finding: str,
    diagnosis: Diagnosis,
    *,
    state: MemInfo | None = None,
    release: Release | None = None,
    timeline: Timeline | None = None,
    drops: Drops | None = None,
    comm: str | None = None,
) -> Problem:
    """The problem of failures that this diagnosis is the example of."""
    known = Problem(finding, Kind.FAILURE, diagnosis, state, release, timeline, drops, diagnosis.request)
    driver = diagnosis.asker.card if diagnosis.asker is not None else None
    return replace(known, cause=diagnosis.cause or diagnosis.state_cause, driver=driver, comm=comm)
