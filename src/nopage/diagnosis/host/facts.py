"""All that is known of one host beside its failures: what advice is made from, and nothing else."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from nopage.kernel.facts import HugePages, MemInfo
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release


@dataclass(frozen=True, slots=True)
class SettingSource:
    """One line that sets a sysctl at boot: in which file, where, and whether it is the one that wins (sysctl.d(5))."""

    setting: str
    value: str
    file: str
    line: int
    wins: bool


@dataclass(frozen=True, slots=True)
class Pressure:
    """What /proc/vmstat has counted since boot, by name, and how long that is."""

    counters: Mapping[str, int]
    uptime_s: float | None = None

    def per_hour(self, name: str) -> float | None:
        """A counter as a rate; None where it or the uptime was not collected."""
        if name not in self.counters or not self.uptime_s:
            return None
        return self.counters[name] * 3600 / self.uptime_s


@dataclass(frozen=True, slots=True)
class Activity:
    """What sar measured in the interval that holds a failure; None where it did not.

    `time` is the end of the interval as sar prints it (ISO 8601, local to the host; "+00:00" behind it where sadf gave
    UTC). `receive_mbps` and `transmit_mbps` are the busiest interface's in Mbit/s, `interface` its name; scan rates are
    pages a second (pgscank: kswapd, pgscand: direct). `receive_dropped_per_s` is that of the interface that dropped
    most. `failures` happened in the interval. Averages: a burst of a second may stand in a quiet one.
    """

    time: str
    interval_s: float | None = None
    interface: str | None = None
    receive_mbps: float | None = None
    transmit_mbps: float | None = None
    kswapd_scanned_per_s: float | None = None
    direct_scanned_per_s: float | None = None
    free_kb: int | None = None
    receive_dropped_per_s: float | None = None
    swapped_out_per_s: float | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One host. None, or empty, means not collected.

    `collected` is the memory state at collection. `total_kb` is MemTotal. `page_kb` is the page size and `page_from`
    what told it ("report", "meminfo", "release", "vmcore" or ""). `pageblock_pages` as /proc/pagetypeinfo or the
    hugepage size tells. `thp` is the bracketed word of transparent_hugepage/enabled, `thp_defrag` of its defrag file.
    `balloons` are loaded balloon drivers by module name. `settings` are vm.* values without "vm.", `settings_text`
    those that are no single number. `cmdline` is the kernel's command line.

    `zones_kb` is what the zones hold: beside `total_kb` it shows a meminfo that is not of this kernel's memory but of a
    container. `setting_sources` are in the order they take effect. `tuned_profile` is "" where tuned says that none is
    active. `slab_kb` is what the largest slab caches hold, by name. `nic_nodes` and `numa_misses` are by interface and
    by node.
    """

    release: Release | None = None
    collected: MemInfo | None = None
    settings: Mapping[str, int] = field(default_factory=dict)
    settings_text: Mapping[str, str] = field(default_factory=dict)
    total_kb: int | None = None
    zones_kb: int | None = None
    page_kb: int | None = None
    page_from: str = ""
    pageblock_pages: int | None = None
    huge_pages: tuple[HugePages, ...] = ()
    thp: str | None = None
    thp_defrag: str | None = None
    balloons: tuple[str, ...] = ()
    setting_sources: tuple[SettingSource, ...] = ()
    tuned_profile: str | None = None
    pressure: Pressure | None = None
    activity: tuple[Activity, ...] = ()
    slab_kb: Mapping[str, int] = field(default_factory=dict)
    zone_reclaim_mode: int | None = None
    nic_nodes: Mapping[str, int] = field(default_factory=dict)
    numa_misses: Mapping[int, int] = field(default_factory=dict)
    cmdline: str | None = None
