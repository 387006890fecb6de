"""A stream that is no archive: a log, a crash dump, a file of /proc, or nothing that can be read, and then why."""
from __future__ import annotations

import binascii
import re

from nopage.intake.cores import core_at, core_collection, core_in, is_core
from nopage.intake.hosts import coverage
from nopage.intake.model import Collection, Limits, NothingFound, SourceError, Stream
from nopage.intake.reader import Budget, Peeked
from nopage.intake.streams import is_text, printable, read_fact, read_log

ENCRYPTED = (
    b"-----BEGIN PGP MESSAGE", b"\x8c\x0d\x04", b"\x85\x01\x0c\x03", b"\x85\x02\x0c\x03", b"\x84\x8c\x03",
)
OPENSSL = (b"Salted__", b"U2FsdGVkX1")  # as it is, and in base64
UNPACK = "is packed in a way that is not read here; unpack it first, for example with"
NO_LOG = "is neither an archive nor a log: no text, or damaged where it begins; name the archive or log itself"
BASE64 = re.compile(rb"[A-Za-z0-9+/=\r\n]{200,}")
FOREIGN = (
    (b"LZIP", f"{UNPACK} lzip -d"),
    (b"\x1f\x9d", f"{UNPACK} uncompress"),
    (b"\x89LZO\0\r\n", f"{UNPACK} lzop -d"),
    (b"\x04\x22\x4d\x18", f"{UNPACK} lz4 -d"),
    (b"\xff\x06\0\0sNaPpY", f"{UNPACK} snzip -d"),
    (b"SQLite format 3\0", "is a database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF file"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"070701", "a cpio archive"),
    (b"LPKSHHRH", "a binary journal; `journalctl --file` makes it text"),
)

# A text that stands for the bytes of another, by how it begins.
HEX = re.compile(rb"[0-9a-f\r\n]{200,}")
WRITTEN = (
    (re.compile(rb"(?:.*\n)?[0-9a-f]{8}: (?:[0-9a-f]{4} ){4}"), "is a hex dump; undo it first, as with xxd -r"),
    (re.compile(rb"(?:.*\n)?[0-9a-f]{8}  (?:[0-9a-f]{2} ){8}"), "is a hex dump; name the file that it shows"),
    (re.compile(rb"0{6,8}(?: [ -~]{3}){16}\s*\n0{3,5}[0-7]{2,3} "), "is a dump of od; name the file that it shows"),
    (re.compile(rb"0{6,8}(?: {1,2}[0-9a-f]{4}){8}\s*\n[0-9a-f]{6,8} "), "is a hex dump; name the file that it shows"),
    (re.compile(rb"begin(?:-base64)? [0-7]{3,4} \S+\r?\n"), "is uuencoded; decode it first, for example with uudecode"),
    (re.compile(rb"[^\s%]{0,200}(?:%[0-9A-Fa-f]{2}[^\s%]{0,200}){20}"), "is URL-encoded; decode it first"),
)
PART_IN_BASE64 = re.compile(rb"[\"'>=:\s]([A-Za-z0-9+/]{120,})")
IN_BASE64 = "holds text in base64, which is not read here; decode it first"

ZONES_BEGIN = re.compile(rb"\s*Node +\d+, zone +\S+")
# spec of a /proc file that stands alone -> what shows it in the file's head
ZONES_SHOWN = (
    ("zoneinfo", re.compile(rb"^\s*Node +\d+, zone +\S+\s*\n(?:.*\n){0,64}?\s+pages free +\d", re.MULTILINE)),
    ("buddyinfo", re.compile(rb"^\s*Node +\d+, zone +\S+(?: +\d+){5,}\s*$", re.MULTILINE)),
)


def single(path: str, name: str, source: Peeked, limits: Limits, budget: Budget, *, plain: bool) -> Collection:
    """What the stream holds; `plain` says that it is what stands in the file at `path`, unpacked by nobody.

    Raises SourceError.
    """
    head = source.head
    for magic in ENCRYPTED:
        if head.startswith(magic):
            raise SourceError(path, "is encrypted; decrypt it first, for example with gpg --decrypt")
    if head.startswith(OPENSSL):
        raise SourceError(path, "is encrypted; decrypt it first, for example with openssl enc -d")
    for magic, what in FOREIGN:
        if head.startswith(magic):
            raise NothingFound(path, what if what.startswith("is ") else f"is {what}, which is not read here")
    if is_core(head):
        if plain:
            return core_collection(path, core_at(path, name, limits.vmlinux))
        return core_collection(path, core_in(source, path, name, limits.core_bytes, limits.vmlinux))
    if head.startswith(b"\x7fELF"):
        raise NothingFound(path, "is a program, no archive and no log")
    specs = bare_facts(head)
    if specs:
        return bare(path, name, specs, source, limits, budget)
    stream = read_log("kernel_log", printable(name), source, limits, budget).stream
    if stream is None or not (stream.windows or stream.last_time or is_text(head)):
        raise NothingFound(path, NO_LOG)
    if stream.cut is not None and not stream.bytes_read:
        raise SourceError(path, stream.cut)
    cut: tuple[str, ...] = () if stream.cut is None else (stream.cut,)
    said = dressed(head)
    if said is not None and not any("page allocation failure" in line for one in stream.windows for line in one.lines):
        raise NothingFound(path, said)
    if not stream.windows and holds_base64(head):
        cut += (IN_BASE64,)
    if head.strip(b"\0") and not is_text(head):
        cut += ("is no text as a whole: what looked like a log in it was read",)
    return Collection(path, "log", not cut, cut, (stream,), coverage((stream,), cut=cut))


def dressed(head: bytes) -> str | None:
    """What a text is that stands for the bytes of another one, and what to do with it; None for any other."""
    if HEX.fullmatch(head):
        return "is hex; decode it first, for example with xxd -r -p"
    if BASE64.fullmatch(head):
        return "is base64; decode it first, for example with base64 -d"
    return next((what for shape, what in WRITTEN if shape.match(head)), None)


def holds_base64(head: bytes) -> bool:
    """A field of the text holds another text in base64; keys and certificates are none."""
    for part in PART_IN_BASE64.finditer(head):
        told = binascii.a2b_base64(part[1][: len(part[1]) & ~3])
        if told.isascii() and is_text(told) and len(told.split()) > len(told) // 24:
            return True
    return False


def bare_facts(head: bytes) -> tuple[str, ...]:
    """The specs that a file with this head feeds; () where it is none of these."""
    if not ZONES_BEGIN.match(head):
        return ()
    return tuple(spec for spec, shown in ZONES_SHOWN if shown.search(head))


def bare(path: str, name: str, specs: tuple[str, ...], source: Peeked, limits: Limits, budget: Budget) -> Collection:
    """The /proc file as the only one of its host."""
    taken = read_fact(specs[0], printable(name), source, limits, budget)
    first = taken.stream or Stream(specs[0], printable(name))
    streams = (first, *(Stream(spec, first.name, text=first.text) for spec in specs[1:]))
    cut = () if first.cut is None else (first.cut,)
    return Collection(path, "log", not cut, cut, streams, coverage(streams, cut=cut))
