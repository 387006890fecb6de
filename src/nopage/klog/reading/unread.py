"""Headers that stand in a log and could not be read: told with their place, so that silence means there are none."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nopage.kernel.facts import Place
from nopage.kernel.message import Message, say
from nopage.kernel.pattern import later
from nopage.klog.report import impossible_header, is_spoken_of

# What may stand between the words: blanks, marks of a viewer, quoting, the end of a line that was wrapped.
_BETWEEN: Final = (
    r"(?:\s|\\[nt]|&(?:nbsp|#160);|</?\w[^<>\n]{0,60}>|&lt;/?\w[^<>&\n]{0,60}&gt;|[\u2028\xad\xa0]|=\n|[>|]){1,12}"
)
_WORDS: Final = later(rf"page{_BETWEEN}allocation{_BETWEEN}failure", re.IGNORECASE)
# A line of the kernel with the words of a header and numbers of one.
_LIKE: Final = later(r"page\s{0,3}alloc(?!ation stalls).{0,40}(?:order|mode)", re.IGNORECASE)


# What of this is a report that was lost; words that only speak of one are none.
HEADERS_LOST: Final = frozenset({"log.header_unread", "log.header_without_mode", "log.impossible_header"})


@dataclass(slots=True)
class _Told:
    """Of one file: how often, and where first."""

    first: Place
    count: int = 0


class Unread:
    """Collects them; `warnings` tells them once a file."""

    def __init__(self) -> None:
        self._told: dict[Message, None] = {}
        self._read: set[str] = set()  # files with a header that was read, or of which it is told why none was
        self._like: dict[str, _Told] = {}
        self._words: dict[str, _Told] = {}

    def read(self, file: str) -> None:
        """A header of the file was read."""
        self._read.add(file)

    def line(self, text: str, place: Place) -> bool:
        """A kernel's line that may have been a header and was read as none; whether that was its fault."""
        impossible = impossible_header(text)
        if impossible is not None:
            self.read(place.file)
            self._told.setdefault(
                say("log.impossible_header",
                    "{file}:{line}: no kernel prints such an order or mode, not counted: {header}",
                    file=place.file, line=place.line, header=impossible)
            )  # fmt: skip
        elif not is_spoken_of(text) and _LIKE.search(text) is not None:
            self._like.setdefault(place.file, _Told(place)).count += 1
        return impossible is not None

    def window(self, file: str, first_line: int, text: str) -> None:
        """The lines of a window in which no header was read."""
        for match in _WORDS.finditer(text):
            told = self._words.get(file)
            if told is None:
                place = Place(file, first_line + text.count("\n", 0, match.start()))
                told = self._words[file] = _Told(place)
            told.count += 1

    def warnings(self) -> Iterator[Message]:
        yield from self._told
        for file, told in self._words.items():
            if file not in self._read and file not in self._like:
                yield say(
                    "log.words_only",
                    "{file}:{line}: the words 'page allocation failure' stand in the log {count:once|# times}, and no "
                    "header of a report could be read",
                    file=file, line=told.first.line, count=told.count,
                )  # fmt: skip
        for file, told in self._like.items():
            yield say(
                "log.header_unread",
                "{file}:{line}: {count:a line looks|# lines look} like the header of a report and could not be read",
                file=file, line=told.first.line, count=told.count,
            )  # fmt: skip
