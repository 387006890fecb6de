"""Network - the host's interfaces, and whether packets were shown to be dropped

From ethtool, `ip -s link`, softnet_stat, netstat and /proc/net, as far as each was collected.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from insights.core.plugins import combiner

from nopage.combiners.diagnoses import Diagnoses
from nopage.diagnosis.cause import Drops, HostNetwork, drops_of, host_network
from nopage.intake.model import Collection
from nopage.parsers.collection import collection

INTERFACES = ("ethtool", "ip_s_link", "ip_addr", "ifconfig", "net_dev")
SPECS = (*INTERFACES, "softnet_stat", "netstat_s", "net_netstat", "net_snmp")


@combiner(collection, optional=[Diagnoses])
class Network:
    """Interfaces and counters at collection time.

    Attributes:
        facts (HostNetwork): every interface but the loopback.
        drops (Drops | None): what the counters say about the commonest atomic failure; None when there is none.
    """

    def __init__(self, collected: Collection, diagnoses: Diagnoses | None) -> None:
        texts = ((stream.name, stream.text) for stream in collected.streams if stream.spec in SPECS)
        self.facts: HostNetwork = host_network(texts)
        self.drops: Drops | None = None
        groups = diagnoses.of(atomic=True) if diagnoses else ()
        if groups:
            self.drops = drops_of(self.facts, [(group.example.diagnosis.asker, group.count) for group in groups])

    def as_json(self) -> dict[str, Any]:
        """The facts and the verdict as plain objects."""
        return {
            "interfaces": [plain(asdict(nic)) for nic in self.facts.nics],
            "softnet_dropped": self.facts.softnet_dropped,
            "drops": self.drops.verdict if self.drops else None,
            "words": [str(text) for text in self.drops.words] if self.drops else [],
        }


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with its inner mappings as dictionaries."""
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in facts.items()}
