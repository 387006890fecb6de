"""The kernel's own symbol table (kernel/kallsyms.c), found by VMCOREINFO (Linux 6.0 on) or by its looks."""
from __future__ import annotations

import struct
from collections.abc import Collection, Iterable

from nopage.kernel.frozen import dataclass
from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault

_SYMBOLS = 2_000_000
_NAMES_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class KallsymsTables:
    """Where the tables lie. Of `offsets` (up to Linux 6.x with a `relative_base`) and `addresses` one is right."""

    count: int
    names: int
    token_table: int
    token_index: int
    offsets: int = 0
    relative_base: int = 0
    addresses: int = 0


def tables_from_vmcoreinfo(memory: KernelMemory) -> KallsymsTables | None:
    """Linux 6.0 and later say where the tables are; None where they do not."""
    symbols = memory.info.symbols
    needed = ("kallsyms_num_syms", "kallsyms_names", "kallsyms_token_table", "kallsyms_token_index")
    if any(name not in symbols for name in needed):
        return None
    offsets, base, addresses = (
        symbols.get(f"kallsyms_{name}", 0) for name in ("offsets", "relative_base", "addresses")
    )
    if not offsets and not addresses:
        return None
    return KallsymsTables(
        memory.u32(symbols["kallsyms_num_syms"]),
        symbols["kallsyms_names"],
        symbols["kallsyms_token_table"],
        symbols["kallsyms_token_index"],
        offsets=offsets,
        relative_base=memory.word(base) if offsets and base else 0,
        addresses=addresses,
    )


def find_symbols(memory: KernelMemory, tables: KallsymsTables, wanted: Collection[str]) -> dict[str, int]:
    """The addresses of `wanted` symbols; those that are not found are left out. ReadFault on damaged tables."""
    if not 0 < tables.count <= _SYMBOLS:
        raise ReadFault(f"kallsyms claims {tables.count} symbols: not believable")
    tokens = _tokens(memory, tables)
    anchor = "_stext"
    places = _places(memory, tables, tokens, {*wanted, anchor})
    known = memory.info.symbols.get(anchor)
    if known is None or anchor not in places:
        raise ReadFault("kallsyms has no _stext to check it against")
    for form in range(4):
        try:
            if _value(memory, tables, places[anchor], form) == known:
                return {name: _value(memory, tables, places[name], form) for name in wanted if name in places}
        except ReadFault:
            continue
    raise ReadFault("the addresses of kallsyms do not agree with VMCOREINFO")


def _tokens(memory: KernelMemory, tables: KallsymsTables) -> list[bytes]:
    index = struct.unpack(memory.order + "256H", memory.read(tables.token_index, 512))
    table = memory.read_around(tables.token_table, max(index) + 64)[0]
    return [table[at : table.index(b"\0", at)] if b"\0" in table[at:] else b"" for at in index]


def _places(
    memory: KernelMemory, tables: KallsymsTables, tokens: list[bytes], wanted: Iterable[str]
) -> dict[str, int]:
    """The index of each wanted name. A name is a run of token numbers; its first character is the symbol's type."""
    names = {name.encode(): name for name in wanted}
    ends = [any(name.endswith(token) or token[1:] == name for name in names) if token else False for token in tokens]
    places: dict[str, int] = {}
    address, at, data = tables.names, 0, b""
    for number in range(tables.count):
        if at + 1024 > len(data):
            if address - tables.names > _NAMES_BYTES:
                raise ReadFault("the names of kallsyms do not end")
            address, data, at = address + at, memory.read_around(address + at, 1 << 18)[0], 0
        length = data[at]
        at += 1
        if length & 0x80:  # ULEB128 since Linux 6.1; no compressed name was that long before
            length = length & 0x7F | data[at] << 7
            at += 1
        if length == 0 or length > 1000:
            raise ReadFault("a name of kallsyms is empty: the table is damaged")
        at += length
        if ends[data[at - 1]]:
            name = b"".join([tokens[byte] for byte in data[at - length : at]])[1:]
            if name in names:
                places.setdefault(names[name], number)
                if len(places) == len(names):
                    break
    return places


def _value(memory: KernelMemory, tables: KallsymsTables, index: int, form: int) -> int:
    """One address by one of the forms that scripts/kallsyms.c has had.

    0: offsets, those below 0 relative to the base (KALLSYMS_ABSOLUTE_PERCPU, 4.6 to 6.14 on x86); 1: all offsets
    relative to the base; 2: plain addresses (before 4.6); 3: offsets from their own place (seen in 7.2).
    """
    top = (1 << 8 * memory.word_bytes) - 1
    if form == 2:
        if not tables.addresses:
            raise ReadFault("no addresses")
        return memory.word(tables.addresses + index * memory.word_bytes)
    if not tables.offsets:
        raise ReadFault("no offsets")
    place = tables.offsets + index * 4
    offset = memory.u32(place)
    if form == 1:
        return tables.relative_base + offset & top
    signed = offset - (1 << 32) if offset >> 31 else offset
    if form == 3:
        return place + signed & top
    return signed if signed >= 0 else tables.relative_base - 1 - signed & top
