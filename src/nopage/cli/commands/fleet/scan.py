"""`nopage fleet scan SOURCE... --out DIR`: scan all that is not in the store yet."""
from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nopage.cli.commands.fleet.command import WrongArgument, add_storage, storage_of
from nopage.cli.complaint import complain
from nopage.cli.options import size_bytes
from nopage.cli.status import FAIL_ON, FOUND, NOT_WHOLLY_READ, NOTHING_FOUND
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.plain import plain

if TYPE_CHECKING:
    from nopage.fleet.engine import Job
    from nopage.fleet.scan import Choice, Engine
    from nopage.fleet.store import Folder

INTERRUPTED = 130
LEAST_MEMORY = 64 << 20


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage fleet scan`."""
    made = argparse.ArgumentParser(
        prog="nopage fleet scan",
        description="Scan archives, unpacked reports, logs and crash dumps into a store. Run again, it goes on: what "
        "the store holds in this version (by size and time, or ETag) is passed over.",
        epilog="exit status: 0 nothing found, 1 found, 2 wrong command line, 3 some sources could not be read or the "
        "scan did not end, 130 stopped",
        allow_abbrev=False,
    )
    made.add_argument(
        "sources", metavar="SOURCE", nargs="*", help="archive, report, log; folder (walked), pattern, URL of fsspec (s3://)"
    )
    made.add_argument("--out", metavar="DIR", required=True, help="the store: a new or earlier one, local or a URL")
    made.add_argument("--files-from", metavar="FILE", help="more sources, a line each or NUL-ended; - for stdin")
    which = made.add_argument_group("which sources")
    which.add_argument("--retry-failed", action="store_true", help="also those that failed before")
    which.add_argument("--since", metavar="TIME", help="only those changed since then: 7d, 12h, 2026-11-20")
    which.add_argument("--limit", metavar="N", type=int, help="N of them at most")
    which.add_argument("--dry-run", action="store_true", help="only print which would be scanned")
    how = made.add_argument_group("how")
    how.add_argument("--workers", metavar="N", type=int, help="processes on this machine (default: one a processor)")
    how.add_argument("--dask", metavar="ADDRESS", help="scan on the Dask cluster of this scheduler")
    how.add_argument("--timeout", metavar="S", type=float, default=900, help="seconds a source (default: %(default)s)")
    how.add_argument("--memory", metavar="SIZE", default="1G", help="memory a source may take (default: %(default)s)")
    add_storage(how, "URLs; may be repeated")
    return made


def run(options: argparse.Namespace) -> int:
    """Scan; returns the exit status."""
    job, storage = job_of(options)
    choice = chosen(options, storage)
    if options.dry_run:
        return tell_dry(choice)
    from nopage.fleet.store import Folder, Writer

    folder = Folder(options.out, storage)
    writer = Writer(folder, {"timeout_s": job.seconds, "memory_bytes": job.memory_bytes})
    try:
        return scan(options, choice, job, writer, folder)
    finally:
        writer.close()


def job_of(options: argparse.Namespace) -> tuple[Job, dict[str, Any]]:
    """How each source is scanned. Raises WrongArgument."""
    from nopage.fleet.engine import Job, scan_one

    if not options.sources and options.files_from is None:
        raise WrongArgument("fleet scan: name a SOURCE, or a list of them with --files-from")
    if options.workers is not None and options.workers < 1:
        raise WrongArgument("--workers: must be 1 or more")
    if options.dask is not None and options.workers is not None:
        raise WrongArgument("--workers: the workers of a Dask cluster are started there")
    if options.limit is not None and options.limit < 1:
        raise WrongArgument("--limit: must be 1 or more")
    if not options.timeout > 0:
        raise WrongArgument("--timeout: must be more than 0")
    if options.timeout > BOUNDS.seconds:
        raise WrongArgument(f"--timeout: must be {BOUNDS.seconds} at most")
    try:
        memory = size_bytes(options.memory, "--memory")
    except ValueError as error:
        raise WrongArgument(str(error)) from error
    if memory < LEAST_MEMORY:
        raise WrongArgument(f"--memory: {LEAST_MEMORY >> 20}M is the least")
    storage = storage_of(options.storage)
    return Job(scan_one, seconds=options.timeout, memory_bytes=memory, storage=storage), storage


def chosen(options: argparse.Namespace, storage: dict[str, Any]) -> Choice:
    """What of that which was named is to be scanned. Raises WrongArgument, StoreError, SourcesError."""
    from nopage.cli.progress import progress
    from nopage.fleet.scan import choose
    from nopage.fleet.sources import find, listed, since_ns
    from nopage.fleet.store import Folder, known_of

    try:
        since = None if options.since is None else since_ns(options.since)
    except ValueError as error:
        raise WrongArgument(str(error)) from error
    named = list(options.sources)
    if options.files_from is not None:
        try:
            named += listed(read_list(options.files_from))
        except OSError as error:
            raise WrongArgument(f"--files-from: {options.files_from}: {error.strerror}") from error
    if "-" in named:
        raise WrongArgument("fleet scan: standard input is no source; --files-from - reads names from it")
    known = known_of(Folder(options.out, storage))
    with progress("looking for sources"):
        return choose(
            find(named, storage), known, retry_failed=options.retry_failed, since_ns=since, limit=options.limit
        )


def read_list(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    with open(path, "rb") as file:
        return file.read()


def tell_dry(choice: Choice) -> int:
    """What would be scanned, one a line, and in all."""
    from nopage.cli.commands.fleet.progress import beginning

    for target in choice.targets:
        print(plain(target.name))
    complain(beginning(choice, "would be scanned"))
    return NOTHING_FOUND


def scan(options: argparse.Namespace, choice: Choice, job: Job, writer: Any, folder: Folder) -> int:
    """Scan what was chosen, show how far it is, say how it ended."""
    from nopage.cli.commands.fleet.progress import Shown, ended
    from nopage.fleet import scan as fleet_scan
    from nopage.fleet.engine import EngineError
    from nopage.fleet.store import StoreError

    tally = fleet_scan.Tally(len(choice.targets), choice.size_bytes)
    shown = Shown(tally)
    if not choice.targets:
        shown.tell(f"nothing to do: {choice.done_before} sources are in {options.out} already")
        return status_of(folder)
    stop = Stop()
    engine: Engine | None = None
    why, status = "", None
    try:
        engine = engine_of(options, job)
        shown.begin(choice, engine.words)
        with contextlib.closing(fleet_scan.run(choice.targets, engine, writer, tally)) as outcomes, stop.at_the_next():
            for outcome in outcomes:
                shown.update(outcome)
                if stop.asked:
                    why, status = "stopped", INTERRUPTED
                    break
    except (StoreError, EngineError) as error:
        if engine is None:
            raise
        why, status = str(error), NOT_WHOLLY_READ
    finally:
        shown.end()
        if engine is not None:
            engine.close()
    shown.tell(ended(tally, options.out, why))
    return status_of(folder) if status is None else status


class Stop:
    """Ctrl-C and SIGTERM while a scan runs: it ends between two sources. The second one ends it at once."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    @contextlib.contextmanager
    def at_the_next(self) -> Iterator[None]:
        """Where a signal is ignored (a background job) it stays so."""
        signals = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
        self._before = {one: signal.signal(one, self._ask) for one in signals}
        try:
            yield
        finally:
            self._give_back()

    def _ask(self, *_: object) -> None:
        self.asked = True
        self._give_back()

    def _give_back(self) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)


def engine_of(options: argparse.Namespace, job: Job) -> Engine:
    """Where it is scanned. Raises EngineError."""
    from nopage.fleet.engine import Cluster, Local

    return Cluster(job, options.dask) if options.dask else Local(job, options.workers)


def status_of(folder: Folder) -> int:
    """By all that the store holds: as for a run over several sources."""
    from nopage.fleet.store import Store

    found = Store(folder).ask(
        "SELECT count(*) FILTER (NOT complete), count(*) FILTER (list_has_any(findings, ?)) FROM rows", [list(FAIL_ON)]
    )
    unread, failing = next(found.rows)
    return NOT_WHOLLY_READ if unread else FOUND if failing else NOTHING_FOUND
