"""A fleet for people: its report and what changed between two, on a screen and as a page."""
from __future__ import annotations

from nopage.report.fleet.page import fleet_page
from nopage.report.fleet.screen import fleet_lines
from nopage.report.fleet.since import diff_lines, diff_page

__all__ = ["diff_lines", "diff_page", "fleet_lines", "fleet_page"]
