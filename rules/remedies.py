"""Remedies of a finding: what was computed for this cause and host, beside the knowledge's words for its release."""
from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nopage.combiners.diagnoses import Diagnoses, Group
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis.remedy import Remedy, Situation, remedies, sysctl_remedy
from nopage.diagnosis.watermark import MOST_PERCENT, provenance
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.rules.knowledge_base import Knowledge

MIN_FREE_KBYTES = "vm.min_free_kbytes"


def remedies_of(
    known: Knowledge,
    diagnoses: Diagnoses,
    group: Group,
    kernel: Kernel,
    memory: Memory | None,
    network: Network | None,
) -> list[dict[str, Any]]:
    """What to do about the failures of `group`, the most advisable first."""
    one = group.example
    release = kernel.release or one.failure.release
    situation = Situation(
        diagnosis=one.diagnosis,
        release=release,
        failed_in=one.failure.report.mem_info,
        memory=memory.state if memory else None,
        settings=memory.settings if memory else {},
        settings_text=memory.texts if memory else {},
        total_kb=memory.total_kb if memory else None,
        network=network.facts if network else None,
        timeline=diagnoses.timeline,
        drops=network.drops if network else None,
    )
    return [remedy_json(remedy, known, release) for remedy in remedies(situation)]


def remedy_json(remedy: Remedy, known: Knowledge, release: Release | None) -> dict[str, Any]:
    """One remedy; where no value could be computed the knowledge says what is meant."""
    row = known.row(release)
    words = next((one.words for one in row.actions(release) if one.action == remedy.action), "") if row else ""
    reason = f"{words} {remedy.reason}".strip() if remedy.value is None and remedy.setting else str(remedy.reason)
    found: dict[str, Any] = {
        "action": remedy.action,
        "value": str(remedy.value) if isinstance(remedy.value, Message) else remedy.value,
        "reason": reason,
        "risk": str(remedy.risk),
        "setting": remedy.setting,
        "before": remedy.before,
        "way_back": str(remedy.way_back),
        "file": remedy.file,
        "persistent": remedy.persistent,
        "replay": str(remedy.replay),
        "zones": [asdict(zone) for zone in remedy.zones],
    }
    if remedy.derivation:
        found |= {
            "percent_of_ram": remedy.percent_of_ram,
            "cap_kb": remedy.cap_kb,
            "cap_percent": remedy.cap_percent,
            "derivation": " ".join(map(str, remedy.derivation)),
        }
    if remedy.provenance:
        found |= {"provenance": remedy.provenance, "provenance_words": str(remedy.provenance_words)}
    return found


def words_of(known: Knowledge, release: Release | None) -> list[dict[str, Any]]:
    """The knowledge's remedies for this release, where nothing can be computed."""
    row = known.row(release)
    return [
        remedy_json(Remedy(one.action, None, as_message(one.words)), known, release)
        for one in (row.actions(release) if row else ())
    ]


def set_min_free_kbytes(
    known: Knowledge, action: str, value_kb: int, reason: str, risk: str, kernel: Kernel, memory: Memory
) -> dict[str, Any]:
    """A remedy that is one value of vm.min_free_kbytes."""
    before = memory.settings.get("min_free_kbytes")
    remedy = sysctl_remedy(
        kernel.release, action, MIN_FREE_KBYTES, value_kb, before, as_message(reason), as_message(risk)
    )
    return remedy_json(remedy, known, kernel.release)


def as_message(words: str) -> Message:
    """The knowledge's words as they stand."""
    return say("knowledge.words", "{words}", words=words)


def own_default_kb(kernel: Kernel, memory: Memory) -> int | None:
    """What this kernel would set by itself on this host, huge pages included; None where it cannot be computed."""
    zones = memory.state.zones if memory.state else ()
    return provenance(kernel.release, zones, memory.settings.get("min_free_kbytes")).own_kb


def most_kb(total_kb: int) -> int:
    """The largest value that is still sane, 5 % of memory."""
    return total_kb * MOST_PERCENT // 100
