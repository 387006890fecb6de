"""rules/*.md: one page a finding, and their list."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.rules.knowledge import Knowledge, Link, ReleaseRange, ReleaseRow
from writers.markdown import NOTE, table


def rule_page(known: Knowledge) -> str:
    """One finding: what it means, what to do on each release."""
    causes = "".join(f"- `{cause}`: {words}\n" for cause, words in known.causes.items())
    values = "".join(f"- `{name}`: {value}\n" for name, value in known.thresholds.items())
    return (
        f"# {known.key}\n\n"
        + NOTE.format(source=f"rules/knowledge/{known.key.lower()}.yaml")
        + f"**{known.title}.** Type: {known.type}. Tags: {', '.join(known.tags)}.\n\n"
        + f"## Meaning\n\n{known.meaning}\n\n## Impact\n\n{known.impact}\n\n## Diagnosis\n\n"
        + "".join(f"{number}. {step}\n" for number, step in enumerate(known.diagnosis, 1))
        + (f"\n## Causes\n\n{causes}" if causes else "")
        + (f"\n## Thresholds\n\n{values}" if values else "")
        + "\n## Remedy by release\n\n"
        + "".join(release_section(row) for row in known.rows)
        + "## Risks\n\n"
        + "".join(f"- **{risk.topic}.** {risk.words}\n" for risk in known.risks)
        + "\n## Links\n\n"
        + "".join(f"- {link_words(link)}\n" for link in known.links)
    )


def release_section(row: ReleaseRow) -> str:
    """Environment, what the article says, what the source says, and the remedies in order."""
    steps = "".join(
        f"{number}. `{remedy.action}`{bounds(remedy.range)}: {remedy.words}"
        + (f" (`{remedy.command}`)" if remedy.command else "")
        + "\n"
        for number, remedy in enumerate(row.remedy, 1)
    )
    return (
        f"### {row.name}\n\n{row.environment}.\n\n"
        + (f"The article says: {row.says}\n\n" if row.says else "")
        + (f"The kernel's source says: {row.narrower}\n\n" if row.narrower else "")
        + steps
        + "\n"
    )


def bounds(span: ReleaseRange) -> str:
    """' (from 2.6.32-220)'."""
    words = [f"from {span.at_least}"] if span.at_least else []
    words += [f"below {span.below}"] if span.below else []
    return f" ({', '.join(words)})" if words else ""


def link_words(link: Link) -> str:
    """The title with its address, or with the place where it is found."""
    text = f"*{link.title}*" if link.url is None else f"[{link.title}]({link.url})"
    role = "The resolution: " if link.role == "resolution" else ""
    return role + text + (f" ({link.where})" if link.where else "")


def rules_index(known: Sequence[Knowledge]) -> str:
    """The list of findings."""
    rows = [[f"[{one.key}]({one.key.lower()}.md)", one.type, one.title] for one in known]
    return "# Findings\n\n" + NOTE.format(source="rules/knowledge/") + table(["key", "type", "meaning"], rows)
