"""Log bytes to windows: blocks searched for a few needles, whole lines around the hits, storms thinned and counted.

Of a text of sar the sections that matter are kept.
"""
from __future__ import annotations

from nopage.intake.search.finder import finder
from nopage.intake.search.quick import newlines
from nopage.intake.search.sar import SarSections
from nopage.intake.search.storm import cost_bytes
from nopage.intake.search.times import MONTHS
from nopage.intake.search.windows import WindowSearch

__all__ = ["MONTHS", "SarSections", "WindowSearch", "cost_bytes", "finder", "newlines"]
