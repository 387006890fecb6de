"""The memory state of a dead kernel: its own symbol table and types first, then the zones they lead to."""
from __future__ import annotations

import re

from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass
from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault
from nopage.vmcore.state.zones import read_zones
from nopage.vmcore.symbols import (
    Btf,
    Debuginfo,
    btf_size,
    find_in_image,
    find_symbols,
    read_btf,
    tables_from_vmcoreinfo,
)

_TYPES = ("zone", "free_area", "pglist_data", "migratetype")
_SYMBOLS = ("min_free_kbytes", "node_data", "contig_page_data", "__start_BTF")
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class State:
    """`missing` says in words what the core does not tell."""

    mem_info: MemInfo | None
    min_free_kbytes: int | None
    missing: tuple[str, ...]


def read_state(memory: KernelMemory, release: str | None, debuginfo: Debuginfo | None = None) -> State:
    """Never raises: what cannot be read is None, and said. Debuginfo, where it was given, goes before all else."""
    missing: list[str] = []
    symbols: dict[str, int]
    btf: Btf | None
    if debuginfo is not None and debuginfo.types is not None:
        symbols, btf = dict(debuginfo.symbols), debuginfo.types
    else:
        symbols, btf = _own_knowledge(memory)
    version = _VERSION.match(release or "")
    numbers = tuple(int(number) for number in version.groups(default="0")) if version else (0, 0, 0)
    try:
        zones = read_zones(memory, numbers, symbols, btf)
        mem_info = zones.mem_info
        missing += zones.missing
    except ReadFault as fault:
        mem_info = None
        missing.append(f"the zones: {fault}")
    min_free_kbytes = None
    if "min_free_kbytes" in symbols:
        try:
            value = memory.u32(symbols["min_free_kbytes"])
            min_free_kbytes = value if value < 1 << 31 else None
        except ReadFault:
            pass
    if min_free_kbytes is None:
        missing.append("vm.min_free_kbytes: its symbol is not told by VMCOREINFO, nor is kallsyms readable in the core")
    return State(mem_info, min_free_kbytes, tuple(missing))


def _own_knowledge(memory: KernelMemory) -> tuple[dict[str, int], Btf | None]:
    """(symbols, types) that the kernel carries in itself; both may be absent from a core that was cut down."""
    symbols: dict[str, int] = {}
    btf_at: int | None = None
    try:
        tables = tables_from_vmcoreinfo(memory)
    except ReadFault:
        tables = None
    if tables is None:
        found = find_in_image(memory)
        tables, btf_at = found.kallsyms, found.btf
    if tables is not None:
        try:
            symbols = find_symbols(memory, tables, _SYMBOLS)
        except (ReadFault, IndexError, ValueError):
            symbols = {}
    return symbols, _types(memory, symbols.get("__start_BTF", btf_at))


def _types(memory: KernelMemory, address: int | None) -> Btf | None:
    if address is None:
        return None
    try:
        size = btf_size(memory.read(address, 24), memory.order)
        return read_btf(memory.read(address, size), memory.order, _TYPES) if size else None
    except ReadFault:
        return None
