"""Network - the host's interfaces, and whether packets were shown to be dropped

From ethtool, `ip -s link`, softnet_stat, netstat and /proc/net, as far as each was collected.
"""
from __future__ import annotations

from typing import Any

from insights.core.plugins import combiner

from nopage.combiners.diagnoses import Diagnoses
from nopage.diagnosis import picture
from nopage.parsers.collection import collection
from nopage.parsers.fact_file import said_by
from nopage.parsers.network_texts import NETWORK_TEXTS


@combiner([collection, *NETWORK_TEXTS], optional=[Diagnoses])
class Network(picture.Network):
    """Interfaces and counters at collection time."""

    def __init__(self, _collected: object, *found: Any) -> None:
        *texts, diagnoses = found
        super().__init__(said_by(*texts), diagnoses)
