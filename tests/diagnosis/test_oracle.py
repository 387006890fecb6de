"""The replay against a second one, written from the pseudo-code of KERNEL.md section 4, on random zones."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.watermark.replay import check_zone
from nopage.diagnosis.watermark.request import Request
from nopage.diagnosis.watermark.rules import RULES, WatermarkRule
from nopage.kernel.facts import FreeBlocks, Zone

Case = tuple[dict[str, int], dict[int, int], str, int, str]
BY_KEY = {rule.key: rule for rule in RULES}


def scaled(x: int, high: bool, harder: bool) -> int:
    if high:
        x = x - x // 2
    if harder:
        x = x - x // 4
    return x


def nothing_to_take(letters: str, listed: dict[int, int], allowed: set[str]) -> bool:
    """Section 4, cases (c) and (e): the free lists are known by type, and none is of a type for this request."""
    return bool(letters and listed) and not set(letters) & allowed


def oracle(key: str, z: dict[str, int], n: dict[int, int], letters: str, q: dict[str, bool], order: int) -> str:
    """"pass", "exhaustion" or "fragmentation", as section 4 spells it."""
    F, m, R, N = z["free"], z["min"], z["reserve"], order
    high, harder, nonblock = q["high"], q["harder"], q["nonblock"]
    at_order = {o: c for o, c in n.items() if o >= N and c > 0}
    if key == "el4":
        x = m // 2 if high else m
        x = x - x // 4 if harder else x
        if not x + (1 << N) + R <= F:
            return "exhaustion"
        return "pass" if N == 0 or at_order else "fragmentation"
    if key in ("el5", "el6.2", "v2.6.38", "el6.5", "el7", "v3.4"):
        f = F - (1 << N) + 1 if key in ("el5", "el7", "v3.4") else F - ((1 << N) + 1)
        x = scaled(m, high, harder)
        cma = z["cma"] if key in ("el7", "v3.4") else 0
        if f - cma <= x + R:
            return "exhaustion"
        if N == 0:
            return "exhaustion" if nothing_to_take(letters, at_order, set("UMER")) else "pass"
        if key == "el6.5":
            x = 0
        for o in range(N):
            f -= n.get(o, 0) << o
            if key != "el6.5" or o < 9 >> 2:
                x >>= 1
            if f <= x:
                return "fragmentation"
        usable = at_order and (not letters or set(letters) & set("UMER"))
        return "pass" if usable else "fragmentation"
    if key in ("el9.5", "el9.6"):
        reserve_user = high or nonblock
        f = F - ((1 << N) - 1) - (0 if reserve_user else z["highatomic"]) - z["cma"]
        x = m - z["boost"] if N == 0 and high else m
        if high:
            x = x - x // 2
            if nonblock:
                x = x - x // 4
        takes_h = nonblock and (N > 0 or key == "el9.6")  # order 0 after a buddy miss
    else:
        f = F - ((1 << N) - 1) - (0 if harder else z["highatomic"]) - z["cma"]
        x = m - z["boost"] if key == "el9.0" and N == 0 and q["gfp_atomic"] else m
        x = scaled(x, high, harder)
        takes_h = harder and N > 0
    if f <= x + R:
        return "exhaustion"
    allowed = set("UMER") | (set("H") if takes_h else set())
    if N == 0:
        return "exhaustion" if nothing_to_take(letters, at_order, allowed) else "pass"
    usable = at_order and (not letters or set(letters) & allowed)
    return "pass" if usable else "fragmentation"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    minimum = draw(st.integers(0, 4000))
    counts = {order: draw(st.integers(0, 60 >> order // 2)) for order in range(11)}
    if draw(st.booleans()):
        keep = draw(st.integers(0, 4))
        counts = {order: count if order < keep else 0 for order, count in counts.items()}
    in_lists = sum(count << order for order, count in counts.items())
    reserve = draw(st.sampled_from((0, 0, 200)))
    around = scaled(minimum, True, True) + reserve + draw(st.integers(-20, 40))
    free = max(0, draw(st.sampled_from((in_lists, around, minimum, in_lists + 3))))
    numbers = {"free": free, "min": minimum, "reserve": reserve, "cma": draw(st.sampled_from((0, 0, 30))),
               "highatomic": draw(st.sampled_from((0, 0, 512))),
               "boost": min(minimum, draw(st.sampled_from((0, 0, 512))))}
    letters = draw(st.sampled_from(("", "U", "UM", "H", "C", "I", "UMEH", "CH", "R")))
    order = draw(st.sampled_from((0, 0, 1, 1, 2, 3, 4, 5)))
    kind = draw(st.sampled_from(("atomic", "nowait", "high", "kernel", "nomemalloc")))
    return numbers, counts, letters, order, kind


KINDS = {
    "atomic": {"high": True, "harder": True, "nonblock": True, "gfp_atomic": True},
    "nowait": {"high": False, "harder": False, "nonblock": True, "gfp_atomic": False},
    "high": {"high": True, "harder": False, "nonblock": False, "gfp_atomic": False},
    "kernel": {"high": False, "harder": False, "nonblock": False, "gfp_atomic": False},
    "nomemalloc": {"high": True, "harder": False, "nonblock": False, "gfp_atomic": True},
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
@settings(max_examples=120, deadline=None)
@given(case=cases())
def test_replay_is_the_pseudo_code(rule: WatermarkRule, case: Case) -> None:
    numbers, counts, letters, order, kind = case
    flags = dict(KINDS[kind])
    if not rule.cma:
        letters = ""  # no kernel before RHEL 7 prints them
    if kind == "nowait" and rule.key in ("el4", "el5", "el6.2", "el6.5", "el7", "v2.6.38", "v3.4"):
        flags["harder"] = True  # !wait alone is enough up to RHEL 7
    zone = Zone(
        "Normal", free_pages=numbers["free"], min_pages=numbers["min"], boost_pages=numbers["boost"],
        highatomic_pages=numbers["highatomic"], free_cma_pages=numbers["cma"],
        free_area=tuple(FreeBlocks(o, count, letters if count else "") for o, count in counts.items()),
    )
    request = Request(order=order, atomic=flags["nonblock"], **flags)
    verdict = check_zone(zone, request, rule, numbers["reserve"])
    expected = oracle(rule.key, numbers, counts, letters, flags, order)
    assert (verdict.failed or "pass") == expected
    assert verdict.ok is (expected == "pass")
    assert (verdict.margin_pages >= 0) is (expected == "pass")


def test_every_rule_is_there() -> None:
    assert set(BY_KEY) == {"el4", "el5", "el6.2", "el6.5", "el7", "el8", "el8.10", "el9.0", "el9.5", "el9.6",
                           "v2.6.38", "v3.4"}
