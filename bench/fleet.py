"""Measure fleet scans: two workers beside one, small archives, Dask and insights beside them, memory, store, report.

    python bench/fleet.py [--data DIR] [--large N] [--small N] [--rows N] [--only WORD ...]

Each line has the load average beside it. On a busy machine the CPU time says more than the wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil
import synthetic_fleet
from gen_sos import TOP, make
from msgspec.structs import replace

from nopage.fleet.engine import Cluster, Job, Local, scan_one
from nopage.fleet.scan import Engine
from nopage.fleet.sources import Target, find
from nopage.fleet.store import Folder, Packed, Store, Writer, groups_of, packed_result, row_of

ROOT = Path(__file__).resolve().parent.parent
MESSAGING_SOURCES = {"stock": 20, "isolated": 200, "here": 200}


@dataclass
class Run:
    """One scan of a pile."""

    name: str
    sources: int
    size_mb: float
    wall_s: float
    cpus: int
    cpu_s: float  # of all processes that took part
    peak_mb: float
    load: float

    def line(self) -> str:
        return (
            f"| {self.name} | {self.sources} | {self.wall_s:.1f} | {self.size_mb / self.wall_s:.1f} "
            f"| {self.sources / self.wall_s / self.cpus:.1f} | {1000 * self.cpu_s / self.sources:.1f} "
            f"| {self.sources / self.cpu_s:.1f} | {self.peak_mb:.0f} | {self.load:.1f} |"
        )


def pile(data: Path, size: str, form: str, count: int) -> list[Target]:
    """`count` names of one made archive."""
    made = data / size / f"{TOP}.tar.{form}"
    if not made.exists():
        print(f"making the {size} sosreport in {data / size} ...", file=sys.stderr)
        make(data / size, size, 1, [form])
    folder = data / f"pile-{size}-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(count):
        os.link(made, folder / f"sosreport-{number:05}.tar.{form}")
    return list(find([str(folder)]))


def scanned(name: str, engine: Engine, targets: list[Target], cpus: int, warm: int) -> Run:
    """Scan the pile once the processes are there and have read something."""
    try:
        for _ in engine.run(iter(targets[:warm])):
            pass
        begun, spent, peak, done = time.perf_counter(), cpu_s(), 0, 0
        for outcome in engine.run(iter(targets)):
            if outcome is not None:
                assert not outcome.failed, outcome.hosts[0].row.error
                peak, done = max(peak, outcome.peak_kb), done + 1
        wall, spent = time.perf_counter() - begun, cpu_s() - spent
    finally:
        engine.close()
    assert done == len(targets)
    size = sum(target.size_bytes or 0 for target in targets) / 1e6
    return Run(name, len(targets), size, wall, cpus, spent, peak / 1024, os.getloadavg()[0])


def cpu_s() -> float:
    """CPU time of this process and all below it that still run."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


@contextmanager
def dask(workers: int):  # type: ignore[no-untyped-def]
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def on_dask(targets: list[Target], name: str, warm: int) -> Run:
    with dask(2) as client:
        return scanned(name, Cluster(Job(scan_one), client=client), targets, 2, warm)


def insights(targets: list[Target]) -> Run | None:
    """`insights run` in a loop over some of them."""
    program = Path(sys.executable).parent / "insights"
    if not program.exists():
        return None
    some = targets[:5]
    with tempfile.TemporaryDirectory() as folder:
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        for target in some:
            command = [str(program), "run", "-p", "nopage.rules", target.path]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    size = sum(target.size_bytes or 0 for target in some) / 1e6
    return Run("insights run, in a loop", len(some), size, wall, 1, spent, used.ru_maxrss / 1024, os.getloadavg()[0])


