"""Remedies that are one vm.* value: a larger reserve, an earlier kswapd, low zones kept for those who need them."""
from __future__ import annotations

from nopage.diagnosis.nic_needs import is_fast
from nopage.diagnosis.remedy import Remedy, persistent_form, way_back
from nopage.diagnosis.reserve_value import ReserveValue, Situation, changes, replay_under
from nopage.diagnosis.result import (
    COSTLY_ORDER,
    OUT_OF_BLOCKS,
    OUT_OF_PAGES,
    TRANSIENT,
    UNKNOWN,
    WATERMARK_ORDER,
    ZONE_EXHAUSTED,
)
from nopage.diagnosis.watermark_check import DEFAULT_SCALE_FACTOR, LEAST_KB
from nopage.kernel.watermarks import has_tunable, tunable_limits

SCALE_FACTOR_WANTED, SCALE_FACTOR_MOST = 50, 300
EXTRA_SHARE_PERMILLE = 5
RESERVE_RISK = (
    "Processes can no longer use this memory; too high a value (5 % of memory and more) makes the OOM killer likelier."
)
CACHE_RISK = "Less memory for cache."


def raise_min_free_kbytes(situation: Situation, value: ReserveValue) -> Remedy | None:
    """The article's remedy, where a larger reserve can work."""
    cause, diagnosis = situation.cause, situation.diagnosis
    if not situation.atomic or diagnosis.has("genuine_shortage") or situation.order > COSTLY_ORDER:
        return None
    if cause == ZONE_EXHAUSTED and diagnosis.request is not None and diagnosis.request.zone_limit == "DMA":
        return None  # its share of the reserve is a few pages
    if value.value_kb is None:
        if value.at_cap:
            return None
        return Remedy("raise_min_free_kbytes", None, value.why_not, RESERVE_RISK, setting="vm.min_free_kbytes",
                      before=value.current_kb)
    marks = changes(situation, {"min_free_kbytes": value.value_kb})
    share = percent_text(value.value_kb, situation.ram_kb)
    details: dict[str, int | str] = {
        "percent_of_ram": share,
        "cap_kb": value.cap_kb or 0,
        "cap_percent": value.cap_percent,
        "derivation": " ".join(value.derivation),
    }
    if value.provenance is not None:
        details["provenance"] = value.provenance.kind
        details["provenance_words"] = value.provenance.words
    return Remedy(
        "raise_min_free_kbytes",
        value.value_kb,
        f"{why_reserve(cause)} At least {value.value_kb} kB ({share} % of memory; now {value.current_kb} kB): "
        + " ".join(value.derivation) + at_least_words(value),
        " ".join(reserve_risks(situation)),
        setting="vm.min_free_kbytes",
        before=value.current_kb,
        way_back=way_back("vm.min_free_kbytes", value.current_kb),
        persistent=persistent_form(situation.release, "vm.min_free_kbytes", value.value_kb, value.current_kb),
        details=details,
        zones=marks,
        replay=replay_under(situation, marks),
    )


def why_reserve(cause: str) -> str:
    """What a larger reserve does about this cause."""
    if cause in OUT_OF_BLOCKS:
        return "kswapd then keeps more pages free, and with them larger blocks: failures become rarer."
    if cause == UNKNOWN:
        return "Whether pages or blocks ran out, more free pages make it rarer."
    return "kswapd then starts earlier and leaves more for requests that cannot wait."


def at_least_words(value: ReserveValue) -> str:
    """Other programs may raise it too: never lower what they set."""
    origin = value.provenance
    if origin is None or value.value_kb is None:
        return ""
    if origin.kind == "thp":
        return " Transparent huge pages raised it to the present value and may again, and so may a tuned profile."
    if origin.thp_kb is not None and origin.thp_kb > value.value_kb:
        return f" Transparent huge pages may raise it to {origin.thp_kb} kB; leave it there then."
    return ""


def reserve_risks(situation: Situation) -> list[str]:
    """What a larger reserve costs, and where it is not enough."""
    risks = [RESERVE_RISK]
    use = situation.diagnosis.use
    if use is not None and (use.swap_full or use.small_cache):
        risks.append("Here swap is full or cache is small, so the cap is 3 % instead of 5 %.")
    driver = situation.diagnosis.asker.driver if situation.diagnosis.asker else None
    if is_fast(situation.network, driver):
        risks.append("It cannot be raised enough for sustained traffic at 10 Gbit/s: there only smaller bursts help.")
    if situation.cause == WATERMARK_ORDER:
        risks.append("This kernel's per-order rule demands more in larger blocks as min grows.")
    return risks


