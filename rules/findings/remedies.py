"""Remedies of a finding: its steps of the host's plan, beside the knowledge's words for its release."""

from __future__ import annotations

from typing import Any

from nopage.diagnosis.picture import Plan
from nopage.kernel.message import NOTHING, Message
from nopage.kernel.release import Release
from nopage.result import Remedy
from nopage.result.build import remedy_of
from nopage.rules.knowledge import Knowledge


def planned(plan: Plan, known: Knowledge, release: Release | None) -> dict[str, Any]:
    """The fields of a finding that the plan fills: its remedies in the plan's order, and the numbers of the steps."""
    return {"remedies": remedies_of(plan, known, release), "steps": plan.plan.numbers(known.key)}


def remedies_of(plan: Plan, known: Knowledge, release: Release | None) -> tuple[Remedy, ...]:
    """The steps for this finding; where no value could be computed the knowledge says what is meant."""
    return tuple(
        remedy_of(step, words_for(known, release, step.action) if step.value is None and step.setting else NOTHING)
        for step in plan.plan.of(known.key)
    )


def words_for(known: Knowledge, release: Release | None, action: str) -> Message:
    """The knowledge's words for an action on this release."""
    row = known.row(release)
    words = next((one.words for one in row.actions(release) if one.action == action), "") if row else ""
    return known.said(f"releases.{row.id}.{action}", words) if row and words else NOTHING
