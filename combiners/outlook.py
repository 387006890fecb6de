"""Outlook - what the host shows beside the failures that were reported

Evidence that the next request that cannot wait will fail, and counters of those that failed without a report.
"""
from __future__ import annotations

from insights.core.plugins import combiner

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.failures import Failures
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.diagnosis import picture


@combiner(Kernel, optional=[Failures, Diagnoses, Host, Network])
class Outlook(picture.Outlook):
    """What is to be expected, and what was not reported."""
