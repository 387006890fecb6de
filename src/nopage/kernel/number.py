"""Printed numbers, read within bounds: what no 64-bit variable of a kernel holds is no number of a kernel.

`int()` takes a second for a million digits and raises beyond 4,300 of them; both is for whoever wrote the digits to
choose.
"""
from __future__ import annotations

LARGEST = (1 << 64) - 1
_SHORT = {10: 19, 16: 16, 8: 21}  # digits that cannot go beyond LARGEST
_LONGEST = 64  # digits looked at, leading zeros among them


def number(text: str | bytes, base: int = 10) -> int | None:
    """The number that `text` is, blanks around it or not; None for anything else, and beyond 64 bits."""
    if len(text) > _LONGEST:
        return None
    try:
        value = int(text, base)
    except ValueError:
        return None
    return value if -LARGEST <= value <= LARGEST else None


def count(digits: str | bytes, base: int = 10) -> int:
    """What a run of digits counts, LARGEST at most: the counter that printed more had no room for it."""
    if len(digits) <= _SHORT[base]:
        return int(digits, base)
    stripped = digits.strip().lstrip("0" if isinstance(digits, str) else b"0")  # type: ignore[arg-type]
    return min(int(stripped or "0", base), LARGEST) if len(stripped) <= _LONGEST else LARGEST


def total(*counts: int) -> int:
    """The sum of counts, LARGEST at most."""
    return min(sum(counts), LARGEST)
