"""Which findings there are: a line each, or one with its remedies by release."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from nopage.kernel.message import say
from nopage.kernel.plain import plain
from nopage.report.screen import Line, columns, wrapped
from nopage.report.speaker import Speaker
from nopage.result.answers import Rule, RuleRemedy

PROSE_MOST = 100
COLUMNS = (
    say("rules.key", "KEY"), say("rules.type", "TYPE"), say("rules.exit", "EXIT"), say("rules.what", "WHAT"),
)  # fmt: skip
HELP = say("rules.help", "nopage rules KEY tells when it fires and what helps; --kernel 8.6 what helps there.")


def rules_table(rules: Sequence[Rule], speak: Speaker, width: int) -> list[Line]:
    """Key, type and title of each."""
    head, *lines = columns([tuple(speak.each(COLUMNS)), *(
        (one.key, one.type.value, "1" if one.exit_status else "0", known(one, "title", one.title, speak))
        for one in rules
    )])
    return [
        Line(head, "bold"), *map(Line, lines), Line(),
        *prose(speak(HELP), width),
    ]


def rule_lines(rule: Rule, speak: Speaker, width: int) -> list[Line]:
    """One finding: when it fires, what it does, the remedies by release, links."""
    title = known(rule, "title", rule.title, speak)
    lines = [Line(f"{rule.key} ({rule.type}): {title}", "bold"),
             *prose(known(rule, "meaning", rule.meaning, speak), width), Line(),
             *prose(known(rule, "impact", rule.impact, speak), width)]
    if rule.thresholds:
        lines += [Line(), Line(", ".join(f"{name} = {value}" for name, value in rule.thresholds.items()))]
    if rule.causes:
        lines.append(Line())
        for cause, words in rule.causes.items():
            lines += item(cause, known(rule, f"causes.{cause}", words, speak), width)
    for row in rule.releases:
        name = known(rule, f"releases.{row.id}.name", row.name, speak)
        lines += [Line(), Line(name + bounds(row.at_least, row.below, speak), "bold")]
        for number, remedy in enumerate(row.remedies, 1):
            words = known(rule, f"releases.{row.id}.{remedy.action}", remedy.words, speak)
            lines += remedy_lines(number, remedy, words, speak, width)
    links = [plain(f"{one.title} <{one.url}>" if one.url else one.title) for one in rule.links]
    return [*lines, Line(), *map(Line, links)]


def known(rule: Rule, name: str, english: str, speak: Speaker) -> str:
    """A text of the rule's knowledge."""
    return speak.templates.get(f"knowledge.{rule.key.lower()}.{name}", english)


def bounds(at_least: str | None, below: str | None, speak: Speaker) -> str:
    """' (from 2.6.32-220, below 2.6.32-431)'."""
    words = []
    if at_least:
        words.append(speak(say("rules.from", "from {build}", build=at_least)))
    if below:
        words.append(speak(say("rules.below", "below {build}", build=below)))
    return f" ({', '.join(words)})" if words else ""


def remedy_lines(number: int, remedy: RuleRemedy, words: str, speak: Speaker, width: int) -> Iterator[Line]:
    """One remedy and its command."""
    text = f"{number}. {remedy.action}{bounds(remedy.at_least, remedy.below, speak)}: {words}"
    yield from (Line(f"  {line}") for line in wrapped(text, min(width, PROSE_MOST) - 2, "   "))
    if remedy.command:
        yield Line(f"       {plain(remedy.command)}")


def item(name: str, words: str, width: int) -> Iterator[Line]:
    """A name with its words, which hang below."""
    yield from (Line(f"  {line}") for line in wrapped(f"{name}: {words}", min(width, PROSE_MOST) - 2, "  "))


def prose(text: str, width: int) -> list[Line]:
    return [Line(line) for line in wrapped(text, min(width, PROSE_MOST))]