def raise_extra_free_kbytes(situation: Situation, value: ReserveValue) -> Remedy | None:
    """RHEL 6.2 on: kswapd starts earlier without a larger untouchable min."""
    if not wants_earlier_kswapd(situation) or not has_tunable(situation.release, "extra_free_kbytes"):
        return None
    if value.current_kb is None or value.cap_kb is None or not situation.ram_kb:
        return None
    now = situation.settings.get("extra_free_kbytes", 0)
    wanted = max(2 * now, situation.ram_kb * EXTRA_SHARE_PERMILLE // 1000, value.current_kb)
    extra = min(wanted, value.cap_kb - value.current_kb)
    if extra <= now:
        return None
    reason = (
        "It raises low and high but not min: kswapd starts earlier, and requests that may wait can still use what it "
        "frees. Size it to the burst."
    )
    return setting(situation, "raise_extra_free_kbytes", "extra_free_kbytes", extra, now, reason, CACHE_RISK)


def raise_watermark_scale_factor(situation: Situation, value: ReserveValue) -> Remedy | None:
    """RHEL 8 on: widens low and high."""
    limits = tunable_limits(situation.release, "watermark_scale_factor")
    if not wants_earlier_kswapd(situation) or limits is None:
        return None
    now = situation.settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR)
    wanted = min(max(2 * now, SCALE_FACTOR_WANTED), SCALE_FACTOR_MOST, limits[1] or SCALE_FACTOR_MOST)
    if wanted <= now:
        return None
    reason = (
        f"It puts low and high {wanted / 100:g} % and {wanted / 50:g} % of memory above min (now {now / 100:g} and "
        f"{now / 50:g} %): kswapd starts earlier. For bursts it is better than a large min_free_kbytes."
    )
    return setting(situation, "raise_watermark_scale_factor", "watermark_scale_factor", wanted, now, reason, CACHE_RISK)


def wants_earlier_kswapd(situation: Situation) -> bool:
    """Pages to reclaim are there; they only came too late."""
    useful = situation.cause in (*OUT_OF_PAGES, *OUT_OF_BLOCKS, UNKNOWN, TRANSIENT)
    return (useful and situation.atomic and situation.order <= COSTLY_ORDER
            and not situation.diagnosis.has("genuine_shortage"))


def setting(situation: Situation, action: str, name: str, wanted: int, now: int, reason: str, risk: str) -> Remedy:
    """A remedy that is one vm.* value."""
    marks = changes(situation, {name: wanted})
    return Remedy(
        action, wanted, reason, risk, setting=f"vm.{name}", before=now, way_back=way_back(f"vm.{name}", now),
        persistent=persistent_form(situation.release, f"vm.{name}", wanted, now), zones=marks,
        replay=replay_under(situation, marks),
    )


def protect_low_zones(situation: Situation, _: ReserveValue) -> Remedy | None:
    """A zone that others filled: keep more of it for those who have no other."""
    if situation.cause != ZONE_EXHAUSTED:
        return None
    limit = situation.diagnosis.request.zone_limit if situation.diagnosis.request else "Normal"
    if limit == "Normal":
        more = " A 64-bit kernel has no lowmem limit."
    else:
        more = f" Ask the vendor of the driver why it needs {limit}: most devices can use any memory."
    if has_tunable(situation.release, "lower_zone_protection"):
        reason = "Requests that have another choice then leave more of the low zones." + more
        name = "vm.lower_zone_protection"
        return Remedy(
            "raise_lowmem_reserve", 100, reason, "Less memory for processes that live in low zones.", setting=name,
            before=0, way_back=way_back(name, 0), persistent=persistent_form(situation.release, name, 100, 0),
        )
    reason = (
        "Halve the zone's number in vm.lowmem_reserve_ratio: requests that have another choice then leave twice as "
        "much of it." + more
    )
    return Remedy("raise_lowmem_reserve", None, reason, "Less memory for others in low zones.")


def reserve_below_least(situation: Situation, value: ReserveValue) -> Remedy | None:
    """Even where a larger reserve cures nothing, one below 1 MB is a danger of its own."""
    if value.current_kb is None or value.current_kb >= LEAST_KB or value.value_kb is None or not situation.atomic:
        return None
    reason = f"vm.min_free_kbytes is below {LEAST_KB} kB, where the kernel's documentation warns of deadlock."
    return setting(
        situation, "raise_min_free_kbytes", "min_free_kbytes", value.value_kb, value.current_kb, reason, RESERVE_RISK
    )


def percent_text(kb: int, ram_kb: int | None) -> str:
    """Share of memory with one decimal."""
    tenths = kb * 1000 // ram_kb if ram_kb else 0
    return f"{tenths // 10}.{tenths % 10}"
