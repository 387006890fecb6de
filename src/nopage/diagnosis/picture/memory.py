"""The host's zones, watermarks and free lists when it was collected, and its vm settings.

From /proc/zoneinfo and /proc/buddyinfo (RHEL 4 has only the latter), `sysctl -a`, /proc/meminfo, and from a vmcore.
The state at each failure stands in the failure's own report.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nopage.diagnosis.host import VMCORE, PageSize, page_size
from nopage.diagnosis.picture.failures import Failures
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.texts import Said
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.numbers import whole_number
from nopage.kernel.procfs import with_free_areas, zones_of_buddyinfo

VM_TEXTS = ("lowmem_reserve_ratio",)
VM_SETTINGS = (
    "min_free_kbytes",
    "extra_free_kbytes",
    "watermark_scale_factor",
    "watermark_boost_factor",
    "zone_reclaim_mode",
    "compaction_proactiveness",
    "nr_hugepages",
    "vfs_cache_pressure",
    "lower_zone_protection",
    "swappiness",
)


class Memory:
    """The memory state at collection time.

    Attributes:
        state (MemInfo | None): zones with watermarks and free lists; None when nothing was collected.
        settings (dict[str, int]): vm.* values by name without "vm.".
        texts (dict[str, str]): vm.* values that are no single number.
        total_kb (int | None): MemTotal.
        page (PageSize): how large a page is, and what told it.
        missing (tuple[str, ...]): what was not collected.
    """

    def __init__(self, said: Said, core: MemInfo | None, failures: Failures | None, kernel: Kernel | None) -> None:
        zoneinfo, buddyinfo, sysctl, meminfo = map(said.get, ("zoneinfo", "buddyinfo", "sysctl", "meminfo"))
        zones: tuple[Zone, ...] = zoneinfo[0] if zoneinfo else ()
        size_kb = {key.lower(): value for key, value in meminfo[0].items()} if meminfo else {}
        self.total_kb: int | None = size_kb.get("memtotal")
        self.page: PageSize = page_size(
            printed_page_kb(failures), self.total_kb, zones, kernel.release if kernel else None
        )
        page_kb = self.page.kb
        if zoneinfo and page_kb != 4:
            zones = tuple(replace(zone, page_kb=page_kb) for zone in zones)
        if buddyinfo:
            counts = buddyinfo[0]
            zones = with_free_areas(zones, counts) if zones else zones_of_buddyinfo(counts, page_kb)
        self.settings: dict[str, int] = {}
        for name in VM_SETTINGS:
            for settings in sysctl or ():
                value = integer(settings, f"vm.{name}")
                if value is not None:
                    self.settings.setdefault(name, value)
        self.texts = {
            name: str(settings[f"vm.{name}"])
            for settings in sysctl or ()
            for name in VM_TEXTS
            if f"vm.{name}" in settings
        }
        for name, text in said.get("sysctl_vm", ()):
            value = whole_number(text) if name in VM_SETTINGS else None
            if value is not None:
                self.settings.setdefault(name, value)
            if name in VM_TEXTS:
                self.texts.setdefault(name, text)
        swap_free_kb = swap_total_kb = None
        counters: dict[str, int] = {}
        if meminfo:
            swap_free_kb, swap_total_kb = size_kb.get("swapfree"), size_kb.get("swaptotal")
            counters = {name: size_kb[key] // page_kb for name, key in MEMINFO_COUNTERS.items() if key in size_kb}
        self.state: MemInfo | None = None
        if zones:
            self.state = MemInfo(
                zones=zones,
                source="proc",
                page_kb=page_kb,
                counters_pages=counters,
                swap_free_kb=swap_free_kb,
                swap_total_kb=swap_total_kb,
            )
        if self.state is None:
            self.state = core  # a core inside a sosreport is of an earlier boot
            if core is not None:
                self.page = PageSize(core.page_kb, VMCORE)
        self.missing = tuple(
            name
            for name, found in (
                ("/proc/zoneinfo", zoneinfo),
                ("/proc/buddyinfo", buddyinfo),
                ("sysctl -a", sysctl),
                ("/proc/meminfo", meminfo),
            )
            if not found and core is None and not (name == "/proc/zoneinfo" and before_zoneinfo(kernel))
        )


ZONEINFO_SINCE = (2, 6, 13)


def before_zoneinfo(kernel: Kernel | None) -> bool:
    """The kernel has no /proc/zoneinfo, as RHEL 4's."""
    return kernel is not None and kernel.release is not None and kernel.release.version < ZONEINFO_SINCE


# /proc/meminfo key (in small letters) -> the word of the Mem-Info summary block
MEMINFO_COUNTERS = {
    "active_anon": "active(anon)",
    "inactive_anon": "inactive(anon)",
    "active_file": "active(file)",
    "inactive_file": "inactive(file)",
    "active": "active",
    "inactive": "inactive",
    "slab": "slab",
    "slab_reclaimable": "sreclaimable",
    "slab_unreclaimable": "sunreclaim",
    "shmem": "shmem",
    "pagetables": "pagetables",
    "free": "memfree",
}


def printed_page_kb(failures: Failures | None) -> Iterator[int]:
    """The page sizes that the host's reports show."""
    for failure in failures.failures if failures else ():
        if failure.report.mem_info is not None and failure.report.mem_info.zones:
            yield failure.report.mem_info.page_kb


def integer(settings: Mapping[str, str], key: str) -> int | None:
    """The value of a sysctl as a number, None when absent or no number."""
    words = settings.get(key, "")[:64].split()
    return whole_number(words[0]) if words else None
