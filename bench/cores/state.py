"""Nodes and zones, the kernel's types (BTF) and its symbol table (kallsyms), as kernels keep them in memory."""
from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cores.kernel import Core

ORDERS = 11
VM_STATS = 11
# include/linux/mmzone.h: enum migratetype with and without what came in 3.19 and 4.4
MIGRATETYPES = {"new": "UMEHI", "3.10": "UEMRI", "2.6.32": "UEMRI", "2.6.18": "U"}


@dataclass(frozen=True)
class ZoneSpec:
    """One zone in pages. `counts` are free blocks by order, `letters` which lists of an order are not empty."""

    name: str
    start: int
    spanned: int
    managed: int
    marks: tuple[int, int, int]
    reserve: tuple[int, ...] = (0, 0, 0, 0, 0)
    counts: tuple[int, ...] = (0,) * ORDERS
    letters: tuple[str, ...] = ("",) * ORDERS
    free: int | None = None
    boost: int = 0
    highatomic: int = 0
    free_highatomic: int = 0
    drift: int = 0

    @property
    def free_pages(self) -> int:
        return sum(count << order for order, count in enumerate(self.counts)) if self.free is None else self.free


@dataclass(frozen=True)
class ZoneStruct:
    """struct zone of one age: member -> (offset, elements), and its size."""

    age: str
    members: dict[str, tuple[int, int]]
    size: int
    lists: int


def zone_struct(core: Core, prefix: Sequence[str]) -> ZoneStruct:
    """The order of members after include/linux/mmzone.h of 2.6.32, 3.10 and (with `prefix`) of 3.17 to 6.x."""
    numbers = tuple(int(part) for part in core.release.split("-")[0].split("+")[0].split("."))
    ages = {"new": (3, 17), "3.10": (3, 9), "2.6.32": (2, 6, 21), "2.6.18": (0,)}
    age = next(name for name, since in ages.items() if numbers >= since)
    word = core.machine.word
    reserves = 5 if age == "new" else 4
    middle = [("per_cpu_pageset", 1)]
    sizes = {
        "new": [("managed_pages", 1), ("spanned_pages", 1), ("present_pages", 1)],
        "3.10": [("spanned_pages", 1), ("present_pages", 1), ("managed_pages", 1)],
        "2.6.32": [("spanned_pages", 1), ("present_pages", 1)],
        "2.6.18": [("spanned_pages", 1), ("present_pages", 1)],
    }[age]
    tail = [("zone_start_pfn", 1), *sizes, ("name", 1)]
    lists = len(MIGRATETYPES[age])
    area = [("free_area", ORDERS * (2 * lists + 1))]
    if age == "2.6.18":
        head = [("free_pages", 1), ("watermark", 3), ("lowmem_reserve", reserves), ("node", 1)]
    else:
        area.append(("vm_stat", VM_STATS))
        head = [("_watermark" if age == "new" else "watermark", 3 + ("promo" in prefix)),
                *((name, 1) for name in prefix if name != "promo"), ("lowmem_reserve", reserves), ("node", 1)]
    if age == "new":
        order = [*head, ("zone_pgdat", 1), *middle, *tail, ("pad", 3), *area]
    else:
        order = [*head, *middle, *area, ("wait_table", 3), ("zone_pgdat", 1), *tail]
    members: dict[str, tuple[int, int]] = {}
    at = 0
    for name, count in order:
        members[name] = (at, count)
        at += count * word
    return ZoneStruct(age, members, at + -at % 64, lists)


NAMES = {"boost": "watermark_boost", "highatomic": "nr_reserved_highatomic", "free_highatomic": "nr_free_highatomic",
         "drift": "percpu_drift_mark"}


