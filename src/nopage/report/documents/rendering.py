"""Which document is made how, and of how many hosts."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from nopage.report.documents.settings import file_stem
from nopage.report.speaker import Speaker
from nopage.result import Result

# Formats that change a host, by the ending of their files: one host one file.
ENDINGS: Final = {"ansible": ".yml", "sysctl": ".conf"}


class SeveralHosts(ValueError):
    """A file that a host obeys is of one host."""


def _html(results: Sequence[Result], speak: Speaker) -> str:
    from nopage.report.html import html_page

    return html_page(results, speak)


def _markdown(results: Sequence[Result], speak: Speaker) -> str:
    from nopage.report.documents.report import markdown_report

    return markdown_report(results, speak)


def _case(results: Sequence[Result], speak: Speaker) -> str:
    from nopage.report.documents.case import case_comment

    return case_comment(results, speak)


def _ansible(results: Sequence[Result], speak: Speaker) -> str:
    from nopage.report.documents.applying import playbook

    return playbook(_only(results), speak) if results else ""


def _sysctl(results: Sequence[Result], speak: Speaker) -> str:
    from nopage.report.documents.applying import sysctl_file

    return sysctl_file(_only(results), speak) if results else ""


FORMATS: Final[dict[str, Callable[[Sequence[Result], Speaker], str]]] = {
    "html": _html,
    "markdown": _markdown,
    "case": _case,
    "sysctl": _sysctl,
    "ansible": _ansible,
}


def render(name: str, results: Sequence[Result], speak: Speaker | None = None) -> str:
    """`results` in the format `name`, one of FORMATS. SeveralHosts where the format is of one host."""
    return FORMATS[name](results, speak or Speaker())


def _only(results: Sequence[Result]) -> Result:
    if len(results) != 1:
        raise SeveralHosts(f"{len(results)} hosts; a file that changes a host is of one host")
    return results[0]


def host_file(name: str, result: Result, taken: set[str], speak: Speaker | None = None) -> tuple[str, str]:
    """One host's file: a name that is safe in any folder and none of `taken`, to which it is added; and its text."""
    text = render(name, [result], speak)
    return file_stem(result, taken) + ENDINGS[name], text
