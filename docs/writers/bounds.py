"""The table of bounds, with what good data has as it stands beside each in the source."""
from __future__ import annotations

import re
from dataclasses import fields
from inspect import getsource

from nopage.kernel.bounds import BOUNDS, Bounds
from writers.markdown import table

REMARK = re.compile(r"^    (\w+): int = [^#\n]+(?:# (.+))?$", re.MULTILINE)


def bounds() -> str:
    """One row a bound."""
    remarks = dict(REMARK.findall(getsource(Bounds)))
    return table(
        ["bound", "value", "of what; what good data has"],
        [[f"`{one.name}`", value(getattr(BOUNDS, one.name)), remarks[one.name]] for one in fields(Bounds)],
    )


def value(number: int) -> str:
    """Round numbers of bytes by their unit."""
    for unit, shift in (("MiB", 20), ("KiB", 10)):
        if number >= 1 << shift and number % (1 << shift) == 0:
            return f"{number >> shift} {unit}"
    return f"{number:,}"
