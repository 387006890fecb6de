"""Remedies of a finding: what was computed for this cause and host, in the words of the knowledge for its release."""
from __future__ import annotations

from typing import Any

from nopage.combiners.diagnoses import Group
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.rules.knowledge_base import Knowledge


def remedies_of(
    known: Knowledge, group: Group, kernel: Kernel, memory: Memory | None, network: Network | None
) -> list[dict[str, Any]]:
    release = group.example.failure.release or kernel.release
    row = known.row(release)
    return [
        {"action": one.action, "value": None, "reason": one.words, "risk": ""}
        for one in (row.actions(release) if row else ())
    ]
