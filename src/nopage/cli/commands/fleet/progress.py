"""How far a scan is: a bar on a terminal, a line now and then elsewhere."""
from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from nopage.cli.complaint import complain
from nopage.intake.reader import size_text

if TYPE_CHECKING:
    from nopage.fleet.engine import Outcome
    from nopage.fleet.scan import Choice, Tally

LINE_EVERY_S = 30.0
DRAWN_EVERY_S = 0.2


class Shown:
    """Tells on standard error what the tally says."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._begun = self._told = time.monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._terminal = sys.stderr.isatty()

    def begin(self, choice: Choice, where: str) -> None:
        self._begun = self._told = time.monotonic()
        self.tell(f"{beginning(choice, 'to scan')}, on {where}")
        if self._terminal:
            self._bar, self._task = bar(self._tally.wanted)
            self._bar.start()

    def update(self, outcome: Outcome | None) -> None:
        """One more is done, or nothing has come."""
        now = time.monotonic()
        if now - self._told < (DRAWN_EVERY_S if self._bar is not None else LINE_EVERY_S):
            return
        self._told = now
        if self._bar is None:
            self.tell(self._line(now))
        else:
            self._draw(now)

    def end(self) -> None:
        if self._bar is not None:
            self._draw(time.monotonic())
            self._bar.stop()
            self._bar = None

    def tell(self, words: str) -> None:
        complain(words)

    def _draw(self, now: float) -> None:
        tally = self._tally
        self._bar.update(
            self._task,
            completed=tally.done,
            failed=tally.failed,
            found=tally.with_findings,
            rate=f"{tally.done_bytes / 1e6 / max(now - self._begun, 0.001):.1f}",
        )

    def _line(self, now: float) -> str:
        tally = self._tally
        taken = max(now - self._begun, 0.001)
        left = f", {duration(taken / tally.done * (tally.wanted - tally.done))} left" if tally.done else ""
        return (
            f"{tally.done} of {tally.wanted} done, {tally.failed} failed, {hosts(tally.with_findings)} with findings, "
            f"{tally.done_bytes / 1e6 / taken:.1f} MB/s{left}"
        )


def bar(total: int) -> tuple[Any, Any]:
    """The bar and its one task."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    made = Progress(
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        TextColumn("{task.fields[found]} with findings"),
        TextColumn("{task.fields[rate]} MB/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        refresh_per_second=4,
        expand=True,
    )
    return made, made.add_task("", total=total, failed=0, found=0, rate="0.0")


def beginning(choice: Choice, what: str) -> str:
    """What was found and what of it is to be done."""
    others = [
        f"{number} {words}"
        for number, words in (
            (choice.done_before, "done before"),
            (choice.too_old, "not changed since then"),
            (choice.over_limit, "beyond the limit"),
        )
        if number
    ]
    size = f" ({size_text(choice.size_bytes)})" if choice.size_bytes else ""
    return f"{sources(len(choice.targets))}{size} {what}" + (f", {', '.join(others)}" if others else "")


def ended(tally: Tally, out: str, why: str) -> str:
    """How it ended, and how to go on."""
    done = f"{tally.done} of {tally.wanted} sources done" if why else f"{sources(tally.done)} done"
    words = f"{done}, {tally.failed} failed, {hosts(tally.with_findings)} with findings"
    if not why:
        return f"{words}; they stand in {out}"
    return f"{why}: {words}; {tally.kept} kept in {out}; the same command goes on from there"


def sources(number: int) -> str:
    return f"{number} source{'' if number == 1 else 's'}"


def hosts(number: int) -> str:
    return f"{number} host{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """3 h 20 min, 45 s."""
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min" if whole >= 60 else f"{whole} s"
