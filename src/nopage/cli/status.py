"""Exit statuses: a contract with scripts."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from nopage.kernel.frozen import dataclass

NOTHING_FOUND = 0
FOUND = 1
WRONG_COMMAND_LINE = 2
NOT_WHOLLY_READ = 3
INTERNAL_ERROR = 4  # a fault of nopage itself: said in one line, and never taken for a finding

KEYS = (
    "ATOMIC_ALLOCATION_FAILURE",
    "SLEEPING_ALLOCATION_FAILURE",
    "SILENT_ALLOCATION_FAILURE",
    "MIN_FREE_KBYTES_TOO_HIGH",
    "MIN_FREE_KBYTES_TOO_LOW",
    "ATOMIC_RESERVE_AT_RISK",
)
FAIL_ON = ("ATOMIC_ALLOCATION_FAILURE", "MIN_FREE_KBYTES_TOO_HIGH")


def status_of(results: Iterable[Seen], fail_on: Sequence[str] = FAIL_ON) -> int:
    """The status of a run over several sources.

    4 (a fault of nopage) wins over 3 (something could not be read), that over 1 (findings) and 0.
    """
    status = NOTHING_FOUND
    for seen in results:
        if seen.internal_error:
            return INTERNAL_ERROR
        if not seen.complete:
            status = NOT_WHOLLY_READ
        elif status == NOTHING_FOUND and any(key in fail_on for key in seen.keys):
            status = FOUND
    return status


@dataclass(frozen=True, slots=True)
class Seen:
    """What of one result decides the status."""

    complete: bool
    keys: tuple[str, ...] = ()
    internal_error: bool = False
