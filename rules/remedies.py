"""Remedies of a finding: what was computed for this cause and host, beside the knowledge's words for its release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis import remedy as advice
from nopage.diagnosis.host import Group
from nopage.diagnosis.remedy import PARAGRAPH, Situation, load_command, sysctl_remedy
from nopage.diagnosis.watermark import MOST_PERCENT, provenance
from nopage.kernel.message import NOTHING, Message
from nopage.kernel.release import Release
from nopage.result import Remedy, ZoneMarks, said_all, texts
from nopage.rules.knowledge import Knowledge

MIN_FREE_KBYTES = "vm.min_free_kbytes"


def remedies_of(
    known: Knowledge,
    diagnoses: Diagnoses,
    group: Group,
    kernel: Kernel,
    memory: Memory | None,
    network: Network | None,
) -> list[Remedy]:
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
    return [remedy_of(remedy, known, release) for remedy in advice.remedies(situation)]


def remedy_of(remedy: advice.Remedy, known: Knowledge, release: Release | None) -> Remedy:
    """One remedy; where no value could be computed the knowledge says what is meant."""
    reasons = sentences(remedy.reason)
    if remedy.value is None and remedy.setting:
        reasons = [words_for(known, release, remedy.action), *reasons]
    risks, effects = sentences(remedy.risk), sentences(remedy.replay)
    return Remedy(
        action=remedy.action,
        value=str(remedy.value) if isinstance(remedy.value, Message) else remedy.value,
        reason=joined(reasons),
        reason_said=said_all(reasons),
        risk=joined(risks),
        risk_said=said_all(risks),
        setting=remedy.setting,
        before=remedy.before,
        way_back=str(remedy.way_back),
        file=remedy.file,
        persistent=remedy.persistent,
        replay=joined(effects),
        replay_said=said_all(effects),
        zones=tuple(ZoneMarks(**asdict(zone)) for zone in remedy.zones),
        command=remedy.command,
        way_back_command=remedy.way_back_command,
        persist=load_command(remedy.file),
        percent_of_ram=remedy.percent_of_ram,
        cap_kb=remedy.cap_kb,
        cap_percent=remedy.cap_percent,
        derivation=joined(remedy.derivation) or None,
        provenance=remedy.provenance or None,
        provenance_words=str(remedy.provenance_words) or None,
    )


def sentences(message: Message) -> list[Message]:
    """The sentences of a paragraph; of anything else itself."""
    if message.id != PARAGRAPH:
        return [message] if message else []
    told = message.named["sentences"]
    return [one for one in told if isinstance(one, Message)] if isinstance(told, tuple) else []


def words_for(known: Knowledge, release: Release | None, action: str) -> Message:
    """The knowledge's words for an action on this release."""
    row = known.row(release)
    words = next((one.words for one in row.actions(release) if one.action == action), "") if row else ""
    return known.said(f"releases.{row.id}.{action}", words) if row and words else NOTHING


def joined(messages: Iterable[Message]) -> str:
    return " ".join(texts(messages))


def remedies_in_words(known: Knowledge, release: Release | None) -> list[Remedy]:
    """The knowledge's remedies for this release, where nothing can be computed."""
    row = known.row(release)
    return [
        remedy_of(advice.Remedy(one.action, None, words_for(known, release, one.action), NOTHING), known, release)
        for one in (row.actions(release) if row else ())
    ]


def set_min_free_kbytes(
    known: Knowledge, action: str, value_kb: int, reason: Message, risk: Message, kernel: Kernel, memory: Memory
) -> Remedy:
    """A remedy that is one value of vm.min_free_kbytes."""
    before = memory.settings.get("min_free_kbytes")
    remedy = sysctl_remedy(kernel.release, action, MIN_FREE_KBYTES, value_kb, before, reason, risk)
    return remedy_of(remedy, known, kernel.release)


def own_default_kb(kernel: Kernel, memory: Memory) -> int | None:
    """What this kernel would set by itself on this host, huge pages included; None where it cannot be computed."""
    zones = memory.state.zones if memory.state else ()
    return provenance(kernel.release, zones, memory.settings.get("min_free_kbytes")).own_kb


def most_kb(total_kb: int) -> int:
    """The largest value that is still sane, 5 % of memory."""
    return total_kb * MOST_PERCENT // 100
