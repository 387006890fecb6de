"""Bytes of a log as the lines that people and parsers read."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, overload


def decode(raw: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1, which no bytes can break."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def split(raw: bytes) -> list[str]:
    """The lines of `raw`, without line ends and NULs (a crash leaves runs of them in /var/log/messages)."""
    parts = raw.split(b"\n")
    if not parts[-1]:
        parts.pop()
    if b"\0" in raw:
        parts = [part.replace(b"\0", b"") for part in parts]
    if b"\r" in raw:
        parts = [part.rstrip(b"\r") for part in parts]
    try:
        return b"\n".join(parts).decode("utf-8").split("\n") if parts else []
    except UnicodeDecodeError:
        return [decode(part) for part in parts]


class Lines(Sequence[str]):
    """The lines of some bytes, decoded when they are asked for: text takes four times the room.

    Those asked for last stay decoded.
    """

    _decoded: ClassVar[tuple[bytes, list[str]]] = (b"", [])

    __slots__ = ("_count", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._count = raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw))

    def __len__(self) -> int:
        return self._count

    def _list(self) -> list[str]:
        raw, lines = Lines._decoded
        if raw is not self.raw:
            lines = split(self.raw)
            Lines._decoded = (self.raw, lines)
        return lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._list())

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self._list()[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<{self._count} lines>"
