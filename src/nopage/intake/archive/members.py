"""Which kind of archive a stream is, and its members."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nopage.intake.archive.member import Member
from nopage.intake.archive.tar import is_tar, walk_tar
from nopage.intake.reader import Budget, Peeked

ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def members_of(source: Peeked, seekable: Any, budget: Budget) -> Iterator[Member] | None:
    """The members of the archive that `source` is, None where it is none; `seekable` is its file where it can seek."""
    if is_tar(source.head):
        return walk_tar(source)
    if source.head.startswith(ZIP):
        from nopage.intake.archive.zip import walk_zip

        return walk_zip(source, seekable, budget)
    return None
