"""The watermarks of each host in a source, as they are and as they would be under other settings."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nopage.combiners.failures import Failures
from nopage.combiners.kernel import Kernel
from nopage.combiners.memory import Memory
from nopage.diagnosis.watermark import Ladder, ladder, memory_base, too_high, too_low
from nopage.engine.faults import fault_words
from nopage.engine.run import HOST, collections, run_rules
from nopage.intake.model import Collection, Limits, SourceError
from nopage.kernel.message import NOTHING, Message
from nopage.parsers.host_facts import Hostname


@dataclass(frozen=True, slots=True)
class HostLadder:
    """The watermarks of one host; `ladder` is None where the source holds no zones.

    `caution` says that the value asked about is too high or too low for this host, `internal_error` that a fault of
    nopage itself, told in `warnings`, ended the reading.
    """

    title: str
    ladder: Ladder | None
    complete: bool
    warnings: tuple[str, ...]
    caution: Message = NOTHING
    internal_error: bool = False


def memory_of(path: str | None, asked: Mapping[str, int], limits: Limits | None = None) -> Iterator[HostLadder]:
    """The zones of each host in a source, as they are and as they would be with `asked` vm.* values set."""
    name = HOST if path is None else path
    try:
        for collected in collections(path, limits or Limits()):
            try:
                host = ladder_of(collected, asked)
            except Exception as error:  # the other hosts of the source are told all the same
                host = fault(collected.path, error)
            yield host
    except SourceError as error:
        yield HostLadder(error.path, None, False, (f"{error.path}: {error.reason}",))
    except Exception as error:
        yield fault(name, error)


def fault(path: str, error: Exception) -> HostLadder:
    """What is told of a host that a fault of nopage itself kept from being read."""
    return HostLadder(path, None, False, (f"{path}: {fault_words(error)}",), internal_error=True)


def ladder_of(collected: Collection, asked: Mapping[str, int]) -> HostLadder:
    """The zones of one host."""
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
        return HostLadder(collected.path, None, False, (*warnings, missing))
    hostname: list[Hostname] | None = broker.get(Hostname)
    title = f"{hostname[0].name if hostname else collected.path}, kernel {kernel.text or 'not known'}"
    wanted = asked.get("min_free_kbytes")
    total_kb = memory.total_kb if memory else None
    base = memory_base(kernel.release, state.zones, total_kb, ())
    caution = too_high(base, wanted) or too_low(kernel.release, state.zones, wanted)
    steps = ladder(kernel.release, state, settings, asked)
    return HostLadder(title, steps, collected.complete, warnings, caution)
