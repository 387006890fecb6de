"""What a network's receiver wrote down: syslog with counted octets (RFC 6587), fragments of netconsole's records."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nopage.kernel.pattern import later

_COUNTED: Final = later(r"(?P<count>\d{2,5}) (?=<\d{1,3}>1 \d{4}-\d\d-\d\dT)")
_FRAGMENT: Final = later(
    r"(?P<head>.{0,240}?),ncfrag=(?P<at>\d{1,6})/(?P<size>\d{1,6})(?P<more>[^;]{0,80};)(?P<text>.*)"
)
_RECORD_MOST: Final = 64 << 10


def has_packets(text: str) -> bool:
    """Whether lines hold messages behind the number of their octets, or fragments of a record."""
    if ",ncfrag=" in text:
        return True
    return ">1 " in text and _COUNTED.search(text) is not None


def whole_records(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """A line each message; a record from its fragments, on the line of the first."""
    held: list[str] = []
    began = missing = 0
    for index, line in lines:
        fragment = _FRAGMENT.match(line) if ",ncfrag=" in line else None
        if held and (fragment is None or fragment["at"] == "0" or missing <= 0):
            yield began, "".join(held)
            held = []
        if fragment is None:
            yield from _messages(index, line)
            continue
        if not held:
            held, began = [fragment["head"], fragment["more"]], index
            missing = min(int(fragment["size"]), _RECORD_MOST) - int(fragment["at"])
        held.append(fragment["text"])
        missing -= len(fragment["text"])
    if held:
        yield began, "".join(held)


def _messages(index: int, line: str) -> Iterator[tuple[int, str]]:
    """The messages of a line: the number before each says where the next begins, digits that touch it do not."""
    count = _COUNTED.search(line) if ">1 " in line else None
    if count is None:
        yield index, line
        return
    if count.start():
        yield index, line[: count.start()]
    while count is not None:
        begin = count.end()
        end = begin + _letters(line[begin : begin + int(count["count"])], int(count["count"]))
        count = _COUNTED.match(line, end)
        if count is None and (count := _COUNTED.search(line, end)) is not None:  # a number that is wrong
            end = count.start()
        yield index, line[begin : end if count is not None else len(line)]


def _letters(text: str, octets: int) -> int:
    """How many letters of the text so many octets are."""
    return len(text) if text.isascii() else len(text.encode()[:octets].decode(errors="ignore"))
