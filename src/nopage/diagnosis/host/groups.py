"""A host's failures: each event once with its diagnosis, and those of one kind together.

A signature is order, mode, cause and the asking call stack: a host that prints ten thousand reports has a handful.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause import REPLAYED, Diagnosis
from nopage.kernel.facts import FailureReport, Place
from nopage.kernel.frozen import dataclass
from nopage.kernel.gfp import GfpDecoded
from nopage.kernel.release import Release


@dataclass(frozen=True, slots=True)
class Failure:
    """One event: its fullest report, the decoded request, the kernel it happened on, and where it stands.

    `time` is its wall time with the year, as far as anything tells it, and `time_from` what told it. `log` is the
    report as it stands in its log, of some of each kind.
    """

    report: FailureReport
    gfp: GfpDecoded
    kernel: str | None
    release: Release | None
    seen_in: tuple[Place, ...]
    time: str | None = None
    time_from: str | None = None
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """One failure and why it happened."""

    failure: Failure
    diagnosis: Diagnosis
    signature: str

    @property
    def path(self) -> str:
        return self.diagnosis.asker.path if self.diagnosis.asker else "other"

    @property
    def driver(self) -> str | None:
        return self.diagnosis.asker.driver if self.diagnosis.asker else None

    @property
    def function(self) -> str | None:
        return self.diagnosis.asker.function if self.diagnosis.asker else None

    @property
    def in_interrupt(self) -> bool:
        return self.diagnosis.asker.in_interrupt if self.diagnosis.asker else False


@dataclass(frozen=True, slots=True)
class Group:
    """Failures of one signature, in order of time; `count` includes the copies that syslog folded."""

    signature: str
    members: tuple[Diagnosed, ...]

    @property
    def count(self) -> int:
        return sum(1 + one.failure.report.repeated for one in self.members)

    @property
    def example(self) -> Diagnosed:
        """The member to show: the last one whose state was replayed, since its numbers say most."""
        replayed = [one for one in self.members if one.diagnosis.confidence == REPLAYED]
        return (replayed or self.members)[-1]

    @property
    def cause(self) -> str | None:
        return self.example.diagnosis.cause


def signature_of(failure: Failure, diagnosis: Diagnosis) -> str:
    """Equal for failures of one kind: order, mode, cause, stack."""
    report = failure.report
    stack = diagnosis.asker.signature if diagnosis.asker else ""
    return f"{report.order}-{report.gfp_mask:#x}-{diagnosis.cause or 'sleeping'}-{stack}"


def grouped(diagnosed: Sequence[Diagnosed]) -> tuple[Group, ...]:
    """By signature, the commonest first, then the one with the largest order."""
    members: dict[str, list[Diagnosed]] = {}
    for one in diagnosed:
        members.setdefault(one.signature, []).append(one)
    groups = [Group(signature, tuple(some)) for signature, some in members.items()]
    return tuple(sorted(groups, key=lambda group: (-group.count, -group.members[0].failure.report.order)))
