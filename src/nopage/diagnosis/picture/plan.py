"""What to do on this host, decided once from all that is wrong on it.

Each rule shows its part: the steps that are for its finding, with their places in the whole.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nopage.diagnosis.cause import UNKNOWN
from nopage.diagnosis.host import Diagnosed, Group, HostFacts
from nopage.diagnosis.picture.diagnoses import Diagnoses
from nopage.diagnosis.picture.host import Host
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.network import Network
from nopage.diagnosis.picture.outlook import Outlook
from nopage.diagnosis.remedy import HostPlan, Kind, Problem, failure_problem, plan_host
from nopage.diagnosis.watermark import gfp_atomic, memory_base, provenance, too_high, too_low

ATOMIC, SLEEPING = "ATOMIC_ALLOCATION_FAILURE", "SLEEPING_ALLOCATION_FAILURE"
TOO_HIGH, TOO_LOW = "MIN_FREE_KBYTES_TOO_HIGH", "MIN_FREE_KBYTES_TOO_LOW"
# A plan for more kinds of failures than these is none that anybody follows.
KINDS_MOST = 4
SILENT, AT_RISK = "SILENT_ALLOCATION_FAILURE", "ATOMIC_RESERVE_AT_RISK"


class Plan:
    """The host's plan.

    Attributes:
        facts (HostFacts): what it is made from.
        problems (tuple[Problem, ...]): what it is about, the most important one first.
        plan (HostPlan): the steps in order, what not to do, and what it comes to.
    """

    def __init__(
        self,
        kernel: Kernel,
        outlook: Outlook,
        diagnoses: Diagnoses | None,
        host: Host | None,
        network: Network | None,
    ) -> None:
        self.facts = host_facts(kernel, diagnoses, host)
        self.problems: tuple[Problem, ...] = (
            *failure_problems(diagnoses, network),
            *setting_problems(self.facts),
            *silent_problems(outlook),
            *at_risk_problems(outlook, self.facts),
        )
        self.plan: HostPlan = plan_host(self.facts, self.problems, network.facts if network else None)


def host_facts(kernel: Kernel, diagnoses: Diagnoses | None, host: Host | None) -> HostFacts:
    """What is known of the host beside its failures; the kernel of these where nothing else names one."""
    facts = host.facts if host else HostFacts()
    release = facts.release or kernel.release
    if release is None and diagnoses is not None and diagnoses.groups:
        release = diagnoses.groups[0].example.failure.release
    return replace(facts, release=release)


def failure_problems(diagnoses: Diagnoses | None, network: Network | None) -> list[Problem]:
    """The commonest kinds of failures of each finding, the group that it shows first."""
    found: list[Problem] = []
    if diagnoses is None:
        return found
    for key, atomic in ((ATOMIC, True), (SLEEPING, False)):
        for one in kinds(diagnoses.of(atomic=atomic)):
            found.append(failure_problem(
                key, one.diagnosis, state=one.failure.report.mem_info, release=one.failure.release,
                timeline=diagnoses.timeline, drops=network.drops if network and atomic else None,
                comm=one.failure.report.comm,
            ))
    return found


def kinds(groups: Sequence[Group]) -> list[Diagnosed]:
    """An example of each kind, the commonest first; one whose cause is not known only where no other has its asker."""
    found: dict[tuple[str | None, ...], Diagnosed] = {}
    for group in groups:
        found.setdefault(kind_of(group.example), group.example)
    known = {kind[1:] for kind in found if kind[0] != UNKNOWN}
    told = [one for place, (kind, one) in enumerate(found.items())
            if not place or kind[0] != UNKNOWN or kind[1:] not in known]
    return told[:KINDS_MOST]


def kind_of(one: Diagnosed) -> tuple[str | None, ...]:
    """Equal where the same can be done: the cause, who asked, and the zones that it was limited to."""
    diagnosis = one.diagnosis
    return (diagnosis.cause or diagnosis.state_cause, one.path, one.driver or one.function, one.failure.gfp.zone_limit)


def setting_problems(facts: HostFacts) -> list[Problem]:
    """What is wrong with vm.min_free_kbytes itself."""
    current = facts.settings.get("min_free_kbytes")
    zones = facts.collected.zones if facts.collected else ()
    own = provenance(facts.release, zones, current, thp=facts.thp, total_kb=facts.total_kb,
                     block_pages=facts.pageblock_pages)
    base = memory_base(facts.release, zones, facts.total_kb, facts.huge_pages)
    found = []
    if too_high(base, current, own.own_most_kb):
        found.append(Problem(TOO_HIGH, Kind.TOO_HIGH))
    if too_low(facts.release, zones, current, thp=facts.thp, total_kb=facts.total_kb,
               block_pages=facts.pageblock_pages):
        found.append(Problem(TOO_LOW, Kind.TOO_LOW))
    return found


def silent_problems(outlook: Outlook) -> list[Problem]:
    """The drivers whose counters tell of failures, as one problem; where nothing was lost nothing needs doing."""
    if outlook.silent is None or not outlook.silent.matters:
        return []
    drivers = sorted({nic.driver for nic in outlook.silent.nics if nic.driver})
    return [Problem(SILENT, Kind.SILENT, cause="unknown", driver=drivers[0] if len(drivers) == 1 else None)]


def at_risk_problems(outlook: Outlook, facts: HostFacts) -> list[Problem]:
    """The lowest order that would fail on the collected state; by the counters alone no order is known."""
    risk = outlook.risk
    if risk is None or not risk.at_risk:
        return []
    if not risk.orders:
        return [Problem(AT_RISK, Kind.AT_RISK, cause="unknown")]
    one = risk.orders[0]
    return [Problem(AT_RISK, Kind.AT_RISK, request=gfp_atomic(one.order), cause=one.cause, release=facts.release)]
