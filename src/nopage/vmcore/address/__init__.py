"""From a kernel address to the physical memory behind it: VMCOREINFO, linear maps, page tables."""
from __future__ import annotations

from nopage.vmcore.address.memory import KernelMemory
from nopage.vmcore.address.paging import paging_for
from nopage.vmcore.address.vmcoreinfo import VmcoreInfo

__all__ = [
    "KernelMemory",
    "VmcoreInfo",
    "paging_for",
]
