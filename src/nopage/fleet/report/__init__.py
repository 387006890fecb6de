"""A store asked as a whole: what a fleet suffers from, and what became of it between two scans; all of it in SQL."""
from __future__ import annotations

from nopage.fleet.report.difference import diff_of
from nopage.fleet.report.report import report_of

__all__ = ["diff_of", "report_of"]
