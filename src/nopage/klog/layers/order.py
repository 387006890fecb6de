"""Lines that stand newest first, as log viewers export them: told by the order inside a report, else by clocks."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from nopage.kernel.header import AROUND_HEADER, begins_report
from nopage.kernel.pattern import later
from nopage.klog.framing import CLOCK, ISO, MONTH_DAY

_HEADERS_MOST: Final = 8
_FALLS_LEAST: Final = 3
_SAMPLES: Final = 200
_OLD_TITLE: Final = later(r"\bCall Trace:(?:$| ?<)")  # RHEL 4, 5: no `Comm:` line, an empty one before the title
_BOOT: Final = later(r"\[ {0,6}(\d{1,10}\.\d{3,9})\]")
_WALL: Final = later(rf"{ISO}|{MONTH_DAY} {CLOCK}")
_MONTHS: Final = {name: f"{number:02d}" for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)}  # fmt: skip


def newest_first(lines: Sequence[str], text: str) -> bool:
    """Whether these lines run backwards."""
    if "page alloc" not in text:
        return False
    headers = []
    for index, line in enumerate(lines):
        if "page alloc" in line:
            headers.append(index)
            if len(headers) == _HEADERS_MOST:
                break
    forward = backward = 0
    for index in headers:
        forward += begins_report(lines[index : index + 1 + AROUND_HEADER])
        backward += begins_report(lines[max(0, index - AROUND_HEADER) : index + 1][::-1])
    if forward or backward:
        return backward > forward
    return _clock_falls(lines)


def _clock_falls(lines: Sequence[str]) -> bool:
    """The clock goes back again and again, and hardly ever forward; a boot sets it back once."""
    step = max(1, len(lines) // _SAMPLES)
    clocks: tuple[Callable[[str], str | None], ...] = (_since_boot, _wall)
    for clock in clocks:
        stamps = [stamp for line in lines[::step] if (stamp := clock(line[:160])) is not None]
        falls = sum(later < earlier for earlier, later in pairwise(stamps))
        rises = sum(later > earlier for earlier, later in pairwise(stamps))
        if falls >= _FALLS_LEAST and falls > 8 * rises:
            return True
        if falls or rises:
            return False
    return False


def _since_boot(line: str) -> str | None:
    """The time since boot as text that sorts as it does."""
    match = _BOOT.search(line)
    return f"{float(match[1]):020.9f}" if match else None


def _wall(line: str) -> str | None:
    """A stamp as text that sorts as its time does."""
    match = _WALL.search(line)
    if match is None:
        return None
    month = _MONTHS.get(match[0][:3])
    if month is None:
        return match[0]
    day, clock = match[0][3:].split()
    return f"{month}{day:>02}{clock}"
