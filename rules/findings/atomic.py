"""ATOMIC_ALLOCATION_FAILURE: a request that could not sleep found no memory."""

from __future__ import annotations

from nopage.diagnosis.article import Case, article_points
from nopage.diagnosis.host import Diagnosed
from nopage.diagnosis.picture import Kernel, Picture
from nopage.kernel.message import Message
from nopage.result import Finding
from nopage.result.build import severity_of_failures
from nopage.rules.findings.failure import finding
from nopage.rules.findings.remedies import planned
from nopage.rules.knowledge import knowledge

KEY = "ATOMIC_ALLOCATION_FAILURE"


def atomic_failures(picture: Picture) -> Finding | None:
    """One finding of all atomic failures of the host, grouped, with cause, drops and remedies."""
    diagnoses, failures, kernel, plan = picture.diagnoses, picture.failures, picture.kernel, picture.plan
    if diagnoses is None or failures is None or kernel is None or plan is None or not failures.atomic:
        return None
    known = knowledge(KEY)
    shown = diagnoses.of(atomic=True)[0].example
    drops = picture.network.drops if picture.network else None
    return finding(
        known,
        diagnoses,
        failures,
        kernel,
        picture.memory,
        atomic=True,
        plan=planned(plan, known, kernel.release or shown.failure.release),
        matters=drops.words if drops else [known.said("impact")],
        severity=severity_of_failures(shown, diagnoses.timeline, drops),
        article=article(shown, kernel, picture),
    )


def article(one: Diagnosed, kernel: Kernel, picture: Picture) -> tuple[Message, ...]:
    """What the article says of the failure that is shown, for this host."""
    release = one.failure.release or kernel.release
    if release is None:
        return ()
    memory, network, host = picture.memory, picture.network, picture.host
    return article_points(
        Case(
            diagnosis=one.diagnosis,
            gfp=one.failure.gfp,
            release=release,
            kernel=kernel.release or release,
            collected=memory.state if memory else None,
            network=network.facts if network else None,
            drops=network.drops if network else None,
            activity=host.facts.activity if host else (),
            current_kb=memory.settings.get("min_free_kbytes") if memory else None,
        )
    )
