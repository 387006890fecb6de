"""A walk over the headers of a tar stream: v7, ustar, GNU and pax, long names, sparse files, sizes in base 256.

Damage of one header costs one member: the walk goes on at the next block that is a header.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from struct import Struct
from zlib import adler32

from nopage.intake.archive.member import FILE, FOLDER, HARDLINK, LINK, OTHER, Member
from nopage.intake.reader import Damage, Reader
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.numbers import whole_number

RECORD = 512
# POSIX ustar: name, size, kind, target, magic, prefix
FIELDS = Struct("100s24x12s20xc100s6s82x155s12x")
NOTES = (b"x", b"L", b"K", b"g")
PAX_OF_USE = re.compile(rb" (?:path|linkpath|size|GNU\.sparse\.\w+)=")
USED = frozenset(("path", "linkpath", "size", "GNU.sparse.name", "GNU.sparse.major"))
NAME = BOUNDS.name_bytes
NOTE = BOUNDS.tar_note_bytes
KINDS = {b"0": FILE, b"\0": FILE, b"7": FILE, b"1": HARDLINK, b"2": LINK, b"5": FOLDER}
DRAIN = 4 << 20  # padding behind the end mark that is still read, for the check sum behind it


def is_tar(head: bytes) -> bool:
    """A stream beginning with `head` is a tar archive."""
    return len(head) >= RECORD and _sum_right(head[:RECORD]) and head[0:1] != b"\0"


def walk_tar(upstream: Reader) -> Iterator[Member]:
    """The members in order. Raises Damage (origin: None for the tar's own faults) where the stream is broken."""
    yield from _Walk(upstream).members()


class _Walk:
    def __init__(self, upstream: Reader) -> None:
        self._upstream = upstream
        self._block = b""
        self._at = 0
        self._base = 0  # offset of _block in the stream
        self._left = 0  # bytes of the current member not read yet
        self._pad = 0
        self._lost = 0  # headers that were damaged

    def members(self) -> Iterator[Member]:
        long_name = long_target = None
        pax: dict[str, str] = {}
        everywhere: dict[str, str] = {}
        seen = False
        data = _Data(self)

        def opened() -> Reader:
            return data

        while True:
            at = self._at + self._left + self._pad
            header = self._block[at : at + RECORD]
            if len(header) == RECORD:
                self._at = at + RECORD
                self._left = self._pad = 0
            else:
                self._skip()
                header = self._take(RECORD)
            if len(header) < RECORD:
                raise Damage(f"the tar archive ends early, at byte {self._offset}, without its end mark")
            if header[0] == 0 and header == bytes(RECORD):
                self._drain()
                break
            if not _sum_right(header):
                self._lost += 1
                header = self._resync(header)
                long_name = long_target = None
                pax = {}
                if not header:
                    break
            short, digits, kind, link, magic, prefix = FIELDS.unpack(header)
            size = _number(digits)
            if size < 0:
                continue
            self._left, self._pad = size, -size % RECORD
            if kind in NOTES:
                note = self._note(size)
                if kind == b"x":
                    pax = _pax(note)
                elif kind == b"L":
                    long_name = _text(note[: NAME + 1].split(b"\0")[0])
                elif kind == b"K":
                    long_target = _text(note[:NAME].split(b"\0")[0])
                else:
                    everywhere.update(_pax(note))
                continue
            seen = True
            member_kind = FILE if kind == b"S" else KINDS.get(kind, OTHER)
            name = long_name or _name(short, prefix, magic)
            target = long_target or (_text(link.split(b"\0")[0]) if link[0] else "")
            facts = {**everywhere, **pax} if pax or everywhere else None
            if facts:
                told = whole_number(facts.get("size", ""))
                if told is not None:
                    size = told
                    self._left, self._pad = size, -size % RECORD
                name = facts.get("GNU.sparse.name") or facts.get("path") or name
                target = facts.get("linkpath") or target
            if kind == b"S":
                self._skip_sparse_headers(header)
            if facts and facts.get("GNU.sparse.major") == "1":
                self._sparse_map()
            if member_kind in (LINK, HARDLINK, FOLDER) and not (facts and "size" in facts):
                # Old tars state a size for hard links whose data does not follow.
                self._left = self._pad = 0
            if member_kind == FILE and name.endswith("/"):
                member_kind = FOLDER
            long_name = long_target = None
            pax = {}
            yield Member(name, member_kind, size, opened, target)
        if self._lost:
            raise Damage(f"{self._lost} damaged tar header{'s'[: self._lost != 1]}; the members there are lost")
        if not seen and not self._offset:
            raise Damage("is empty")

    @property
    def _offset(self) -> int:
        """Where in the stream the next byte stands."""
        return self._base + self._at

    def _fill(self) -> bool:
        """Have a block with unread bytes; False at the end of the stream."""
        while self._at >= len(self._block):
            self._base += len(self._block)
            self._at -= len(self._block)
            self._block = b""  # should the next one not come, this one is not to be read again
            self._block = self._upstream.read()
            if not self._block:
                return False
        return True

    def some(self) -> bytes:
        """The next bytes of the current member, b"" at its end."""
        if not self._left:
            return b""
        if not self._fill():
            left, self._left = self._left, 0
            raise Damage(f"the tar archive ends early, at byte {self._offset}, {left} bytes before the end of a member")
        block, at = self._block, self._at
        data = block if not at and len(block) <= self._left else block[at : at + self._left]
        self._at += len(data)
        self._left -= len(data)
        return data

    def _take(self, size: int) -> bytes:
        """`size` bytes, fewer at the end of the stream."""
        data = self._block[self._at : self._at + size]
        self._at += len(data)
        while len(data) < size and self._fill():
            more = self._block[self._at : self._at + size - len(data)]
            self._at += len(more)
            data += more
        return data

    def _skip(self) -> None:
        """Go behind the current member's data and padding."""
        left = self._left + self._pad
        self._left = self._pad = 0
        while left:
            if not self._fill():
                raise Damage(f"the tar archive ends early, at byte {self._offset}, {left} bytes before its next member")
            step = min(left, len(self._block) - self._at)
            self._at += step
            left -= step

    def _note(self, size: int) -> bytes:
        """The data of a long name or pax header; what is over the cap is passed over."""
        end = self._at + size
        if end <= len(self._block) and size <= NOTE:
            note, self._at, self._left = self._block[self._at : end], end, 0
            return note
        parts = []
        have = 0
        while have < NOTE and (data := self.some()):
            parts.append(data)
            have += len(data)
        return b"".join(parts)[:NOTE]

    def _skip_sparse_headers(self, header: bytes) -> None:
        more = header[482]
        while more:
            block = self._take(RECORD)
            if len(block) < RECORD:
                return
            more = block[504]

    def _sparse_map(self) -> None:
        """Pass over the map that stands before the data in a pax 1.0 sparse file: decimal lines, padded to a block."""
        read = lines = 0
        wanted = -1
        while self._left >= RECORD and read < NOTE:
            self._left -= RECORD
            block = self._take(RECORD)
            read += RECORD
            lines += block.count(b"\n")
            if wanted < 0:
                first = block.split(b"\n")[0]
                wanted = 2 * int(first) + 1 if first.isdigit() and len(first) < 10 else 0
            if lines >= wanted:
                return

    def _resync(self, header: bytes) -> bytes:
        """The next block that is a good header, b"" where there is none before the stream's end."""
        while True:
            header = self._take(RECORD)
            if len(header) < RECORD:
                return b""
            if header[257:262] == b"ustar" and _sum_right(header):
                return header

    def _drain(self) -> None:
        """Read the padding behind the end mark, so that the compression's own check sum is looked at."""
        left = DRAIN
        while left > 0 and (data := self._upstream.read()):
            left -= len(data)


class _Data:
    """The bytes of the member that the walk is at."""

    def __init__(self, walk: _Walk) -> None:
        self._walk = walk

    def read(self) -> bytes:
        return self._walk.some()


def _sum_right(header: bytes) -> bool:
    wanted = _wanted_sum(header[148:156])
    if wanted is None:
        return False
    # The low half of adler32 is 1 + the sum of all bytes, modulo 65521: fifteen times as fast as sum().
    if ((adler32(header) & 0xFFFF) - wanted) % 65521 == 0:
        return True
    above = sum(byte > 127 for byte in header[:148] + header[156:])
    return sum(header) + 1 - 256 * above == wanted  # as some old tars add them up, with signed bytes


@lru_cache(maxsize=4096)
def _wanted_sum(field: bytes) -> int | None:
    """1 + the sum of all bytes of a header with this check sum field, which itself was summed up as eight spaces."""
    try:
        return int(field.strip(b" \0") or b"x", 8) + sum(field) - 8 * 32 + 1
    except ValueError:
        return None


def _number(field: bytes) -> int:
    """A size: octal digits, or base 256 where the first bit is set; -1 where it is neither."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ((1 << 95) - 1)
        return value if value < 1 << 62 and not field[0] & 0x40 else -1
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        return -1


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _name(name: bytes, prefix: bytes, magic: bytes) -> str:
    name = name.split(b"\0")[0]
    if prefix[0] and magic == b"ustar\0":
        return _text(prefix.split(b"\0")[0] + b"/" + name)
    return _text(name)


def _pax(note: bytes) -> dict[str, str]:
    """The records `length key=value\\n` of a pax header, where any matters here; a broken one ends the list."""
    facts: dict[str, str] = {}
    if not PAX_OF_USE.search(note):
        return facts
    at = 0
    while at < len(note):
        space = note.find(b" ", at, at + 20)
        digits = note[at:space]
        if space < 0 or not digits.isdigit():
            break
        end = at + min(int(digits[:19]), len(note) + 1)
        key, sign, value = note[space + 1 : end - 1].partition(b"=")
        if not sign or end > len(note) or end <= space:
            break
        name = _text(key[:64])
        if name in USED:
            facts[name] = _text(value[: NAME + 1])
        at = end
    return facts
