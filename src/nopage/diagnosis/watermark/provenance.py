"""Where vm.min_free_kbytes comes from, and whether it is too low or too high for its host (KERNEL.md 3.1)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nopage.diagnosis.watermark.base import MOST_PERCENT
from nopage.diagnosis.watermark.huge_pages import can_have_huge_pages
from nopage.diagnosis.watermark.marks import near, percent_of, sized
from nopage.kernel.facts import Zone
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import default_min_free_kbytes, lowmem_pages, thp_min_free_kbytes

# The kernel computed its default from the zones' sizes at boot; pages it freed later (init memory, balloons) are in
# the sizes printed since.
DEFAULT_TOLERANCE_PERCENT = 5
THP_TOLERANCE_PERCENT = 2
# Documentation/sysctl/vm.txt: below it "your system will become subtly broken"; RHEL 6 tuning guide: not 5-10 %.
LEAST_KB = 1024


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where vm.min_free_kbytes comes from: "default", "thp" (raised by khugepaged), "user" or "unknown"."""

    kind: str
    current_kb: int | None
    default_kb: int | None
    thp_kb: int | None
    words: Message

    @property
    def own_kb(self) -> int | None:
        """What this kernel would set by itself, huge pages included; None where it cannot be computed."""
        return None if self.default_kb is None else max(self.default_kb, self.thp_kb or 0)


def provenance(
    release: Release | None, zones: Sequence[Zone], current_kb: int | None, *, huge_pages: bool | None = None
) -> Provenance:
    """Whether min_free_kbytes is the kernel's own default, khugepaged's, or somebody's.

    `huge_pages`: evidence that the kernel has transparent huge pages, or has not; None is none (its release tells).
    """
    populated = sized(zones)
    lowmem = lowmem_pages(release, populated) if populated else None
    if lowmem is None or not populated:
        return Provenance("unknown", current_kb, None, None, say(
            "provenance.no_sizes", "The zones' sizes are not known, nor is the default."))
    default = default_min_free_kbytes(release, lowmem * populated[0].page_kb)
    able = can_have_huge_pages(release, populated) if huge_pages is None else huge_pages
    thp = thp_min_free_kbytes(release, populated) if able else None
    if current_kb is None:
        return Provenance("unknown", None, default, thp, say(
            "provenance.not_collected", "It was not collected; this host's default is {default_kb} kB.",
            default_kb=default))
    if thp is not None and thp > default and near(current_kb, thp, THP_TOLERANCE_PERCENT):
        return Provenance("thp", current_kb, default, thp, say(
            "provenance.thp", "{current_kb} kB is what transparent huge pages raise it to (default {default_kb} kB).",
            current_kb=current_kb, default_kb=default))
    if near(current_kb, default, DEFAULT_TOLERANCE_PERCENT):
        return Provenance("default", current_kb, default, thp, say(
            "provenance.default", "{current_kb} kB is the kernel's own default.", current_kb=current_kb))
    return Provenance("user", current_kb, default, thp, say(
        "provenance.user", "{current_kb} kB was set by somebody (the kernel's own default is {default_kb} kB).",
        current_kb=current_kb, default_kb=default))


def too_low(release: Release | None, zones: Sequence[Zone], current_kb: int | None) -> Message:
    """Why min_free_kbytes is too low; NOTHING when it is not, or nobody knows."""
    if current_kb is None:
        return NOTHING
    if current_kb < LEAST_KB:
        return say("too_low.least", "vm.min_free_kbytes = {current_kb} kB is below {least_kb} kB, where the kernel's "
                   "documentation warns of deadlock", current_kb=current_kb, least_kb=LEAST_KB)
    found = provenance(release, zones, current_kb)
    if found.default_kb is not None and current_kb * 100 < found.default_kb * (100 - DEFAULT_TOLERANCE_PERCENT):
        return say("too_low.default", "vm.min_free_kbytes = {current_kb} kB is below the kernel's own default for this "
                   "host, {default_kb} kB", current_kb=current_kb, default_kb=found.default_kb)
    return NOTHING


def too_high(total_kb: int | None, current_kb: int | None) -> Message:
    """Why min_free_kbytes is too high (more than 5 % of memory); NOTHING when it is not, or nobody knows."""
    if current_kb is None or not total_kb or total_kb < 0 or current_kb * 100 <= total_kb * MOST_PERCENT:
        return NOTHING
    share = percent_of(current_kb, total_kb)
    if share > MOST_PERCENT:
        return say("too_high.share", "vm.min_free_kbytes = {current_kb} kB is {share_percent:.1f} % of memory, more "
                   "than {most_percent} %", current_kb=current_kb, share_percent=share, most_percent=MOST_PERCENT)
    return say("too_high.just", "vm.min_free_kbytes = {current_kb} kB is just over {most_percent} % of memory, more "
               "than {most_percent} %", current_kb=current_kb, most_percent=MOST_PERCENT)
