"""What all pages are: one file with its style and its only script, which the policy allows by its hash."""
from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from nopage.kernel.plain import plain
from nopage.report.html.words import words_of
from nopage.report.speaker import Speaker, grouped
from nopage.version import __version__

LANGUAGE_TAGS = {"zh": "zh-Hans"}
STYLES = ("vendor/charts.min.css", "page.css")
SCRIPTS = ("page.js",)


def filled(
    template: str, speak: Speaker, *, styles: Sequence[str] = STYLES, scripts: Sequence[str] = SCRIPTS, **values: object
) -> str:
    """A page from its template."""
    script = "".join(map(asset, scripts))
    return page_environment().get_template(template).render(
        language=LANGUAGE_TAGS.get(speak.language, speak.language),
        words=words_of(speak),
        style=Markup("".join(map(asset, styles))),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        version=__version__,
        **values,
    )


@cache
def asset(name: str) -> str:
    """A file beside the templates."""
    return (files("nopage.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def page_environment() -> Environment:
    """Everything that is shown is escaped, control and bidi characters as codes (`finalize`)."""
    environment = Environment(
        loader=PackageLoader("nopage.report"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
    )
    environment.filters.update(grouped=grouped)
    return environment


def visible(value: object) -> object:
    """A text whose control and bidi characters are written as codes; everything else as it is."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return "\n".join(plain(line) for line in value.split("\n"))
