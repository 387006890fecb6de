"""Plan - what to do on this host, decided once from all that is wrong on it

Each rule shows its part: the steps that are for its finding, with their places in the whole.
"""
from __future__ import annotations

from insights.core.plugins import combiner

from nopage.combiners.diagnoses import Diagnoses
from nopage.combiners.host import Host
from nopage.combiners.kernel import Kernel
from nopage.combiners.network import Network
from nopage.combiners.outlook import Outlook
from nopage.diagnosis import picture


@combiner(Kernel, Outlook, optional=[Diagnoses, Host, Network])
class Plan(picture.Plan):
    """The host's plan."""
