"""The host's interfaces, and whether packets were shown to be dropped.

From ethtool, `ip -s link`, softnet_stat, netstat and /proc/net, as far as each was collected.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nopage.diagnosis.cause import Drops, HostNetwork, drops_of, host_network
from nopage.diagnosis.picture.diagnoses import Diagnoses
from nopage.diagnosis.picture.texts import Said

# By name of the spec, as the streams of a source are sorted: where two texts tell of one counter, the later one counts.
NETWORK_SPECS = (
    "ethtool", "ifconfig", "ip_addr", "ip_s_link", "net_dev", "net_netstat", "net_snmp", "netstat_s", "softnet_stat",
)  # fmt: skip


class Network:
    """Interfaces and counters at collection time.

    Attributes:
        facts (HostNetwork): every interface but the loopback.
        drops (Drops | None): what the counters say about the commonest atomic failure; None when there is none.
    """

    def __init__(self, said: Said, diagnoses: Diagnoses | None) -> None:
        pairs = (one for spec in NETWORK_SPECS for one in said.get(spec, ()))
        self.facts: HostNetwork = host_network(pairs)
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
