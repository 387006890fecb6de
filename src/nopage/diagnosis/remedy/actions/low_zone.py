"""The remedy for a low zone that others filled: more of it kept for those who have no other (KERNEL.md 3.3).

vm.lowmem_reserve_ratio holds one number a zone type; a zone keeps (pages of the zones above it) / ratio from requests
that could have used those. RHEL 4 has vm.lower_zone_protection instead.
"""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.remedy.actions.context import Context, Proposal
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step, paragraph, sysctl_step
from nopage.diagnosis.watermark import zonelist
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.numbers import counted
from nopage.kernel.pattern import later
from nopage.kernel.release import Release
from nopage.kernel.watermarks import RESERVE_RATIOS, ZERO_RATIO_IS_NONE, has_tunable, lowmem_reserve, zone_types

NAME, OLD_NAME = "vm.lowmem_reserve_ratio", "vm.lower_zone_protection"
PROTECTION = 100
NUMBER = later(r"[0-9]{1,10}")
# A reserve beyond this share of its zone starves everybody else there.
MOST_OF_ZONE_PERCENT = 50
# What zones have grown by since boot, and what integer shares lose.
ROUNDING_PERCENT = 3
RISK = say("remedy.raise_lowmem_reserve.risk", "Less memory for processes that live in low zones.")


def raise_lowmem_reserve(situation: Situation, _: Context) -> Proposal | None:
    """Where only the zones that the request is limited to were short."""
    return Proposal(lowmem_step(situation))


def lowmem_step(situation: Situation) -> Step:
    """The value where one can be named; else why there is none, and what helps for good."""
    release, limit = situation.release, limited_to(situation)
    more = driver_words(situation, limit)
    if has_tunable(release, "lower_zone_protection"):
        now = situation.settings.get("lower_zone_protection")
        if now is not None and now >= PROTECTION:
            already = say("remedy.raise_lowmem_reserve.already", "{setting} is {value} already.", setting=OLD_NAME,
                          value=now)
            return Step("raise_lowmem_reserve", None, paragraph(already, more), before=now)
        reason = say("remedy.raise_lowmem_reserve.protection",
                     "Requests that have another choice then leave more of the low zones.")
        return sysctl_step("raise_lowmem_reserve", OLD_NAME, PROTECTION, now, paragraph(reason, more), RISK)
    if release is None or not has_tunable(release, "lowmem_reserve_ratio"):
        unknown = say("remedy.raise_lowmem_reserve.no_kernel",
                      "{setting}: the kernel is not known, nor are its fields.", setting=NAME)
        return Step("raise_lowmem_reserve", None, paragraph(unknown, more))
    types = zone_types(release, situation.zones)
    collected = situation.settings_text.get("lowmem_reserve_ratio")
    ratios, why_not = ratio_fields(release, situation.zones, types, collected)
    place = types.index(limit) if limit in types else len(ratios)
    if not why_not and place >= len(ratios):
        why_not = say("lowmem_ratio.no_field", "it has no field for {zone}", zone=limit)
    if why_not:
        none = say("remedy.raise_lowmem_reserve.no_value", "{setting} has no value here: {why_not}.", setting=NAME,
                   why_not=why_not)
        return Step("raise_lowmem_reserve", None, paragraph(none, more))
    since = changed_since(situation, limit, ratios[place])
    if since:
        return Step("raise_lowmem_reserve", None, paragraph(since, more))
    smaller = ratios[place] // 2 if ratios[place] > 0 else RESERVE_RATIOS.get(limit, 256)
    now_kb, then_kb = reserve_kb(situation, limit, ratios[place]), reserve_kb(situation, limit, smaller)
    why_not = refusal(situation, limit, smaller, now_kb, then_kb)
    if why_not:
        left = say("remedy.raise_lowmem_reserve.left", "{setting} is left as it is: {why_not}.", setting=NAME,
                   why_not=why_not)
        return Step("raise_lowmem_reserve", None, paragraph(left, more))
    value = " ".join(str(smaller if index == place else ratio) for index, ratio in enumerate(ratios))
    before = " ".join(str(ratio) for ratio in ratios) if collected else None
    reason = say(
        "remedy.raise_lowmem_reserve.ratio",
        "{zone}'s number goes from {ratio_now} to {ratio_then}: requests that have another choice then leave {then_kb} "
        "instead of {now_kb} kB of {zone}.",
        zone=limit, ratio_now=ratios[place], ratio_then=smaller, then_kb=then_kb, now_kb=now_kb,
    )
    assumed = NOTHING if collected else say(
        "remedy.raise_lowmem_reserve.assumed",
        "The present value was not collected: this is the kernel's default with that change.",
    )
    return sysctl_step("raise_lowmem_reserve", NAME, value, before, paragraph(reason, assumed, more), RISK)


