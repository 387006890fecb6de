"""The results as documents: HTML, Markdown, a case comment, a sysctl.d file, an Ansible playbook.

Jinja2 templates; HTML is escaped by it, the other formats by the filters here. Log text is hostile.
"""
from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from nopage.kernel import plain as codes
from nopage.report import words
from nopage.report.playbook import UNNAMED_HOST, inventory_host, is_plain_setting
from nopage.report.screen import finding_rows, link_rows
from nopage.report.speaker import Speaker
from nopage.result import Remedy, Result
from nopage.version import __version__

TEMPLATES = {
    "html": "page.html",
    "markdown": "report.md",
    "case": "case.txt",
    "sysctl": "sysctl.conf",
    "ansible": "playbook.yml",
}
MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def plain(text: object) -> str:
    """One line; what steers instead of showing stands in it as its code."""
    return codes.plain(str(text).replace("\r\n", " ").replace("\n", " "))


def markdown(text: object) -> str:
    """Text that Markdown shows as it stands."""
    return MARKDOWN_SPECIAL.sub(r"\\\1", plain(text))


def settings(result: Result) -> list[Remedy]:
    """The tunables that the remedies set, each once (the largest value wins): name, value, why, the value before.

    Only plain ones: what stands here is written as it is into files that the reader's host obeys.
    """
    found: dict[str, Remedy] = {}
    for finding in result.findings:
        for remedy in finding.remedies:
            name, value = remedy.setting, remedy.value
            if not name or value is None or not is_plain_setting(name, value):
                continue
            before = found.get(name)
            if before is None or (isinstance(value, int) and isinstance(before.value, int) and value > before.value):
                found[name] = remedy
    return list(found.values())


def shown(value: object) -> object:
    """What a template puts out: any text of it without characters that steer; the escaping comes behind this."""
    return codes.plain(value, keep="\n") if type(value) is str else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nopage.report"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=shown,
    )
    environment.filters.update(plain=plain, markdown=markdown, quoted=lambda text: json.dumps(plain(text)))
    environment.globals.update(
        words=words,
        finding_rows=lambda finding, result: finding_rows(finding, result, Speaker()),
        link_rows=link_rows,
        settings=settings,
        inventory_host=inventory_host,
        unnamed_host=UNNAMED_HOST,
        version=__version__,
    )
    return environment


def render(name: str, results: Sequence[Result]) -> str:
    """`results` in the format `name`, one of TEMPLATES."""
    if name == "html":
        from nopage.report.html import html_page

        return html_page(results, Speaker())
    return _environment().get_template(TEMPLATES[name]).render(results=results)
