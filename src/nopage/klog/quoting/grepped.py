"""Takes off what grep puts before a line: `270:`, `270-` (context), `messages:270:`, `messages-270-`, `messages:`.

A number alone could be the kernel's, so it is taken for grep's only before a time stamp, or where the next such line
bears a higher one.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.framing import CLOCK, ISO, MONTH_DAY

_STAMP: Final = rf"(?=(?:<\d{{1,3}}>)?(?:[A-Z][a-z]{{2}},? )?(?:{MONTH_DAY}\s+(?:\d{{4}}\s+)?{CLOCK}|{ISO}))"
_PATH: Final = r"[A-Za-z_./~][^\s:;\[\]<>(){}\"=]{0,254}"
# 12:34:56, 2021-05-06, 05-06 12:34 and 06-May-2021 are time stamps.
_NO_TIME: Final = r"(?!\d\d:\d\d(?!:\d)|\d\d-\d\d|\d\dT|\d\d \d\d:|[A-Z][a-z]{2}-\d{4})"
_NUMBERED: Final = (
    rf"(?:(?P<path>{_PATH})(?<![T-]\d\d)(?P<mark>[:-]))?(?P<number>\d{{1,9}})(?(mark)(?P=mark)|[:-])" + _NO_TIME
)
_BEGIN: Final = r"\n[ \t>|]{0,8}"  # a mail may quote it
_NAMED: Final = later(rf"{_PATH}[:-]{_STAMP}")
_GREP: Final = later(_NUMBERED)
_STAMPED: Final = re.compile(f"{_BEGIN}(?:{_PATH}[:-]|{_NUMBERED}){_STAMP}")
_ANY: Final = re.compile(_BEGIN + _NUMBERED)


def is_grepped(text: str) -> bool:
    """Whether lines of `text`, which begins with a newline, bear grep's prefix."""
    if _STAMPED.search(text):
        return True
    found = [(match["path"], int(match["number"])) for match in _ANY.finditer(text)]
    return any(path == other and number < next_ for (path, number), (other, next_) in pairwise(found))


def drop_grep(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without grep's prefix; `--`, its mark between groups, becomes an empty line."""
    for index, line in lines:
        bare = line.lstrip()
        match = _NAMED.match(bare) or _GREP.match(bare)
        if match is not None:
            yield index, bare[match.end() :]
        else:
            yield index, "" if bare.rstrip() == "--" else line
