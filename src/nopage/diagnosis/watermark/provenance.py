"""Where vm.min_free_kbytes comes from, and whether it is too low or too high for its host (KERNEL.md 3.1)."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.watermark.base import BOUND_PERCENT, MOST_PERCENT, MemoryBase, memory_base
from nopage.diagnosis.watermark.huge_pages import huge_pages_start_on
from nopage.diagnosis.watermark.marks import near, percent_of, sized
from nopage.kernel.facts import Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import default_lowmem_kb, default_min_free_kbytes, thp_min_free_kbytes

# The kernel computed its default from the zones' sizes at boot; pages it freed later (init memory, balloons) are in
# the sizes printed since.
DEFAULT_TOLERANCE_PERCENT = 5
THP_TOLERANCE_PERCENT = 2
NEVER = "never"
# Documentation/sysctl/vm.txt: below it "your system will become subtly broken". A warning, no kernel's default.
LEAST_KB = 1024
# What every kernel sets at the least, whatever its memory.
FLOOR_KB = default_min_free_kbytes(None, 0)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where vm.min_free_kbytes comes from: "default", "thp" (raised by khugepaged), "user" or "unknown".

    `thp_kb` is what khugepaged raises it to while transparent huge pages are on, `thp_sure` whether the host shows that
    they are.
    """

    kind: str
    current_kb: int | None
    default_kb: int | None
    thp_kb: int | None
    words: Message
    thp_sure: bool = False

    @property
    def own_kb(self) -> int | None:
        """What this kernel surely sets by itself, huge pages included; None where it cannot be computed."""
        return self.own_most_kb if self.thp_sure else self.default_kb

    @property
    def own_most_kb(self) -> int | None:
        """The most that this kernel may have set by itself: where nobody knows of huge pages, as if they were on."""
        return None if self.default_kb is None else max(self.default_kb, self.thp_kb or 0)


def provenance(
    release: Release | None,
    zones: Sequence[Zone],
    current_kb: int | None,
    *,
    thp: str | None = None,
    total_kb: int | None = None,
    block_pages: int | None = None,
) -> Provenance:
    """Whether min_free_kbytes is the kernel's own default, khugepaged's, or somebody's.

    `thp` is the chosen word of transparent_hugepage/enabled (None: not collected), `total_kb` MemTotal, `block_pages`
    the pageblock's size where the host tells it.
    """
    populated = sized(zones)
    lowmem_kb = default_lowmem_kb(release, populated, total_kb)
    if not lowmem_kb:
        return Provenance("unknown", current_kb, None, None, say(
            "provenance.no_sizes", "The zones' sizes are not known, nor is the default."))
    default = default_min_free_kbytes(release, lowmem_kb)
    base = memory_base(release, populated, total_kb)
    raised, thp_kb, sure = None, None, False
    if base is not None and huge_pages_start_on(release, populated, base.managed_kb, seen=thp is not None):
        raised = thp_min_free_kbytes(release, populated, block_pages=block_pages)
        thp_kb, sure = (None, False) if thp == NEVER else (raised, thp is not None)
    if current_kb is None:
        return Provenance("unknown", None, default, thp_kb, say(
            "provenance.not_collected", "It was not collected; this host's default is {default_kb} kB.",
            default_kb=default), sure)
    if raised is not None and raised > default and near(current_kb, raised, THP_TOLERANCE_PERCENT):
        words = say(
            "provenance.thp", "{current_kb} kB is what transparent huge pages raise it to (default {default_kb} kB).",
            current_kb=current_kb, default_kb=default)
        if thp == NEVER:
            words = say(
                "provenance.thp_before",
                "{current_kb} kB is what transparent huge pages raise it to; they were turned off later (default "
                "{default_kb} kB).", current_kb=current_kb, default_kb=default)
        return Provenance("thp", current_kb, default, thp_kb, words, sure)
    if near(current_kb, default, DEFAULT_TOLERANCE_PERCENT):
        return Provenance("default", current_kb, default, thp_kb, say(
            "provenance.default", "{current_kb} kB is the kernel's own default.", current_kb=current_kb), sure)
    return Provenance("user", current_kb, default, thp_kb, say(
        "provenance.user", "{current_kb} kB was set by somebody (the kernel's own default is {default_kb} kB).",
        current_kb=current_kb, default_kb=default), sure)


