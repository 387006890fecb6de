"""One problem on its host: all that a step's value, its trial and its words depend on."""
from __future__ import annotations

from collections.abc import Mapping

from nopage.diagnosis.cause import (
    COSTLY_ORDER,
    EXHAUSTED,
    NETWORK_PATHS,
    OUT_OF_BLOCKS,
    ZONE_EXHAUSTED,
    Asker,
    Diagnosis,
    Drops,
    HostNetwork,
    Timeline,
)
from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.remedy.problem import Kind, Problem
from nopage.diagnosis.watermark import (
    FREE_LIST,
    MemoryBase,
    Provenance,
    Request,
    ZoneVerdict,
    implied_min_free_kbytes,
    memory_base,
    provenance,
    sized,
    too_low,
)
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message
from nopage.kernel.release import Release

# Zones that a device with a short mask asks for: a share of the reserve costs gigabytes elsewhere (KERNEL.md 6, row 5).
DEVICE_ZONES = ("DMA", "DMA32")
# The command line of a kernel that kexec started after a crash: the dump's ELF header, devices to reset.
CAPTURE_WORDS = ("elfcorehdr=", "reset_devices")
CAPTURE_COMMS = ("makedumpfile", "vmcore-dmesg", "kdump.sh")
CAPTURE_MOST_KB = 512 * 1024
HIGHATOMIC, CMA, RESERVED = "highatomic", "cma", "reserved"


