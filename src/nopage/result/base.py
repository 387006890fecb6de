"""What every type of the contract is built on: the words that its fields choose from, its way from and to JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from threading import Lock
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct, convert
from msgspec.json import Decoder

from nopage.kernel.pattern import later
from nopage.kernel.plain import BLANKS

SCHEMA: Final = "nopage/1"
Kind = TypeVar("Kind", bound="Fact")


class Fact(Struct, frozen=True, kw_only=True):
    """A part of the result. Fields are only ever added; every field is always there, null where it is not known."""


_DECODERS: dict[type, Decoder[Any]] = {}
_FIRST_USE = Lock()


def decoder_of(kind: type[Kind]) -> Decoder[Kind]:
    """What reads a type from JSON.

    msgspec looks into a type when it is first read; two threads that do so at once may end the process (seen with
    0.22): the first one goes alone.
    """
    if kind not in _DECODERS:
        with _FIRST_USE:
            _DECODERS.setdefault(kind, Decoder(kind))
    return _DECODERS[kind]


def from_builtins(fields: Any, kind: type[Kind]) -> Kind:
    """A type from dicts and lists; msgspec.ValidationError for what is none."""
    decoder_of(kind)
    return convert(fields, kind)


class FindingType(StrEnum):
    """How a finding counts: `fail` is a problem, `info` is worth knowing."""

    FAIL = "fail"
    INFO = "info"


class Severity(StrEnum):
    """How soon somebody should act: urgent now, important today, moderate with the next maintenance, low when at it."""

    URGENT = "urgent"
    IMPORTANT = "important"
    MODERATE = "moderate"
    LOW = "low"
    NONE = "none"


class FixKind(StrEnum):
    """What a known fix does to a failing request."""

    FIXES = "fixes"
    EASES = "eases"
    HIDES = "hides"


class Cause(StrEnum):
    """Why a request failed, by the replay of the kernel's own watermark check."""

    EXHAUSTED = "exhausted"
    ZONE_EXHAUSTED = "zone_exhausted"
    NODE_EXHAUSTED = "node_exhausted"
    FRAGMENTED = "fragmented"
    WATERMARK_ORDER = "watermark_order"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """What a cause rests on."""

    REPLAYED = "replayed"
    FROM_TRACE = "from trace"
    FROM_ORDER = "from order"
    COLLECTED_STATE = "collected state"
    NONE = "none"


class Path(StrEnum):
    """The code path that asked for the memory."""

    NETWORK_RECEIVE = "network receive"
    NETWORK_TRANSMIT = "network transmit"
    SOCKETS = "sockets"
    STORAGE = "storage"
    OTHER = "other"


class TimeFrom(StrEnum):
    """What told the year, and the wall time where the report itself bears none."""

    LOG = "log"
    SIBLING = "sibling"
    ARCHIVE_DATE = "archive date"
    FILE_TIME = "file time"
    BOOT_TIME = "boot time"


class LayoutFrom(StrEnum):
    """How the numbering of the gfp flags was found."""

    EXACT = "exact"
    NEAREST = "nearest"
    INFERRED = "inferred"


class SourceKind(StrEnum):
    """What a source is."""

    SOSREPORT = "sosreport"
    INSIGHTS = "insights"
    DIRECTORY = "directory"
    ARCHIVE = "archive"
    LOG = "log"
    VMCORE = "vmcore"
    CRASHDIR = "crashdir"
    HOST = "host"
    TEXT = "text"
    UNREADABLE = "unreadable"


class KernelFrom(StrEnum):
    """What named the kernel release."""

    UNAME = "uname"
    PROC_VERSION = "/proc/version"
    LOG = "log"
    NONE = "none"


class StateFrom(StrEnum):
    """Where a memory state was read."""

    REPORT = "report"
    PROC = "proc"
    VMCORE = "vmcore"


class PageFrom(StrEnum):
    """What told how large a page is."""

    REPORT = "report"
    MEMINFO = "meminfo"
    RELEASE = "release"
    VMCORE = "vmcore"


class DropsVerdict(StrEnum):
    """Whether the counters show dropped packets."""

    SHOWN = "shown"
    LIKELY = "likely"
    NOT_SHOWN = "not shown"


class SeriesKind(StrEnum):
    """What the failures look like over time."""

    SINGLE = "single"
    BURST = "burst"
    STORM = "storm"
    RECURRING = "recurring"
    UNKNOWN = "unknown"


class LinkRole(StrEnum):
    """`resolution` is the article that the finding links to, `related` is worth reading beside it."""

    RESOLUTION = "resolution"
    RELATED = "related"


class StackContext(StrEnum):
    """The stack that a frame was on."""

    TASK = "task"
    IRQ = "irq"
    SOFTIRQ = "softirq"
    NMI = "nmi"
    EXCEPTION = "exception"


LONG = 100  # items of a list, of which each becomes a piece
_BEYOND = later(r"[^\x20-\x7e]")


def to_json(result: Fact, *, indent: int = 0) -> bytes:
    """A result, or another part of the contract, as JSON: UTF-8, one line, or indented by so many blanks."""
    return b"".join(json_pieces(result, indent=indent))


def json_pieces(result: Fact, *, indent: int = 0) -> Iterator[bytes]:
    """The same in pieces: the text of a storm takes tens of megabytes."""
    values = [(name, getattr(result, name)) for name in result.__struct_fields__]
    if not any(_is_long(value) for _, value in values):
        yield _packed(result, indent)
        return
    open_, comma, colon, close = _marks(indent, 1)
    before = b"{" + open_
    for name, value in values:
        yield before + _packed(name, 0) + colon
        before = comma
        if _is_long(value):
            yield from _list(value, indent)
        else:
            yield _moved(_packed(value, indent), indent)
    yield close + b"}"


def _list(values: Any, indent: int) -> Iterator[bytes]:
    open_, comma, _, close = _marks(indent, 2)
    before = b"[" + open_
    for value in values:
        yield before + _moved(_packed(value, indent), 2 * indent)
        before = comma
    yield close + b"]"


def _marks(indent: int, level: int) -> tuple[bytes, bytes, bytes, bytes]:
    """What stands before the first item of a level, between two, between name and value, and behind the last."""
    if not indent:
        return b"", b",", b":", b""
    line = b"\n" + b" " * indent * level
    return line, b"," + line, b": ", line[: len(line) - indent]


def _moved(text: bytes, blanks: int) -> bytes:
    return text.replace(b"\n", b"\n" + b" " * blanks) if blanks else text


def _is_long(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) > LONG


def _packed(value: Any, indent: int) -> bytes:
    try:
        packed = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, from JSON inside a log or from the name of a file
        packed = msgspec.json.encode(whole_characters(msgspec.to_builtins(value)))
    if not packed.isascii() or b"\x7f" in packed:
        packed = harmless(packed.decode()).encode()
    return msgspec.json.format(packed, indent=indent) if indent else packed


def harmless(json_text: str) -> str:
    """JSON of one line, with JSON's escapes for all that steers what shows it."""
    return json_text if json_text.isprintable() else _BEYOND.sub(_shown, json_text)


def _shown(match: re.Match[str]) -> str:
    """One character, as JSON's escape where it steers."""
    char = match[0]
    if char.isprintable() or char in BLANKS:
        return char
    units = char.encode("utf-16-be").hex()
    return "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def whole_characters(value: Any) -> Any:
    """The same with what is no character of Unicode written as its code."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(one) for name, one in value.items()}
    return [whole_characters(one) for one in value] if isinstance(value, list | tuple) else value
