"""All of the picture in one call, in the order in which its parts need each other."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.picture.diagnoses import Diagnoses
from nopage.diagnosis.picture.failures import Failures
from nopage.diagnosis.picture.host import Host
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.log import HostLog
from nopage.diagnosis.picture.memory import Memory
from nopage.diagnosis.picture.network import Network
from nopage.diagnosis.picture.outlook import Outlook
from nopage.diagnosis.picture.plan import Plan
from nopage.diagnosis.picture.texts import Said
from nopage.kernel.facts import MemInfo
from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One host, as far as it could be put together; None is what there is nothing of, or what a fault hit.

    `failures` and `diagnoses` are there where there was a log.
    """

    kernel: Kernel | None = None
    failures: Failures | None = None
    memory: Memory | None = None
    diagnoses: Diagnoses | None = None
    network: Network | None = None
    host: Host | None = None
    outlook: Outlook | None = None
    plan: Plan | None = None
    hostname: str | None = None
    collected_at: str | None = None


def pictured(said: Said, logs: Sequence[HostLog], core: MemInfo | None = None) -> Picture:
    """The picture of a host; `core` is the memory state that a crash dump of it holds."""
    kernel = Kernel(said, logs)
    failures = Failures(logs, kernel, said) if logs else None
    memory = Memory(said, core, failures, kernel)
    diagnoses = Diagnoses(failures, memory) if failures is not None else None
    network = Network(said, diagnoses)
    host = Host(said, kernel, memory, failures)
    outlook = Outlook(kernel, failures, diagnoses, host, network)
    return Picture(
        kernel, failures, memory, diagnoses, network, host, outlook,
        plan=Plan(kernel, outlook, diagnoses, host, network),
        hostname=next(iter(said.get("hostname", ())), None),
        collected_at=next(iter(said.get("date", ())), None),
    )
