"""Exit statuses: a contract with scripts."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

NOTHING_FOUND = 0
FOUND = 1
WRONG_COMMAND_LINE = 2
NOT_WHOLLY_READ = 3

KEYS = (
    "ATOMIC_ALLOCATION_FAILURE",
    "SLEEPING_ALLOCATION_FAILURE",
    "MIN_FREE_KBYTES_TOO_HIGH",
    "MIN_FREE_KBYTES_TOO_LOW",
    "ATOMIC_RESERVE_AT_RISK",
)
FAIL_ON = ("ATOMIC_ALLOCATION_FAILURE", "MIN_FREE_KBYTES_TOO_HIGH")


def status_of(results: Iterable[dict[str, Any]], fail_on: Sequence[str] = FAIL_ON) -> int:
    """The status of a run over several sources: 3 (something could not be read) wins over 1 (findings) over 0."""
    status = NOTHING_FOUND
    for result in results:
        if not result["source"]["complete"]:
            return NOT_WHOLLY_READ
        if any(finding["key"] in fail_on for finding in result["findings"]):
            status = FOUND
    return status
