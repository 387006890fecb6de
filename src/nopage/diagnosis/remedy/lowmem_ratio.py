"""The remedy for a low zone that others filled: more of it kept for those who have no other (KERNEL.md 3.3).

vm.lowmem_reserve_ratio holds one number a zone type; a zone keeps (pages of the zones above it) / ratio from requests
that could have used those. RHEL 4 has vm.lower_zone_protection instead.
"""
from __future__ import annotations

import re
from collections.abc import Sequence

from nopage.diagnosis.cause import ZONE_EXHAUSTED
from nopage.diagnosis.remedy.remedy import Remedy, persistent_form, sysctl_file, way_back
from nopage.diagnosis.remedy.reserve_value import ReserveValue, Situation
from nopage.diagnosis.watermark import zonelist
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.release import Release
from nopage.kernel.watermarks import RESERVE_RATIOS, ZERO_RATIO_IS_NONE, has_tunable, lowmem_reserve, zone_types

NAME, OLD_NAME = "vm.lowmem_reserve_ratio", "vm.lower_zone_protection"
PROTECTION = 100
NUMBER = re.compile(r"[0-9]{1,10}")
# A reserve beyond this share of its zone starves everybody else there.
MOST_OF_ZONE_PERCENT = 50
RISK = "Less memory for processes that live in low zones."


def raise_lowmem_reserve(situation: Situation, _: ReserveValue) -> Remedy | None:
    """Where only the zones that the request is limited to were short."""
    if situation.cause != ZONE_EXHAUSTED:
        return None
    release, limit = situation.release, limited_to(situation)
    more = driver_words(situation, limit)
    if has_tunable(release, "lower_zone_protection"):
        now = situation.settings.get("lower_zone_protection")
        if now is not None and now >= PROTECTION:
            return Remedy("raise_lowmem_reserve", None, f"{OLD_NAME} is {now} already.{more}", "", before=now)
        reason = f"Requests that have another choice then leave more of the low zones.{more}"
        return Remedy(
            "raise_lowmem_reserve", PROTECTION, reason, RISK, setting=OLD_NAME, before=now,
            way_back=way_back(OLD_NAME, now), persistent=persistent_form(release, OLD_NAME, PROTECTION, now),
            file=sysctl_file(release),
        )
    if release is None or not has_tunable(release, "lowmem_reserve_ratio"):
        return Remedy("raise_lowmem_reserve", None, f"{NAME}: the kernel is not known, nor are its fields.{more}", "")
    types = zone_types(release, situation.zones)
    collected = situation.settings_text.get("lowmem_reserve_ratio")
    ratios, why_not = ratio_fields(release, situation.zones, types, collected)
    place = types.index(limit) if limit in types else len(ratios)
    if not why_not and place >= len(ratios):
        why_not = f"it has no field for {limit}"
    if why_not:
        return Remedy("raise_lowmem_reserve", None, f"{NAME} has no value here: {why_not}.{more}", "")
    smaller = ratios[place] // 2 if ratios[place] > 0 else RESERVE_RATIOS.get(limit, 256)
    now_kb, then_kb = reserve_kb(situation, limit, ratios[place]), reserve_kb(situation, limit, smaller)
    why_not = refusal(situation, limit, smaller, now_kb, then_kb)
    if why_not:
        return Remedy("raise_lowmem_reserve", None, f"{NAME} is left as it is: {why_not}.{more}", "")
    value = " ".join(str(smaller if index == place else ratio) for index, ratio in enumerate(ratios))
    before = " ".join(str(ratio) for ratio in ratios) if collected else None
    kept = f"{then_kb} instead of {now_kb} kB of {limit}" if then_kb is not None and now_kb is not None else (
        f"twice as much of {limit}")
    assumed = "" if collected else (
        " The present value was not collected: this is the kernel's default with that change.")
    reason = (f"{limit}'s number goes from {ratios[place]} to {smaller}: requests that have another choice then leave "
              f"{kept}.{assumed}{more}")
    return Remedy(
        "raise_lowmem_reserve", value, reason, RISK, setting=NAME, before=before, way_back=way_back(NAME, before),
        persistent=persistent_form(release, NAME, value, before), file=sysctl_file(release),
    )


def limited_to(situation: Situation) -> str:
    """The highest zone that the request could use on this host."""
    request = situation.diagnosis.request
    if request is None:
        return "Normal"
    zones = situation.zones
    return zonelist(request, MemInfo(zones=zones)).classzone if zones else request.zone_limit


def driver_words(situation: Situation, limit: str) -> str:
    """What helps for good."""
    if limit in ("DMA", "DMA32"):
        return f" Ask the vendor of the driver why it needs {limit}: most devices can use any memory."
    release = situation.release
    small = any(zone.name == "HighMem" for zone in situation.zones) or (release is not None and release.highmem)
    return " A 64-bit kernel has no lowmem limit." if small else ""


def ratio_fields(
    release: Release, zones: Sequence[Zone], types: Sequence[str], collected: str | None
) -> tuple[list[int], str]:
    """The vector as collected, else the kernel's default; and why there is none.

    It has a field for every zone type but the highest, from 4.18 on for that too (mm/page_alloc.c:
    sysctl_lowmem_reserve_ratio[]).
    """
    newer = ZERO_RATIO_IS_NONE.holds(release)
    fields = len(types) if newer else len(types) - 1
    entries = max((len(zone.lowmem_reserve_pages) for zone in zones), default=0)
    if not zones:
        return [], "the zones are not known"
    if entries and entries != len(types):
        return [], f"this kernel's {entries} zone types are not known by name"
    if collected is not None:
        words = collected.split()
        if len(words) != fields or not all(NUMBER.fullmatch(word) for word in words):
            shown = " ".join(words[:8])[:80]
            return [], f"its present value ({shown}) does not have the {fields} numbers of this kernel"
        return [int(word) for word in words], ""
    default = [0 if newer and name == "HighMem" else RESERVE_RATIOS.get(name, 0) for name in types[:fields]]
    return default, ""


def reserve_kb(situation: Situation, limit: str, ratio: int) -> int | None:
    """What the zone keeps from requests that could use every higher one, in kB over all nodes."""
    zones = situation.zones
    rows = lowmem_reserve(situation.release, zones, ratios={limit: ratio})
    kept = [max(row, default=0) * zone.page_kb for zone, row in zip(zones, rows, strict=False) if zone.name == limit]
    return sum(kept) if kept else None


def refusal(situation: Situation, limit: str, ratio: int, now_kb: int | None, then_kb: int | None) -> str:
    """Why a smaller ratio is no remedy; empty when it is one."""
    if ratio < 1:
        return "its number cannot become smaller"
    if now_kb is None or then_kb is None:
        return f"{limit} is not among the zones"
    size_kb = sum((zone.size_pages or 0) * zone.page_kb for zone in situation.zones if zone.name == limit)
    if then_kb <= now_kb:
        return f"no zone above {limit} is known, so that nothing would be kept"
    if now_kb >= size_kb > 0:
        return f"all of {limit} is closed to everybody else already"
    if then_kb * 100 > size_kb * MOST_OF_ZONE_PERCENT:
        return (f"with half of {limit}'s number {then_kb} of its {size_kb} kB would be closed to everybody else, which "
                "is too much")
    return ""