def put_nodes(core: Core, nodes: Sequence[Sequence[ZoneSpec]], prefix: Sequence[str]) -> None:
    """pg_data_t for each node with its zones, node_data[] and the VMCOREINFO of kernel/vmcore_info.c."""
    word = core.machine.word
    layout = zone_struct(core, prefix)
    most = max(len(zones) for zones in nodes)
    names = {zone.name: core.put(zone.name.encode() + b"\0", 8) for zones in nodes for zone in zones}
    nr_zones_at = most * layout.size
    node_bytes = nr_zones_at + 8 * word
    addresses = []
    for node, zones in enumerate(nodes):
        address = core.put(bytes(node_bytes))
        addresses.append(address)
        base = core.at(address)
        for index, zone in enumerate(zones):
            data = _zone(core, layout, zone, node, address, address + index * layout.size, names[zone.name], prefix)
            core.memory[base + index * layout.size : base + (index + 1) * layout.size] = data
        ints = core.u32(len(zones)).ljust(word, b"\0") + core.words(0, 0, 0) + core.u32(node).ljust(word, b"\0")
        core.memory[base + nr_zones_at : base + nr_zones_at + len(ints)] = ints
    core.symbol("node_data", core.words(*addresses, *[0] * (64 - len(addresses))))
    offset = {name: at for name, (at, _) in layout.members.items()}
    told: dict[str, int] = {
        "LENGTH(node_data)": 64, "SIZE(pglist_data)": node_bytes, "SIZE(zone)": layout.size,
        "SIZE(free_area)": (2 * layout.lists + 1) * word, "SIZE(list_head)": 2 * word,
        "OFFSET(pglist_data.node_zones)": 0, "OFFSET(pglist_data.nr_zones)": nr_zones_at,
        "OFFSET(pglist_data.node_id)": nr_zones_at + 4 * word, "OFFSET(zone.free_area)": offset["free_area"],
        "OFFSET(zone.spanned_pages)": offset["spanned_pages"],
        "OFFSET(free_area.free_list)": 0, "OFFSET(list_head.next)": 0, "OFFSET(list_head.prev)": word,
        "LENGTH(zone.free_area)": ORDERS,
    }
    if layout.age != "2.6.18":
        told |= {"OFFSET(zone.vm_stat)": offset["vm_stat"], "LENGTH(free_area.free_list)": layout.lists,
                 "NUMBER(NR_FREE_PAGES)": 0}
    for key, value in told.items():
        core.info[key] = str(value)


