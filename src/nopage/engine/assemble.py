"""A host's picture and what is wrong on it, put into the contract's types; nothing of insights-core is needed."""
from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from nopage.diagnosis.picture import Failures, Kernel, Picture
from nopage.intake.model import Collection
from nopage.klog.reading import HEADERS_LOST, OUT_OF_TIME
from nopage.result import SCHEMA, Coverage, Finding, KernelFrom, Result, Source, SourceKind, said_all, texts
from nopage.result import Kernel as ResultKernel
from nopage.result.build import (
    context_of,
    failures_of,
    group_of,
    memory_of,
    network_of,
    plan_of,
    severity_of,
    slub_of,
    timeline_of,
    verdict_of,
)
from nopage.version import __version__

NO_KERNEL = ResultKernel(release=None, generation=None, rhel=None)


def unreadable(path: str, reason: str, *, internal_error: bool = False) -> Result:
    """The result of a source that could not be read: no finding, and why."""
    source = Source(
        path=path, kind=SourceKind.UNREADABLE, complete=False, warnings=(reason,), internal_error=internal_error
    )
    return with_verdict(Result(schema=SCHEMA, nopage=__version__, source=source, host=None, kernel=NO_KERNEL))


def assembled(
    collected: Collection,
    picture: Picture,
    findings: Sequence[Finding],
    damaged: Sequence[str] = (),
    faults: Sequence[str] = (),
) -> Result:
    """The result of a host. `damaged` are files that could not be read, `faults` those of nopage itself."""
    kernel, failures, diagnoses, memory = picture.kernel, picture.failures, picture.diagnoses, picture.memory
    network, plan = picture.network, picture.plan
    warnings = [*collected.warnings, *texts(failures.warnings if failures else ()), *damaged, *faults]
    found = Result(
        schema=SCHEMA,
        nopage=__version__,
        source=Source(
            path=collected.path,
            kind=SourceKind(collected.kind),
            complete=collected.complete and not damaged and not faults and logs_read_wholly(failures),
            warnings=tuple(dict.fromkeys(warnings)),
            collected_at=picture.collected_at,
            internal_error=bool(faults),
            coverage=coverage_of(collected),
        ),
        host=picture.hostname,
        kernel=kernel_of(kernel),
        failures=tuple(failures_of(diagnoses.all)) if diagnoses else (),
        groups=tuple(map(group_of, diagnoses.groups)) if diagnoses else (),
        suppressed=failures.suppressed if failures else 0,
        suppressed_exact=failures.suppressed_exact if failures else True,
        slub=slub_of(failures.slub, kernel.release if kernel else None) if failures else (),
        memory=None
        if memory is None
        else memory_of(
            memory.state, memory.settings, memory.total_kb, memory.missing,
            picture.host.facts if picture.host else None,
        ),
        network=network_of(network.facts, network.drops) if network else None,
        timeline=timeline_of(diagnoses.timeline) if diagnoses and diagnoses.all else None,
        context=context_of(failures.before) if failures else (),
        findings=tuple(findings),
        plan=plan_of(plan.plan if plan else None),
    )
    return with_verdict(found)


def logs_read_wholly(failures: Failures | None) -> bool:
    """Each log was parsed to its end; and where nothing was found, no line that looks like a header was left unread."""
    if failures is None:
        return True
    told = {warning.id for warning in failures.warnings}
    return OUT_OF_TIME not in told and (bool(failures.failures) or not told & HEADERS_LOST)


def with_verdict(result: Result) -> Result:
    """The result with the sentence that sums it up, and how soon to act."""
    messages = verdict_of(result.findings, result.timeline, result.network, result.source, result.memory)
    return replace(
        result,
        severity=severity_of(result.findings),
        verdict=" ".join(texts(messages)),
        verdict_said=said_all(messages),
    )


def kernel_of(kernel: Kernel | None) -> ResultKernel:
    """The host's kernel; `exact` is False when the generation is only the nearest one."""
    if kernel is None:
        return NO_KERNEL
    release = kernel.release
    return ResultKernel(
        release=kernel.text,
        generation=release.generation if release else None,
        rhel=release.rhel if release else None,
        exact=release.exact if release else None,
        source=KernelFrom(kernel.source),
    )


def coverage_of(collected: Collection) -> Coverage:
    """How complete the collection is."""
    told = collected.coverage
    return Coverage(
        found=told.found, skipped=told.skipped, cut=told.cut, timed_out=told.timed_out, filtered=told.filtered,
        oldest_log_time=told.oldest_log_time, newest_log_time=told.newest_log_time,
        other_events=dict(told.other_events),
    )
