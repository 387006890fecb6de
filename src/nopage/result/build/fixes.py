"""Known fixes as the contract has them."""

from __future__ import annotations

from collections.abc import Iterable

from nopage.kernel.fixes import Fix
from nopage.result import FixKind, KnownFix, said_all


def known_fixes_of(rows: Iterable[Fix]) -> tuple[KnownFix, ...]:
    """The rows in order."""
    return tuple(
        KnownFix(
            id=row.id,
            kind=FixKind(row.kind),
            fixed_in=row.fixed_in,
            words=str(row.words),
            source=row.source,
            said=said_all([row.words]),
        )
        for row in rows
    )
