"""Many hosts as one table: the most urgent first, totals by cause and by problem, what could not be read last."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import say
from nopage.kernel.plain import plain
from nopage.report.screen.layout import Line, columns, cut
from nopage.report.screen.when import moment
from nopage.report.speaker import Speaker, grouped
from nopage.result import Result, Severity, SourceKind, Step

HEAD = ("HOST", "KERNEL", "REPORTS", "LAST", "CAUSE", "WHO", "DROPS", "FIRST-STEP")
WIDTHS = (24, 26, 8, 16, 16, 14, 9, 44)
ORDER = tuple(Severity)
STYLE = {Severity.URGENT: "bad", Severity.IMPORTANT: "bad", Severity.NONE: "dim"}
PROBLEMS_MOST = 10
UNREADABLE_MOST = 50


@dataclass(frozen=True, slots=True)
class Row:
    """What of one host stays for the table at the end: a result may hold thousands of failures."""

    cells: tuple[str, ...]
    severity: Severity
    reports: int
    name: str
    findings: tuple[tuple[str, str, str, str], ...]  # fingerprint, key, cause, driver


@dataclass(slots=True)
class Many:
    """The results so far."""

    rows: list[Row] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Take note of one more."""
        if result.source.kind is SourceKind.UNREADABLE:
            self.lost.append(f"{plain(result.source.path)}: {plain('; '.join(result.source.warnings[:2]))}")
            return
        findings = tuple(
            (one.fingerprint, one.key, one.cause.value if one.cause else "", one.driver or "")
            for one in result.findings
        )
        self.rows.append(Row(cells(result), result.severity, reports(result), name_of(result), findings))

    def lines(self, speak: Speaker, width: int) -> list[Line]:
        """The table, totals, and what could not be read."""
        ranked = sorted(self.rows, key=lambda row: (ORDER.index(row.severity), -row.reports, row.name))
        lines: list[Line] = []
        if ranked:
            table = columns([HEAD, *(row.cells for row in ranked)])
            lines += [Line(), Line(cut(table[0], max(width, 80)), "bold")]
            lines += [Line(text, STYLE.get(row.severity, "")) for text, row in zip(table[1:], ranked, strict=True)]
        return [*lines, *totals(ranked, len(self.lost), speak), *unreadable(self.lost, speak)]


def reports(result: Result) -> int:
    """Failures of the host, those of storms that were only counted too."""
    return sum(finding.reports or 0 for finding in result.findings)


def name_of(result: Result) -> str:
    return plain(result.host or result.source.path.rstrip("/").rpartition("/")[2] or result.source.path)


def cells(result: Result) -> tuple[str, ...]:
    """One host's row; a dash where there is nothing to say."""
    failed = next((one for one in result.findings if one.reports), None)
    release = result.kernel.release or "-"
    kernel = f"RHEL {result.kernel.rhel} {release.partition('-')[2]}" if result.kernel.rhel else release
    drops = result.network.drops.value if result.network and result.network.drops else "-"
    last = max((one.last for one in result.groups if one.last), default=None)
    cause = (failed.cause.value if failed and failed.cause else "sleeping" if failed else first_key(result))
    partly = "" if result.source.complete else " (read partly)"
    row = (
        f"{name_of(result)}{partly}",
        plain(kernel),
        grouped(reports(result)) if failed else "-",
        last_words(last),
        cause,
        plain((failed.driver or failed.path or "-") if failed else "-"),
        drops if failed else "-",
        first_step(result.plan.steps),
    )
    return tuple(cut(cell, most) for cell, most in zip(row, WIDTHS, strict=True))


def first_key(result: Result) -> str:
    """The finding where nothing failed."""
    return result.findings[0].key.lower() if result.findings else "-"


def last_words(text: str | None) -> str:
    """2012-02-14 18:27."""
    time = moment(text)
    return time.strftime("%Y-%m-%d %H:%M") if time else "-"


def first_step(steps: Sequence[Step]) -> str:
    """The first command of the plan, else what it does."""
    if not steps:
        return "-"
    step = steps[0]
    if step.commands:
        return plain(step.commands[0])
    return plain(f"{step.action} {step.value}" if step.value not in (None, "") else step.action)


def totals(rows: Sequence[Row], lost: int, speak: Speaker) -> list[Line]:
    """How many hosts have what: by cause, and by problem (one fingerprint)."""
    affected = [row for row in rows if row.findings]
    lines = [Line(), Line(speak(say(
        "many.hosts", "{hosts:# host|# hosts} read, {affected} with findings, {lost} not readable.",
        hosts=len(rows), affected=len(affected), lost=lost,
    )), "bold")]
    causes = Counter(cause for row in affected for _, _, cause, _ in row.findings if cause)
    if causes:
        each = tuple(f"{cause} {count}" for cause, count in causes.most_common())
        lines.append(Line(speak(say("many.causes", "By cause: {each}.", each=each))))
    problems = Counter(finding for row in affected for finding in row.findings)
    shared = [(finding, count) for finding, count in problems.most_common(PROBLEMS_MOST) if count > 1]
    for (_, key, cause, driver), count in shared:
        told = say("many.problem", "{count:# host|# hosts}: {problem}", count=count,
                   problem=tuple(filter(None, (key, cause, driver))))
        lines.append(Line(f"  {plain(speak(told))}"))
    return lines


def unreadable(lost: Sequence[str], speak: Speaker) -> list[Line]:
    """What could not be read, and why."""
    if not lost:
        return []
    lines = [Line(), Line(speak(say("many.unreadable", "Could not be read:")), "bad")]
    lines += [Line(f"  {text}") for text in lost[:UNREADABLE_MOST]]
    if len(lost) > UNREADABLE_MOST:
        more = say("many.more_unreadable", "and {count} more", count=len(lost) - UNREADABLE_MOST)
        lines.append(Line(f"  {speak(more)}"))
    return lines
