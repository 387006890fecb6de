"""One source to one result: the intake's streams through the rules, by insights-core's own runner."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from insights.core import dr
from insights.core.exceptions import MissingRequirements, SkipComponent
from insights.core.plugins import Response
from msgspec import ValidationError

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.combiners.outlook import Outlook
from nopage.combiners.plan import Plan
from nopage.diagnosis.picture import Picture
from nopage.engine.assemble import assembled
from nopage.engine.faults import fault_words
from nopage.engine.texts import each_result
from nopage.intake.model import Collection, Limits
from nopage.parsers.collection import IntakeContext
from nopage.parsers.host_facts import CollectionDate, Hostname, name_of
from nopage.parsers.kernel_log import KernelLog
from nopage.result import Finding, FindingType, Result
from nopage.rules.catalogue import RULES
from nopage.rules.findings import found_in

PICTURE = (Failures, Diagnoses, Kernel, Memory, Host, Network, Plan, Hostname, KernelLog)
HOST = "this host"
OWN = ("nopage.combiners.", "nopage.rules.")


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
    """The results of what is read of a source."""
    return each_result(name, reading, lambda collected: result_of(collected))


def result_of(collected: Collection) -> Result:
    """Run the rules over `collected` and put what they and the combiners say into the contract's types."""
    return result_from(run_rules(collected))


def result_from(broker: Any) -> Result:
    """What `run_rules` left in the broker, in the contract's types."""
    collected: Collection = broker[IntakeContext].collected
    damaged, faults = component_errors(broker)
    findings, misfits = findings_of(broker)
    return assembled(collected, picture_in(broker), findings, damaged, [*faults, *misfits])


def picture_in(broker: Any) -> Picture:
    """What the combiners said; None for those that failed, or had nothing to be made from."""
    dates: list[CollectionDate] | None = broker.get(CollectionDate)
    return Picture(
        broker.get(Kernel), broker.get(Failures), broker.get(Memory), broker.get(Diagnoses), broker.get(Network),
        broker.get(Host), broker.get(Outlook), broker.get(Plan),
        hostname=name_of(broker.get(Hostname)),
        collected_at=dates[0].said if dates else None,
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
            kind = FindingType.FAIL if response["type"] == "rule" else FindingType.INFO
            found.append(found_in(response, response.get_key(), kind))
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
