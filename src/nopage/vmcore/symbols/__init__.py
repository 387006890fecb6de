"""What the dead kernel tells of itself: kallsyms and BTF from its own memory, or a vmlinux through drgn."""
from __future__ import annotations

from nopage.vmcore.symbols.btf import Btf, btf_size, read_btf
from nopage.vmcore.symbols.debuginfo import DRGN_ARCHES, Debuginfo, DrgnMemory, open_debuginfo
from nopage.vmcore.symbols.kallsyms import find_symbols, tables_from_vmcoreinfo
from nopage.vmcore.symbols.kernel_image import find_in_image

__all__ = [
    "DRGN_ARCHES",
    "Btf",
    "Debuginfo",
    "DrgnMemory",
    "btf_size",
    "find_in_image",
    "find_symbols",
    "open_debuginfo",
    "read_btf",
    "tables_from_vmcoreinfo",
]
