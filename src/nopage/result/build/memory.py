"""The memory of the host, and what else of it bears on advice, as types of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from nopage.diagnosis.host import Activity as HostActivity
from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.watermark import memory_base
from nopage.kernel import facts
from nopage.kernel.message import NOTHING
from nopage.result import Activity, HugePages, Memory, PageFrom, SettingSource, StateFrom, said
from nopage.result.build.facts import zone_of


def memory_of(
    mem_info: facts.MemInfo | None,
    settings: dict[str, int],
    total_kb: int | None,
    missing: Sequence[str],
    host: HostFacts | None = None,
) -> Memory:
    """The memory state at collection time, and what else of the host bears on it."""
    zones: Iterable[facts.Zone] = mem_info.zones if mem_info else ()
    state = Memory(
        source=StateFrom(mem_info.source) if mem_info else None,
        total_kb=total_kb,
        settings=settings,
        zones=tuple(zone_of(zone) for zone in zones if zone.present_pages != 0),
        missing=tuple(missing),
    )
    return state if host is None else with_host(state, host)


def with_host(memory: Memory, host: HostFacts) -> Memory:
    """The same with page size, hugepages, THP, who sets the sysctls, pressure, and what sar measured."""
    pressure = host.pressure
    zones = host.collected.zones if host.collected else ()
    base = memory_base(host.release, zones, host.total_kb, host.huge_pages)
    contradiction = base.contradiction if base is not None else NOTHING
    rates = {} if pressure is None else {name: pressure.per_hour(name) for name in pressure.counters}
    return replace(
        memory,
        page_kb=host.page_kb,
        page_from=PageFrom(host.page_from) if host.page_from else None,
        zones_kb=host.zones_kb,
        contradiction=str(contradiction) or None,
        contradiction_said=said(contradiction) if contradiction else None,
        pageblock_pages=host.pageblock_pages,
        huge_pages=tuple(HugePages(size_kb=one.size_kb, count=one.count, node=one.node) for one in host.huge_pages),
        thp=host.thp,
        thp_defrag=host.thp_defrag,
        balloons=host.balloons,
        setting_sources=tuple(
            SettingSource(setting=one.setting, value=one.value, file=one.file, line=one.line, wins=one.wins)
            for one in host.setting_sources
        ),
        tuned_profile=host.tuned_profile,
        uptime_s=pressure.uptime_s if pressure else None,
        pressure=dict(pressure.counters) if pressure else {},
        pressure_per_hour={name: round(rate, 3) for name, rate in rates.items() if rate is not None},
        activity=tuple(map(activity_of, host.activity)),
        slab_kb=dict(host.slab_kb),
        numa_misses={str(node): pages for node, pages in host.numa_misses.items()},
    )


def activity_of(one: HostActivity) -> Activity:
    """One interval of sar."""
    return Activity(
        time=one.time,
        interval_s=one.interval_s,
        failures=one.failures,
        interface=one.interface,
        receive_mbps=rounded(one.receive_mbps),
        transmit_mbps=rounded(one.transmit_mbps),
        receive_dropped_per_s=rounded(one.receive_dropped_per_s),
        kswapd_scanned_per_s=rounded(one.kswapd_scanned_per_s),
        direct_scanned_per_s=rounded(one.direct_scanned_per_s),
        swapped_out_per_s=rounded(one.swapped_out_per_s),
        free_kb=one.free_kb,
    )


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
