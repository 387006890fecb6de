"""Which of the open reports a line is of, where its source alone does not tell."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.klog.framing import Record
from nopage.klog.reading.building import MAX_PAUSE_S, ReportBuilder
from nopage.klog.report import Prelude


def owner_of(
    reports: Sequence[ReportBuilder], told: Prelude, record: Record, source: str | None
) -> ReportBuilder | None:
    """The open report of a `Comm:` line: the newest of its comm that has none yet, or half of it."""
    for builder in reversed(reports):
        if (
            builder.joined_prelude(told) is not None
            and builder.is_of(told.comm)
            and builder.record.source == source
            and not builder.trace_closed
            and builder.record.pause(record) <= MAX_PAUSE_S
        ):
            return builder
    return None


def unfinished(reports: Sequence[ReportBuilder], builder: ReportBuilder, text: str) -> ReportBuilder | None:
    """The report before, while the new one has printed nothing but its header: the lines of the former go on."""
    for other in reversed(reports):
        if other is not builder and other.record.source == builder.record.source:
            return other if other.expects(text) and other.record.pause(builder.record) <= MAX_PAUSE_S else None
    return None


def mode_taken(reports: Sequence[ReportBuilder], text: str) -> bool | None:
    """Whether the oldest header without a mode takes it from this text; None where each has its own."""
    lacking = next((builder for builder in reports if builder.mode is None), None)
    return None if lacking is None else lacking.take_mode(text) is not None
