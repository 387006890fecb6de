"""Files that a host obeys: a fragment of sysctl.d(5) and an Ansible playbook, from the plan's settings.

Nothing of the source stands in a field: what is written is checked by `names`, all else stands in comments of one line
or is left out.
"""
from __future__ import annotations

import json
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from nopage.report.documents.account import base_name
from nopage.report.documents.comments import comments_of
from nopage.report.documents.names import UNNAMED_HOST, inventory_host
from nopage.report.documents.plain import COMMENT_COLUMNS, plain
from nopage.report.documents.settings import Kind, later, settings, undone
from nopage.report.screen import kernel_said, no_host, wrapped
from nopage.report.speaker import Speaker
from nopage.result import Result


def playbook(result: Result, speak: Speaker) -> str:
    """The play for one host."""
    return _filled("playbook.yml", result, speak)


def sysctl_file(result: Result, speak: Speaker) -> str:
    """Lines of sysctl.conf(5) for one host."""
    return _filled("sysctl.conf", result, speak)


def _filled(template: str, result: Result, speak: Speaker) -> str:
    return _environment().get_template(template).render(
        who=f"{result.host or speak(no_host())}, {speak(kernel_said(result))}",
        source=base_name(result),
        host=inventory_host(result.host),
        unnamed_host=UNNAMED_HOST,
        settings=settings(result, speak),
        undone=undone(result, speak),
        later=later(result),
        Kind=Kind,
        say=comments_of(speak),
    )


def comment(text: object, indent: str = "") -> str:
    """A comment of one or more lines, each of at most 100 columns, behind `indent`."""
    lines = wrapped(plain(text), COMMENT_COLUMNS - len(indent) - 2)
    return f"\n{indent}".join(f"# {line}".rstrip() for line in lines)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("nopage.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters.update(comment=comment, quoted=lambda text: json.dumps(str(text)))
    return environment
