"""What may stand around a log's lines, undone from the outside in: mails, exports, tables, quoting, unknown prefixes.

One layer may hold another: a mail in base64, in it JSON whose messages are lines of syslog. Each is undone for the
whole window, and what it held is looked at again. An undamaged log passes with one look at its text.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from nopage.klog.framing import Framer, Record
from nopage.klog.layers.doubled import once, times_of
from nopage.klog.layers.hardwrap import joined, width_of
from nopage.klog.layers.journal import behind, exported, is_json
from nopage.klog.layers.learned import prefix_of, without
from nopage.klog.layers.mail import decoded_mail, is_base64_mail
from nopage.klog.layers.mixed import stretches
from nopage.klog.layers.order import newest_first
from nopage.klog.layers.table import rows, table_of
from nopage.klog.quoting import MAX_LINE, broken_fields, cased, clean, is_caseless, is_clean

DEEPEST: Final = 5


class Layers:
    """Reads windows of one log; `wanted` gives for a bare text what says of its lines whether anybody needs them.

    Attributes:
        backwards: lines stood newest first and were turned round.
    """

    def __init__(self, wanted: Callable[[str], Callable[[str], bool]]) -> None:
        self._wanted = wanted
        self._framer = Framer()
        self.backwards = False

    def new_file(self) -> None:
        self._framer = Framer()
        self.backwards = False

    def records(self, lines: Sequence[str], text: str) -> Iterator[Record]:
        """The records of a window's lines, which are `text` when joined by newlines."""
        if lines and text.count("\n") >= len(lines):  # a "line" that holds newlines
            flat = [(index, part) for index, line in enumerate(lines) for part in line.split("\n")]
            for record in self.records([part for _, part in flat], text):
                record.index = flat[record.index][0]
                yield record
            return
        parts = stretches(lines, text)
        if len(parts) == 1:
            yield from self._records(lines, text, self._framer, DEEPEST)
            return
        for begin, end in parts:
            part = lines[begin:end]
            for record in self._records(part, "\n".join(part), Framer(), DEEPEST):
                record.index += begin
                yield record

    def _records(
        self, lines: Sequence[str], text: str, framer: Framer, depth: int, *, cleaned: bool = False
    ) -> Iterator[Record]:
        inner: Iterator[Record] | None = None
        if depth:
            inner = layer_of(lines, text)
            if inner is not None:
                cleaned = False
            elif is_caseless(text):
                inner = _plain(cased(lines))
            elif not cleaned and (width := width_of(lines)) is not None:
                inner = _plain(joined(lines, width))
            elif not cleaned and not is_clean(lines, text):
                inner, cleaned = _plain(clean(lines, text)), True
            else:
                inner = bare(lines, text)
        if inner is None:
            yield from self._framed(lines, text, framer)
            return
        outers = [part for outer in inner for part in _parts(outer)]
        texts = [outer.text for outer in outers]
        for record in self._records(texts, "\n".join(texts), Framer(), depth - 1, cleaned=cleaned):
            outer = outers[record.index]
            record.index = outer.index
            record.kernel = record.kernel and outer.kernel
            record.wall = record.wall or outer.wall
            record.boot = record.boot or outer.boot
            record.source = record.source or outer.source
            record.framed = record.framed or outer.framed
            record.host = record.host or outer.host
            yield record

    def _framed(self, lines: Sequence[str], text: str, framer: Framer) -> Iterator[Record]:
        """Plain lines, in the order of time."""
        wanted = self._wanted(text)
        if newest_first(lines, text):
            self.backwards = True
            for index in range(len(lines) - 1, -1, -1):
                yield from framer.records(index, lines[index])
            return
        for index, line in enumerate(lines):
            if wanted(line):
                yield from framer.records(index, line)


def layer_of(lines: Sequence[str], text: str) -> Iterator[Record] | None:
    """What a mail, an export or a table holds, by the index of the line it stands on; None where the lines are none."""
    if is_base64_mail(text):
        return _plain(decoded_mail(lines))
    if (mended := broken_fields(lines, text)) is not None:
        return _plain(mended)
    if is_json(text):
        return exported(lines, text)
    if (begins := behind(text)) is not None:
        return _plain((index, begins.sub("", line, count=1)) for index, line in enumerate(lines))
    table = table_of(lines) if '"' in text and "page alloc" in text else None
    return rows(lines, table) if table is not None else None


def bare(lines: Sequence[str], text: str) -> Iterator[Record] | None:
    """Lines joined that a column cut, told once that stood twice, or freed of a prefix that no layout knows; None where
    they are as logged."""
    width = width_of(lines)
    if width is not None:
        return _plain(joined(lines, width))
    times = times_of(lines, text)
    if times > 1:
        return _plain(once(lines, times))
    prefix = prefix_of(lines, text)
    return without(lines, *prefix) if prefix is not None else None


def _plain(lines: Iterable[tuple[int, str]]) -> Iterator[Record]:
    for index, text in lines:
        yield Record(index, text)


def _parts(record: Record) -> Iterator[Record]:
    """A message of several lines as a record of each; none longer than a line may be."""
    if "\n" not in record.text:
        record.text = record.text[:MAX_LINE]
        yield record
        return
    for text in record.text.split("\n"):
        part = record.part(text)
        part.text = text[:MAX_LINE]
        yield part
