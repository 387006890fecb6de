"""What explain, rules and diff found, as text."""
from __future__ import annotations

from nopage.report.answers.difference import difference_lines
from nopage.report.answers.mask import mask_lines, masks_table
from nopage.report.answers.rules import rule_lines, rules_table

__all__ = ["difference_lines", "mask_lines", "masks_table", "rule_lines", "rules_table"]
