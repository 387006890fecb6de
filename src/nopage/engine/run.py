"""One source to one result: the intake's streams through the rules, by insights-core's own runner."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from insights.core import dr
from insights.core.exceptions import MissingRequirements, SkipComponent
from insights.core.plugins import Response
from msgspec import ValidationError
from msgspec.structs import replace

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.combiners.plan import Plan
from nopage.engine.faults import fault_words
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.kernel.window import Window
from nopage.klog.reading import OUT_OF_TIME
from nopage.parsers.collection import IntakeContext
from nopage.parsers.host_facts import CollectionDate, Hostname
from nopage.parsers.kernel_log import KernelLog
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
from nopage.rules.catalogue import RULES
from nopage.rules.response import found_in
from nopage.version import __version__

PICTURE = (Failures, Diagnoses, Kernel, Memory, Host, Network, Plan, Hostname, KernelLog)
HOST = "this host"
OWN = ("nopage.combiners.", "nopage.rules.")
NO_KERNEL = ResultKernel(release=None, generation=None, rhel=None)


@cache
def _graph() -> tuple[list[Any], Mapping[Any, Any]]:
    """The components that the rules and the result need, in the order to run them."""
    graph: dict[Any, Any] = {}
    for component in (*RULES, *PICTURE):
        graph.update(dr.get_dependency_graph(component))
    graph.pop(IntakeContext, None)
    return dr.run_order(graph), graph


def run_rules(collected: Collection, broker: Any = None, others: Mapping[Any, Any] | None = None) -> Any:
    """Run every rule over one collected source; returns insights-core's broker, which may be given.

    `others` is the graph of components to run beside them.
    """
    order, graph = _graph()
    if others:
        graph = {**{one: needs for one, needs in others.items() if one is not IntakeContext}, **graph}
        order = dr.run_order(graph)
    broker = dr.Broker() if broker is None else broker
    broker[IntakeContext] = IntakeContext(collected)
    return dr.run_components(order, graph, broker)


def diagnose(
    path: str | None, limits: Limits | None = None, *, begun: Iterator[Collection] | None = None
) -> Iterator[Result]:
    """The results of one source: one a host, several for a collection of archives; None is the live host.

    `begun` is the reading of that source where it has begun already.
    """
    name = HOST if path is None else path
    return results_of(name, collections(path, limits or Limits(), begun))


def results_of(name: str, reading: Iterator[Collection]) -> Iterator[Result]:
    """A result a collection. Nothing is raised: what cannot be read, and a fault of our own, is a result too."""
    try:
        for collected in reading:
            try:
                result = result_of(collected)
            except Exception as error:  # the other hosts of the source are told all the same
                result = unreadable(collected.path, fault_words(error), internal_error=True)
            yield result
    except SourceError as error:
        yield unreadable(name, error.reason)
    except Exception as error:
        yield unreadable(name, fault_words(error), internal_error=True)


def text_collection(text: str, release: str | None = None) -> Collection:
    """A pasted text as a source; `release` is the kernel that it came from, where the text does not say."""
    lines = tuple(text.splitlines())
    streams = [Stream("kernel_log", "text", windows=(Window("text", 1, 0, lines),))]
    if release:
        streams.append(Stream("uname", "kernel", text=f"Linux host {release}\n"))
    return Collection("text", "text", streams=tuple(streams))


def unreadable(path: str, reason: str, *, internal_error: bool = False) -> Result:
    """The result of a source that could not be read: no finding, and why."""
    source = Source(
        path=path, kind=SourceKind.UNREADABLE, complete=False, warnings=(reason,), internal_error=internal_error
    )
    return with_verdict(Result(schema=SCHEMA, nopage=__version__, source=source, host=None, kernel=NO_KERNEL))


def result_of(collected: Collection) -> Result:
    """Run the rules over `collected` and put what they and the combiners say into the contract's types."""
    return result_from(run_rules(collected))


