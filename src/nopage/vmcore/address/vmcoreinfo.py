"""VMCOREINFO: the few symbols, sizes and offsets that a kernel leaves for dump tools (kernel/vmcore_info.c)."""
from __future__ import annotations

import re
from collections.abc import Iterable

_LINE = re.compile(r"(?:(SYMBOL|SIZE|OFFSET|LENGTH|NUMBER)\(([^)\s]{1,128})\)|([A-Za-z_][\w-]{0,63}))=(\S.*)?")
_LARGEST = 1 << 31


class VmcoreInfo:
    """Typed access to the lines. A line that cannot be true is left out and named in `warnings`."""

    def __init__(self, data: bytes) -> None:
        self.symbols: dict[str, int] = {}
        self.sizes: dict[str, int] = {}
        self.offsets: dict[str, int] = {}
        self.lengths: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.values: dict[str, str] = {}
        self.warnings: list[str] = []
        for line in data.partition(b"\0")[0].decode("ascii", "replace").split("\n"):
            self._take(line)

    def _take(self, line: str) -> None:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            return
        kind, name, key, value = match.groups(default="")
        if not kind:
            self.values.setdefault(key, value)
            return
        number = _number(value, 16 if kind == "SYMBOL" else 10)
        table = {"SYMBOL": self.symbols, "SIZE": self.sizes, "OFFSET": self.offsets, "LENGTH": self.lengths,
                 "NUMBER": self.numbers}[kind]
        believable = number is not None and (
            0 < number < 1 << 64 if kind == "SYMBOL"
            else -(1 << 63) <= number < 1 << 64 if kind == "NUMBER"
            else 0 <= number < _LARGEST
        )
        if number is None or not believable:
            if len(self.warnings) < 8:
                self.warnings.append(f"VMCOREINFO says {line.strip()[:80]}: not believable, left out")
            return
        table.setdefault(name, number)

    def lacks(
        self, *, symbols: Iterable[str] = (), sizes: Iterable[str] = (), offsets: Iterable[str] = ()
    ) -> list[str]:
        """Which of these are not there, as VMCOREINFO would write them."""
        return (
            [f"SYMBOL({name})" for name in symbols if name not in self.symbols]
            + [f"SIZE({name})" for name in sizes if name not in self.sizes]
            + [f"OFFSET({name})" for name in offsets if name not in self.offsets]
        )

    @property
    def release(self) -> str | None:
        text = self.values.get("OSRELEASE", "").strip()
        return text if text and text.isprintable() else None

    @property
    def page_bytes(self) -> int | None:
        text = self.values.get("PAGESIZE", "")
        size = int(text) if text.isdecimal() and len(text) < 8 else 0
        return size if 4096 <= size <= 1 << 16 and size & (size - 1) == 0 else None

    @property
    def crash_time(self) -> int | None:
        text = self.values.get("CRASHTIME", "")
        return int(text) if text.isdecimal() and len(text) < 12 else None

    @property
    def empty(self) -> bool:
        return not (self.symbols or self.values)


def _number(text: str, base: int) -> int | None:
    text = text.strip()
    if text.lower().startswith("0x"):
        text, base = text[2:], 16
    try:
        return int(text, base) if len(text) <= 24 and "_" not in text else None
    except ValueError:
        return None
