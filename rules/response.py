"""What the responses of all rules share: the knowledge's links and words, size, fingerprint, and how they are shown."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nopage.combiners.kernel import Kernel
from nopage.kernel.release import Release
from nopage.rules.knowledge_base import Knowledge, Link

MOST_CHARACTERS = 60_000  # insights-core replaces a response of more than 65,535 by an error

HEADINGS = {"resolution": "Resolution", "related": "See also"}  # insights-core sorts them by name

# What `insights run` prints of a finding, at most 80 columns wide: it does not say how wide the terminal is. Its
# Jinja2 keeps the newlines around tags, so each block takes its own. Links with an address are the rule's own
# (`rule_links`), which insights-core prints beside this; only titles without one stand here.
CONTENT = """
{%- macro plain(text) %}
{{- text if text.isprintable() else text.encode("unicode_escape").decode() }}
{%- endmacro %}
{%- macro row(label, text) %}
  {{ "%-8s" | format(label) }} {{ plain(text | string) | wordwrap(69, false, none, false) | indent(11) }}
{%- endmacro %}
{%- macro step(label, mark, text) %}
  {{ "%-8s" | format(label) }} {{ "%-2s" | format(mark) }} {# -#}
  {{ plain(text | string) | wordwrap(66, false, none, false) | indent(14) }}
{%- endmacro %}
{{- plain(summary) | wordwrap(80, false, none, false) }}
{%- if host %}{{ row("Host", host ~ (", kernel " ~ kernel if kernel else "")) }}{% endif %}
{%- if request_words %}
{%- set pages = 2 ** order if 0 <= order < 64 else 0 %}
{%- set size = "1 page" if pages == 1 else pages ~ " contiguous pages" %}
{%- set bytes = ", " ~ pages * page_kb ~ " kB" if page_kb else "" %}
{{- row("What", "order " ~ order ~ (" (" ~ size ~ bytes ~ ")" if pages else "") ~ ", mode " ~ gfp_mask ~ " = "
    ~ (gfp_name or "no flag") ~ ": " ~ request_words) }}
{{- row("Where", where_words) }}
{%- endif %}
{%- for text in why %}{{ row("Why" if loop.first else "", text) }}{% endfor %}
{%- if matters %}{{ row("Matters", matters) }}{% endif %}
{%- for remedy in remedies %}
{%- set value = "" if remedy.value in (none, "") else " = " ~ remedy.value %}
{{- step("Do" if loop.first else "", loop.index ~ ".", remedy.action ~ value ~ ": " ~ remedy.reason) }}
{%- if remedy.risk %}{{ step("", "", "Risk: " ~ remedy.risk) }}{% endif %}
{%- endfor %}
{%- for text in notes %}{{ row("Note" if loop.first else "", text) }}{% endfor %}
{%- if article_says %}{{ row("Article", article_says) }}{% endif %}
{%- if source_says %}{{ row("Source", source_says) }}{% endif %}
{%- for link in links | rejectattr("url") %}{{ row("See also" if loop.first else "", link.title) }}{% endfor %}
""".strip()


def rule_links(known: Knowledge) -> dict[str, list[str]]:
    """Links for `@rule(links=...)`, the title over its address; one without an address would be a dead `<a>`."""
    found: dict[str, list[str]] = {}
    for link in known.links:
        if link.href is not None:
            found.setdefault(f"{HEADINGS[link.role]}: {link.title}", []).append(link.href)
    return found


def link_json(link: Link) -> dict[str, Any]:
    return {"title": link.title, "url": link.href, "role": link.role, "where": link.where}


def fingerprint(key: str, *parts: object) -> str:
    """A short hash that is equal for the same problem on any host: for counting and for finding duplicates."""
    return hashlib.sha256("\x1f".join(map(str, (key, *parts))).encode()).hexdigest()[:16]


def shared_fields(known: Knowledge, release: Release | None) -> dict[str, Any]:
    """What every finding of a key carries from the knowledge: words for this release, and links."""
    row = known.row(release)
    return {
        "meaning": known.meaning,
        "impact": known.impact,
        "environment": row.environment if row else None,
        "article_says": row.says if row else None,
        "source_says": row.narrower if row else None,
        "links": [link_json(link) for link in known.links],
        "knowledge_row": row.id if row else None,
    }


def setting_fields(known: Knowledge, kernel: Kernel, why: str, remedies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The fields of a finding about one collected setting; nothing has failed, so there is no cause."""
    return {
        **shared_fields(known, kernel.release),
        "summary": sentence(why),
        "cause": None,
        "why": [],
        "matters": known.impact,
        "notes": [],
        "kernel": kernel.text,
        "remedies": list(remedies),
        "fingerprint": fingerprint(known.key, kernel.generation),
    }


def fitting(fields: Mapping[str, Any], name: str, items: Sequence[Any]) -> dict[str, Any]:
    """`fields` with as many `items` under `name` as keep the response small enough for insights-core."""
    room = MOST_CHARACTERS - len(str(dict(fields)))
    kept: list[Any] = []
    for item in items:
        room -= len(str(item)) + 2
        if room < 0:
            break
        kept.append(item)
    return {**fields, name: kept, f"{name}_total": len(items), f"{name}_left_out": len(items) - len(kept)}


def unique(texts: Iterable[str]) -> list[str]:
    """The texts in order, each once."""
    return list(dict.fromkeys(text for text in texts if text))


def sentence(text: str) -> str:
    """The text with a capital at its beginning, unless it begins with a setting's name."""
    return text if text.startswith("vm.") else text[:1].upper() + text[1:]
