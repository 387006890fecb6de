"""Steps about memory itself: more of it, what holds it, nodes, compaction, and the capture kernel after a crash."""
from __future__ import annotations

from nopage.diagnosis.cause import EXHAUSTED, NODE_EXHAUSTED, OUT_OF_BLOCKS, OUT_OF_PAGES
from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.actions.low_zone import driver_words
from nopage.diagnosis.remedy.commands import COMPACT_NOW
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step, paragraph
from nopage.diagnosis.remedy.values import ReserveValue
from nopage.diagnosis.remedy.what_if import AnyNode, HugePagesBack
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.watermarks import has_tunable

THE_CALLER = say("remedy.the_caller", "the caller")
# How each balloon is let go of: the host side decides its size, the guest's module only obeys.
BALLOONS = {
    "vmw_balloon": say("balloon.vmware", "a memory reservation of the virtual machine, or sched.mem.maxmemctl = 0"),
    "vmmemctl": say("balloon.vmware", "a memory reservation of the virtual machine, or sched.mem.maxmemctl = 0"),
    "virtio_balloon": say("balloon.virtio", "virsh setmem to the machine's full size, or no memballoon device"),
    "hv_balloon": say("balloon.hyper_v", "no Dynamic Memory for the virtual machine, or a larger minimum"),
    "xen_balloon": say("balloon.xen", "xl mem-set to the domain's full size"),
}
OTHER_BALLOON = say("balloon.other", "the virtual machine's full size, set where it runs")


def add_memory(situation: Situation, context: Context) -> Proposal | None:
    """A genuine shortage, or a reserve at its cap that still runs dry."""
    value = context.value
    if situation.shortage:
        reason = say(
            "remedy.add_memory.shortage",
            "Memory is short for what runs here: no cache to give back and no free swap. A larger reserve will not "
            "help; less load, more memory or more swap will.",
        )
    elif (value.at_cap and value.value_kb is None and situation.cause == EXHAUSTED and situation.wants_reserve
          and value.why_not):
        # More memory adds nothing to DMA, DMA32 or 32-bit lowmem, and other nodes had enough.
        reason = paragraph(value.why_not, say(
            "remedy.add_memory.at_cap",
            "What helps is more memory, less load at one time, or smaller bursts (rings, queues).",
        ))
    else:
        return None
    if situation.has("unaccounted") and not situation.host.huge_pages and not situation.host.balloons:
        reason = paragraph(reason, say(
            "remedy.add_memory.unaccounted",
            "First look at the pages that nobody accounts for: hugepages (vm.nr_hugepages), a balloon, a driver's own.",
        ))
    return Proposal(Step("add_memory", None, reason))


def give_back_huge_pages(situation: Situation, _: Context) -> Proposal | None:
    """Static hugepages that hold a large part of memory."""
    pools = tuple(pool for pool in situation.host.huge_pages if pool.count > 0)
    ram = situation.ram_kb
    held_kb = sum(pool.count * pool.size_kb for pool in pools)
    if not ram or held_kb * 10 < ram:
        return None
    reason = say(
        "remedy.reduce_huge_pages.reason",
        "{held_kb} kB ({share_percent} % of memory) are static hugepages ({setting}), which nobody else can use: give "
        "back those that the application does not need.",
        held_kb=held_kb, share_percent=held_kb * 100 // ram, setting="vm.nr_hugepages",
    )
    risk = say("remedy.reduce_huge_pages.risk", "An application that finds too few hugepages starts without them.")
    return Proposal(Step("reduce_huge_pages", None, reason, risk), HugePagesBack(pools))


def let_go_of_balloon(situation: Situation, _: Context) -> Proposal | None:
    """A balloon driver is loaded, and pages are in nobody's account."""
    balloons = situation.host.balloons
    if not balloons:
        return None
    reason = say(
        "remedy.deflate_balloon.reason",
        "The balloon driver {drivers} is loaded, and pages are missing from every account: the hypervisor may have "
        "taken them back. What keeps them here: {how:join ; }.",
        drivers=balloons, how=tuple(dict.fromkeys(BALLOONS.get(name, OTHER_BALLOON) for name in balloons)),
    )
    return Proposal(Step("deflate_balloon", None, reason))


