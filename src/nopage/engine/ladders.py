"""The watermarks of each host in a source, as they are and as they would be under other settings."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.diagnosis.host import Failure, HostFacts
from nopage.diagnosis.remedy import SHARE_DENOMINATOR, SHARE_NUMERATOR, nic_needs
from nopage.diagnosis.watermark import Ladder, ladder, memory_base, provenance, too_high, too_low
from nopage.engine.faults import fault_words
from nopage.engine.run import HOST, collections, component_errors, run_rules
from nopage.intake.model import Collection, Limits, SourceError
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.parsers.host_facts import Hostname

RINGS_MOST = 8


@dataclass(frozen=True, slots=True)
class LadderTable:
    """The zones at one moment: when the host was collected (`time` None), or at a failure's own `time`."""

    ladder: Ladder
    at_failure: bool = False
    time: str | None = None

    @property
    def title(self) -> Message:
        """What the table shows."""
        if not self.at_failure:
            return say("ladder.collected", "When the host was collected")
        if self.time is None:
            return say("ladder.failure.timeless", "At the last failure")
        return say("ladder.failure", "At the failure of {time}", time=self.time)


@dataclass(frozen=True, slots=True)
class HostLadder:
    """The watermarks of one host; `tables` are empty where the source holds no zones.

    `caution` says that the value asked about is too high or too low for this host. `notes` say where sources
    contradict each other, `rings` what its receive rings hold beside what atomic requests may use. `internal_error`: a
    fault of nopage itself, told in `warnings`, ended the reading.
    """

    title: str
    tables: tuple[LadderTable, ...]
    complete: bool
    warnings: tuple[str, ...]
    caution: Message = NOTHING
    notes: tuple[Message, ...] = ()
    rings: tuple[Message, ...] = ()
    host: str | None = None
    kernel: str | None = None
    path: str = ""
    internal_error: bool = False

    @property
    def ladder(self) -> Ladder | None:
        """The zones when the host was collected, else at its last failure."""
        return self.tables[0].ladder if self.tables else None


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
        yield HostLadder(error.path, (), False, (f"{error.path}: {error.reason}",), path=error.path)
    except Exception as error:
        yield fault(name, error)


def fault(path: str, error: Exception) -> HostLadder:
    """What is told of a host that a fault of nopage itself kept from being read."""
    return HostLadder(path, (), False, (f"{path}: {fault_words(error)}",), path=path, internal_error=True)


def ladder_of(collected: Collection, asked: Mapping[str, int]) -> HostLadder:
    """The zones of one host."""
    broker = run_rules(collected)
    kernel: Kernel | None = broker.get(Kernel)
    hostname: list[Hostname] | None = broker.get(Hostname)
    network: Network | None = broker.get(Network)
    facts = broker[Host].facts if Host in broker else HostFacts()
    release = kernel.release if kernel else None
    failed = failure_with_zones(broker.get(Failures))
    tables = []
    zones: Sequence[Zone] = facts.collected.zones if facts.collected else ()
    if facts.collected is not None and zones:
        tables.append(LadderTable(one_ladder(release, facts.collected, facts, asked)))
    if failed is not None and failed.report.mem_info is not None:
        steps = one_ladder(failed.release or release, failed.report.mem_info, facts, asked, zones)
        tables.append(LadderTable(steps, True, failed.time or failed.report.time))
        zones = zones or failed.report.mem_info.zones
    name = hostname[0].name if hostname else None
    text = kernel.text if kernel else None
    title = f"{name or collected.path}, kernel {text or 'not known'}"
    damaged, faults = component_errors(broker)
    warnings = tuple(f"{collected.path}: {warning}" for warning in (*collected.warnings, *damaged, *faults))
    if not tables:
        missing = f"{collected.path}: holds no /proc/zoneinfo, no /proc/buddyinfo, no report with its memory state"
        return HostLadder(
            collected.path, (), False, (*warnings, missing), host=name, kernel=text, path=collected.path,
            internal_error=bool(faults),
        )
    base = memory_base(release, zones, facts.total_kb, facts.huge_pages)
    return HostLadder(
        title,
        tuple(tables),
        collected.complete and not damaged and not faults,
        warnings,
        caution_of(release, zones, facts, asked),
        (base.contradiction,) if base is not None and base.contradiction else (),
        ring_words(network, facts.settings.get("min_free_kbytes")),
        name,
        text,
        collected.path,
        bool(faults),
    )


def failure_with_zones(failures: Failures | None) -> Failure | None:
    """The last failure that printed its memory state."""
    for one in reversed(failures.failures if failures else ()):
        if one.report.mem_info is not None and one.report.mem_info.zones:
            return one
    return None


def one_ladder(
    release: Release | None, state: MemInfo, facts: HostFacts, asked: Mapping[str, int], all_zones: Sequence[Zone] = ()
) -> Ladder:
    """The ladder of one state."""
    return ladder(release, state, facts.settings, asked, all_zones=all_zones, block_pages=facts.pageblock_pages)


def caution_of(
    release: Release | None, zones: Sequence[Zone], facts: HostFacts, asked: Mapping[str, int]
) -> Message:
    """Why the min_free_kbytes asked about is no good value for this host; NOTHING where it is."""
    wanted = asked.get("min_free_kbytes")
    base = memory_base(release, zones, facts.total_kb, facts.huge_pages)
    own = provenance(release, zones, wanted, thp=facts.thp, total_kb=facts.total_kb, block_pages=facts.pageblock_pages)
    return too_high(base, wanted, own.own_most_kb) or too_low(
        release, zones, wanted, thp=facts.thp, total_kb=facts.total_kb, block_pages=facts.pageblock_pages
    )


def ring_words(network: Network | None, current_kb: int | None) -> tuple[Message, ...]:
    """What the receive rings hold when full, and the share of the reserve beside it: arithmetic, no finding."""
    needs = nic_needs(network.facts) if network else ()
    if not needs:
        return ()
    words = [need.words for need in needs[:RINGS_MOST]]
    if current_kb is not None:
        words.append(say(
            "ladder.rings.share",
            "{need_kb} kB in all; atomic requests may use {share_numerator}/{share_denominator} of "
            "vm.min_free_kbytes, {share_kb} kB. A ring is refilled as packets come, never whole at once",
            need_kb=sum(need.need_kb for need in needs), share_numerator=SHARE_NUMERATOR,
            share_denominator=SHARE_DENOMINATOR, share_kb=current_kb * SHARE_NUMERATOR // SHARE_DENOMINATOR,
        ))
    return tuple(words)
