"""Why one request failed: the replay's verdict, or what still follows without the printed state.

`diagnose()` is the entrance; `diagnose_all()` does many reports of one host and reuses what is equal.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nopage.diagnosis.cause.asking import Asker, asker_of
from nopage.diagnosis.cause.decide import Decision, decide
from nopage.diagnosis.cause.diagnosis import EXHAUSTED, FROM_ORDER, FROM_TRACE, NONE, REPLAYED, UNKNOWN, Diagnosis
from nopage.diagnosis.cause.memory_use import memory_use
from nopage.diagnosis.cause.notes import Case, notes_for
from nopage.diagnosis.cause.wording import collected_words, evidence_of, replay_words
from nopage.diagnosis.watermark import (
    LARGEST_ORDER,
    Request,
    WatermarkRule,
    fitting,
    no_such_order,
    request_of,
    rules_for,
)
from nopage.kernel.facts import FailureReport, MemInfo
from nopage.kernel.gfp import GfpDecoded, decode
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.kernel.symbols import VMALLOC, base_symbol
from nopage.klog.report import MEM_INFO, MIXED, REPORT_END, no_mem_info

VMALLOC_STOPS = say("unknown.vmalloc", "vmalloc asks page by page and stops for reasons of its own; no replay explains "
                    "it")
NO_RULE = say("unknown.rule", "no watermark rule is known for this kernel")
EVERY_RULE = say("cause.every_rule", "The kernel's release is not known: every rule that fits this mask gives the same "
                 "cause.")
COULD_SLEEP = say("cause.could_sleep", "This request could sleep and reclaim; it failed only after trying that, which "
                  "one printed state does not explain.")
COULD_SLEEP_UNSEEN = say("cause.could_sleep_unseen", "This request could sleep and reclaim; it failed only after "
                         "trying that, and no memory state was printed.")
SINGLE_PAGE = say("cause.single_page", "A request for a single page cannot fail for fragmentation, so every zone it "
                  "may use was out of the pages it may take.")


def diagnose(
    report: FailureReport,
    *,
    release: Release | None,
    gfp: GfpDecoded | None = None,
    memory: MemInfo | None = None,
    swap_total_kb: int | None = None,
) -> Diagnosis:
    """Why this request failed.

    `release` is the kernel that printed the report, `gfp` its decoded mask if at hand, `memory` the state that was
    collected later: it never decides the cause, it is only told beside it. `swap_total_kb` is the host's SwapTotal, for
    reports that do not print it. Never raises; what cannot be known is `cause` "unknown" with `reason`.
    """
    gfp = decode(report.gfp_mask, release, report.gfp_text) if gfp is None else gfp
    asker = asker_of(report, sleeping=not gfp.atomic, release=release)
    request = request_of(report, gfp, release)
    rules, rule_from = rules_for(release, gfp.layout)
    state = report.mem_info
    if not 0 <= report.order <= LARGEST_ORDER:
        found = unknown(no_such_order(report.order))
    elif is_vmalloc(report):
        found = unknown(VMALLOC_STOPS)
    elif state is None or not state.zones:
        found = without_state(report, request, asker, release)
    elif not rules:
        found = unknown(NO_RULE)
    else:
        if rule_from == "inferred":
            rules = fitting(rules, state)
        found = with_state(request, state, list(rules))
        if rule_from == "inferred" and found.cause != UNKNOWN:
            found = replace(found, words=(*found.words, EVERY_RULE))
    use = memory_use(state, swap_total_kb) if state is not None and state.zones else None
    notes = notes_for(Case(report, release, request, asker, use, found.state_cause, found.best, gfp.nofail))
    words = found.words
    if found.confidence != REPLAYED and memory is not None and memory.zones and 0 <= report.order <= LARGEST_ORDER:
        words = (*words, *collected_words(request, memory))
    if not gfp.atomic:
        words = (COULD_SLEEP if use is not None else COULD_SLEEP_UNSEEN, *words)
    return replace(
        found,
        cause=found.cause if gfp.atomic else None,
        words=(*words, *(note.text for note in notes)),
        evidence={**found.evidence, **evidence_of(found, use, asker)},
        notes=notes,
        rule_from=rule_from,
        request=request,
        asker=asker,
        use=use,
    )


def diagnose_all(
    reports: Iterable[tuple[FailureReport, Release | None]],
    gfps: Sequence[GfpDecoded] | None = None,
    *,
    swap_total_kb: int | None = None,
) -> list[Diagnosis]:
    """One diagnosis a report; equal requests on an equal state share theirs (storms repeat both).

    `gfps` are their decoded masks, in the same order, where these are at hand.
    """
    known: dict[tuple[object, ...], list[tuple[FailureReport, Diagnosis]]] = {}
    found: list[Diagnosis] = []
    for number, (report, release) in enumerate(reports):
        gfp = gfps[number] if gfps is not None else None
        state = report.mem_info
        free = tuple(zone.free_pages for zone in state.zones) if state is not None else None
        key = (report.comm, report.order, report.gfp_mask, report.gfp_text, release.text if release else None, free,
               len(report.frames), gfp.layout if gfp is not None else None)
        same = known.setdefault(key, [])
        diagnosis = next((one for other, one in same if alike(other, report)), None)
        if diagnosis is None:
            diagnosis = diagnose(report, release=release, gfp=gfp, swap_total_kb=swap_total_kb)
            same.append((report, diagnosis))
        found.append(diagnosis)
    return found


def alike(one: FailureReport, other: FailureReport) -> bool:
    """Whether two reports of one comm, order, mask and release must get the same diagnosis."""
    return (one.frames == other.frames and one.mem_info == other.mem_info and one.missing == other.missing
            and (one.nodemask, one.mems_allowed, one.taint, one.note, one.slub)
            == (other.nodemask, other.mems_allowed, other.taint, other.note, other.slub))


def with_state(request: Request, state: MemInfo, rules: list[WatermarkRule]) -> Diagnosis:
    """Replay under each rule that may be this kernel's; they must agree."""
    decisions = [decide(request, state, rule) for rule in rules]
    causes = dict.fromkeys(decision.cause for decision in decisions)
    if len(causes) > 1:
        each = tuple(
            say("unknown.rules_differ.one", "{cause} under that of {kernels}", cause=decision.cause,
                kernels=decision.replay.rule.kernels)
            for decision in decisions
        )
        return unknown(say("unknown.rules_differ", "the kernel's release is not known, and the rules differ: {rules}",
                           rules=each), decisions[0])
    decision = decisions[-1]
    if decision.cause == UNKNOWN:
        return unknown(decision.reason, decision)
    return Diagnosis(
        cause=decision.cause,
        state_cause=decision.cause,
        confidence=REPLAYED,
        words=replay_words(request, decision),
        rule=decision.replay.rule.kernels,
        zones=decision.replay.verdicts,
        best=decision.best,
    )


