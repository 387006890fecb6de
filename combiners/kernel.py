"""Kernel - which kernel the host runs

From `uname -a`, else /proc/version, else what the logs themselves name, else a vmcore. A release that no table knows
is kept as it is printed.
"""
from __future__ import annotations

from collections.abc import Sequence

from insights.core.plugins import combiner

from nopage.diagnosis import picture
from nopage.parsers.fact_file import FactFile, said_by
from nopage.parsers.host_facts import ProcVersion, UnameRelease
from nopage.parsers.kernel_log import KernelLog, logs_of


@combiner(optional=[UnameRelease, ProcVersion, KernelLog])
class Kernel(picture.Kernel):
    """The kernel of the host; always there, since a host whose kernel is not known has findings too."""

    def __init__(
        self,
        uname: Sequence[FactFile] | None,
        version: Sequence[FactFile] | None,
        logs: Sequence[KernelLog] | None,
    ) -> None:
        super().__init__(said_by(uname, version), logs_of(logs))
