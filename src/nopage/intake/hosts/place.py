"""Seen -> placed: what a member is to the source, by its name and kind, before a byte of it is read."""
from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from nopage.intake.archive import FILE, FOLDER, Member, normal
from nopage.intake.hosts.record import Hosts
from nopage.intake.sources import CORE_NAME, KERNEL_LOG, LONGEST, LOOSE_LOG, SOS_NAME, Match, Source, classify

ARCHIVE_NAME = re.compile(r"\.(?:tar(?:\.\w{2,4})?|tgz|txz|tbz2?|tzst|zip)$", re.IGNORECASE)

FEEDS = "feeds a spec"
LOOSE = "a log outside any host"
ARCHIVE = "an archive"
CORE = "a crash dump, to be read now"
LATER = "a crash dump, to be read by its own path"
NO_FILE = "a link or special file under the name of a file that would feed a spec"


class Place(NamedTuple):
    """A member that matters, with what it is (`role`), its normal path, and the spec it feeds where it feeds one."""

    role: str
    path: str
    member: Member
    match: Match | None = None

    @property
    def source(self) -> Source:
        """How to read it."""
        return KERNEL_LOG if self.match is None else self.match.source


class Placer:
    """Places the members of one source, in any order; `hosts` learns from their names which folders are hosts."""

    def __init__(self, hosts: Hosts, *, directory: bool) -> None:
        self._hosts = hosts
        self._directory = directory
        self.unsafe = 0  # names that lead out of the source
        self.overlong = 0  # names that no file system takes

    def place(self, member: Member) -> Place | None:
        """Where the member belongs; None where it is of no use, as most are. Raises LimitReached."""
        if len(member.path) > LONGEST:
            self.overlong += 1
            return None
        path = normal(member.path)
        if path is None:
            self.unsafe += 1
            return None
        parts = path.split("/", 2)
        self._hosts.mark(parts)
        if member.kind == FOLDER:
            return None
        match = classify(path)
        if member.kind != FILE:
            return None if match is None else Place(NO_FILE, path, member, match)
        if self._is_archive(path, parts):
            return Place(ARCHIVE, path, member)
        leaf = path.rfind("/") + 1
        if CORE_NAME.match(path, leaf):
            # Of a directory the caller reads it; in an archive it is now or never.
            return Place(LATER if self._directory or self._hosts.collected(parts) else CORE, path, member)
        if match is not None:
            return Place(FEEDS, path, member, match)
        if LOOSE_LOG.match(path, leaf) and not self._hosts.collected(parts):
            return Place(LOOSE, path, member)
        return None

    def _is_archive(self, path: str, parts: list[str]) -> bool:
        """The member is an archive that may hold a host of its own.

        Inside a collected host it stands in the top folder, as `sos collect` packs them; else near the top, or it has
        a sosreport's name.
        """
        if "." not in path[-10:] or not ARCHIVE_NAME.search(path, max(0, len(path) - 10)):
            return False
        if self._hosts.collected(parts):
            return len(parts) == 1 or (len(parts) == 2 and not self._hosts.whole)
        return path.count("/") < 2 or SOS_NAME.match(posixpath.basename(path)) is not None
