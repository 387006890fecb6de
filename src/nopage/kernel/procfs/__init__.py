"""What /proc, /sys and the network tools print: zones, free lists, counters, hugepages, slabs, interfaces."""
from __future__ import annotations

from nopage.kernel.procfs.counters import counters, meminfo, node_meminfo, numa_misses, pressure_counters
from nopage.kernel.procfs.network import Interface, NetText, read_network
from nopage.kernel.procfs.system import (
    bracketed,
    huge_page_file,
    huge_page_sizes_kb,
    modules,
    pages_per_block,
    pci_nodes,
    slab_pages,
    uptime_seconds,
)
from nopage.kernel.procfs.zones import buddyinfo, with_free_areas, zoneinfo, zones_of_buddyinfo

__all__ = [
    "Interface",
    "NetText",
    "bracketed",
    "buddyinfo",
    "counters",
    "huge_page_file",
    "huge_page_sizes_kb",
    "meminfo",
    "modules",
    "node_meminfo",
    "numa_misses",
    "pages_per_block",
    "pci_nodes",
    "pressure_counters",
    "read_network",
    "slab_pages",
    "uptime_seconds",
    "with_free_areas",
    "zoneinfo",
    "zones_of_buddyinfo",
]