@dataclass(frozen=True, slots=True)
class Situation:
    """A problem on its host; `settings` are vm.* values without "vm.", None always means not collected.

    `host_short`: memory was genuinely short at one of the host's failures, this one or another.
    """

    host: HostFacts
    problem: Problem
    network: HostNetwork | None = None
    host_short: bool = False

    @property
    def release(self) -> Release | None:
        """The kernel that runs now: what can be done, can be done on it."""
        return self.host.release or self.problem.release

    @property
    def printed_by(self) -> Release | None:
        """The kernel whose rule refused the request."""
        return self.problem.release or self.host.release

    @property
    def settings(self) -> Mapping[str, int]:
        return self.host.settings

    @property
    def settings_text(self) -> Mapping[str, str]:
        return self.host.settings_text

    @property
    def diagnosis(self) -> Diagnosis | None:
        return self.problem.diagnosis

    @property
    def request(self) -> Request | None:
        return self.problem.request

    @property
    def asker(self) -> Asker | None:
        return self.problem.diagnosis.asker if self.problem.diagnosis is not None else None

    @property
    def best(self) -> ZoneVerdict | None:
        return self.problem.diagnosis.best if self.problem.diagnosis is not None else None

    @property
    def timeline(self) -> Timeline | None:
        return self.problem.timeline

    @property
    def drops(self) -> Drops | None:
        return self.problem.drops

    @property
    def driver(self) -> str | None:
        return self.problem.driver

    @property
    def failed_in(self) -> MemInfo | None:
        """The state printed with the failure."""
        return self.problem.state

    @property
    def memory(self) -> MemInfo | None:
        """The state at collection: the zones' sizes, and the settings beside it, are of one moment."""
        return self.host.collected

    def has(self, key: str) -> bool:
        """Whether the diagnosis has a note of this key."""
        return self.problem.diagnosis is not None and self.problem.diagnosis.has(key)

    @property
    def on_network(self) -> bool:
        """The request was on a network path, and packets were under way."""
        asker = self.asker
        return asker is not None and asker.path in NETWORK_PATHS and not asker.setup

    @property
    def maybe_on_network(self) -> bool:
        """It was, or nobody can tell."""
        return self.on_network or self.asker is None or not self.asker.path_known

    @property
    def atomic(self) -> bool:
        return self.request is None or self.request.atomic

    @property
    def order(self) -> int:
        return self.request.order if self.request is not None else 0

    @property
    def cause(self) -> str:
        """The cause; for a sleeping request what the printed state shows."""
        return self.problem.cause

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The host's zones with their sizes: as collected, else those of the failure."""
        for state in (self.memory, self.failed_in):
            if state is not None and sized(state.zones):
                return sized(state.zones)
        return ()

    @property
    def page_kb(self) -> int:
        return self.zones[0].page_kb if self.zones else self.host.page_kb or 4

    @property
    def current_kb(self) -> int | None:
        """The present min_free_kbytes: as collected, else what the printed min marks add up to."""
        value = self.settings.get("min_free_kbytes")
        return value if value is not None else implied_min_free_kbytes(self.release, self.zones)

    @property
    def base(self) -> MemoryBase | None:
        """The memory that a reserve is taken from."""
        return memory_base(self.release, self.zones, self.host.total_kb, self.host.huge_pages)

    @property
    def provenance(self) -> Provenance:
        """Where the present min_free_kbytes comes from, and what the kernel sets by itself."""
        return provenance(self.release, self.zones, self.current_kb, thp=self.host.thp, total_kb=self.host.total_kb,
                          block_pages=self.host.pageblock_pages)

    @property
    def too_low(self) -> Message:
        """Why the present min_free_kbytes is too low; NOTHING where it is not."""
        return too_low(self.release, self.zones, self.current_kb, thp=self.host.thp, total_kb=self.host.total_kb,
                       block_pages=self.host.pageblock_pages)

    @property
    def ram_kb(self) -> int | None:
        """All memory."""
        return self.base.managed_kb if self.base is not None else None

    @property
    def is_failure(self) -> bool:
        return self.problem.kind is Kind.FAILURE

    @property
    def shortage(self) -> bool:
        """No cache to give back and no free swap."""
        return self.has("genuine_shortage")

    @property
    def device_zone(self) -> str:
        """DMA or DMA32, where the request was limited to it and only that was short; else ""."""
        limit = self.request.zone_limit if self.request is not None else ""
        if limit not in DEVICE_ZONES:
            return ""
        above = any(zone.name in ("Normal", "HighMem", "DMA32") and zone.name != limit for zone in self.zones)
        return limit if above or self.cause == ZONE_EXHAUSTED else ""

    @property
    def capture_kernel(self) -> bool:
        """A kdump capture kernel: by its command line, its programs, or as little memory as no RHEL host has."""
        if not self.has("small_kernel"):
            return False
        if self.capture_told or self.host.cmdline is not None:
            return self.capture_told
        release, ram = self.printed_by, self.ram_kb
        return (release is not None and release.exact and release.generation not in ("el4", "el5")
                and (ram is None or ram <= CAPTURE_MOST_KB))

    @property
    def capture_told(self) -> bool:
        """Its command line or what runs in it says so; else the little memory is all that does."""
        return (self.problem.comm or "").startswith(CAPTURE_COMMS) or (
            self.host.cmdline is not None and any(word in self.host.cmdline for word in CAPTURE_WORDS))

    @property
    def held_by(self) -> str:
        """Who holds the pages that are free but not for this request: "highatomic", "cma", "reserved"; "" nobody."""
        best = self.best
        if best is None or best.ok or self.cause not in (EXHAUSTED, ZONE_EXHAUSTED, *OUT_OF_BLOCKS):
            return ""
        zone = best.zone
        free, cma = zone.free_pages or 0, zone.free_cma_pages or 0
        if self.has("cma") or (best.test == FREE_LIST and cma * 2 > free > 0):
            return CMA
        if best.test != FREE_LIST or free <= (1 << self.order):
            return ""
        if self.order == 0:
            letters = {letter for column in zone.free_area if column.count for letter in column.migratetypes}
            return HIGHATOMIC if "H" in letters else RESERVED if letters else ""
        return ""

    @property
    def wants_reserve(self) -> bool:
        """Whether more free pages can work against this cause at all."""
        short = self.shortage or self.host_short
        return (self.atomic and not short and self.order <= COSTLY_ORDER and not self.has("caller_bug")
                and not self.device_zone and not self.held_by and not self.capture_kernel)
