"""What the responses of all rules share: the knowledge's links and words, size, fingerprint, and how they are shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from insights.core.plugins import make_fail, make_info

from nopage.combiners.kernel import Kernel
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.parsers.host_facts import Hostname
from nopage.result import Failure, Finding, FindingType, Group, LinkRole, Severity, from_builtins, said_all
from nopage.result import Link as ResultLink
from nopage.rules.knowledge import Knowledge, Link

LISTS = ("failures", "groups")  # they stand once in the result, and in each response as far as there is room

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


def respond(
    found: Finding,
    hostname: Sequence[Hostname] | None,
    failures: Iterable[Failure] = (),
    failures_total: int | None = None,
    groups: Sequence[Group] = (),
) -> Any:
    """The finding as insights-core carries it, with as many of its failures as keep it small enough."""
    fields = msgspec.to_builtins(msgspec.structs.replace(found, host=hostname[0].name if hostname else None))
    key, kind = fields.pop("key"), fields.pop("type")
    if groups:
        fields["groups"] = msgspec.to_builtins(groups[: BOUNDS.response_groups])
    fields = bounded(fields)
    if failures_total is not None:
        fields = fitting(fields, map(msgspec.to_builtins, failures), failures_total)
    make = make_fail if kind == FindingType.FAIL else make_info
    return make(key, **fields)


def bounded(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` as they are; of a finding that is far too long (hundreds of zones) fewer rows of each list, and said."""
    rows = 2 * BOUNDS.response_rows
    found = fields
    while len(str(found)) > BOUNDS.response_base_characters and rows > 2:
        rows //= 2
        found = {name: shortened(value, rows) for name, value in fields.items()}
        left_out = len(fields.get("why", ())) - rows
        if left_out > 0:
            more = say("why.left_out", "{rows:# more line is|# more lines are} left out here", rows=left_out + 1)
            found["why"] = (*found["why"][:-1], str(more))
            found["why_said"] = (*found["why_said"][:-1], *msgspec.to_builtins(said_all([more])))
    return found


def shortened(value: Any, rows: int) -> Any:
    """A value of JSON with at most so many rows in any long list, and no text longer than one sentence may be."""
    if isinstance(value, str):
        most = BOUNDS.response_text_characters
        return value if len(value) <= most else value[: most - 4] + " ..."
    if isinstance(value, Mapping):
        return {key: shortened(one, rows) for key, one in value.items()}
    if isinstance(value, list | tuple):
        long = len(value) > rows and len(str(value)) > BOUNDS.response_text_characters
        return type(value)(shortened(one, rows) for one in (value[:rows] if long else value))
    return value


def fitting(fields: Mapping[str, Any], failures: Iterable[Any], total: int) -> dict[str, Any]:
    """`fields` with as many failures as there is room for; how many there are and were left out stands beside them."""
    room = BOUNDS.response_characters - len(str(dict(fields)))
    kept: list[Any] = []
    for one in failures:
        room -= len(str(one)) + 2
        if room < 0:
            break
        kept.append(one)
    return {**fields, "failures": kept, "failures_total": total, "failures_left_out": total - len(kept)}


def found_in(response: Mapping[str, Any], key: str) -> Finding:
    """The finding that a response carries; msgspec.ValidationError for a field that is none."""
    fields = {name: value for name, value in response.items() if name not in (*LISTS, "type", "error_key", "info_key")}
    kind = FindingType.FAIL if response["type"] == "rule" else FindingType.INFO
    return from_builtins({"key": key, "type": kind, **fields}, Finding)


def rule_links(known: Knowledge) -> dict[str, list[str]]:
    """Links for `@rule(links=...)`, the title over its address; one without an address would be a dead `<a>`."""
    found: dict[str, list[str]] = {}
    for link in known.links:
        if link.href is not None:
            found.setdefault(f"{HEADINGS[link.role]}: {link.title}", []).append(link.href)
    return found


def link_of(link: Link) -> ResultLink:
    return ResultLink(title=link.title, url=link.href, role=LinkRole(link.role), where=link.where)


def fingerprint(key: str, *parts: object) -> str:
    """A short hash that is equal for the same problem on any host: for counting and for finding duplicates."""
    return hashlib.sha256("\x1f".join(map(str, (key, *parts))).encode()).hexdigest()[:16]


def shared_fields(known: Knowledge, release: Release | None) -> dict[str, Any]:
    """What every finding of a key carries from the knowledge: words for this release, and links."""
    row = known.row(release)
    return {
        "key": known.key,
        "meaning": known.meaning,
        "impact": known.impact,
        "environment": row.environment if row else None,
        "article_says": row.says if row else None,
        "source_says": row.narrower if row else None,
        "links": tuple(map(link_of, known.links)),
        "knowledge_row": row.id if row else None,
    }


def setting_finding(
    known: Knowledge, kernel: Kernel, why: Message, plan: Mapping[str, Any], severity: Severity
) -> Finding:
    """A finding about one collected setting; nothing has failed, so there is no cause."""
    impact = known.said("impact")
    return Finding(
        **shared_fields(known, kernel.release),
        type=FindingType.FAIL if known.type == "fail" else FindingType.INFO,
        summary=sentence(str(why)),
        summary_said=said_all([why]),
        cause=None,
        severity=severity,
        matters=str(impact),
        matters_said=said_all([impact]),
        kernel=kernel.text,
        **plan,
        fingerprint=fingerprint(known.key, kernel.generation),
    )


def sentence(text: str) -> str:
    """The text with a capital at its beginning, unless it begins with a setting's name."""
    return text if text.startswith("vm.") else text[:1].upper() + text[1:]