def result_from(broker: Any) -> Result:
    """What `run_rules` left in the broker, in the contract's types."""
    collected: Collection = broker[IntakeContext].collected
    kernel: Kernel | None = broker.get(Kernel)
    failures: Failures | None = broker.get(Failures)
    diagnoses: Diagnoses | None = broker.get(Diagnoses)
    memory: Memory | None = broker.get(Memory)
    host: Host | None = broker.get(Host)
    network: Network | None = broker.get(Network)
    hostname: list[Hostname] | None = broker.get(Hostname)
    dates: list[CollectionDate] | None = broker.get(CollectionDate)
    damaged, faults = component_errors(broker)
    findings, misfits = findings_of(broker)
    faults += misfits
    warnings = [*collected.warnings, *texts(failures.warnings if failures else ()), *damaged, *faults]
    planned: Plan | None = broker.get(Plan)
    found = Result(
        schema=SCHEMA,
        nopage=__version__,
        source=Source(
            path=collected.path,
            kind=SourceKind(collected.kind),
            complete=collected.complete and not damaged and not faults and not out_of_time(failures),
            warnings=tuple(dict.fromkeys(warnings)),
            collected_at=dates[0].time if dates else None,
            internal_error=bool(faults),
            coverage=coverage_of(collected),
        ),
        host=hostname[0].name if hostname else None,
        kernel=kernel_of(kernel),
        failures=tuple(failures_of(diagnoses.all)) if diagnoses else (),
        groups=tuple(map(group_of, diagnoses.groups)) if diagnoses else (),
        suppressed=failures.suppressed if failures else 0,
        suppressed_exact=failures.suppressed_exact if failures else True,
        slub=slub_of(failures.slub, kernel.release if kernel else None) if failures else (),
        memory=None
        if memory is None
        else memory_of(memory.state, memory.settings, memory.total_kb, memory.missing, host.facts if host else None),
        network=network_of(network.facts, network.drops) if network else None,
        timeline=timeline_of(diagnoses.timeline) if diagnoses and diagnoses.all else None,
        context=context_of(failures.before) if failures else (),
        findings=tuple(findings),
        plan=plan_of(planned.plan if planned else None),
    )
    return with_verdict(found)


def out_of_time(failures: Failures | None) -> bool:
    """Some log was not parsed to its end."""
    return failures is not None and any(warning.id == OUT_OF_TIME for warning in failures.warnings)


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


def findings_of(broker: Any) -> tuple[list[Finding], list[str]]:
    """What the rules found; and the responses that are no finding, one line each."""
    found: list[Finding] = []
    misfits: list[str] = []
    for rule in RULES:
        response: Response | None = broker.get(rule)
        if response is None or response.get("type") not in ("rule", "info"):
            continue
        try:
            found.append(found_in(response, response.get_key()))
        except ValidationError as error:
            misfits.append(fault_words(error))
    return found, misfits


def component_errors(broker: Any) -> tuple[list[str], list[str]]:
    """What failed inside the components, one line each: files that a parser could not read, and faults of our own.

    A skipped component is no failure.
    """
    damaged: list[str] = []
    faults: list[str] = []
    told: set[int] = set()
    # The runner tells an error of the component that raised it, and of every spec below it again.
    for component in sorted(broker.exceptions, key=dr.is_registry_point):
        for error in broker.exceptions[component]:
            if isinstance(error, (SkipComponent, MissingRequirements)) or id(error) in told:
                continue
            told.add(id(error))
            if dr.get_module_name(component).startswith(OWN):
                faults.append(fault_words(error))
            else:
                damaged.append(f"{dr.get_simple_name(component)}: {type(error).__name__}: {error}")
    return damaged, faults


def collections(
    path: str | None, limits: Limits, begun: Iterator[Collection] | None = None
) -> Iterator[Collection]:
    """The collections of a source. Raises SourceError where nothing (more) of it can be read."""
    if begun is not None:
        yield from begun
        return
    from nopage.intake.collect import collect, collect_host  # not for what is read ahead, in another process

    if path is None:
        yield collect_host(limits)
    else:
        yield from collect(path, limits)
