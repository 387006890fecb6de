"""The hosts of one source, by their top folder, and what has been kept of each."""
from __future__ import annotations

from nopage.intake.model import Stream
from nopage.intake.reader import LimitReached
from nopage.intake.sources import STRONG


class Host:
    """What is kept of one host: streams by spec and name, links by path, and remarks on what is not whole.

    `marks` are those names in its top folder that only a collected host has.
    """

    def __init__(self) -> None:
        self.streams: dict[tuple[str, str], Stream] = {}
        self.links: dict[str, str] = {}
        self.skipped: list[str] = []
        self.cut: list[str] = []
        self.timed_out: list[str] = []
        self.marks: set[str] = set()


class Hosts:
    """The hosts seen so far, by top folder; "" is the source itself."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.by_top: dict[str, Host] = {}

    def at(self, top: str) -> Host:
        """The host of a top folder, a new one where none was seen there yet. Raises LimitReached."""
        host = self.by_top.get(top)
        if host is None:
            if len(self.by_top) > self._most:
                raise LimitReached(f"more than {self._most} hosts")
            host = self.by_top[top] = Host()
        return host

    def mark(self, parts: list[str]) -> None:
        """Note where a path (in its first components) tells that a folder is a collected host's own."""
        if parts[0] in STRONG:
            self.at("").marks.add(parts[0])
        elif len(parts) > 1 and parts[1] in STRONG:
            self.at(parts[0]).marks.add(parts[1])

    @property
    def whole(self) -> bool:
        """The source itself, not a folder in it, is a collected host."""
        return self._marked("")

    def collected(self, parts: list[str]) -> bool:
        """The file belongs to a collected host, whose logs are known by their names."""
        return self._marked("") or self._marked(parts[0])

    def is_inside(self, path: str) -> bool:
        """A file stands in a host's folder; asked when all members have been seen."""
        top, slash, _ = path.partition("/")
        host = self.by_top.get(top)
        return self._marked("") or (bool(slash) and host is not None and bool(host.marks or host.streams))

    def _marked(self, top: str) -> bool:
        host = self.by_top.get(top)
        return host is not None and bool(host.marks)