def too_low(
    release: Release | None,
    zones: Sequence[Zone],
    current_kb: int | None,
    *,
    thp: str | None = None,
    total_kb: int | None = None,
    block_pages: int | None = None,
) -> Message:
    """Why min_free_kbytes is too low; NOTHING when it is not, or nobody knows.

    The measure is the kernel's own default, whatever its size: 724 kB on 32 MB. The raise for transparent huge pages
    counts where the host shows that they are on, and where it is no more than would be advised: on 64 kB pages it is
    always the cap of 5 % of memory, which people lower for good reasons.
    """
    if current_kb is None:
        return NOTHING
    found = provenance(release, zones, current_kb, thp=thp, total_kb=total_kb, block_pages=block_pages)
    if found.default_kb is None:
        if current_kb >= FLOOR_KB:
            return NOTHING
        return say("too_low.floor", "vm.min_free_kbytes = {current_kb} kB is below {floor_kb} kB, the least that any "
                   "kernel sets by itself", current_kb=current_kb, floor_kb=FLOOR_KB)
    if below(current_kb, found.default_kb):
        return say("too_low.default", "vm.min_free_kbytes = {current_kb} kB is below the kernel's own default for this "
                   "host, {default_kb} kB", current_kb=current_kb, default_kb=found.default_kb)
    base = memory_base(release, zones, total_kb)
    if found.thp_sure and found.thp_kb and base is not None and below(current_kb, found.thp_kb):
        if found.thp_kb * 100 > base.base_kb * BOUND_PERCENT:
            return NOTHING
        return say("too_low.thp", "vm.min_free_kbytes = {current_kb} kB is below what this kernel sets by itself while "
                   "transparent huge pages are on, {own_kb} kB", current_kb=current_kb, own_kb=found.thp_kb)
    return NOTHING


def below(current_kb: int, own_kb: int) -> bool:
    """Clearly less: more than the sizes may have changed by since boot."""
    return current_kb * 100 < own_kb * (100 - DEFAULT_TOLERANCE_PERCENT)


def too_high(base: MemoryBase | None, current_kb: int | None, own_kb: int | None = None) -> Message:
    """Why min_free_kbytes is too high (more than 5 % of its base); NOTHING when it is not, or nobody knows.

    `own_kb` is the most that the kernel may have set by itself: that is never too high.
    """
    if base is None or current_kb is None or base.base_kb <= 0 or current_kb * 100 <= base.base_kb * MOST_PERCENT:
        return NOTHING
    if own_kb is not None and current_kb * 100 <= own_kb * (100 + DEFAULT_TOLERANCE_PERCENT):
        return NOTHING
    share = percent_of(current_kb, base.base_kb)
    if share <= MOST_PERCENT:
        return say("too_high.just", "vm.min_free_kbytes = {current_kb} kB is just over {most_percent} % of {part}, "
                   "more than {most_percent} %", current_kb=current_kb, most_percent=MOST_PERCENT, part=part_of(base))
    return say("too_high.share", "vm.min_free_kbytes = {current_kb} kB is {share_percent:.1f} % of {part}, more "
               "than {most_percent} %", current_kb=current_kb, share_percent=share, most_percent=MOST_PERCENT,
               part=part_of(base))


def part_of(base: MemoryBase) -> Message:
    """What the share is of."""
    if base.lowmem:
        return say("base.lowmem", "the {base_kb} kB of lowmem", base_kb=base.base_kb)
    if base.huge_pages_kb:
        return say("base.without_huge_pages", "the {base_kb} kB that static hugepages leave of memory",
                   base_kb=base.base_kb)
    return say("base.memory", "memory")
