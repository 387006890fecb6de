"""SLEEPING_ALLOCATION_FAILURE: the look-alike. The request could sleep and reclaim, and failed nevertheless."""

from __future__ import annotations

from nopage.diagnosis.picture import Picture
from nopage.result import Finding
from nopage.result.build import severity_of_failures
from nopage.rules.findings.failure import finding
from nopage.rules.findings.remedies import planned
from nopage.rules.knowledge import knowledge

KEY = "SLEEPING_ALLOCATION_FAILURE"


def sleeping_failures(picture: Picture) -> Finding | None:
    """One finding of all failures whose request could sleep; its remedies are not those of atomic failures."""
    diagnoses, failures, kernel, plan = picture.diagnoses, picture.failures, picture.kernel, picture.plan
    if diagnoses is None or failures is None or kernel is None or plan is None or not failures.sleeping:
        return None
    known = knowledge(KEY)
    shown = diagnoses.of(atomic=False)[0].example
    return finding(
        known,
        diagnoses,
        failures,
        kernel,
        picture.memory,
        atomic=False,
        plan=planned(plan, known, kernel.release or shown.failure.release),
        matters=[known.said("impact")],
        severity=severity_of_failures(shown, diagnoses.timeline, None),
    )
