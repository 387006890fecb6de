"""What a person reads first: one screen a host, an aligned table for many, and all of it for who asks why."""
from __future__ import annotations

from nopage.report.screen.first import first_screen, kernel_words, limits, step_note
from nopage.report.screen.kernel_text import kernel_text
from nopage.report.screen.layout import Line, columns, cut, paragraph, wrapped
from nopage.report.screen.long import finding_rows, link_rows, links, why
from nopage.report.screen.many import Many
from nopage.report.screen.when import ago, moment, span
from nopage.report.screen.why import deciding_zone, shown_failure, zone_name

__all__ = [
    "Line",
    "Many",
    "ago",
    "columns",
    "cut",
    "deciding_zone",
    "finding_rows",
    "first_screen",
    "kernel_text",
    "kernel_words",
    "limits",
    "link_rows",
    "links",
    "moment",
    "paragraph",
    "shown_failure",
    "span",
    "step_note",
    "why",
    "wrapped",
    "zone_name",
]
