"""What can be done: a table of actions, one row each."""
from __future__ import annotations

from nopage.diagnosis.remedy.actions.context import Context, Proposal, Row
from nopage.diagnosis.remedy.actions.kernel import newest_update
from nopage.diagnosis.remedy.actions.memory import nothing_else
from nopage.diagnosis.remedy.actions.reserve import MIN_FREE, above_high, further_reserve
from nopage.diagnosis.remedy.actions.table import ROWS

__all__ = [
    "MIN_FREE",
    "ROWS",
    "Context",
    "Proposal",
    "Row",
    "above_high",
    "further_reserve",
    "newest_update",
    "nothing_else",
]
