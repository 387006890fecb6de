"""One source to one result: the intake's streams through the rules, by insights-core's own runner.

The result is the plain object of the JSON contract `nopage/1`; every output format is made from it.
"""
from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from insights.core import dr
from insights.core.exceptions import MissingRequirements, SkipComponent
from insights.core.plugins import Response

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.combiners.network import Network
from nopage.diagnosis.watermark import Ladder, ladder, too_high, too_low
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.kernel.message import NOTHING, Message
from nopage.kernel.window import Window
from nopage.parsers.collection import IntakeContext
from nopage.parsers.host_facts import Hostname
from nopage.parsers.kernel_log import KernelLog
from nopage.rules.catalogue import RULES
from nopage.rules.serial import failure_json, group_json, kernel_json, slub_json, state_json

SCHEMA = "nopage/1"
PICTURE = (Failures, Diagnoses, Kernel, Memory, Network, Hostname, KernelLog)
HOST = "this host"


@cache
def _graph() -> tuple[list[Any], Mapping[Any, Any]]:
    """The components that the rules and the result need, in the order to run them."""
    logging.getLogger("insights").setLevel(logging.CRITICAL)  # what goes wrong stands in the result
    graph: dict[Any, Any] = {}
    for component in (*RULES, *PICTURE):
        graph.update(dr.get_dependency_graph(component))
    graph.pop(IntakeContext, None)
    return dr.run_order(graph), graph


def run_rules(collected: Collection) -> Any:
    """Run every rule over one collected source; returns insights-core's broker."""
    order, graph = _graph()
    broker = dr.Broker()
    broker[IntakeContext] = IntakeContext(collected)
    return dr.run_components(order, graph, broker)


def diagnose(
    path: str | None, limits: Limits | None = None, *, begun: Iterator[Collection] | None = None
) -> Iterator[dict[str, Any]]:
    """The results of one source: one a host, several for a collection of archives; None is the live host.

    `begun` is the reading of that source where it has begun already. A source that cannot be read at all gives one
    result that says so; nothing is raised for bad input.
    """
    for collected in _collections(path, limits or Limits(), begun):
        if isinstance(collected, SourceError):
            yield unreadable(HOST if path is None else path, collected.reason)
        else:
            yield result_of(collected)


def result_of_text(text: str, release: str | None = None) -> dict[str, Any]:
    """The result of a pasted text; `release` is the kernel that it came from, where the text does not say."""
    lines = tuple(text.splitlines())
    streams = [Stream("kernel_log", "text", windows=(Window("text", 1, 0, lines),))]
    if release:
        streams.append(Stream("uname", "kernel", text=f"Linux host {release}\n"))
    return result_of(Collection("text", "text", streams=tuple(streams)))


def unreadable(path: str, reason: str) -> dict[str, Any]:
    """The result of a source that could not be read: no finding, and why."""
    return {
        "schema": SCHEMA,
        "source": {"path": path, "kind": "unreadable", "complete": False, "warnings": [reason]},
        "host": None,
        "kernel": {"release": None, "generation": None, "rhel": None},
        "failures": [],
        "suppressed": 0,
        "findings": [],
    }


def result_of(collected: Collection) -> dict[str, Any]:
    """Run the rules over `collected` and put what they and the combiners say into the JSON contract."""
    broker = run_rules(collected)
    kernel: Kernel | None = broker.get(Kernel)
    failures: Failures | None = broker.get(Failures)
    diagnoses: Diagnoses | None = broker.get(Diagnoses)
    memory: Memory | None = broker.get(Memory)
    network: Network | None = broker.get(Network)
    hostname: list[Hostname] | None = broker.get(Hostname)
    warnings = list(collected.warnings)
    if failures is not None:
        warnings += failures.warnings
    errors = _component_errors(broker)
    warnings += errors
    return {
        "schema": SCHEMA,
        "source": {
            "path": collected.path,
            "kind": collected.kind,
            "complete": collected.complete and not errors,
            "warnings": list(dict.fromkeys(warnings)),
            "coverage": asdict(collected.coverage),
        },
        "host": hostname[0].name if hostname else None,
        "kernel": kernel_json(kernel),
        "failures": [failure_json(one) for one in diagnoses.all] if diagnoses else [],
        "groups": [group_json(group) for group in diagnoses.groups] if diagnoses else [],
        "suppressed": failures.suppressed if failures else 0,
        "suppressed_exact": failures.suppressed_exact if failures else True,
        "slub": slub_json(failures, kernel.release if kernel else None),
        "memory": state_json(memory),
        "network": network.as_json() if network else None,
        "findings": [_finding(broker[rule]) for rule in RULES if _speaks(broker.get(rule))],
    }


