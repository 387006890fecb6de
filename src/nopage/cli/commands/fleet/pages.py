"""A report as a folder: `index.html`, and below `hosts/` a page of each of the worst hosts."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING

from nopage.cli.commands.fleet.command import WrongArgument
from nopage.cli.output import UnwritableError, written

if TYPE_CHECKING:
    from nopage.fleet.store import Store
    from nopage.result.answers import FleetReport

INDEX, HOSTS = "index.html", "hosts"
MARK = '<meta name="generator" content="nopage fleet report">'
HEAD = 4096


def write_pages(output: str, store: Store, report: FleetReport, most: int, language: str) -> None:
    """Write the folder, or renew one that was written before. Raises WrongArgument where other things stand in it."""
    from nopage.report.documents import file_stem
    from nopage.report.fleet import fleet_page
    from nopage.report.html import html_page
    from nopage.report.speaker import speaker

    must_be_ours(output)
    speak, taken, links = speaker(language), set[str](), {}
    wanted = [(one.source, one.member) for one in report.hosts if one.finding][:most]
    try:
        os.makedirs(os.path.join(output, HOSTS), exist_ok=True)
        for where, result in store.results_of(wanted):
            name = file_stem(result, taken) + ".html"
            with written(os.path.join(output, HOSTS, name)) as out:
                out.write(html_page([result], speak, up=f"../{INDEX}"))
            links[where] = f"{HOSTS}/{name}"
        with written(os.path.join(output, INDEX)) as out:
            out.write(fleet_page(report, speak, pages=links))
    except (OSError, UnwritableError) as error:
        raise WrongArgument(f"{output}: {error}; name a folder that can be written") from error
    sweep(output, {os.path.basename(link) for link in links.values()})


def must_be_ours(output: str) -> None:
    """A folder that is not there, is empty, or holds an earlier report."""
    if not os.path.isdir(output):
        return
    there = os.listdir(output)
    if not there:
        return
    try:
        with open(os.path.join(output, INDEX), encoding="utf-8", errors="replace") as file:
            ours = MARK in file.read(HEAD)
    except OSError:
        ours = False
    if not ours or set(there) - {INDEX, HOSTS}:
        raise WrongArgument(f"{output}: holds other files; name a new folder")


def sweep(output: str, names: set[str]) -> None:
    """Take away the pages of an earlier report that this one has not."""
    folder = os.path.join(output, HOSTS)
    for name in os.listdir(folder):
        if name.endswith(".html") and name not in names:
            os.unlink(os.path.join(folder, name))
