"""What a person reads first: one screen a host, an aligned table for many, and all of it for who asks why."""
from __future__ import annotations

from nopage.report.screen.first import first_screen, limits, step_note
from nopage.report.screen.host import (
    action_words,
    deed_said,
    kernel_said,
    no_host,
    now_said,
    risk_said,
    update_said,
    value_words,
)
from nopage.report.screen.kernel_text import kernel_text
from nopage.report.screen.layout import PROSE_MOST, Line, columns, cut, padded, paragraph, wrapped
from nopage.report.screen.long import finding_rows, link_rows, links, why
from nopage.report.screen.many import CAUSE, KERNEL, REPORTS, WHO, Many
from nopage.report.screen.when import ago, moment, span
from nopage.report.screen.why import deciding_test, deciding_zone, shown_failure, zone_name

__all__ = [
    "CAUSE",
    "KERNEL",
    "PROSE_MOST",
    "REPORTS",
    "WHO",
    "Line",
    "Many",
    "action_words",
    "ago",
    "columns",
    "cut",
    "deciding_test",
    "deciding_zone",
    "deed_said",
    "finding_rows",
    "first_screen",
    "kernel_said",
    "kernel_text",
    "limits",
    "link_rows",
    "links",
    "moment",
    "no_host",
    "now_said",
    "padded",
    "paragraph",
    "risk_said",
    "shown_failure",
    "span",
    "step_note",
    "update_said",
    "value_words",
    "why",
    "wrapped",
    "zone_name",
]
