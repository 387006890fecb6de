"""Cluster - a host as facts for rules over many hosts

insights-core collects the facts of each archive and gives a cluster rule all of one kind as a pandas DataFrame, with
the column machine_id beside those named here.
"""
from __future__ import annotations

from typing import Any

from insights.core.plugins import fact

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.plan import Plan
from nopage.parsers.host_facts import Hostname


@fact(Kernel, optional=[Hostname, Diagnoses, Memory, Plan])
def host(
    kernel: Kernel,
    hostname: list[Hostname] | None,
    diagnoses: Diagnoses | None,
    memory: Memory | None,
    plan: Plan | None,
) -> dict[str, Any]:
    """One row a host.

    Columns: host, kernel, generation, rhel, failures, min_free_kbytes, total_kb, first_action, first_value: the first
    step of the host's plan.
    """
    first = plan.plan.steps[0] if plan is not None and plan.plan.steps else None
    return {
        "host": hostname[0].name if hostname else None,
        "kernel": kernel.text,
        "generation": kernel.generation,
        "rhel": kernel.rhel,
        "failures": sum(group.count for group in diagnoses.groups) if diagnoses else 0,
        "min_free_kbytes": memory.settings.get("min_free_kbytes") if memory else None,
        "total_kb": memory.total_kb if memory else None,
        "first_action": first.action if first else None,
        "first_value": str(first.value) if first and first.value is not None else None,
    }


@fact(Diagnoses)
def failure_groups(diagnoses: Diagnoses) -> list[dict[str, Any]]:
    """One row a kind of failure on a host.

    Columns: signature, count, order, gfp_mask, atomic, cause, driver, path, kernel, first_time, last_time.
    """
    rows = []
    for group in diagnoses.groups:
        first, last = group.members[0], group.members[-1]
        rows.append({
            "signature": group.signature,
            "count": group.count,
            "order": first.failure.report.order,
            "gfp_mask": f"{first.failure.report.gfp_mask:#x}",
            "atomic": first.failure.gfp.atomic,
            "cause": group.cause,
            "driver": first.driver,
            "path": first.path,
            "kernel": first.failure.release.text if first.failure.release else None,
            "first_time": first.failure.time,
            "last_time": last.failure.time,
        })
    return rows