def balance_nodes(situation: Situation, _: Context) -> Proposal | None:
    """Only the node that the request was bound to was short (KERNEL.md 6, row 6)."""
    reason = say(
        "remedy.balance_nodes.reason",
        "Other nodes had enough: bind less to this one, or spread it (numactl --interleave=all, cpusets); with "
        "vm.zone_reclaim_mode = 1 a node frees its own cache before it borrows from others. That never helps the "
        "atomic request itself, only what sleeping ones leave for it.",
    )
    risk = say(
        "remedy.balance_nodes.risk",
        "Memory of another node is slower. vm.zone_reclaim_mode = 1 is bad for file servers and databases: they lose "
        "cache while other nodes have free memory.",
    )
    return Proposal(Step("balance_nodes", None, reason, risk), AnyNode())


def compact_memory(situation: Situation, _: Context) -> Proposal | None:
    """One-off defragmentation, where the kernel has it."""
    if situation.release is None or not has_tunable(situation.release, "compact_memory"):
        return None
    reason = say("remedy.compact_memory.reason",
                 "{command} joins free pages into larger blocks now; they fall apart again.", command=COMPACT_NOW)
    risk = say("remedy.compact_memory.risk", "It costs CPU time while it runs.")
    return Proposal(Step("compact_memory", 1, reason, risk, commands=(COMPACT_NOW,)))


def larger_capture_kernel(situation: Situation, _: Context) -> Proposal | None:
    """Nothing of a capture kernel lasts: what it gets is said on the command line of the kernel that crashed."""
    told = say("remedy.capture_kernel.told", "This is a kdump capture kernel: its memory is what crashkernel= "
               "reserved, and no vm.* setting of it lasts.")
    likely = say("remedy.capture_kernel.likely", "No RHEL host has as little memory: this is most likely a kdump "
                 "capture kernel, whose memory is what crashkernel= reserved, and no vm.* setting of it lasts.")
    ask = say(
        "remedy.capture_kernel.reason",
        "Ask for more with crashkernel= on the command line of the first kernel, and let the second one need less: "
        "nr_cpus=1, and fewer or smaller receive rings (ethtool -G, -L) or no network driver where the dump goes to a "
        "disk.",
    )
    reason = paragraph(told if situation.capture_told else likely, ask)
    risk = say("remedy.capture_kernel.risk", "The first kernel has that much less memory; a reboot.")
    value = say("remedy.capture_kernel.value", "larger crashkernel=, nr_cpus=1")
    return Proposal(Step("larger_crashkernel", value, reason, risk))


def nothing_else(situation: Situation, value: ReserveValue) -> Step:
    """No action exists on this release that can work: say so, and what would."""
    why = value.why_not
    if why and not value.at_cap and value.value_kb is None and situation.wants_reserve:
        return Step("none_needed", None, paragraph(why, say(
            "remedy.none_needed.see", "Nothing more needs doing unless it comes back.")))
    asker = situation.asker
    who: str | Message = (asker.function if asker is not None else None) or THE_CALLER
    if not situation.atomic:
        return Step("none_needed", None, say(
            "remedy.none_needed.could_sleep",
            "The request could sleep, and {asker} has to do without when it fails; no setting is for that.",
            asker=who,
        ))
    if situation.device_zone:
        return Step("raise_lowmem_reserve", None, driver_words(situation, situation.device_zone))
    why = why if value.at_cap and situation.wants_reserve else NOTHING
    if situation.order:
        return Step("lower_order", None, paragraph(why, say(
            "remedy.lower_order.nothing_else",
            "No setting helps further: {asker} has to ask for smaller pieces.", asker=who,
        )))
    return Step("add_memory", None, paragraph(why, say(
        "remedy.add_memory.nothing_else", "No setting helps further: only less load or more memory.",
    )))


def is_short_of_pages(situation: Situation) -> bool:
    """Pages ran out, on every zone or by a limit."""
    return situation.is_failure and situation.cause in OUT_OF_PAGES


def is_of_one_node(situation: Situation) -> bool:
    return situation.cause == NODE_EXHAUSTED


def is_out_of_blocks(situation: Situation) -> bool:
    return situation.cause in OUT_OF_BLOCKS and not situation.has("caller_bug")
