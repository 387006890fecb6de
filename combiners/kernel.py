"""Kernel - which kernel the host runs

From `uname -a`, else /proc/version, else what the logs themselves name, else a vmcore. A release that no table knows
is kept as it is printed.
"""
from __future__ import annotations

from insights.core.plugins import combiner

from nopage.kernel.release import Release, parse_release
from nopage.parsers.host_facts import ProcVersion, UnameRelease
from nopage.parsers.kernel_log import KernelLog


@combiner(optional=[UnameRelease, ProcVersion, KernelLog])
class Kernel:
    """The kernel of the host; always there, since a host whose kernel is not known has findings too.

    Attributes:
        text (str | None): the release as printed; None when nothing names one.
        release (Release | None): the same, read.
        source (str): "uname", "/proc/version", "log" or "none".
    """

    def __init__(
        self,
        uname: list[UnameRelease] | None,
        version: list[ProcVersion] | None,
        logs: list[KernelLog] | None,
    ) -> None:
        named = [(one.release, "uname") for one in uname or ()]
        named += [(one.release, "/proc/version") for one in version or ()]
        named += [(release, "log") for log in logs or () for release in reversed(log.facts.releases)]
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
