"""One finding out of many failures: which of them to show, and the sentences about request, place, cause and number.

Shared by the rules for requests that could not sleep and for those that could.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nopage.combiners.diagnoses import Diagnosed, Diagnoses, Group
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis.watermark import check_watermarks
from nopage.kernel.gfp import reserve_words
from nopage.rules.knowledge_base import Knowledge
from nopage.rules.response import fingerprint, fitting, shared_fields, unique
from nopage.rules.serial import failure_json, group_json

GROUPS_MOST = 50
CAUSE_WORDS = {"unknown": "cause unknown", "zone_exhausted": "zone exhausted", "node_exhausted": "node exhausted",
               "watermark_order": "refused by the watermark check of the order"}


def finding(
    known: Knowledge,
    diagnoses: Diagnoses,
    failures: Failures,
    kernel: Kernel,
    memory: Memory | None,
    *,
    atomic: bool,
) -> dict[str, Any]:
    """The fields of the response for all failures that could not (`atomic`) or could sleep."""
    chosen = [one for one in diagnoses.all if one.failure.gfp.atomic == atomic]
    groups = diagnoses.of(atomic=atomic)
    shown = groups[0]
    one = shown.example
    release = kernel.release or one.failure.release  # what can be done, can be done on the kernel that runs now
    noted = [str(note.text) for note in one.diagnosis.notes]
    counted = failures.counted_only[atomic]
    total = sum(group.count for group in groups)
    fields: dict[str, Any] = {
        **shared_fields(known, release),
        "summary": summary(one, total + counted, share_words(shown, total), failures),
        "cause": shown.cause,
        "request_words": request_words(one),
        "where_words": where_words(one),
        "why": [text for text in map(str, one.diagnosis.words) if text not in noted],
        "notes": unique(
            [
                *older_words(one, kernel),
                *misread_words(one),
                *other_causes(groups, shown),
                *storm_words(counted),
                *changed_words(one, memory),
                *noted,
                *map(str, diagnoses.timeline.words),
            ]
        ),
        "kernel": one.failure.kernel or kernel.text,
        "generation": release.generation if release else None,
        "rhel": release.rhel if release else None,
        "order": one.failure.report.order,
        "gfp_mask": f"{one.failure.report.gfp_mask:#x}",
        "gfp_name": one.failure.gfp.name,
        "atomic": atomic,
        "path": one.path,
        "driver": one.driver,
        "reports": total + counted,
        "reports_counted_only": counted,
        "suppressed": failures.suppressed,
        "suppressed_exact": failures.suppressed_exact,
        "shown": one.signature,
        "signatures": [group.signature for group in groups][:GROUPS_MOST],
        "fingerprint": fingerprint(
            known.key, release and release.generation, shown.cause, one.path, one.driver, one.failure.report.order
        ),
        "groups": [group_json(group) for group in groups[:GROUPS_MOST]],
    }
    return {**fields, "_failures": [failure_json(one, trace=False) for one in chosen]}


def response_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields cut to what insights-core carries; how many failures were left out stands in the response."""
    failures = fields.pop("_failures")
    return fitting(fields, "failures", failures)


def share_words(shown: Group, total: int) -> str:
    """How the group that is told stands to all: '', 'mostly ' or 'among them '."""
    if shown.count == total:
        return ""
    return "mostly " if shown.count * 2 > total else "among them "


def summary(one: Diagnosed, total: int, share: str, failures: Failures) -> str:
    """'12 atomic allocation failures, order 1, mode 0x20 (GFP_ATOMIC), network receive, driver ixgbe: fragmented'."""
    report = one.failure.report
    kind = "atomic " if one.failure.gfp.atomic else "sleeping "
    if one.failure.gfp.atomic and not one.failure.gfp.uses_reserve:
        kind = "non-waiting "
    counted = f"{total:,} {kind}allocation failure" + ("" if total == 1 else "s")
    hidden = f" and {failures.suppressed:,} suppressed" if failures.suppressed and failures.suppressed_exact else ""
    driver = f", driver {one.driver}" if one.driver else ""
    cause = f": {CAUSE_WORDS.get(one.diagnosis.cause, one.diagnosis.cause)}" if one.diagnosis.cause else ""
    return (
        f"{counted}{hidden}, {share}order {report.order}, mode {report.gfp_mask:#x} "
        f"({one.failure.gfp.name}), {path_words(one)}{driver}{cause}"
    )


