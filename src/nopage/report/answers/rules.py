"""Which findings there are: a line each, or one with its remedies by release."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from nopage.kernel.plain import plain
from nopage.report.screen import Line, columns, wrapped
from nopage.result.answers import Rule, RuleRemedy, RuleRow

PROSE_MOST = 100
RANGE = (("from {}", "at_least"), ("below {}", "below"))


def rules_table(rules: Sequence[Rule], width: int) -> list[Line]:
    """Key, type and title of each."""
    head, *lines = columns([("KEY", "TYPE", "EXIT", "WHAT"), *(
        (one.key, one.type.value, "1" if one.exit_status else "0", one.title) for one in rules
    )])
    return [
        Line(head, "bold"), *map(Line, lines), Line(),
        *prose("nopage rules KEY tells when it fires and what helps; --kernel 8.6 what helps there.", width),
    ]


def rule_lines(rule: Rule, width: int) -> list[Line]:
    """One finding: when it fires, what it does, the remedies by release, links."""
    lines = [Line(f"{rule.key} ({rule.type}): {rule.title}", "bold"), *prose(rule.meaning, width), Line(),
             *prose(rule.impact, width)]
    if rule.thresholds:
        lines += [Line(), Line(", ".join(f"{name} = {value}" for name, value in rule.thresholds.items()))]
    if rule.causes:
        lines.append(Line())
        for cause, words in rule.causes.items():
            lines += item(cause, words, width)
    for row in rule.releases:
        lines += [Line(), Line(row_title(row), "bold")]
        for number, remedy in enumerate(row.remedies, 1):
            lines += remedy_lines(number, remedy, width)
    links = [plain(f"{one.title} <{one.url}>" if one.url else one.title) for one in rule.links]
    return [*lines, Line(), *map(Line, links)]


def row_title(row: RuleRow) -> str:
    return row.name + bounds(row.at_least, row.below)


def bounds(at_least: str | None, below: str | None) -> str:
    """' (from 2.6.32-220, below 2.6.32-431)'."""
    words = [template.format(build) for (template, _), build in zip(RANGE, (at_least, below), strict=True) if build]
    return f" ({', '.join(words)})" if words else ""


def remedy_lines(number: int, remedy: RuleRemedy, width: int) -> Iterator[Line]:
    """One remedy and its command."""
    text = f"{number}. {remedy.action}{bounds(remedy.at_least, remedy.below)}: {remedy.words}"
    yield from (Line(f"  {line}") for line in wrapped(text, min(width, PROSE_MOST) - 2, "   "))
    if remedy.command:
        yield Line(f"       {plain(remedy.command)}")


def item(name: str, words: str, width: int) -> Iterator[Line]:
    """A name with its words, which hang below."""
    yield from (Line(f"  {line}") for line in wrapped(f"{name}: {words}", min(width, PROSE_MOST) - 2, "  "))


def prose(text: str, width: int) -> list[Line]:
    return [Line(line) for line in wrapped(text, min(width, PROSE_MOST))]