def _speaks(response: Response | None) -> bool:
    return response is not None and response.get("type") in ("rule", "info")


def _finding(response: Response) -> dict[str, Any]:
    finding: dict[str, Any] = {"key": response.get_key(), "type": "fail" if response["type"] == "rule" else "info"}
    inner = ("type", response.key_name, "failures", "groups")  # the failures stand once in the result
    finding.update((name, value) for name, value in response.items() if name not in inner)
    return finding


def _component_errors(broker: Any) -> list[str]:
    """What failed inside the components, one line each; a skipped component is no failure."""
    return [
        f"{dr.get_simple_name(component)}: {type(error).__name__}: {error}"
        for component, errors in broker.exceptions.items()
        for error in errors
        if not isinstance(error, (SkipComponent, MissingRequirements))
    ]


@dataclass(frozen=True, slots=True)
class HostLadder:
    """The watermarks of one host; `ladder` is None where the source holds no zones.

    `caution` says that the value asked about is too high or too low for this host.
    """

    title: str
    ladder: Ladder | None
    complete: bool
    warnings: tuple[str, ...]
    caution: Message = NOTHING


def memory_of(path: str | None, asked: Mapping[str, int], limits: Limits | None = None) -> Iterator[HostLadder]:
    """The zones of each host in a source, as they are and as they would be with `asked` vm.* values set."""
    for collected in _collections(path, limits or Limits()):
        if isinstance(collected, SourceError):
            yield HostLadder(collected.path, None, False, (f"{collected.path}: {collected.reason}",))
            continue
        broker = run_rules(collected)
        kernel: Kernel = broker[Kernel]
        memory: Memory | None = broker.get(Memory)
        state = memory.state if memory else None
        settings = dict(memory.settings) if memory else {}
        if state is None and broker.get(Failures) is not None:
            states = [one.report.mem_info for one in broker[Failures].failures if one.report.mem_info]
            state = states[-1] if states else None
        warnings = tuple(f"{collected.path}: {warning}" for warning in collected.warnings)
        if state is None:
            missing = f"{collected.path}: holds no /proc/zoneinfo, no /proc/buddyinfo, no report with its memory state"
            yield HostLadder(collected.path, None, False, (*warnings, missing))
            continue
        hostname: list[Hostname] | None = broker.get(Hostname)
        title = f"{hostname[0].name if hostname else collected.path}, kernel {kernel.text or 'not known'}"
        wanted = asked.get("min_free_kbytes")
        total_kb = memory.total_kb if memory else None
        caution = too_high(total_kb, wanted) or too_low(kernel.release, state.zones, wanted)
        steps = ladder(kernel.release, state, settings, asked)
        yield HostLadder(title, steps, collected.complete, warnings, caution)


def _collections(
    path: str | None, limits: Limits, begun: Iterator[Collection] | None = None
) -> Iterator[Collection | SourceError]:
    """The collections of a source; what cannot be read at all comes as the error, so that the rest goes on."""
    try:
        if begun is not None:
            yield from begun
            return
        from nopage.intake.collect import collect, collect_host  # not for what is read ahead, in another process

        yield from (collect_host(limits),) if path is None else collect(path, limits)
    except SourceError as error:
        yield error
