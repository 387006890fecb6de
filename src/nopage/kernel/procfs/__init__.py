"""What /proc and the network tools print: zones, free lists, interfaces and their counters."""
from __future__ import annotations

from nopage.kernel.procfs.network import Interface, NetText, read_network
from nopage.kernel.procfs.zones import with_free_areas, zoneinfo, zones_of_buddyinfo

__all__ = [
    "Interface",
    "NetText",
    "read_network",
    "with_free_areas",
    "zoneinfo",
    "zones_of_buddyinfo",
]
