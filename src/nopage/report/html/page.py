"""The page of one host or several, the most urgent first."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.report.html.host import host_of
from nopage.report.html.shell import filled
from nopage.report.speaker import Speaker
from nopage.result import Result, Severity

ORDER = tuple(Severity)


def html_page(results: Sequence[Result], speak: Speaker, up: str = "") -> str:
    """The page of one host or several; `up` is the page that it was reached from."""
    ranked = sorted(results, key=rank)
    hosts = [host_of(number, one, speak) for number, one in enumerate(ranked, 1)]
    return filled("page.html", speak, up=up, hosts=hosts)


def rank(result: Result) -> tuple[int, int]:
    """The most urgent first, of these that with the most failures; else in the order they were read."""
    return ORDER.index(result.severity), -sum(finding.reports or 0 for finding in result.findings)
