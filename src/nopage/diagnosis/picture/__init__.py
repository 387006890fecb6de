"""The host's picture: what all texts of one host say together, read and put together by pure functions.

The insights components of `parsers` and `combiners` call these, one by one; `pictured` is all of them in one call.
"""
from __future__ import annotations

from nopage.diagnosis.picture.diagnoses import Diagnoses
from nopage.diagnosis.picture.failures import Failures
from nopage.diagnosis.picture.host import Host
from nopage.diagnosis.picture.kernel import Kernel
from nopage.diagnosis.picture.log import HostLog, host_log
from nopage.diagnosis.picture.memory import Memory
from nopage.diagnosis.picture.network import NETWORK_SPECS, Network
from nopage.diagnosis.picture.outlook import Outlook
from nopage.diagnosis.picture.picture import Picture, pictured
from nopage.diagnosis.picture.plan import Plan
from nopage.diagnosis.picture.texts import READERS, Said, read_texts

__all__ = [
    "NETWORK_SPECS",
    "READERS",
    "Diagnoses",
    "Failures",
    "Host",
    "HostLog",
    "Kernel",
    "Memory",
    "Network",
    "Outlook",
    "Picture",
    "Plan",
    "Said",
    "host_log",
    "pictured",
    "read_texts",
]
