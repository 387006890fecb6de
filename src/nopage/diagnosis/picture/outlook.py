"""What the host shows beside the failures that were reported.

Evidence that the next request that cannot wait will fail, and counters of those that failed without a report.
"""
from __future__ import annotations

from collections.abc import Iterable

from nopage.diagnosis.at_risk import Asked, AtRisk, at_risk
from nopage.diagnosis.cause import NETWORK_PATHS
from nopage.diagnosis.picture.diagnoses import Diagnoses
from nopage.diagnosis.picture.failures import Failures
from nopage.diagnosis.picture.host import Host
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.network import Network
from nopage.diagnosis.silent import Silent, silent_failures
from nopage.kernel.facts import SlubBlock
from nopage.kernel.gfp import decode
from nopage.kernel.message import say

CACHES_MOST = 16


class Outlook:
    """What is to be expected, and what was not reported.

    Attributes:
        risk (AtRisk | None): the judgement of the collected state; None where an atomic request was reported to have
            failed, since then that failure says more.
        silent (Silent | None): failures by the counters; None where none is counted, or where a failed atomic request
            on a network path was reported, since then that failure's drops tell them.
    """

    def __init__(
        self,
        kernel: Kernel,
        failures: Failures | None,
        diagnoses: Diagnoses | None,
        host: Host | None,
        network: Network | None,
    ) -> None:
        facts = network.facts if network else None
        self.risk: AtRisk | None = None
        if failures is None or not failures.atomic:
            self.risk = at_risk(
                kernel.release,
                host.facts.collected if host else None,
                network=facts,
                host=host.facts if host else None,
                seen=seen_failing(failures.slub if failures else (), kernel),
            )
        groups = diagnoses.of(atomic=True) if diagnoses else ()
        reported = any(group.example.path in NETWORK_PATHS for group in groups)
        self.silent: Silent | None = None if reported else silent_failures(facts, kernel.release)


def seen_failing(blocks: Iterable[SlubBlock], kernel: Kernel) -> list[Asked]:
    """The orders of slab caches that could not grow for a request that could not wait, without a report of its own.

    The cache of a memory cgroup is at its own limit, whatever the zones have.
    """
    found: dict[str, Asked] = {}
    for block in blocks:
        cache = block.cache or ""
        if block.min_order is None or "(" in cache or not decode(block.gfp_mask, kernel.release, block.gfp_text).atomic:
            continue
        who = say("at_risk.asks.slab", "slab cache {cache}, which could not grow before", cache=cache)
        found.setdefault(cache, Asked(block.min_order, who))
    return list(found.values())[:CACHES_MOST]