def request_words(one: Diagnosed) -> str:
    """What the request may do."""
    gfp = one.failure.gfp
    words = f"{reserve_words(gfp.atomic, gfp.uses_reserve, gfp.harder)}; zone {gfp.zone_limit} and lower"
    if gfp.layout_from == "nearest":
        words += f" (read by the nearest numbering, {gfp.layout}: this is no RHEL build)"
    elif gfp.layout_from == "inferred":
        words += f" (numbering {gfp.layout} is inferred: the kernel release is not known)"
    return words


def path_words(one: Diagnosed) -> str:
    """The code path; a trace that was cut before the caller tells none."""
    asker = one.diagnosis.asker
    return one.path if asker is not None and asker.path_known else "path not known"


def where_words(one: Diagnosed) -> str:
    """Code path and driver, and that comm is a bystander in interrupt context."""
    comm = one.failure.report.comm
    words = path_words(one)
    if one.driver:
        words += f", driver {one.driver}"
    if one.function:
        words += f", in {one.function}()"
    if one.in_interrupt:
        return f"{words}; in interrupt context, so {comm} only happened to be running: a bystander"
    if not one.failure.report.frames:
        return f"{words}; {comm} was running, and without a call trace nobody can say whether it asked"
    if not one.diagnosis.asker or not one.diagnosis.asker.context_known:
        return f"{words}; {comm} was running, and the call trace is too short to tell whether it asked"
    return f"{words}; asked for by {comm} itself"


def older_words(one: Diagnosed, kernel: Kernel) -> list[str]:
    """That the reports come from another kernel than the one that runs now."""
    then = one.failure.kernel
    if not then or not kernel.text or one.failure.release == kernel.release:
        return []
    return [
        f"This was printed by kernel {then}; the host now runs {kernel.text}. The cause is read by the rules of the "
        "former, the remedies are for the latter."
    ]


def misread_words(one: Diagnosed) -> list[str]:
    """Where the quick test of bit 5 alone would be wrong."""
    gfp = one.failure.gfp
    if not gfp.atomic and gfp.uses_reserve:
        return [
            "Bit 5 (0x20) is set, so a quick test would call this atomic. It is not: the mask also allows the request "
            "to sleep and reclaim. The article's remedy for atomic failures is not the one for this."
        ]
    if gfp.atomic and not gfp.uses_reserve:
        return [
            "Bit 5 (0x20) is not set: this is no GFP_ATOMIC proper but a request that does not wait (GFP_NOWAIT). It "
            "may not use the high-priority half of the reserve, and its caller is expected to cope."
        ]
    return []


def other_causes(groups: Sequence[Group], shown: Group) -> list[str]:
    """That the other signatures have other causes."""
    counts: dict[str, int] = {}
    for group in groups:
        if group.cause and group.cause != shown.cause:
            counts[group.cause] = counts.get(group.cause, 0) + group.count
    if not counts:
        return []
    return ["Other failures here: " + ", ".join(f"{count:,} {cause}" for cause, count in sorted(counts.items())) + "."]


def storm_words(counted: int) -> list[str]:
    """How many reports of a storm were counted without being kept."""
    if not counted:
        return []
    return [
        f"{counted:,} of these reports are a storm's that were counted, not diagnosed one by one; the first, the last "
        "and the strongest were."
    ]


def changed_words(one: Diagnosed, memory: Memory | None) -> Sequence[str]:
    """Where the watermarks of the report do not follow from today's settings: somebody changed them since."""
    state = one.failure.report.mem_info
    if state is None or memory is None:
        return ()
    every = memory.state.zones if memory.state else ()
    checked = check_watermarks(one.failure.release, state.zones, memory.settings, all_zones=every)
    return [str(text) for text in checked.words]


def matters_words(one: Diagnosed, network: Network | None) -> str:
    """Whether packets were shown to be dropped, in words; empty where nothing is known of it."""
    if network is None or network.drops is None:
        return ""
    return " ".join(map(str, network.drops.words))
