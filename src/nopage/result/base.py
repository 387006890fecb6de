"""What every type of the contract is built on, and the words that its fields choose from."""

from __future__ import annotations

from enum import StrEnum
from threading import Lock
from typing import Any, Final, TypeVar

from msgspec import Struct, convert
from msgspec.json import Decoder

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
