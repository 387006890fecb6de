"""Many hosts as one table: the most urgent first, totals by cause and by problem, what could not be read last."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from rich.cells import cell_len

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import say
from nopage.kernel.plain import plain
from nopage.report import labels
from nopage.report.screen.host import deed_said
from nopage.report.screen.layout import Line, columns, cut, padded
from nopage.report.screen.when import moment
from nopage.report.speaker import Speaker, grouped
from nopage.result import Result, Severity, SourceKind, Step

KERNEL, REPORTS = say("many.kernel", "KERNEL"), say("many.reports", "REPORTS")
CAUSE, WHO = say("many.cause", "CAUSE"), say("many.who", "WHO")
HEAD = (
    say("many.host", "HOST"), KERNEL, REPORTS, say("many.last", "LAST"), CAUSE, WHO, say("many.drops", "DROPS"),
    say("many.first_step", "FIRST-STEP"),
)  # fmt: skip
WIDTHS = (24, 26, 8, 16, 16, 14, 9, 44)
# Where the screen is narrower a column gives way as far as this, one after the other: (column, columns left of it).
NARROWER = ((7, 32), (1, 9), (0, 16), (3, 10), (7, 26), (5, 9), (0, 10))
REPORTS_AT, STEP_AT = 2, 7
PARTLY = "*"
# What stands in the place of a cause where nothing failed.
NOTHING_FAILED = {
    "SILENT_ALLOCATION_FAILURE": say("many.silent", "silent"),
    "ATOMIC_RESERVE_AT_RISK": labels.AT_RISK,
    "MIN_FREE_KBYTES_TOO_LOW": say("many.too_low", "setting too low"),
    "MIN_FREE_KBYTES_TOO_HIGH": say("many.too_high", "setting too high"),
}
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

    speak: Speaker = field(default_factory=Speaker)
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
        self.rows.append(Row(cells(result, self.speak), result.severity, reports(result), name_of(result), findings))

    def lines(self, width: int) -> list[Line]:
        """The table, totals, and what could not be read."""
        ranked = sorted(self.rows, key=lambda row: (ORDER.index(row.severity), -row.reports, row.name))
        lines: list[Line] = []
        if ranked:
            table = fitted([self.speak.each(HEAD), *(row.cells for row in ranked)], width)
            styles = ["bold", *(STYLE.get(row.severity, "") for row in ranked)]
            lines += [Line(), *(Line(text, style) for texts, style in zip(table, styles, strict=True)
                                for text in texts)]
            if any(row.cells[0].startswith(PARTLY) for row in ranked):
                lines.append(Line(f"{PARTLY} {self.speak(say('many.partly', 'not read wholly'))}", "dim"))
        return [*lines, *totals(ranked, len(self.lost), self.speak), *unreadable(self.lost, self.speak)]


def reports(result: Result) -> int:
    """Failures of the host, those of storms that were only counted too."""
    return sum(finding.reports or 0 for finding in result.findings)


def name_of(result: Result) -> str:
    return plain(result.host or result.source.path.rstrip("/").rpartition("/")[2] or result.source.path)


def cells(result: Result, speak: Speaker) -> tuple[str, ...]:
    """One host's row; a dash where there is nothing to say."""
    failed = next((one for one in result.findings if one.reports), None)
    release = result.kernel.release or "-"
    kernel = f"RHEL {result.kernel.rhel} {release.partition('-')[2]}" if result.kernel.rhel else release
    drops = speak(labels.DROPS[result.network.drops]) if result.network and result.network.drops else "-"
    last = max((one.last for one in result.groups if one.last), default=None)
    cause = (failed.cause.value if failed and failed.cause else "sleeping" if failed else first_key(result, speak))
    partly = "" if result.source.complete else PARTLY
    row = (
        f"{partly}{name_of(result)}",
        plain(kernel),
        grouped(reports(result)) if failed else "-",
        last_words(last),
        cause,
        plain((failed.driver or failed.path or "-") if failed else "-"),
        drops if failed else "-",
        first_step(result.plan.steps, speak),
    )
    return tuple(cut(cell, most) for cell, most in zip(row, WIDTHS, strict=True))


def first_key(result: Result, speak: Speaker) -> str:
    """The finding where nothing failed."""
    key = result.findings[0].key if result.findings else "-"
    return speak(NOTHING_FAILED[key]) if key in NOTHING_FAILED else key.lower()


def last_words(text: str | None) -> str:
    """2012-02-14 18:27."""
    time = moment(text)
    return time.strftime("%Y-%m-%d %H:%M") if time else "-"


def first_step(steps: Sequence[Step], speak: Speaker) -> str:
    """The first command of the plan, else what it asks for."""
    if not steps:
        return "-"
    return plain(steps[0].commands[0]) if steps[0].commands else deed_said(steps[0], speak)


def fitted(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """The table in columns of the screen's width, the lines of each row.

    Columns give way first; where that is not enough the first step stands below its host.
    """
    reports = max(cell_len(row[REPORTS_AT]) for row in rows)
    table = [
        [padded(cell, reports, right=True) if place == REPORTS_AT else cell for place, cell in enumerate(row)]
        for row in rows
    ]
    whole = given_way(table, width)
    if size(whole) <= width:
        return [[text] for text in columns(whole)]
    heads = columns(given_way([row[:STEP_AT] for row in table], width))
    return [[cut(head, width), f"  {cut(row[STEP_AT], width - 2)}"] for head, row in zip(heads, table, strict=True)]


def given_way(table: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """The table with its columns as narrow as the width asks for, if they can be."""
    rows = [list(row) for row in table]
    for place, least in NARROWER:
        over = size(rows) - width
        if over > 0 and place < len(rows[0]) and (now := max(cell_len(row[place]) for row in rows)) > least:
            for row in rows:
                row[place] = narrowed(row[place], max(least, now - over))
    return rows


def size(table: Sequence[Sequence[str]]) -> int:
    """How wide the table is."""
    return sum(max(map(cell_len, column)) for column in zip(*table, strict=True)) + 2 * (len(table[0]) - 1)


def narrowed(cell: str, width: int) -> str:
    """A cell in so many columns: without the details behind its first word, else cut with a mark."""
    if cell_len(cell) <= width:
        return cell
    words = cell.removeprefix("sysctl -w ").split()
    while len(words) > 1 and words[-1][0].isdigit() and cell_len(" ".join(words)) > width:
        words.pop()  # the build behind "RHEL 6.4", the time behind a date
    return cut(" ".join(words), width)


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
