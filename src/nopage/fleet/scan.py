"""From sources to a store: what is done already is passed over, what comes out is kept part by part."""
from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Protocol

from nopage.fleet.engine import Outcome
from nopage.fleet.sources import Target
from nopage.fleet.store import Known, StoreError, Writer
from nopage.kernel.frozen import dataclass


class Engine(Protocol):
    """What scans targets. `run` gives None now and then while nothing has come."""

    @property
    def words(self) -> str: ...

    def run(self, targets: Iterator[Target]) -> Iterator[Outcome | None]: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Tally:
    """What a scan has come to."""

    wanted: int = 0
    wanted_bytes: int = 0
    done: int = 0
    done_bytes: int = 0
    failed: int = 0
    hosts: int = 0
    with_findings: int = 0
    kept: int = 0  # sources in parts that are written
    peak_kb: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> None:
        self.done += 1
        self.done_bytes += outcome.target.size_bytes or 0
        self.failed += outcome.failed
        self.peak_kb = max(self.peak_kb, outcome.peak_kb)
        for host in outcome.hosts:
            self.hosts += not host.row.error
            self.with_findings += bool(host.row.findings)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the sources found are scanned, and how many are done already."""

    targets: list[Target]
    done_before: int = 0
    too_old: int = 0
    over_limit: int = 0

    @property
    def size_bytes(self) -> int:
        return sum(target.size_bytes or 0 for target in self.targets)


def choose(
    found: Iterable[Target],
    known: Mapping[str, Known],
    *,
    retry_failed: bool = False,
    since_ns: int | None = None,
    limit: int | None = None,
) -> Choice:
    """What is to do: not what the store holds in this very version, nor what has not changed since then."""
    chosen: list[Target] = []
    done = old = over = 0
    for target in found:
        before = known.get(target.name)
        here = before is not None and target.is_version(before.size_bytes, before.mtime_ns, before.etag)
        if before is not None and here and not (before.failed and retry_failed):
            done += 1
        elif since_ns is not None and target.mtime_ns and target.mtime_ns < since_ns:
            old += 1
        elif limit is not None and len(chosen) >= limit:
            over += 1
        else:
            chosen.append(target)
    return Choice(chosen, done, old, over)


def run(
    targets: Iterable[Target], engine: Engine, writer: Writer, tally: Tally
) -> Generator[Outcome | None, None, None]:
    """Scan and keep; each outcome as it comes, None now and then. Closed early, it keeps what has come until then.

    Raises StoreError where nothing can be kept, EngineError where nothing can be scanned any more.
    """
    coming = engine.run(iter(targets))
    try:
        for outcome in coming:
            if outcome is not None:
                writer.add(outcome.hosts)
                tally.count(outcome)
            if writer.tick():
                tally.kept = tally.done
            yield outcome
    except StoreError:
        raise  # to write it again would only fail again
    except BaseException:
        writer.flush()
        tally.kept = tally.done
        raise
    writer.flush()
    tally.kept = tally.done
