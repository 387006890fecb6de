"""From the ladders of hosts to the typed contract of `nopage watermarks --format json`."""
from __future__ import annotations

from collections.abc import Iterable

from nopage.diagnosis.watermark import LadderRow, Marks
from nopage.engine.ladders import HostLadder, LadderTable
from nopage.result import said, said_all, texts
from nopage.result.ladders import (
    LADDERS_SCHEMA,
    HostWatermarks,
    LadderState,
    Watermarks,
    ZoneLadder,
    ZoneLadderMarks,
)
from nopage.version import __version__


def watermarks_of(hosts: Iterable[HostLadder]) -> Watermarks:
    """All hosts of one source."""
    return Watermarks(schema=LADDERS_SCHEMA, nopage=__version__, hosts=tuple(map(host_of, hosts)))


def host_of(host: HostLadder) -> HostWatermarks:
    """One host."""
    shown = host.ladder
    return HostWatermarks(
        path=host.path,
        host=host.host,
        kernel=host.kernel,
        complete=host.complete,
        warnings=host.warnings,
        settings=dict(shown.settings_now) if shown else {},
        asked=dict(shown.settings_then) if shown else {},
        states=tuple(map(state_of, host.tables)),
        rings=texts(host.rings),
        rings_said=said_all(host.rings),
        notes=texts(host.notes),
        notes_said=said_all(host.notes),
        caution=str(host.caution) if host.caution else None,
        caution_said=said(host.caution) if host.caution else None,
    )


def state_of(table: LadderTable) -> LadderState:
    """One moment."""
    return LadderState(
        at_failure=table.at_failure,
        time=table.time,
        zones=tuple(map(zone_of, table.ladder.rows)),
        missing=texts(table.ladder.missing),
        missing_said=said_all(table.ladder.missing),
        refused=texts(table.ladder.refused),
        refused_said=said_all(table.ladder.refused),
    )


def zone_of(row: LadderRow) -> ZoneLadder:
    """One zone."""
    return ZoneLadder(
        name=row.name,
        node=row.node,
        zone=row.zone,
        page_kb=row.page_kb,
        size_pages=row.size_pages,
        free_pages=row.free_pages,
        boost_pages=row.boost_pages,
        boost_told=row.boost_told,
        now=marks_of(row.now),
        then=marks_of(row.then) if row.then is not None else None,
    )


def marks_of(marks: Marks) -> ZoneLadderMarks:
    """One zone's marks under one setting."""
    return ZoneLadderMarks(
        min_pages=marks.min_pages,
        low_pages=marks.low_pages,
        high_pages=marks.high_pages,
        atomic_floor_pages=marks.atomic_floor_pages,
        orders=marks.orders,
    )
