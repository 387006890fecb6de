"""Every action: when it may apply, and what makes its step. Adding one is adding a row.

Their order is that of advice where nothing else decides (`order`): the plan puts what makes the printed state pass
above it.
"""
from __future__ import annotations

from nopage.diagnosis.cause import ZONE_EXHAUSTED
from nopage.diagnosis.remedy.actions.context import Row
from nopage.diagnosis.remedy.actions.kernel import update_kernel
from nopage.diagnosis.remedy.actions.kswapd import (
    no_boost,
    raise_extra_free_kbytes,
    raise_watermark_scale_factor,
    wants_earlier_kswapd,
)
from nopage.diagnosis.remedy.actions.low_zone import raise_lowmem_reserve
from nopage.diagnosis.remedy.actions.memory import (
    add_memory,
    balance_nodes,
    compact_memory,
    give_back_huge_pages,
    is_of_one_node,
    is_out_of_blocks,
    is_short_of_pages,
    larger_capture_kernel,
    let_go_of_balloon,
)
from nopage.diagnosis.remedy.actions.reserve import set_min_free_kbytes
from nopage.diagnosis.remedy.actions.smaller import lower_order
from nopage.diagnosis.remedy.problem import Kind
from nopage.diagnosis.remedy.situation import Situation

SETTING_KINDS = (Kind.TOO_LOW, Kind.TOO_HIGH)


def is_capture(situation: Situation) -> bool:
    return situation.is_failure and situation.capture_kernel


def is_request(situation: Situation) -> bool:
    """About a request that failed or would fail, on no capture kernel."""
    return situation.request is not None and not situation.capture_kernel


def is_about_the_reserve(situation: Situation) -> bool:
    """The setting itself is wrong, or a larger reserve can work against the cause."""
    return situation.problem.kind in SETTING_KINDS or situation.wants_reserve


def is_of_low_zone(situation: Situation) -> bool:
    return situation.cause == ZONE_EXHAUSTED and not situation.capture_kernel


def is_unaccounted(situation: Situation) -> bool:
    """Memory is short and much of it is in nobody's account; a device's low zone holds none of that."""
    unaccounted = situation.shortage or situation.has("unaccounted")
    return is_short_of_pages(situation) and unaccounted and not situation.device_zone


def is_boosted(situation: Situation) -> bool:
    return is_request(situation) and situation.is_failure and situation.atomic


ROWS: tuple[Row, ...] = (
    Row("larger_crashkernel", is_capture, larger_capture_kernel),
    Row("no_watermark_boost", is_boosted, no_boost),
    Row("lower_order", is_request, lower_order),
    Row("update_kernel", is_request, update_kernel),
    Row("balance_nodes", is_of_one_node, balance_nodes),
    Row("raise_lowmem_reserve", is_of_low_zone, raise_lowmem_reserve),
    Row("add_memory", is_short_of_pages, add_memory),
    Row("deflate_balloon", is_unaccounted, let_go_of_balloon),
    Row("reduce_huge_pages", is_unaccounted, give_back_huge_pages),
    Row("compact_memory", is_out_of_blocks, compact_memory),
    Row("raise_watermark_scale_factor", wants_earlier_kswapd, raise_watermark_scale_factor),
    Row("raise_min_free_kbytes", is_about_the_reserve, set_min_free_kbytes),
    Row("raise_extra_free_kbytes", wants_earlier_kswapd, raise_extra_free_kbytes),
)
