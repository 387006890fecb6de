"""How a result becomes rows of the store."""
from __future__ import annotations

import re
from collections.abc import Iterable

from nopage.fleet.store.rows import GroupRow, Row, StepRow
from nopage.result import Finding, Group, Interface, Result, SourceKind, Step, to_json

SILENT = "SILENT_ALLOCATION_FAILURE"
AT_RISK = "ATOMIC_RESERVE_AT_RISK"
LOWER_ORDER = "lower_order"
MTU = re.compile(r"MTU \d+")
MOST_WARNING = 200  # characters
MOST_NICS = 16


def row_of(result: Result, source: str, opened_as: str) -> Row:
    """The row of a result. `opened_as` is the name under which the source was read, before its member's path."""
    top = result.findings[0] if result.findings else None
    told: Finding | Group | None = top if top is not None and top.order is not None else _commonest(result.groups)
    times = sorted(time for group in result.groups for time in (group.first, group.last) if time)
    steps = result.plan.steps
    unreadable = result.source.kind == SourceKind.UNREADABLE
    settings = result.memory.settings if result.memory else {}
    driver = told.driver if told else None
    nics = result.network.interfaces if result.network else ()
    return Row(
        source=source,
        member=result.source.path.removeprefix(opened_as).lstrip("/!"),
        host=result.host,
        kind=result.source.kind.value,
        kernel=result.kernel.release,
        generation=result.kernel.generation,
        rhel=result.kernel.rhel,
        complete=result.source.complete,
        severity=result.severity.value,
        reports=result.timeline.reports if result.timeline else sum(group.count for group in result.groups),
        suppressed=result.suppressed,
        findings=tuple(finding.key for finding in result.findings),
        top_finding=top.key if top else None,
        cause=told.cause.value if told and told.cause else None,
        driver=driver,
        path=told.path.value if told and told.path else None,
        order=told.order if told else None,
        gfp_mask=told.gfp_mask if told else None,
        fingerprint=top.fingerprint if top else None,
        first_time=times[0] if times else None,
        last_time=times[-1] if times else None,
        min_free_kbytes=settings.get("min_free_kbytes"),
        total_kb=result.memory.total_kb if result.memory else None,
        first_step=_named(steps[0], steps[0].value) if steps else None,
        first_command=next(iter(steps[0].commands), None) if steps else None,
        plan_key=" + ".join(_named(step, shared_value(step)) for step in steps) or None,
        silent=any(finding.key == SILENT for finding in result.findings),
        at_risk=any(finding.key == AT_RISK for finding in result.findings),
        warning=next(iter(result.source.warnings), "")[:MOST_WARNING],
        collected_at=result.source.collected_at,
        drops=result.network.drops.value if result.network and result.network.drops else None,
        series=result.timeline.kind.value if result.timeline else None,
        mtu=_mtu_of(nics, driver),
        nics=tuple(sorted({f"{nic.driver}:{nic.mtu}" for nic in nics if nic.driver and nic.mtu}))[:MOST_NICS],
        extra_free_kbytes=settings.get("extra_free_kbytes"),
        watermark_scale_factor=settings.get("watermark_scale_factor"),
        watermark_boost_factor=settings.get("watermark_boost_factor"),
        error="; ".join(result.source.warnings) if unreadable or result.source.internal_error else "",
    )


def failed_row(source: str, reason: str) -> Row:
    """The row of a source that gave no result at all."""
    return Row(source=source, kind=SourceKind.UNREADABLE.value, error=reason)


def groups_of(result: Result, row: Row) -> Iterable[GroupRow]:
    """The rows of its failure groups."""
    for group in result.groups:
        yield GroupRow(
            source=row.source,
            member=row.member,
            host=row.host,
            signature=group.signature,
            count=group.count,
            order=group.order,
            gfp_mask=group.gfp_mask,
            gfp_name=group.gfp_name,
            atomic=group.atomic,
            comm=group.comm,
            path=group.path.value,
            driver=group.driver,
            cause=group.cause.value if group.cause else None,
            first_time=group.first,
            last_time=group.last,
        )


def steps_of(result: Result, row: Row) -> Iterable[StepRow]:
    """The rows of its plan, what is for later too."""
    for step in (*result.plan.steps, *result.plan.later):
        lower = step.action == LOWER_ORDER
        shared = shared_value(step)
        yield StepRow(
            source=row.source,
            member=row.member,
            number=step.number,
            action=step.action,
            setting=step.setting,
            value=None if step.value is None else str(step.value),
            before=None if step.before is None else str(step.before),
            shared=shared,
            driver=row.driver if lower else None,
            mtu=row.mtu if lower and shared is not None and MTU.match(shared) else None,
            command=next(iter(step.commands), None),
            due=step.when.value,
            verdict=step.verdict.value if step.verdict else None,
        )


def packed_result(result: Result) -> bytes:
    """The whole result as one line of JSON in a zstd frame of its own: it can be read without its neighbours."""
    import zstandard

    return zstandard.ZstdCompressor(level=6).compress(to_json(result) + b"\n")


def _commonest(groups: Iterable[Group]) -> Group | None:
    return max(groups, key=lambda group: group.count, default=None)


def _named(step: Step, value: str | int | None) -> str:
    return step.action if value is None else f"{step.action} {value}"


def shared_value(step: Step) -> str | None:
    """A value that may be that of many hosts: a build, a driver, an MTU; not a size worked out for one of them."""
    value = step.value
    if not isinstance(value, str) or value.isdigit():
        return None
    mtu = MTU.match(value)  # on which interface is the host's own
    return mtu[0] if mtu else value


def _mtu_of(nics: Iterable[Interface], driver: str | None) -> int | None:
    """The largest MTU of one driver's interfaces."""
    return max((nic.mtu for nic in nics if nic.mtu and nic.driver == driver and driver), default=None)
