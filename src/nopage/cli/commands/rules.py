"""`nopage rules [KEY]`: which findings there are, when each fires, and its remedy by release."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain
from nopage.cli.options import add_format, add_language, parsed
from nopage.cli.output import print_json
from nopage.cli.status import FAIL_ON, KEYS, NOTHING_FOUND, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.kernel.release import Release
    from nopage.result.answers import Rule, RuleRow
    from nopage.rules.knowledge import Knowledge, ReleaseRow


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage rules`."""
    made = argparse.ArgumentParser(
        prog="nopage rules",
        description="List the findings, or tell of one: when it fires, what it does to a host, its remedy by release.",
        epilog="examples:\n  nopage rules\n  nopage rules ATOMIC_ALLOCATION_FAILURE --kernel 6.4\n"
        "  nopage rules --format json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("key", metavar="KEY", nargs="?", type=str.upper, choices=KEYS,
                      help="the finding to tell of (default: a line each)")
    made.add_argument("--kernel", metavar="RELEASE",
                      help="remedies of this kernel alone: a release, a minor of RHEL (8.6) or el6")
    add_format(made)
    add_language(made)
    return made


def main(arguments: Sequence[str]) -> int:
    """Print them; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.kernel.release import release_named

    release = release_named(options.kernel) if options.kernel is not None else None
    if options.kernel is not None and release is None:
        complain(f"--kernel: {options.kernel!r} is no kernel release and no known RHEL such as 6.4 or el6")
        return WRONG_COMMAND_LINE
    found = [rule_of(key, release) for key in ([options.key] if options.key else KEYS)]
    if options.format == "json":
        from nopage.result.answers import Rules
        from nopage.version import __version__

        print_json(Rules(schema="nopage-rules/1", nopage=__version__, kernel=release.text if release else None,
                         rules=tuple(found)))
        return NOTHING_FOUND
    from nopage.report.answers import rule_lines, rules_table
    from nopage.report.speaker import speaker
    from nopage.report.text import console, print_lines

    shown, speak = console(sys.stdout), speaker(options.lang)
    wanted = options.key is not None or release is not None
    width = shown.width
    lines = [rule_lines(one, speak, width) for one in found] if wanted else [rules_table(found, speak, width)]
    for number, one in enumerate(lines):
        if number:
            shown.print()
        print_lines(one, shown)
    return NOTHING_FOUND


def rule_of(key: str, release: Release | None) -> Rule:
    """A finding as its knowledge file tells it; of the rows that of one release alone where one is asked about."""
    from nopage.result import FindingType, Link, LinkRole
    from nopage.result.answers import Rule
    from nopage.rules.knowledge import knowledge

    known: Knowledge = knowledge(key)
    rows = known.rows if release is None else tuple(filter(None, [known.row(release)]))
    return Rule(
        key=known.key,
        type=FindingType(known.type),
        title=known.title,
        tags=known.tags,
        meaning=known.meaning,
        impact=known.impact,
        causes=dict(known.causes),
        thresholds=dict(known.thresholds),
        exit_status=key in FAIL_ON,
        releases=tuple(row_of(row, release) for row in rows),
        links=tuple(
            Link(title=one.title, url=one.href, role=LinkRole(one.role), where=one.where) for one in known.links
        ),
    )


def row_of(row: ReleaseRow, release: Release | None) -> RuleRow:
    """What is true of a range of releases."""
    from nopage.result.answers import RuleRemedy, RuleRow

    return RuleRow(
        id=row.id,
        name=row.name,
        generations=row.range.generations,
        at_least=row.range.at_least,
        below=row.range.below,
        says=row.says,
        remedies=tuple(
            RuleRemedy(action=one.action, words=one.words, command=one.command, at_least=one.range.at_least,
                       below=one.range.below)
            for one in row.actions(release)
        ),
    )
