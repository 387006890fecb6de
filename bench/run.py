"""Measure nopage beside its peers over one realistic sosreport, in one run: medians, CPU, peak memory, ratios.

    python bench/run.py [--size large|small] [--runs N] [--data DIR] [--only WORD ...] [--write]

`--write` puts the tables into docs/performance.md. The data (about 500 MB) is made once and kept in DIR.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gen_sos import LOGS, TOP, make

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
NEEDLE = "page allocation failure"
BEGIN, END = "<!-- measured -->", "<!-- end -->"


@dataclass
class Row:
    """One command and what its runs took."""

    name: str
    command: list[str]
    status: tuple[int, ...] = (0,)
    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mb: float = 0.0

    def run(self, folder: str) -> None:
        started = time.perf_counter()
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(self.command, stdout=out, stderr=subprocess.DEVNULL, cwd=folder)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.wall_s.append(time.perf_counter() - started)
        self.cpu_s.append(usage.ru_utime + usage.ru_stime)
        self.peak_mb = max(self.peak_mb, usage.ru_maxrss / 1024)
        if process.returncode not in self.status:
            raise SystemExit(f"{self.name}: exit status {process.returncode}: {shlex.join(self.command)}")

    @property
    def median_s(self) -> float:
        return statistics.median(self.wall_s)


@dataclass(frozen=True)
class Goal:
    """Wall time of one row, less that of `less`, over that of another: at most (or at least) some times as much."""

    row: str
    peer: str
    most: float | None = None
    least: float | None = None
    less: str | None = None

    def line(self, rows: Mapping[str, Row]) -> str | None:
        if self.row not in rows or self.peer not in rows or (self.less and self.less not in rows):
            return None
        taken = rows[self.row].median_s - (rows[self.less].median_s if self.less else 0.0)
        ratio = taken / rows[self.peer].median_s
        met = ratio <= self.most if self.most is not None else ratio >= (self.least or 0)
        wanted = f"<= {self.most}" if self.most is not None else f">= {self.least}"
        name = f"{self.row}, less {self.less}" if self.less else self.row
        return f"| {name} | {self.peer} | {ratio:.2f} | {wanted} | {'yes' if met else 'no'} |"


GOALS = (
    Goal("nopage tar.xz", "xz -dc \\| wc -c", most=1.10),
    Goal("nopage tar.gz", "gzip -dc \\| wc -c", most=0.75),
    Goal("nopage tar.zst", "zstd -dc \\| wc -c", most=2.0),
    Goal("nopage directory", "grep -cF, directory's logs", most=1.5, less="nopage small directory"),
    Goal("nopage one log", "grep -cF, one log", most=1.5, less="nopage small log"),
    Goal("insights run tar.xz", "nopage tar.xz", least=2.5),
    Goal("insights run tar.gz", "nopage tar.gz", least=8.0),
)


def rows_for(data: Path, size: str) -> list[Row]:
    """The commands, those left out whose program is not installed."""
    top = data / size / TOP
    small = data / "start" / TOP
    archives = {form: f"{top}.tar.{form}" for form in ("xz", "gz", "bz2", "zst")}
    nopage = [sys.executable, "-m", "nopage"]
    insights = [str(Path(sys.executable).parent / "insights"), "run", "-p", "nopage.rules"]
    logs = [str(top / name) for name in LOGS[size] if re.search(r"messages(-\d+)?$|dmesg|journalctl", name)]
    found = (0, 1)  # nopage's status with findings
    rows = [
        Row("nopage --version", [*nopage, "--version"]),
        Row("nopage small directory", [*nopage, str(small)], found),
        Row("nopage small log", [*nopage, str(small / "sos_commands/kernel/dmesg")], found),
        *(Row(f"nopage tar.{form}", [*nopage, path], found) for form, path in archives.items()),
        Row("nopage directory", [*nopage, str(top)], found),
        Row("nopage one log", [*nopage, logs[0]], found),
        Row("insights run tar.xz", [*insights, archives["xz"]]),
        Row("insights run tar.gz", [*insights, archives["gz"]]),
        Row("insights run directory", [*insights, str(top)]),
        *(
            Row(f"{tool} -dc \\| wc -c", ["sh", "-c", f"{tool} -dc {shlex.quote(archives[form])} | wc -c"])
            for tool, form in (("xz", "xz"), ("gzip", "gz"), ("bzip2", "bz2"), ("zstd", "zst"))
        ),
        *(Row(f"tar -xO --wildcards, {form}", ["sh", "-c", _picked(archives[form])]) for form in ("xz", "gz")),
        Row("grep -cF, directory's logs", ["sh", "-c", f"grep -cF '{NEEDLE}' {shlex.join(logs)} | cat"]),
        Row("grep -cF, one log", ["sh", "-c", f"grep -cF '{NEEDLE}' {shlex.quote(logs[0])} | cat"]),
        Row("rg -cF, directory's logs", ["rg", "-cF", NEEDLE, *logs]),
    ]
    return [row for row in rows if _installed(row.command)]


def _picked(archive: str) -> str:
    names = "'*/var/log/messages*' '*/dmesg' '*/journalctl*'"
    return f"tar -xOf {shlex.quote(archive)} --wildcards {names} | grep -acF '{NEEDLE}'"


def _installed(command: list[str]) -> bool:
    program = command[2].split()[0] if command[0] == "sh" else command[0]
    return shutil.which(program) is not None


def prepared(data: Path, size: str) -> None:
    """The data, made where it is not there yet."""
    for kind, forms in ((size, ["xz", "gz", "bz2", "zst"]), ("start", [])):
        done = data / kind / "made"
        if not done.exists():
            print(f"making the {kind} sosreport in {data / kind} ...", file=sys.stderr)
            make(data / kind, kind, 1, forms)
            done.touch()


def tables(rows: list[Row], size: str, runs: int) -> str:
    """The result in Markdown."""
    by_name = {row.name: row for row in rows}
    lines = [
        f"{_machine()}; {size} sosreport; medians of {runs} runs, the commands taking turns; "
        f"load average {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| | against | ratio | goal | met |",
        "|---|---|---|---|---|",
        *(line for goal in GOALS if (line := goal.line(by_name))),
        "",
        "| command | wall s | least wall s | CPU s | peak MB |",
        "|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.median_s:.2f} | {min(row.wall_s):.2f} | {statistics.median(row.cpu_s):.2f} "
            f"| {row.peak_mb:.0f} |"
            for row in rows
        ),
        "",
    ]
    return "\n".join(lines)


def _machine() -> str:
    try:
        model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        model = None
    name = " ".join(model[1].split()) if model else platform.machine()
    return f"{name}, {os.cpu_count()} processors, Linux {platform.release()}, Python {platform.python_version()}"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--size", choices=("large", "small"), default="large")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    options.add_argument("--only", action="append", default=[], help="only rows with this word in their name")
    options.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    chosen = options.parse_args()
    prepared(chosen.data, chosen.size)
    rows = [
        row
        for row in rows_for(chosen.data.resolve(), chosen.size)
        if not chosen.only or any(word in row.name for word in chosen.only)
    ]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    with tempfile.TemporaryDirectory() as folder:  # `insights` puts the current folder first on sys.path
        for row in rows:
            row.run(folder)  # warms the caches
            row.wall_s.clear()
            row.cpu_s.clear()
        for turn in range(chosen.runs):
            for row in rows:
                if sys.stderr.isatty():
                    print(f"\rrun {turn + 1} of {chosen.runs}: {row.name:<40}", end="\r", file=sys.stderr, flush=True)
                row.run(folder)
    result = tables(rows, chosen.size, chosen.runs)
    if not chosen.only:
        parts = [sys.executable, str(ROOT / "bench" / "stages.py"), str(chosen.data / chosen.size)]
        result += "\n" + subprocess.run(parts, check=True, stdout=subprocess.PIPE, text=True).stdout
    print(result)
    if chosen.write:
        page = PAGE.read_text()
        before, _, rest = page.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{result}{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
