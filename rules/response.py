"""What the responses of all rules share: the knowledge's links and words, size, fingerprint, and how they are shown."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nopage.combiners.kernel import Kernel
from nopage.kernel.release import Release
from nopage.rules.knowledge import Knowledge, Link

MOST_CHARACTERS = 60_000  # insights-core replaces a response of more than 65,535 by an error

# insights-core's Jinja2 keeps the newlines around tags: each block takes its own.
CONTENT = """
{{ summary }}
{%- if request_words %}
  What     {{ request_words }}
  Where    {{ where_words }}
{%- endif %}
{%- for text in why %}
  {{ "Why     " if loop.first else "        " }} {{ text }}
{%- endfor %}
{%- if matters %}
  Matters  {{ matters }}
{%- endif %}
{%- for remedy in remedies %}
  {{ "Do      " if loop.first else "        " }} {{ loop.index }}. {{ remedy.action }}
{%- if remedy.value is not none %} = {{ remedy.value }}{% endif %}: {{ remedy.reason }}
{%- if remedy.risk %}
              Risk: {{ remedy.risk }}
{%- endif %}
{%- endfor %}
{%- for text in notes %}
  {{ "Note    " if loop.first else "        " }} {{ text }}
{%- endfor %}
{%- if article_says %}
  Article  {{ article_says }}
{%- endif %}
{%- if source_says %}
  Source   {{ source_says }}
{%- endif %}
{%- for link in links %}
  {{ "Links   " if loop.first else "        " }} {{ link.title }}{% if link.url %} <{{ link.url }}>{% endif %}
{%- endfor %}
""".strip()


def rule_links(known: Knowledge) -> dict[str, list[str]]:
    """Links for `@rule(links=...)`: the resolution (its title where no number is public), and what is related."""
    found: dict[str, list[str]] = {}
    for link in known.links:
        found.setdefault(link.role, []).append(link.href or link.title)
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