def unknown(reason: Message, decision: Decision | None = None) -> Diagnosis:
    """The cause cannot be known; what the zones say is still told."""
    verdicts = decision.replay.verdicts if decision else ()
    return Diagnosis(
        cause=UNKNOWN,
        state_cause=UNKNOWN,
        confidence=NONE,
        words=(say("cause.unknown", "The cause cannot be told: {reason}.", reason=reason),
               *(v.words for v in verdicts[:4] if v.ok is not None)),
        reason=reason,
        rule=decision.replay.rule.kernels if decision else "",
        zones=verdicts,
        best=decision.best if decision else None,
    )


def without_state(report: FailureReport, request: Request, asker: Asker, release: Release | None) -> Diagnosis:
    """No Mem-Info: order 0 can only be exhaustion; for larger orders nothing tells it from fragmentation."""
    why = why_no_state(report, asker, release)
    limited = request.zone_limit in ("DMA", "DMA32") or request.one_node or request.nodes is not None
    if request.order == 0 and request.atomic and not limited:
        from_trace = any("page_frag" in name or "_frag" in name for name in asker.helpers)
        return Diagnosis(
            cause=EXHAUSTED,
            state_cause=EXHAUSTED,
            confidence=FROM_TRACE if from_trace else FROM_ORDER,
            words=(say("cause.no_zones", "There are no zones to replay: {why}.", why=why), SINGLE_PAGE),
        )
    if request.order:
        return unknown(say("unknown.no_zones.order", "{why}; with order {order} exhaustion and fragmentation look the "
                           "same without it", why=why, order=request.order))
    if request.zone_limit != "Normal":
        return unknown(say("unknown.no_zones.limited", "{why}; a single page was wanted, so pages ran out, but not "
                           "whether only in {zone_limit}", why=why, zone_limit=request.zone_limit))
    return unknown(say("unknown.no_zones.page", "{why}; a single page was wanted, so pages ran out where it looked",
                       why=why))


def why_no_state(report: FailureReport, asker: Asker, release: Release | None) -> Message:
    """Why the report has no memory state, as far as it can be known."""
    for reason in report.missing:
        if reason.id.startswith((MEM_INFO, MIXED.id)):
            return reason
    return no_mem_info(
        REPORT_END, kernel=release.text if release is not None else None, interrupt=asker.in_interrupt,
        frames=len(report.frames), headers_only=not report.frames, since_last_mem_info_s=None,
    )


def is_vmalloc(report: FailureReport) -> bool:
    """vmalloc's own report: its line before the header, or its functions right above the allocator."""
    if report.note is not None and "vmalloc" in report.note:
        return True
    return any(base_symbol(frame.symbol) in VMALLOC for frame in report.frames[:6] if frame.reliable)
