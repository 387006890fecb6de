"""One finding out of many failures: which of them to show, and what is said about request, place, cause and number.

Shared by the findings of requests that could not sleep and for those that could.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nopage.diagnosis.cause import fixes_of
from nopage.diagnosis.host import Diagnosed, Group
from nopage.diagnosis.picture import Diagnoses, Failures, Kernel, Memory
from nopage.diagnosis.watermark import check_watermarks
from nopage.kernel.gfp import reserve_words
from nopage.kernel.message import NOTHING, Message, say
from nopage.result import Cause, Finding, FindingType, Path, Severity, said_all, texts
from nopage.result.build import known_fixes_of
from nopage.rules.findings.shared import fingerprint, shared_fields
from nopage.rules.knowledge import Knowledge

GROUPS_MOST = 50
CAUSES = {
    "unknown": say("summary.cause.unknown", "cause unknown"),
    "zone_exhausted": say("summary.cause.zone_exhausted", "zone exhausted"),
    "node_exhausted": say("summary.cause.node_exhausted", "node exhausted"),
    "watermark_order": say("summary.cause.watermark_order", "refused by the watermark check of the order"),
    "exhausted": say("summary.cause.exhausted", "exhausted"),
    "fragmented": say("summary.cause.fragmented", "fragmented"),
    "transient": say("summary.cause.transient", "transient"),
}
PATH_UNKNOWN = say("where.path_unknown", "path not known")
PATHS = {
    "network receive": say("where.path.network_receive", "network receive"),
    "network transmit": say("where.path.network_transmit", "network transmit"),
    "sockets": say("where.path.sockets", "sockets"),
    "storage": say("where.path.storage", "storage"),
    "other": say("where.path.other", "other"),
}

LAYERS = {
    "TCP": say("where.layer.tcp", "TCP"),
    "UDP": say("where.layer.udp", "UDP"),
    "IP": say("where.layer.ip", "IP"),
    "SCSI": say("where.layer.scsi", "the SCSI layer"),
    "block": say("where.layer.block", "the block layer"),
}


def finding(
    known: Knowledge,
    diagnoses: Diagnoses,
    failures: Failures,
    kernel: Kernel,
    memory: Memory | None,
    *,
    atomic: bool,
    plan: Mapping[str, Any],
    matters: Sequence[Message],
    severity: Severity,
    article: Sequence[Message] = (),
) -> Finding:
    """What is found of all failures that could not (`atomic`) or could sleep."""
    groups = diagnoses.of(atomic=atomic)
    shown = groups[0]
    one = shown.example
    report, gfp = one.failure.report, one.failure.gfp
    release = kernel.release or one.failure.release  # what can be done, can be done on the kernel that runs now
    noted = [note.text for note in one.diagnosis.notes]
    counted = failures.counted_only[atomic]
    total = sum(group.count for group in groups)
    told = summary(one, total + counted, shown.count, total, failures)
    why = [message for message in one.diagnosis.words if message not in noted]
    fixes = fixes_of(one.diagnosis, release)
    notes = [
        *(fix.words for fix in fixes if fix.drivers or fix.functions),
        *older_words(one, kernel),
        *misread_words(one),
        *other_causes(groups, shown),
        *storm_words(counted),
        *changed_words(one, memory),
        *noted,
        *diagnoses.timeline.words,
    ]
    request, where = request_words(one), where_words(one)
    return Finding(
        **shared_fields(known, release),
        type=FindingType.FAIL if known.type == "fail" else FindingType.INFO,
        summary=str(told),
        summary_said=said_all([told]),
        cause=Cause(shown.cause) if shown.cause else None,
        severity=severity,
        request_words=str(request),
        request_said=said_all([request]),
        where_words=str(where),
        where_said=said_all([where]),
        why=texts(why),
        why_said=said_all(why),
        matters=" ".join(texts(matters)),
        matters_said=said_all(matters),
        notes=texts(notes),
        notes_said=said_all(notes),
        **plan,
        kernel=one.failure.kernel or kernel.text,
        generation=release.generation if release else None,
        rhel=release.rhel if release else None,
        page_kb=page_kb_of(one, memory),
        order=report.order,
        gfp_mask=f"{report.gfp_mask:#x}",
        gfp_name=gfp.name,
        atomic=atomic,
        path=Path(one.path),
        driver=one.driver,
        reports=total + counted,
        reports_counted_only=counted,
        suppressed=failures.suppressed,
        suppressed_exact=failures.suppressed_exact,
        shown=one.signature,
        signatures=tuple(group.signature for group in groups)[:GROUPS_MOST],
        article=said_all(article),
        known_fixes=known_fixes_of(fixes),
        fingerprint=fingerprint(
            known.key, release and release.generation, shown.cause, one.path, one.driver, report.order
        ),
    )


def page_kb_of(one: Diagnosed, memory: Memory | None) -> int | None:
    """The page size of the host, where its report or its collected zones show it."""
    states = (one.failure.report.mem_info, memory.state if memory else None)
    return next((state.page_kb for state in states if state is not None), None)


def summary(one: Diagnosed, counted: int, of_group: int, total: int, failures: Failures) -> Message:
    """'12 atomic allocation failures, order 1, mode 0x20 (GFP_ATOMIC), network receive, driver ixgbe: fragmented'."""
    report, gfp, cause = one.failure.report, one.failure.gfp, one.diagnosis.cause
    return say(
        "summary.failures",
        "{what}{hidden}, {share}order {order}, mode {gfp_mask:#x} ({gfp_name}), {path}{driver}{cause}",
        what=counted_words(one, counted),
        hidden=say("summary.suppressed", " and {suppressed:,} suppressed", suppressed=failures.suppressed)
        if failures.suppressed and failures.suppressed_exact
        else NOTHING,
        share=share_words(of_group, total),
        order=report.order,
        gfp_mask=report.gfp_mask,
        gfp_name=gfp.name,
        path=path_words(one),
        driver=driver_words(one),
        cause=say("summary.cause", ": {cause}", cause=CAUSES[cause]) if cause else NOTHING,
    )


def counted_words(one: Diagnosed, count: int) -> Message:
    """How many, of which kind."""
    gfp = one.failure.gfp
    if not gfp.atomic:
        return say("summary.sleeping", "{count:,} sleeping allocation {count:failure|failures}", count=count)
    if not gfp.uses_reserve:
        return say("summary.non_waiting", "{count:,} non-waiting allocation {count:failure|failures}", count=count)
    return say("summary.atomic", "{count:,} atomic allocation {count:failure|failures}", count=count)


def share_words(of_group: int, total: int) -> Message:
    """How the group that is told stands to all: '', 'mostly ' or 'among them '."""
    if of_group == total:
        return NOTHING
    if of_group * 2 > total:
        return say("summary.share.mostly", "mostly ")
    return say("summary.share.among", "among them ")


def request_words(one: Diagnosed) -> Message:
    """What the request may do."""
    gfp = one.failure.gfp
    how = NOTHING
    if gfp.layout_from == "nearest":
        how = say(
            "request.nearest", " (read by the nearest numbering, {layout}: this is no RHEL build)", layout=gfp.layout
        )
    elif gfp.layout_from == "inferred":
        how = say(
            "request.inferred", " (numbering {layout} is inferred: the kernel release is not known)", layout=gfp.layout
        )
    return say(
        "request.may",
        "{depth}; zone {zone} and lower{how}",
        depth=reserve_words(gfp.atomic, gfp.uses_reserve, gfp.harder),
        zone=gfp.zone_limit,
        how=how,
    )


def path_words(one: Diagnosed) -> Message:
    """The code path; a trace that was cut before the caller tells none."""
    asker = one.diagnosis.asker
    return PATHS[one.path] if asker is not None and asker.path_known else PATH_UNKNOWN


def driver_words(one: Diagnosed) -> Message:
    return say("where.driver", ", driver {driver}", driver=one.driver) if one.driver else NOTHING


def layer_words(one: Diagnosed) -> Message:
    """The layer that asked where no driver did but one is behind it."""
    asker = one.diagnosis.asker
    if asker is None or asker.layer is None or not (asker.received_by or asker.submitted_by):
        return NOTHING
    return say("where.layer", ", in {layer}", layer=LAYERS[asker.layer])


def behalf_words(one: Diagnosed) -> Message:
    """Whose packet, input or message it was, where that module did not ask itself."""
    asker = one.diagnosis.asker
    if asker is None:
        return NOTHING
    if asker.received_by:
        return say("where.received_by", ", on a packet that {driver} received", driver=asker.received_by)
    if asker.submitted_by:
        if asker.path == Path.STORAGE:
            return say("where.submitted_by", ", for input or output that {driver} submitted", driver=asker.submitted_by)
        return say("where.sent_by", ", for a message of {driver}", driver=asker.submitted_by)
    return NOTHING


def where_words(one: Diagnosed) -> Message:
    """Code path and driver, and that comm is a bystander in interrupt context."""
    where = say(
        "where.asked",
        "{path}{driver}{layer}{function}{behalf}",
        path=path_words(one),
        driver=driver_words(one),
        layer=layer_words(one),
        function=say("where.function", ", in {function}()", function=one.function) if one.function else NOTHING,
        behalf=behalf_words(one),
    )
    comm = one.failure.report.comm
    if one.in_interrupt and one.diagnosis.asker and not one.diagnosis.asker.bystander:
        return say("where.in_own_softirq", "{where}; in a softirq that {comm} itself ran", where=where, comm=comm)
    if one.in_interrupt:
        return say(
            "where.in_interrupt",
            "{where}; in interrupt context, so {comm} only happened to be running: a bystander",
            where=where,
            comm=comm,
        )
    if not one.failure.report.frames:
        return say(
            "where.no_trace",
            "{where}; {comm} was running, and without a call trace nobody can say whether it asked",
            where=where,
            comm=comm,
        )
    if not one.diagnosis.asker or not one.diagnosis.asker.context_known:
        return say(
            "where.short_trace",
            "{where}; {comm} was running, and the call trace is too short to tell whether it asked",
            where=where,
            comm=comm,
        )
    return say("where.by_itself", "{where}; asked for by {comm} itself", where=where, comm=comm)


def older_words(one: Diagnosed, kernel: Kernel) -> list[Message]:
    """That the reports come from another kernel than the one that runs now."""
    then = one.failure.kernel
    if not then or not kernel.text or one.failure.release == kernel.release:
        return []
    return [
        say(
            "note.older_kernel",
            "This was printed by kernel {then}; the host now runs {now}. The cause is read by the rules of the former, "
            "the remedies are for the latter.",
            then=then,
            now=kernel.text,
        )
    ]


def misread_words(one: Diagnosed) -> list[Message]:
    """Where the quick test of bit 5 alone would be wrong."""
    gfp = one.failure.gfp
    if not gfp.atomic and gfp.uses_reserve:
        return [
            say(
                "note.bit5_but_sleeping",
                "Bit 5 (0x20) is set, so a quick test would call this atomic. It is not: the mask also allows the "
                "request to sleep and reclaim. The article's remedy for atomic failures is not the one for this.",
            )
        ]
    if gfp.atomic and not gfp.uses_reserve:
        return [
            say(
                "note.nowait",
                "Bit 5 (0x20) is not set: this is no GFP_ATOMIC proper but a request that does not wait (GFP_NOWAIT). "
                "It may not use the high-priority half of the reserve, and its caller is expected to cope.",
            )
        ]
    return []


def other_causes(groups: Sequence[Group], shown: Group) -> list[Message]:
    """That the other signatures have other causes."""
    counts: dict[str, int] = {}
    for group in groups:
        if group.cause and group.cause != shown.cause:
            counts[group.cause] = counts.get(group.cause, 0) + group.count
    each = tuple(
        say("note.other_cause", "{count:,} {cause}", count=count, cause=cause)
        for cause, count in sorted(counts.items())
    )
    return [say("note.other_causes", "Other failures here: {each}.", each=each)] if each else []


def storm_words(counted: int) -> list[Message]:
    """How many reports of a storm were counted without being kept."""
    if not counted:
        return []
    return [
        say(
            "note.storm_counted",
            "{count:,} of these reports are a storm's that were counted, not diagnosed one by one; the first, the last "
            "and the strongest were.",
            count=counted,
        )
    ]


def changed_words(one: Diagnosed, memory: Memory | None) -> Sequence[Message]:
    """Where the watermarks of the report do not follow from today's settings: somebody changed them since."""
    state = one.failure.report.mem_info
    if state is None or memory is None:
        return ()
    every = memory.state.zones if memory.state else ()
    return check_watermarks(one.failure.release, state.zones, memory.settings, all_zones=every).words
