"""Wireless cards of Intel take a receive buffer for a whole A-MSDU: its size is an option of the module."""
from __future__ import annotations

from nopage.diagnosis.remedy.actions.context import Proposal
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Persist, Step
from nopage.diagnosis.remedy.what_if import LowerOrder
from nopage.kernel.message import say

DRIVERS = ("iwlwifi", "iwlagn", "iwlcore", "iwl4965", "iwl3945")
# 6c4fbcbc1c95 "iwlwifi: add support for 12K Receive Buffers" (v4.5) made a number of the switch: 1 is 4 kB. RHEL 7's
# later minor releases carry drivers of later kernels.
SIZE_SINCE = (4, 5, 0)
NUMBER_IN_EL7 = "3.10.0-514"
OPTIONS_FILE = "/etc/modprobe.d/iwlwifi.conf"


def smaller_amsdu(situation: Situation) -> Proposal | None:
    """The option that makes a buffer one page; None for other drivers."""
    release = situation.release
    if situation.driver not in DRIVERS or situation.order == 0:
        return None
    numbered = release is not None and (release.version >= SIZE_SINCE or (
        release.exact and release.generation == "el7" and release.at_least(NUMBER_IN_EL7)))
    option = "amsdu_size=1" if numbered else "amsdu_size_8K=0"
    module = "iwlwifi" if release is None or release.version >= (3, 2, 0) else situation.driver
    line = f"options {module} {option}"
    reason = say(
        "remedy.lower_order.amsdu.reason",
        "{driver} takes a receive buffer of order {order} for the largest A-MSDU; with {option} it is one page of 4 kB "
        "({file}: {line}; modinfo {module} names the option of this kernel). Load the module again, or boot.",
        driver=situation.driver, order=situation.order, option=option, file=OPTIONS_FILE, line=line, module=module,
    )
    risk = say("remedy.lower_order.amsdu.risk", "Less throughput where the access point joins frames.")
    step = Step("lower_order", line, reason, risk, persist=Persist(OPTIONS_FILE, f"{line}\n"))
    return Proposal(step, LowerOrder(0))
