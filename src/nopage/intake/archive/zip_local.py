"""The members of a zip archive by their local headers: of one whose directory is cut off, or of a long stream.

APPNOTE.TXT 4.3.7-4.3.9. The directory at the end alone says which members are links: here they are told by what they
hold, a path and nothing else.
"""
from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from struct import Struct
from typing import Any, NamedTuple

from nopage.intake.archive.member import FILE, FOLDER, LINK, Member
from nopage.intake.archive.zip_methods import BZIP2, DEFLATED, FAULTS, STEP, STORED, decoder
from nopage.intake.reader import BLOCK, Budget, Damage, OwnDamage, Reader, error_text

LOCAL = b"PK\x03\x04"
BEHIND = (b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x08")  # directory, its end, zip64's, an extra record
DESCRIPTOR = b"PK\x07\x08"
HEADER = Struct("<4xHHHIIIIHH")  # version, flags, method, time and date, crc, both sizes, lengths of name and extra
FIELD = Struct("<HH")
SIZES = Struct("<QQ")
ENCRYPTED, MARKED, UNSIZED, UTF8 = 0x1, 0x2, 0x8, 0x800
ZIP64 = 0xFFFFFFFF
LINK_SIZE = 1024
TARGET = re.compile(rb"[\w.+@:/-]+\Z")


class Header(NamedTuple):
    name: str
    flags: int
    method: int
    crc: int
    packed: int | None  # bytes; None: told behind the data
    size: int | None


def walk_local(upstream: Reader, budget: Budget) -> Iterator[Member]:
    """The members in their order in the stream; `budget` counts what is unpacked.

    Raises Damage at the end where the directory is not there.
    """
    feed = Feed(upstream)
    lost = ""
    while True:
        mark = feed.peek(4)
        if mark == LOCAL:
            header = _header(feed)
            data = Data(feed, header, budget)
            yield _member(header, data)
            data.pass_over()
        elif mark in BEHIND:
            if lost:
                raise Damage(lost)
            return
        elif len(mark) < 4:
            raise Damage(lost or f"the zip archive ends early, at byte {feed.offset}, without its directory")
        else:
            lost = lost or f"the zip archive is damaged at byte {feed.offset}"
            feed.find(LOCAL)


def _header(feed: Feed) -> Header:
    _version, flags, method, _when, crc, packed, size, name_length, extra_length = HEADER.unpack(feed.take(HEADER.size))
    name = feed.take(name_length).decode("utf-8" if flags & UTF8 else "cp437", "replace")
    extra = feed.take(extra_length)
    if ZIP64 in (packed, size):
        while len(extra) >= 4:
            kind, length = FIELD.unpack_from(extra)
            if kind == 1 and 16 <= length <= len(extra) - 4:
                size, packed = SIZES.unpack_from(extra, 4)
            extra = extra[4 + length :]
    told = not flags & UNSIZED
    return Header(name, flags, method, crc, packed if told else None, size if told else None)


def _member(header: Header, data: Data) -> Member:
    if header.name.endswith("/"):
        return Member(header.name, FOLDER, 0, lambda: data)
    if header.size is not None and 0 < header.size <= LINK_SIZE:
        target = data.whole()
        if target is not None and TARGET.match(target):
            return Member(header.name, LINK, 0, lambda: data, target.decode("utf-8", "replace"))
    return Member(header.name, FILE, header.size, lambda: data)


class Feed:
    """Bytes of a stream, taken piece by piece."""

    def __init__(self, upstream: Reader) -> None:
        self._upstream = upstream
        self._have = b""
        self.offset = 0  # of the next byte

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer at the end of the stream; they stay."""
        while len(self._have) < size and (more := self._upstream.read()):
            self._have += more
        return self._have[:size]

    def take(self, size: int) -> bytes:
        data = self.peek(size)
        if len(data) < size:
            raise Damage(f"the zip archive ends early, at byte {self.offset + len(data)}")
        self._have = self._have[size:]
        self.offset += size
        return data

    def some(self, most: int | None) -> bytes:
        """What comes next, `most` bytes of it; b"" at the end of the stream."""
        data = self._have or self._upstream.read()
        self._have = b"" if most is None else data[most:]
        data = data if most is None else data[:most]
        self.offset += len(data)
        return data

    def back(self, data: bytes) -> None:
        self._have = data + self._have
        self.offset -= len(data)

    def find(self, mark: bytes) -> None:
        """Go to the next `mark`, or to the end of the stream."""
        self.take(1)
        while True:
            at = self._have.find(mark)
            if at >= 0:
                self.take(at)
                return
            self.take(max(0, len(self._have) - len(mark) + 1))
            if len(self.peek(len(mark))) < len(mark):
                self.take(len(self._have))
                return
            self.peek(len(self._have) + 1)


class Data:
    """One member's bytes. A fault in them is the member's own where the next member can still be found."""

    def __init__(self, feed: Feed, header: Header, budget: Budget) -> None:
        self._feed = feed
        self._header = header
        self._budget = budget
        self._left = header.packed
        self._decoder: Any = None
        if header.method != STORED and not header.flags & ENCRYPTED:
            make = decoder(header.method, header.size, self._budget.windows, marked=bool(header.flags & MARKED))
            self._decoder = make() if make else None
        self._ahead: list[bytes] = []
        self._crc = 0
        self._ended = False
        self._failed: OwnDamage | None = None

    def read(self) -> bytes:
        if self._ahead:
            return self._ahead.pop(0)
        if self._failed is not None:
            raise self._failed
        return b"" if self._ended else self._next()

    def whole(self) -> bytes | None:
        """All of a small member, which can still be read afterwards; None where it is not small, or faulty."""
        have = 0
        try:
            while have <= LINK_SIZE and (data := self._next()):
                self._ahead.append(data)
                have += len(data)
        except OwnDamage:
            return None
        return b"".join(self._ahead) if have <= LINK_SIZE else None

    def pass_over(self) -> None:
        """Go behind the data. Raises Damage where nobody can tell where they end."""
        self._ahead = []
        if self._left is not None:
            while self._left:
                self._take()
            return
        if self._header.method not in (DEFLATED, BZIP2) or self._header.flags & ENCRYPTED:
            raise Damage(f"the zip archive does not say how long its member {self._header.name[:200]} is")
        try:
            while not self._ended:
                self._next()
        except OwnDamage:
            return  # its check sum; it has not been asked for, or has been told

    def _take(self) -> bytes:
        """The next packed bytes. Raises Damage where the archive ends in them."""
        data = self._feed.some(min(self._left, BLOCK) if self._left is not None else BLOCK)
        if not data:
            self._ended, self._left = True, 0
            raise Damage(f"the zip archive ends early, at byte {self._feed.offset}, inside a member")
        if self._left is not None:
            self._left -= len(data)
        return data

    def _next(self) -> bytes:
        if self._header.flags & ENCRYPTED:
            raise self._fault("is encrypted")
        if self._decoder is None and (self._header.method != STORED or self._left is None):
            raise self._fault(f"is packed by method {self._header.method}, which is not read")
        if self._decoder is None:
            data = self._take() if self._left else b""
        else:
            data = self._unpacked()
        self._budget.count(len(data))
        self._crc = zlib.crc32(data, self._crc)
        if not data:
            self._ended = True
            wanted = self._described() if self._header.packed is None else self._header.crc
            if wanted != self._crc:
                raise self._fault("has a wrong check sum")
        return data

    def _unpacked(self) -> bytes:
        while not self._decoder.eof:
            packed = b""
            if self._decoder.needs_input:
                if self._left == 0:
                    raise self._fault("ends early")
                packed = self._take()
            try:
                data: bytes = self._decoder.decompress(packed, STEP)
            except FAULTS as error:
                self._ended = True
                if self._left is None:  # where the next member begins is not known any more
                    name = self._header.name[:200]
                    raise Damage(f"the zip member {name} is damaged ({error_text(error)})") from error
                raise self._fault(f"is damaged ({error_text(error)})") from error
            if data:
                return data
        if self._left is None:
            self._feed.back(self._decoder.unused_data)
        return b""

    def _described(self) -> int:
        """The check sum in the descriptor behind the data; it may begin with a mark, its sizes have 4 bytes or 8."""
        if self._feed.peek(4) == DESCRIPTOR:
            self._feed.take(4)
        crc = int.from_bytes(self._feed.take(4), "little")
        following = self._feed.peek(18)
        long = following[8:10] != b"PK" and following[16:18] == b"PK"
        self._feed.take(16 if long else 8)
        return crc

    def _fault(self, what: str) -> OwnDamage:
        self._ended = True
        self._failed = OwnDamage(f"the zip member {self._header.name[:200]} {what}", self)
        return self._failed