def _zone(core: Core, layout: ZoneStruct, zone: ZoneSpec, node: int, node_address: int, address: int, name: int,
          prefix: Sequence[str]) -> bytes:
    word = core.machine.word
    data = bytearray(layout.size)

    def put(member: str, *values: int) -> None:
        at = layout.members[member][0]
        data[at : at + word * len(values)] = core.words(*values)

    low, middle, high = zone.marks
    marks = [low, middle, high, 2 * high - middle] if "promo" in prefix else [low, middle, high]
    put("_watermark" if layout.age == "new" else "watermark", *marks)
    for field in prefix:
        if field != "promo" and layout.age != "2.6.18":
            put(field, getattr(zone, field))
    put("lowmem_reserve", *zone.reserve[: layout.members["lowmem_reserve"][1]])
    at = layout.members["node"][0]
    data[at : at + 4] = core.u32(node)
    put("zone_pgdat", node_address)
    put("per_cpu_pageset", 0x39440)
    put("zone_start_pfn", zone.start)
    put("spanned_pages", zone.spanned)
    put("present_pages", max(zone.managed, zone.spanned - zone.spanned // 50))
    if not layout.age.startswith("2.6"):
        put("managed_pages", zone.managed)
    put("name", name)
    put("free_pages" if layout.age == "2.6.18" else "vm_stat", zone.free_pages)
    area_at, area_bytes = layout.members["free_area"][0], (2 * layout.lists + 1) * word
    for order, count in enumerate(zone.counts):
        at = area_at + order * area_bytes
        for number, letter in enumerate(MIGRATETYPES[layout.age]):
            head = address + at + number * 2 * word
            first = head + 0x1000_0000 if letter in zone.letters[order] else head
            data[at + number * 2 * word : at + (number + 1) * 2 * word] = core.words(first, first)
        data[at + area_bytes - word : at + area_bytes] = core.word(count)
    return bytes(data)


def put_btf(core: Core, prefix: Sequence[str]) -> None:
    """.BTF of the zone's structures (Documentation/bpf/btf.rst), behind some types that nobody asks for."""
    layout = zone_struct(core, prefix)
    order, word = core.machine.order, core.machine.word
    text = bytearray(b"\0")

    def name(word_text: str) -> int:
        at = len(text)
        text.extend(word_text.encode() + b"\0")
        return at

    types = bytearray()

    def add(label: str, kind: int, members: int, size: int, rest: bytes) -> None:
        types.extend(struct.pack(order + "III", name(label) if label else 0, kind << 24 | members, size) + rest)

    add("long unsigned int", 1, 0, word, struct.pack(order + "I", 8 * word))  # 1
    add("pid_t", 8, 0, 1, b"")  # 2: a typedef
    add("", 13, 2, 1, struct.pack(order + "IIII", 0, 1, 0, 1))  # 3: a prototype
    add("zonelist", 7, 0, 0, b"")  # 4: a forward declaration
    add("", 3, 0, 0, struct.pack(order + "III", 1, 1, layout.members["lowmem_reserve"][1]))  # 5: an array
    add("zone_type", 6, 1, 4, struct.pack(order + "Ii", name("ZONE_DMA"), 0))  # 6
    shown = [(NAMES.get(member, member), at, 5 if member == "lowmem_reserve" else 1)
             for member, (at, _) in layout.members.items() if member != "pad"]
    add("zone", 4, len(shown), layout.size,
        b"".join(struct.pack(order + "III", name(member), kind, at * 8) for member, at, kind in shown))
    add("free_area", 4, 2, (2 * layout.lists + 1) * word, struct.pack(
        order + "IIIIII", name("free_list"), 1, 0, name("nr_free"), 1, 16 * layout.lists * word))
    full = {"U": "UNMOVABLE", "M": "MOVABLE", "E": "RECLAIMABLE", "H": "HIGHATOMIC", "R": "RESERVE", "I": "ISOLATE"}
    letters = MIGRATETYPES[layout.age]
    add("migratetype", 6, len(letters), 4, b"".join(
        struct.pack(order + "Ii", name(f"MIGRATE_{full[letter]}"), number) for number, letter in enumerate(letters)))
    head = struct.pack(order + "HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(types), len(types), len(text))
    core.symbol("__start_BTF", head + bytes(types) + bytes(text), told=False)
    core.symbol("min_free_kbytes", core.u32(67584), told=False)


def put_kallsyms(core: Core, form: str) -> None:
    """The tables of scripts/kallsyms.c: names as token numbers, each printable character a token, and one pair."""
    tokens = {number: chr(number) for number in range(0x21, 0x7F)}
    tokens[0x01] = "min_"
    core.symbols.setdefault("min_free_kbytes", core.symbol("min_free_kbytes", core.u32(67584), told=False))
    fillers = {f"filler_function_{number:05d}": core.symbols["_stext"] + number for number in range(17 * 256)}
    symbols = sorted({**fillers, **core.symbols}.items(), key=lambda entry: entry[1])
    word = core.machine.word
    base = min(core.symbols.values()) & ~0xFFF
    names, markers = bytearray(), []
    for number, (name, _) in enumerate(symbols):
        if number % 256 == 0:
            markers.append(len(names))
        packed = ("T" + name).replace("min_", "\x01").encode()
        names += bytes([len(packed)]) + packed
    table, index = bytearray(), []
    for number in range(256):
        index.append(len(table))
        table += tokens.get(number, "").encode() + b"\0"

    def label(name: str, data: bytes) -> None:
        core.symbol(f"kallsyms_{name}", data, told=form != "found")

    def offsets(place: int = 0) -> bytes:
        if form == "place":
            return b"".join(core.u32(address - place - 4 * number) for number, (_, address) in enumerate(symbols))
        return b"".join(core.u32(address - base) for _, address in symbols)

    core.put(b"", 8)
    if form == "found":  # before 6.4: offsets, base, number, names, markers, tokens, aligned to a word each
        blocks = [offsets(), core.word(base), core.u32(len(symbols)), bytes(names),
                  b"".join(core.u32(marker) for marker in markers), bytes(table),
                  struct.pack(core.machine.order + "256H", *index)]
        for block in blocks:
            core.put(block, word)
        return
    label("num_syms", core.u32(len(symbols)))
    label("names", bytes(names))
    label("token_table", bytes(table))
    label("token_index", struct.pack(core.machine.order + "256H", *index))
    core.put(b"", 64)
    label("offsets", offsets(core.here))
    if form == "base":
        label("relative_base", core.word(base))
