"""The zones of a dead kernel: sizes, watermarks, reserves and free lists, from VMCOREINFO and the kernel's types."""
from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import field

from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import say
from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault
from nopage.vmcore.state.zone_layout import ZoneLayout, ZoneWords, layout_from_source, layout_from_types
from nopage.vmcore.symbols import Btf

_NODES = 1024
_ZONES = 8
_ORDERS = 32
_ZONE_BYTES = 1 << 16
_POINTER = 1 << 63
# include/linux/mmzone.h: enum zone_type under each architecture's Red Hat configuration
_ZONE_NAMES = {
    "x86_64": ("DMA", "DMA32", "Normal", "Movable", "Device"),
    "i386": ("DMA", "Normal", "HighMem", "Movable"),
    "aarch64": ("DMA", "DMA32", "Normal", "Movable", "Device"),
    "s390x": ("DMA", "Normal", "Movable", "Device"),
}
# the letters of show_migration_types() by the names of enum migratetype
_LETTERS = {"UNMOVABLE": "U", "RECLAIMABLE": "E", "MOVABLE": "M", "HIGHATOMIC": "H", "RESERVE": "R", "CMA": "C",
            "ISOLATE": "I"}


@dataclass(slots=True)
class MemoryState:
    """What the core tells of the host's memory; `missing` in words."""

    mem_info: MemInfo | None = None
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The offsets that VMCOREINFO or BTF gives."""

    zone_bytes: int
    zones_at: int
    nr_zones_at: int | None
    node_id_at: int | None
    free_area_at: int | None
    free_area_bytes: int
    nr_free_at: int
    orders: int
    lists_at: int
    list_bytes: int
    vm_stat_at: int | None
    nr_free_pages: int


@dataclass(frozen=True, slots=True)
class _RawZone:
    node: int
    node_address: int
    index: int
    address: int
    data: bytes
    absent: int


def read_zones(
    memory: KernelMemory, version: tuple[int, ...], symbols: dict[str, int], btf: Btf | None
) -> MemoryState:
    """All populated zones of all nodes. Fields whose place is not known or whose page is not there are None."""
    state = MemoryState()
    shape = _shape(memory, btf)
    if isinstance(shape, str):
        state.missing.append(f"the zones: {shape}")
        return state
    nodes, why = _nodes(memory, symbols, shape)
    if not nodes:
        state.missing.append(f"the zones: {why}")
        return state
    if why:
        state.missing.append(why)
    raw = [zone for node, address in nodes for zone in _raw_zones(memory, shape, node, address, state.missing)]
    layout = layout_from_types(btf) if btf is not None else None
    spanned_at = memory.info.offsets.get("zone.spanned_pages", layout.spanned_at if layout else None)
    populated = [zone for zone in raw if _populated(memory, zone, spanned_at)]
    if layout is None:
        whole = [ZoneWords(_words(memory, zone.data), zone.index, zone.node_address) for zone in populated]
        numa = "node_data" in memory.info.symbols or "node_data" in symbols
        layout = layout_from_source(version, whole, memory.word_bytes, spanned_at, numa=numa)
        if layout.min_at is None:
            state.missing.append("the watermarks: the core carries no type information (BTF) that tells their place")
        elif layout.reserve_at is None:
            state.missing.append("lowmem_reserve: the core carries no type information (BTF) that tells its place")
    reader = _ZoneReader(memory, shape, layout, _letters(memory, btf, version))
    zones = tuple(reader.zone(zone) for zone in populated)
    if reader.named_by_place:
        state.missing.append("the names of the zones are not in the core: told by their place")
    if any(zone.absent for zone in populated):
        state.missing.append("some pages of the zones are not in the core: their fields are left out")
    if not zones:
        state.missing.append("the zones: none of them is in the core")
        return state
    counters = {"free": sum(zone.free_pages or 0 for zone in zones)} if all(
        zone.free_pages is not None for zone in zones) else {}
    state.mem_info = MemInfo(zones=zones, source="vmcore", page_kb=zones[0].page_kb, counters_pages=counters,
                             missing=tuple(say("missing.core_state", "{why}", why=why) for why in state.missing))
    return state


def _shape(memory: KernelMemory, btf: Btf | None) -> _Shape | str:
    info, types = memory.info, btf or Btf()
    word = memory.word_bytes

    def at(struct_name: str, member: str) -> int | None:
        known = info.offsets.get(f"{struct_name}.{member}")
        found = types.member(struct_name, member)
        return known if known is not None else found.offset if found else None

    zone_bytes = info.sizes.get("zone") or types.structs.get("zone", (0, {}))[0]
    zones_at = at("pglist_data", "node_zones")
    if not 0 < zone_bytes <= _ZONE_BYTES or zones_at is None:
        return "VMCOREINFO does not tell the layout of nodes and zones"
    area_bytes = info.sizes.get("free_area") or types.structs.get("free_area", (0, {}))[0]
    list_bytes = info.sizes.get("list_head", 2 * word)
    nr_free = types.member("free_area", "nr_free")
    lists = info.lengths.get("free_area.free_list", (area_bytes - word) // list_bytes if list_bytes else 0)
    return _Shape(
        zone_bytes, zones_at, at("pglist_data", "nr_zones"), at("pglist_data", "node_id"),
        at("zone", "free_area"), area_bytes,
        nr_free.offset if nr_free else lists * list_bytes,  # the lists, then nr_free: since 2.6.24
        min(info.lengths.get("zone.free_area", 11), _ORDERS), at("free_area", "free_list") or 0, list_bytes,
        at("zone", "vm_stat"), info.numbers.get("NR_FREE_PAGES", 0),
    )


def _nodes(memory: KernelMemory, symbols: dict[str, int], shape: _Shape) -> tuple[list[tuple[int, int]], str]:
    """(node, address of its pglist_data) of each node, and what kept the rest from being read."""
    known = {**symbols, **memory.info.symbols}
    if "node_data" in known:
        count = min(memory.info.lengths.get("node_data", _NODES), _NODES)
        try:
            table = memory.read_around(known["node_data"], count * memory.word_bytes)[0]
        except ReadFault:
            return [], "the table of nodes is not in the core"
        addresses = enumerate(_words(memory, table))
        nodes = [(node, address) for node, address in addresses if address and _is_node(memory, shape, node, address)]
        return nodes, "" if nodes else "the nodes are not in the core"
    if "contig_page_data" in known:
        return [(0, known["contig_page_data"])], ""
    return [], "neither VMCOREINFO nor kallsyms tells where the nodes are"


def _is_node(memory: KernelMemory, shape: _Shape, node: int, address: int) -> bool:
    """Its zones begin in the core, and its own number, where that is in the core too, is the right one."""
    try:
        memory.word(address + shape.zones_at)
    except ReadFault:
        return False
    try:
        return shape.node_id_at is None or memory.u32(address + shape.node_id_at) == node
    except ReadFault:
        return True


def _raw_zones(
    memory: KernelMemory, shape: _Shape, node: int, address: int, missing: list[str]
) -> Iterator[_RawZone]:
    count = _ZONES
    if shape.nr_zones_at is not None:
        try:
            count = memory.u32(address + shape.nr_zones_at)  # the highest populated one, plus one
        except ReadFault:
            missing.append(f"the number of zones of node {node} is not in the core")
    for index in range(min(count, _ZONES)):
        place = address + shape.zones_at + index * shape.zone_bytes
        data, absent = memory.read_around(place, shape.zone_bytes)
        if absent < shape.zone_bytes:
            yield _RawZone(node, address, index, place, data, absent)
        else:
            missing.append(f"zone {index} of node {node} is not in the core")


def _populated(memory: KernelMemory, zone: _RawZone, spanned_at: int | None) -> bool:
    words = _words(memory, zone.data)
    place = -1 if spanned_at is None else spanned_at // memory.word_bytes
    return not 0 <= place < len(words) or words[place] > 0


def _words(memory: KernelMemory, data: bytes) -> Sequence[int]:
    count = len(data) // memory.word_bytes
    return struct.unpack_from(f"{memory.order}{count}{'Q' if memory.word_bytes == 8 else 'I'}", data)


def _letters(memory: KernelMemory, btf: Btf | None, version: tuple[int, ...]) -> str:
    """The letter of each migratetype by its number; "" where the kernel prints none (before 3.8) or it is not known."""
    names = btf.enums.get("migratetype", {}) if btf else {}
    if names:
        order = sorted((number, name.removeprefix("MIGRATE_")) for name, number in names.items())
        return "".join(_LETTERS[name] for _, name in order if name in _LETTERS)
    lists = memory.info.lengths.get("free_area.free_list")
    if version < (3, 8) or lists not in (5, 6):
        return ""
    # mmzone.h: 4.4 gave RESERVE's place to HIGHATOMIC, 3.19 put MOVABLE second; CMA is there with CONFIG_CMA only
    first = "UMEH" if version >= (4, 4) else "UMER" if version >= (3, 19) else "UEMR"
    return first + ("CI" if lists == 6 else "I")


class _ZoneReader:
    """Turns the memory of one zone into a Zone."""

    def __init__(self, memory: KernelMemory, shape: _Shape, layout: ZoneLayout, letters: str) -> None:
        self._memory, self._shape, self._layout, self._letters = memory, shape, layout, letters
        self._page_kb = (memory.info.page_bytes or memory.image.page_bytes or 4096) >> 10
        self.named_by_place = False

    def zone(self, raw: _RawZone) -> Zone:
        layout, word = self._layout, self._memory.word_bytes
        boost = self._word(raw, layout.boost_at)
        marks = [
            None if layout.min_at is None else self._word(raw, layout.min_at + place * word) for place in range(3)
        ]
        # since 5.0 min_wmark_pages() and its like add the boost, and so do the reports (KERNEL.md 2.5)
        low, middle, high = (None if mark is None else mark + (boost or 0) for mark in marks)
        stat = self._shape.vm_stat_at
        free = self._word(raw, layout.free_at if stat is None else stat + self._shape.nr_free_pages * word)
        if free is not None and free >> 8 * word - 1:  # a counter below zero reads as zero (zone_page_state)
            free = 0
        reserve = [] if layout.reserve_at is None else [
            self._word(raw, layout.reserve_at + place * word) for place in range(layout.reserves)
        ]
        return Zone(
            name=self._name(raw), node=raw.node, page_kb=self._page_kb, free_pages=free,
            min_pages=low, low_pages=middle, high_pages=high, boost_pages=boost,
            highatomic_pages=self._word(raw, layout.highatomic_at),
            present_pages=self._word(raw, layout.present_at), managed_pages=self._word(raw, layout.managed_at),
            lowmem_reserve_pages=tuple(pages for pages in reserve if pages is not None),
            free_area=tuple(self._free_area(raw)),
        )

    def _word(self, raw: _RawZone, at: int | None) -> int | None:
        word = self._memory.word_bytes
        if at is None or not 0 <= at <= len(raw.data) - word:
            return None
        if raw.absent:
            try:
                return self._memory.word(raw.address + at)
            except ReadFault:
                return None
        return int.from_bytes(raw.data[at : at + word], "little" if self._memory.order == "<" else "big")

    def _free_area(self, raw: _RawZone) -> Iterator[FreeBlocks]:
        """nr_free of each order: what /proc/buddyinfo prints. A list head that points elsewhere is not empty."""
        shape = self._shape
        if shape.free_area_at is None or not shape.free_area_bytes:
            return
        for order in range(shape.orders):
            at = shape.free_area_at + order * shape.free_area_bytes
            count = self._word(raw, at + shape.nr_free_at)
            if count is None or count >> 40:
                return
            letters = ""
            if count:
                for number, letter in enumerate(self._letters):
                    head = at + shape.lists_at + number * shape.list_bytes
                    first = self._word(raw, head)
                    if first is not None and first != raw.address + head:
                        letters += letter
            yield FreeBlocks(order, count, letters)

    def _name(self, raw: _RawZone) -> str:
        word = self._memory.word_bytes
        places = [] if self._layout.name_at is None else [self._layout.name_at + step * word for step in range(3)]
        for at in places:  # 5.12 put present_early_pages and cma_pages before it, where they are configured
            pointer = self._word(raw, at)
            if pointer is None or pointer < (_POINTER if word == 8 else 1 << 30):
                continue
            try:
                text = self._memory.read(pointer, 12).partition(b"\0")[0]
            except ReadFault:
                break
            if text.isalnum() and text.isascii():
                return text.decode("ascii")
        self.named_by_place = True
        names = _ZONE_NAMES.get(self._memory.image.arch or "", ())
        return names[raw.index] if raw.index < len(names) else f"zone {raw.index}"
