"""Failures - every page allocation failure of the host, once

Merges what dmesg, messages, journal and crash logs tell of the same event, keeps all the places it stands in, and
adds up what the rate limit suppressed.
"""
from __future__ import annotations

from collections.abc import Sequence

from insights.core.plugins import combiner

from nopage.combiners.kernel import Kernel
from nopage.diagnosis import picture
from nopage.parsers.fact_file import FactFile, said_by
from nopage.parsers.host_facts import CollectionDate, Uptime
from nopage.parsers.kernel_log import KernelLog, logs_of


@combiner(KernelLog, Kernel, optional=[CollectionDate, Uptime])
class Failures(picture.Failures):
    """All failures of the host in order of time."""

    def __init__(
        self,
        logs: Sequence[KernelLog],
        kernel: Kernel,
        dates: Sequence[FactFile] | None,
        uptimes: Sequence[FactFile] | None,
    ) -> None:
        super().__init__(logs_of(logs), kernel, said_by(dates, uptimes))
