"""One member's bytes -> one stream: facts whole up to a cap, logs as windows; inner compression and UTF-16 undone."""
from __future__ import annotations

import codecs
from typing import NamedTuple

from nopage.intake.lines import decode
from nopage.intake.model import Limits, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, OwnDamage, Reader, size_text
from nopage.intake.search import SarSections, WindowSearch
from nopage.intake.sources import SAR
from nopage.intake.unpack import member_text
from nopage.kernel.bounds import BOUNDS
from nopage.kernel.pattern import later
from nopage.kernel.plain import plain

BOMS = (
    (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
# Of a text without a mark: which bytes of so many are a character, where all others are NULs.
WIDE_TEXT = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
STEERING = bytes(set(range(1, 32)) - set(b"\a\b\t\n\v\f\r\x1b")) + b"\x7f"
NO_TEXT = "is no text, nor packed in a way that is read here"
WIDE = later(rb"[\xf0-\xf7]")  # of a character from U+10000 on: Python keeps the whole text four bytes wide
BINARY = ((b"LPKSHHRH", "a binary journal; `journalctl --file` makes it text"), (b"\x7fELF", "an ELF file"))


class Taken(NamedTuple):
    """What reading one member gave: the stream, or why it was passed over; and the fault that ends the whole source.

    `unread`: it was passed over though it may hold what is looked for.
    """

    stream: Stream | None = None
    skipped: str | None = None
    fault: Exception | None = None
    unread: bool = False


def printable(name: str) -> str:
    """A member's name as valid text: bytes that are no UTF-8 and control characters become \\xNN."""
    return name if name.isprintable() else plain(name)


def read_fact(spec: str, name: str, reader: Reader, limits: Limits, budget: Budget) -> Taken:
    """A fact file, whole up to the cap."""
    if spec == SAR:
        return read_sar(name, reader, limits, budget)
    kept = bytearray()
    lines = 0
    cut = ended_by = None
    try:
        source = member_text(reader, budget, limits.nesting)
        while data := source.read():
            kept += data
            lines += data.count(b"\n")
            if len(kept) > limits.fact_bytes:
                cut = f"only its first {size_text(limits.fact_bytes)} are read"
                break
            if lines > BOUNDS.fact_lines:
                cut = f"only its first {BOUNDS.fact_lines} lines are read"
                break
    except (Damage, LimitReached) as fault:
        cut, ended_by = fault.reason, _of_source(fault)
    del kept[limits.fact_bytes :]
    size = len(kept)
    if size > limits.fact_bytes // 4 and WIDE.search(kept):
        cut = f"only its first {size_text(limits.fact_bytes // 4)} are read: each character takes four bytes"
        del kept[limits.fact_bytes // 4 :]
    if lines > BOUNDS.fact_lines:
        end = -1
        for _ in range(BOUNDS.fact_lines):
            end = kept.find(b"\n", end + 1)
        del kept[end + 1 :]
    raw = bytes(kept)
    del kept
    if has_long_line(raw, BOUNDS.fact_line_bytes):
        raw = b"\n".join([line[: BOUNDS.fact_line_bytes] for line in raw.split(b"\n")])
    bom = next(((mark, form) for mark, form in BOMS if raw.startswith(mark)), None)
    if bom:
        text = raw[len(bom[0]) :].decode(bom[1], "replace").replace("\r\n", "\n")
    else:
        raw = raw.replace(b"\0", b"")
        raw = raw.replace(b"\r\n", b"\n")
        text = decode(raw)
    stream = Stream(spec, name, text=text, bytes_read=size, cut=cut)
    return Taken(stream, fault=ended_by)


def has_long_line(raw: bytes, size: int) -> bool:
    """Some line may be longer than `size`; one of twice that length is."""
    return any(raw.find(b"\n", at, at + size) < 0 for at in range(0, len(raw) - size, size))


def read_sar(name: str, reader: Reader, limits: Limits, budget: Budget) -> Taken:
    """Of a text of sar the sections that matter, up to its own cap; past that the source still counts as whole."""
    cut = ended_by = skipped = None
    sections = SarSections(limits.sar_bytes)
    try:
        source = member_text(reader, budget, limits.nesting)
        while not sections.full and (data := source.read()):
            sections.feed(data)
    except (Damage, LimitReached) as fault:
        cut, ended_by = fault.reason, _of_source(fault)
    kept = sections.finish()
    if sections.full:
        skipped = f"only {size_text(limits.sar_bytes)} of what it measured are kept"
    if not kept:
        return Taken(skipped=skipped, fault=ended_by)
    text = decode(kept.replace(b"\0", b"")).replace("\r\n", "\n")
    return Taken(Stream(SAR, name, text=text, bytes_read=sections.size, cut=cut), skipped, ended_by)


def read_log(spec: str, name: str, reader: Reader, limits: Limits, budget: Budget) -> Taken:
    """A log: searched whole, its windows kept."""
    cut = ended_by = None
    search: WindowSearch | None = None
    head = b""
    size = 0
    try:
        source = member_text(reader, budget, limits.nesting)
        data = source.read()
        for magic, what in BINARY:
            if data.startswith(magic):
                return Taken(skipped=f"is {what}")
        head = data[:1024]
        form = encoding_of(data)
        search = WindowSearch(name, limits) if form is None else _transcoding(name, limits, form)
        while data:
            size += len(data)
            search.feed(data)
            data = source.read()
    except (Damage, LimitReached) as fault:
        cut, ended_by = fault.reason, _of_source(fault)
    if search is None:
        search = WindowSearch(name, limits)
    found = search.finish()
    if cut is None and not found.windows and not found.last_time and not is_text(head):
        return Taken(skipped=NO_TEXT, fault=ended_by, unread=True)
    stream = Stream(
        spec,
        name,
        windows=found.windows,
        counted=found.counted,
        bytes_read=size,
        cut=cut,
        first_time=found.first_time,
        last_time=found.last_time,
        other_events=found.other_events,
    )
    return Taken(stream, fault=ended_by)


def is_text(head: bytes) -> bool:
    """What begins with `head` may be text: hardly a byte steers, and NULs stand in front, as crashes leave them.

    Of random bytes, and of packed ones, one in ten steers.
    """
    form = encoding_of(head)
    if form is not None:
        wide = head[: len(head) & ~1].decode(form, "replace").lstrip("\ufeff")
        steering = sum(not char.isprintable() and not char.isspace() for char in wide.rstrip("\ufffd"))
        return 20 * (steering + wide.count("\ufffd")) <= len(wide)
    told = head.strip(b"\0")
    steering = len(told) - len(told.translate(None, STEERING))
    return (bool(told) or not head) and 20 * steering <= len(told) and 4 * told.count(0) <= len(told)


def _of_source(fault: Damage | LimitReached) -> Exception | None:
    """The fault where it ends the whole source, not only this member."""
    return None if isinstance(fault, OwnDamage) else fault


def encoding_of(head: bytes) -> str | None:
    """The UTF-16 or UTF-32 that a text beginning with `head` is in, by its mark or its NULs; None for anything else."""
    for mark, form in BOMS:
        if head.startswith(mark):
            return form
    head = head[:64]
    for form, width, at in WIDE_TEXT:
        characters = head[at::width]
        if len(characters) > 15 and all(characters) and head.count(0) == len(head) - len(characters):
            return form
    return None


class _Transcoded(WindowSearch):
    """Searches UTF-16 or UTF-32 as UTF-8; line offsets stay those of the file."""

    def __init__(self, name: str, limits: Limits, form: str, start: int) -> None:
        super().__init__(name, limits, self._width_in_file, start)
        self._form = form
        self._decoder = codecs.getincrementaldecoder(form)("replace")

    def feed(self, block: bytes) -> None:
        super().feed(self._decoder.decode(block).encode("utf-8", "replace"))

    def _width_in_file(self, piece: bytes) -> int:
        return len(piece.decode("utf-8", "replace").encode(self._form, "replace"))


def _transcoding(name: str, limits: Limits, form: str) -> _Transcoded:
    return _Transcoded(name, limits, form, 0)