def limited_to(situation: Situation) -> str:
    """The highest zone that the request could use on this host."""
    request = situation.request
    if request is None:
        return "Normal"
    zones = situation.zones
    return zonelist(request, MemInfo(zones=zones)).classzone if zones else request.zone_limit


def driver_words(situation: Situation, limit: str) -> Message:
    """What helps for good."""
    if limit in ("DMA", "DMA32"):
        return say("remedy.raise_lowmem_reserve.driver",
                   "Ask the vendor of the driver why it needs {zone}: most devices can use any memory.", zone=limit)
    release = situation.release
    small = any(zone.name == "HighMem" for zone in situation.zones) or (release is not None and release.highmem)
    if not small:
        return NOTHING
    return say("remedy.raise_lowmem_reserve.64_bit", "A 64-bit kernel has no lowmem limit.")


def ratio_fields(
    release: Release, zones: Sequence[Zone], types: Sequence[str], collected: str | None
) -> tuple[list[int], Message]:
    """The vector as collected, else the kernel's default; and why there is none.

    It has a field for every zone type but the highest, from 4.18 on for that too (mm/page_alloc.c:
    sysctl_lowmem_reserve_ratio[]).
    """
    newer = ZERO_RATIO_IS_NONE.holds(release)
    fields = len(types) if newer else len(types) - 1
    entries = max((len(zone.lowmem_reserve_pages) for zone in zones), default=0)
    if not zones:
        return [], say("lowmem_ratio.no_zones", "the zones are not known")
    if entries and entries != len(types):
        return [], say("lowmem_ratio.types", "this kernel's {zone_types} zone types are not known by name",
                       zone_types=entries)
    if collected is not None:
        words = collected.split()
        if len(words) != fields or not all(NUMBER.fullmatch(word) for word in words):
            shown = " ".join(words[:8])[:80]
            return [], say("lowmem_ratio.fields",
                           "its present value ({value}) does not have the {fields} numbers of this kernel",
                           value=shown, fields=fields)
        return [counted(word) for word in words], NOTHING
    default = [0 if newer and name == "HighMem" else RESERVE_RATIOS.get(name, 0) for name in types[:fields]]
    return default, NOTHING


def changed_since(situation: Situation, limit: str, ratio: int) -> Message:
    """That the number was made smaller after the failure, by the lowmem_reserve[] printed with it; NOTHING otherwise.

    Where none was printed, a number below the kernel's own default is taken for one that was changed.
    """
    state, now_kb = situation.failed_in, reserve_kb(situation, limit, ratio)
    printed = [max(zone.lowmem_reserve_pages, default=0) * zone.page_kb
               for zone in (state.zones if state is not None else ()) if zone.name == limit]
    then_kb = sum(printed)
    usual = RESERVE_RATIOS.get(limit, 0)
    raised = now_kb is not None and now_kb * 100 > then_kb * (100 + ROUNDING_PERCENT) if then_kb else 0 < ratio < usual
    if not raised:
        return NOTHING
    return say(
        "remedy.raise_lowmem_reserve.since",
        "{zone}'s number in {setting} is {ratio} now: it keeps {now_kb} kB of {zone} from others, more than when it "
        "failed, so wait whether it comes back.",
        zone=limit, setting=NAME, ratio=ratio, now_kb=now_kb or 0,
    )


def reserve_kb(situation: Situation, limit: str, ratio: int) -> int | None:
    """What the zone keeps from requests that could use every higher one, in kB over all nodes."""
    zones = situation.zones
    rows = lowmem_reserve(situation.release, zones, ratios={limit: ratio})
    kept = [max(row, default=0) * zone.page_kb for zone, row in zip(zones, rows, strict=False) if zone.name == limit]
    return sum(kept) if kept else None


def refusal(situation: Situation, limit: str, ratio: int, now_kb: int | None, then_kb: int | None) -> Message:
    """Why a smaller ratio is no remedy; NOTHING when it is one."""
    if ratio < 1:
        return say("lowmem_ratio.least", "its number cannot become smaller")
    if now_kb is None or then_kb is None:
        return say("lowmem_ratio.no_zone", "{zone} is not among the zones", zone=limit)
    size_kb = sum((zone.size_pages or 0) * zone.page_kb for zone in situation.zones if zone.name == limit)
    if then_kb <= now_kb:
        return say("lowmem_ratio.nothing_above", "no zone above {zone} is known, so that nothing would be kept",
                   zone=limit)
    if now_kb >= size_kb > 0:
        return say("lowmem_ratio.all_kept", "all of {zone} is closed to everybody else already", zone=limit)
    if then_kb * 100 > size_kb * MOST_OF_ZONE_PERCENT:
        return say(
            "lowmem_ratio.too_much",
            "with half of {zone}'s number {then_kb} of its {size_kb} kB would be closed to everybody else, which is "
            "too much",
            zone=limit, then_kb=then_kb, size_kb=size_kb,
        )
    return NOTHING
