"""Which known fixes a failed request lacks."""
from __future__ import annotations

from collections.abc import Collection

from nopage.kernel.fixes.tables import TABLE, Fix
from nopage.kernel.release import Release


def fixes_for(
    release: Release | None,
    driver: str | None,
    function: str | None,
    order: int,
    path: str,
    *,
    cause: str | None = None,
    signs: Collection[str] = (),
) -> tuple[Fix, ...]:
    """The rows that hold for a request of `function` (or of `driver`) that failed on `release`, in order of the table.

    `cause` and `signs` ("boost", "highatomic") are what the diagnosis says; rows that ask for them hold only where they
    are given. () for a kernel that is no RHEL build: its numbers say nothing of Red Hat's patches.
    """
    if release is None or not release.exact:
        return ()
    return tuple(row for row in TABLE if holds(row, release) and asks(row, driver, function, order, path)
                 and (not row.causes or cause in row.causes) and (row.sign is None or row.sign in signs))


def holds(row: Fix, release: Release) -> bool:
    """Whether this build has the problem and not the fix."""
    if release.generation not in row.generations or release.at_least(row.fixed_in):
        return False
    return row.since is None or release.at_least(row.since)


def asks(row: Fix, driver: str | None, function: str | None, order: int, path: str) -> bool:
    """Whether the request is of the row's kind."""
    if row.drivers or row.functions:
        named = (driver or "").replace("-", "_") in row.drivers or function in row.functions
        if not named:
            return False
    return row.orders[0] <= order <= row.orders[1] and (not row.paths or path in row.paths)