# An engine of insights-core-messaging in a process of its own: a source to warm up, then all; what that took.
ENGINE_RUN = """
import json, resource, sys, time
from insights import dr
from insights.formats._json import JsonFormat
which, *paths = sys.argv[1:]
if which == "stock":
    from insights_messaging.engine import Engine
    for name in ("insights.specs.default", "insights.specs.sos_archive", "nopage.rules"):
        dr.load_components(name, continue_on_error=False)
    graph = {}
    for one in list(dr.DELEGATES):
        if dr.get_name(one).startswith("nopage.rules"):
            graph.update(dr.get_dependency_graph(one))
    engine = Engine(JsonFormat, target_components=graph)
else:
    from nopage.messaging import Engine, Format
    engine = Engine(Format, isolated=which == "isolated")
assert "ATOMIC_ALLOCATION_FAILURE" in engine.process(dr.Broker(), paths[0])
import psutil
def cpu_s():
    every = psutil.Process().children(recursive=True)  # tar, which has ended, counts with the process that waited
    return sum(psutil.Process().cpu_times()[:4]) + sum(sum(one.cpu_times()[:2]) for one in every)
begun, before = time.perf_counter(), cpu_s()
for path in paths:
    engine.process(dr.Broker(), path)
wall, spent = time.perf_counter() - begun, cpu_s() - before
peak = max(one.memory_info().rss for one in [psutil.Process(), *psutil.Process().children(recursive=True)]) >> 10
peak = max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps([wall, spent, peak]))
if which != "stock":
    engine.close()
"""


