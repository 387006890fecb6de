"""A finding as insights-core carries and shows it: the response, its text, its links."""

from __future__ import annotations

from typing import Any

from insights.core.plugins import make_fail, make_info

from nopage.diagnosis.picture import Picture
from nopage.result import Finding, FindingType
from nopage.rules.findings import fields_of
from nopage.rules.knowledge import Knowledge

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
{%- for point in article %}{{ row("Article" if loop.first else "", point.text) }}{% endfor %}
{%- if article_says and not article %}{{ row("Article", article_says) }}{% endif %}
{%- if source_says %}{{ row("Source", source_says) }}{% endif %}
{%- for link in links | rejectattr("url") %}{{ row("See also" if loop.first else "", link.title) }}{% endfor %}
""".strip()


def respond(found: Finding | None, picture: Picture) -> Any:
    """The finding as insights-core carries it; None where there is none."""
    if found is None:
        return None
    fields = fields_of(found, picture)
    key, kind = fields.pop("key"), fields.pop("type")
    make = make_fail if kind == FindingType.FAIL else make_info
    return make(key, **fields)


def rule_links(known: Knowledge) -> dict[str, list[str]]:
    """Links for `@rule(links=...)`, the title over its address; one without an address would be a dead `<a>`."""
    found: dict[str, list[str]] = {}
    for link in known.links:
        if link.href is not None:
            found.setdefault(f"{HEADINGS[link.role]}: {link.title}", []).append(link.href)
    return found
