"""The type information that a kernel carries for BPF (Documentation/bpf/btf.rst), as far as zones need it."""
from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import field

from nopage.kernel.frozen import dataclass

_MAGIC = 0xEB9F
_LARGEST = 32 << 20
_INT, _ARRAY, _STRUCT, _UNION, _ENUM, _ENUM64 = 1, 3, 4, 5, 6, 19
_KINDS = 20
# bytes behind a type's 12-byte head: fixed, and per member; btf.rst "Type Encoding"
_FIXED = {_INT: 4, _ARRAY: 12, 14: 4, 17: 4}
_PER_MEMBER = {_STRUCT: 12, _UNION: 12, _ENUM: 8, 13: 8, 15: 12, _ENUM64: 12}


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member lies in its structure, in bytes; `count` elements where it is an array."""

    offset: int
    count: int | None = None


@dataclass(slots=True)
class Btf:
    """Structures: name -> (size, members); enumerations: name -> constants. `origin` is for messages."""

    origin: str = "the kernel's type information (BTF)"
    structs: dict[str, tuple[int, dict[str, Member]]] = field(default_factory=dict)
    enums: dict[str, dict[str, int]] = field(default_factory=dict)

    def member(self, struct_name: str, *names: str) -> Member | None:
        """The first of `names` (a member's names over the years) that the structure has."""
        members = self.structs.get(struct_name, (0, {}))[1]
        return next((members[name] for name in names if name in members), None)


def btf_size(head: bytes, order: str) -> int | None:
    """The size of the BTF that begins with these 24 bytes; None when none does."""
    if len(head) < 24:
        return None
    magic, version, _, header, type_at, type_bytes, text_at, text_bytes = struct.unpack_from(order + "HBBIIIII", head)
    size = int(header + max(type_at + type_bytes, text_at + text_bytes))
    if magic != _MAGIC or version != 1 or header < 24 or not type_bytes or not text_bytes or size > _LARGEST:
        return None
    return size


def read_btf(data: bytes, order: str, wanted: Collection[str]) -> Btf | None:
    """The structures and enumerations named in `wanted`; None when `data` is no whole BTF."""
    size = btf_size(data, order)
    if size is None or len(data) < size:
        return None
    header, type_at, type_bytes, text_at, text_bytes = struct.unpack_from(order + "5I", data, 4)
    types = data[header + type_at : header + type_at + type_bytes]
    text = data[header + text_at : header + text_at + text_bytes]
    names = {}
    for name in wanted:
        at = text.find(b"\0" + name.encode() + b"\0")
        if at >= 0:
            names[at + 1] = name
    head = struct.Struct(order + "III")
    starts = [0]
    picked: list[tuple[int, str]] = []
    at = 0
    while at + 12 <= len(types):
        name_at, info, _ = head.unpack_from(types, at)
        kind, members = info >> 24 & 0x1F, info & 0xFFFF
        if kind == 0 or kind >= _KINDS:
            return None
        starts.append(at)
        if name_at in names and kind in (_STRUCT, _ENUM, _ENUM64):
            picked.append((at, names[name_at]))
        at += 12 + _FIXED.get(kind, 0) + _PER_MEMBER.get(kind, 0) * members
    return _resolve(types, text, order, starts, picked)


def _resolve(types: bytes, text: bytes, order: str, starts: list[int], picked: list[tuple[int, str]]) -> Btf:
    out = Btf()
    triple = struct.Struct(order + "III")
    for at, name in picked:
        _, info, size = triple.unpack_from(types, at)
        kind, count = info >> 24 & 0x1F, info & 0xFFFF
        step = _PER_MEMBER[kind]
        if at + 12 + step * count > len(types):
            continue
        if kind == _STRUCT:
            members: dict[str, Member] = {}
            for place in range(at + 12, at + 12 + step * count, step):
                member_at, type_id, bits = triple.unpack_from(types, place)
                bits = bits & 0xFFFFFF if info >> 31 else bits
                members[_string(text, member_at)] = Member(bits // 8, _elements(types, order, starts, type_id))
            if members or name not in out.structs:
                out.structs.setdefault(name, (size, members))
        else:
            pair = struct.Struct(order + "Ii")
            constants = (pair.unpack_from(types, place) for place in range(at + 12, at + 12 + step * count, step))
            out.enums.setdefault(name, {_string(text, member_at): value for member_at, value in constants})
    return out


def _elements(types: bytes, order: str, starts: list[int], type_id: int) -> int | None:
    if not 0 < type_id < len(starts):
        return None
    at = starts[type_id]
    if at + 24 > len(types):
        return None
    (info,) = struct.unpack_from(order + "I", types, at + 4)
    return int(struct.unpack_from(order + "I", types, at + 20)[0]) if info >> 24 & 0x1F == _ARRAY else None


def _string(text: bytes, at: int) -> str:
    end = text.find(b"\0", at)
    return text[at : end if 0 <= end < at + 256 else at + 256].decode("ascii", "replace")