def messaging(targets: list[Target], name: str, which: str) -> Run | None:
    """An engine of insights-core-messaging over some of the pile: the library's own, or nopage's."""
    if find_spec("insights_messaging") is None:
        return None
    some = targets[:MESSAGING_SOURCES[which]]
    command = [sys.executable, "-c", ENGINE_RUN, which, *(target.path for target in some)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wall, spent, peak_kb = json.loads(told.stdout.splitlines()[-1])
    size = sum(target.size_bytes or 0 for target in some) / 1e6
    return Run(name, len(some), size, wall, 1, spent, peak_kb / 1024, os.getloadavg()[0])


def store(count: int) -> list[str]:
    """Write and ask a store of `count` hosts with findings."""
    import nopage

    (result,) = nopage.diagnose(str(ROOT / "docs/example/sosreport-example-rhel6"))
    row = row_of(result, "x", "x")
    packed = Packed(row=row, groups=tuple(groups_of(result, row)), result=packed_result(result))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        writer = Writer(Folder(f"{folder}/store"))
        for number in range(count):
            source = f"/srv/sosreports/sosreport-{number:07}.tar.xz"
            groups = tuple(replace(group, source=source) for group in packed.groups)
            writer.add([Packed(row=replace(row, source=source), groups=groups, result=packed.result)])
            writer.tick()
        writer.flush()
        writer.close()
        wrote = time.perf_counter() - begun
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        begun = time.perf_counter()
        found = Store.open(f"{folder}/store").ask("SELECT driver, cause, count(*) FROM rows GROUP BY ALL")
        list(found.rows)
        asked = time.perf_counter() - begun
        begun = time.perf_counter()
        known = Store.open(f"{folder}/store").known()
        resumed = time.perf_counter() - begun
        assert len(known) == count
        tables = sum(path.stat().st_size for path in files if path.suffix == ".parquet") / 1e6
        results = sum(path.stat().st_size for path in files if path.suffix == ".zst") / 1e6
    return [
        "",
        "| rows | written s | opened and asked s | what is done, s | tables MB | results MB | load |",
        "|---|---|---|---|---|---|---|",
        f"| {count} | {wrote:.1f} | {asked:.2f} | {resumed:.2f} | {tables:.1f} | {results:.0f} "
        f"| {os.getloadavg()[0]:.1f} |",
    ]


def reports(count: int) -> list[str]:
    """A made fleet of `count` sources, reported and compared with itself some weeks later."""
    with tempfile.TemporaryDirectory() as folder:
        old, new = f"{folder}/old", f"{folder}/new"
        synthetic_fleet.write(old, count)
        synthetic_fleet.write(new, count, later=True)
        lines = ["", f"| report of {count} made sources | wall s | CPU s | peak MB | MB written | load |",
                 "|---|---|---|---|---|---|"]
        for name, arguments in (
            ("screen", ["report", old]),
            ("page", ["report", old, "-o", f"{folder}/page.html"]),
            ("folder, 100 pages of hosts", ["report", old, "-o", f"{folder}/pages/"]),
            ("JSON", ["report", old, "-o", f"{folder}/report.json"]),
            ("diff, page", ["diff", old, new, "-o", f"{folder}/diff.html"]),
        ):
            begun = time.perf_counter()
            command = [sys.executable, "-m", "nopage", "fleet", *arguments]
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            wall = time.perf_counter() - begun
            assert os.waitstatus_to_exitcode(status) in (0, 1), command
            output = Path(arguments[-1])
            written = [output] if output.is_file() else [*output.rglob("*.html")] if "-o" in arguments else []
            size = sum(path.stat().st_size for path in written) / 1e6
            lines.append(
                f"| {name} | {wall:.1f} | {used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss / 1024:.0f} "
                f"| {size:.1f} | {os.getloadavg()[0]:.1f} |"
            )
    return lines


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    options.add_argument("--large", type=int, default=8, help="large archives")
    options.add_argument("--small", type=int, default=400, help="small ones")
    options.add_argument("--rows", type=int, default=100_000, help="rows of the store")
    options.add_argument("--only", action="append", default=[], help="only lines with this word in their name")
    chosen = options.parse_args()
    data = chosen.data.resolve()
    large = cache(lambda: pile(data, "large", "xz", chosen.large))  # made only for a line that is measured
    small = cache(lambda: pile(data, "start", "gz", chosen.small))
    job = Job(scan_one)
    lines: dict[str, Callable[[], Run | None]] = {
        "large, 1 worker": lambda: scanned("large, 1 worker", Local(job, 1), large(), 1, 1),
        "large, 2 workers": lambda: scanned("large, 2 workers", Local(job, 2), large(), 2, 2),
        "large, Dask, 2 workers": lambda: on_dask(large(), "large, Dask, 2 workers", 2),
        "small, 1 worker": lambda: scanned("small, 1 worker", Local(job, 1), small(), 1, 20),
        "small, 2 workers": lambda: scanned("small, 2 workers", Local(job, 2), small(), 2, 40),
        "small, Dask, 2 workers": lambda: on_dask(small(), "small, Dask, 2 workers", 40),
        "insights run, in a loop": lambda: insights(small()),
        "insights-core-messaging's engine": lambda: messaging(small(), "insights-core-messaging's engine", "stock"),
        "nopage.messaging's engine": lambda: messaging(small(), "nopage.messaging's engine", "isolated"),
        "nopage.messaging's engine, not isolated": lambda: messaging(
            small(), "nopage.messaging's engine, not isolated", "here"
        ),
    }
    print(
        "| | sources | wall s | MB/s packed | sources a second and core | CPU ms a source | sources a CPU second "
        "| peak MB | load |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    runs: dict[str, Run] = {}
    for name, measure in lines.items():
        if chosen.only and not any(word in name for word in chosen.only):
            continue
        if "Dask" in name and find_spec("distributed") is None:
            continue
        run = measure()
        if run is not None:
            runs[name] = run
            print(run.line(), flush=True)
    for name, one, other in (
        ("2 workers beside 1, large", "large, 1 worker", "large, 2 workers"),
        ("2 workers beside 1, small", "small, 1 worker", "small, 2 workers"),
        ("Dask beside local, large", "large, 2 workers", "large, Dask, 2 workers"),
        ("Dask beside local, small", "small, 2 workers", "small, Dask, 2 workers"),
    ):
        if one in runs and other in runs:
            ratio, cost = runs[one].wall_s / runs[other].wall_s, runs[other].cpu_s / runs[one].cpu_s
            print(f"{name}: {ratio:.2f} times as fast, for {cost:.2f} times the CPU time")
    for other in ("insights run, in a loop", *(name for name in runs if "engine" in name)):
        if "small, 1 worker" in runs and other in runs:
            one, two = runs["small, 1 worker"], runs[other]
            wall, cpu = (one.sources / one.wall_s) / (two.sources / two.wall_s), two.cpu_s / two.sources
            print(
                f"fleet scan with 1 worker beside {other}, small: {wall:.1f} times as many a second, "
                f"{cpu / (one.cpu_s / one.sources):.1f} times fewer CPU seconds"
            )
    if not chosen.only or "store" in chosen.only:
        print("\n".join(store(chosen.rows)), flush=True)
    if not chosen.only or "report" in chosen.only:
        print("\n".join(reports(chosen.rows)))


if __name__ == "__main__":
    main()
