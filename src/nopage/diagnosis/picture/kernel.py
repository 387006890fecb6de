"""Which kernel the host runs: from `uname -a`, else /proc/version, else what the logs themselves name.

A release that no table knows is kept as it is printed.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.picture.log import HostLog
from nopage.diagnosis.picture.texts import Said
from nopage.kernel.release import Release, parse_release


class Kernel:
    """The kernel of the host; always there, since a host whose kernel is not known has findings too.

    Attributes:
        text (str | None): the release as printed; None when nothing names one.
        release (Release | None): the same, read.
        source (str): "uname", "/proc/version", "log" or "none".
    """

    def __init__(self, said: Said, logs: Sequence[HostLog]) -> None:
        named = [(text, "uname") for text in said.get("uname", ())]
        named += [(text, "/proc/version") for text in said.get("proc_version", ())]
        named += [(text, "log") for log in logs for text in reversed(log.facts.releases)]
        self.text: str | None = None
        self.source = "none"
        self.release: Release | None = None
        for text, source in named:
            self.text, self.source = text, source
            self.release = parse_release(text)
            if self.release is not None:
                break

    @property
    def generation(self) -> str | None:
        return self.release.generation if self.release else None

    @property
    def rhel(self) -> str | None:
        return self.release.rhel if self.release else None
