"""Genuine failures with known causes: every cause exact, and each release told apart from its neighbours."""
from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, takewhile
from typing import Any

import pytest

from nopage.diagnosis.cause.decide import decide
from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.watermark.request import request_of
from nopage.diagnosis.watermark.rules import RULES
from nopage.kernel.gfp.decode import decode

pytestmark = pytest.mark.corpus
BY_KEY = {rule.key: rule for rule in RULES}


def test_every_cause_is_exact(shared_cases: Any) -> None:
    wrong = []
    for case in shared_cases:
        assert len(case.reports) == len(case.expected), case.name
        for number, (report, expected) in enumerate(zip(case.reports, case.expected, strict=True)):
            cause = diagnose(report, release=case.release).cause
            allowed = expected["cause"].split("|") if expected["cause"] else [None]
            if cause not in allowed:
                wrong.append((case.name, number, expected["cause"], cause))
    assert wrong == []


def test_every_replayed_cause_has_its_numbers(shared_cases: Any) -> None:
    for case in shared_cases:
        for report in case.reports:
            one = diagnose(report, release=case.release)
            if one.confidence != "replayed" or one.cause is None:
                continue
            assert {"zone", "free_pages", "min_pages", "floor_pages", "margin_pages", "rule"} <= set(one.evidence)
            assert (one.evidence["margin_pages"] >= 0) is (one.cause == "transient")  # type: ignore[operator]
            assert len(one.words) >= 3


# x86_64 runs interrupts on a stack of their own and marks it; elsewhere, and in ksoftirqd, these functions tell.
ENTRY = re.compile(r"(?<!\w)(?:__do_softirq|handle_softirqs|run_ksoftirqd|ksoftirqd|el1h?_(?:64_)?irq)(?!\w)")
ALWAYS = ("swapper", "kswapd", "kcompactd", "ksoftirqd")  # in these cases none of them asks for itself


def printed_traces(case: Any) -> list[list[str]]:
    """The lines of each report's call trace as they stand in the log: from its header to its Mem-Info or its end."""
    starts = [report.place.line for report in case.reports]
    traces = []
    for start, end in pairwise([*starts, len(case.lines) + 1]):
        lines = case.lines[start : end - 1]
        traces.append(list(takewhile(lambda line: "mem-info:" not in line.lower(), lines)))
    return traces


def asked_from_interrupt(trace: list[str]) -> bool:
    """By the text alone: the allocator stands inside <IRQ>, or a vouched-for entry of the softirq layer is below it."""
    text = "\n".join(trace)
    if "<IRQ>" in text:
        above, allocator, _ = text.partition("__alloc_pages")
        return bool(allocator) and "<IRQ>" in above and not re.search("<EOI>|</IRQ>", above)
    vouched = [line for line in trace if "+0x" in line and "? " not in line]
    return any(ENTRY.search(line) for line in vouched or trace)


def test_interrupts_make_bystanders(shared_cases: Any) -> None:
    told = Counter[tuple[str, bool]]()
    for case in shared_cases:
        for report, trace in zip(case.reports, printed_traces(case), strict=True):
            asker = diagnose(report, release=case.release).asker
            assert asker is not None
            where = (case.name, report.place.line, report.comm)
            wanted = asked_from_interrupt(trace)
            assert asker.in_interrupt is wanted, where
            assert wanted or not report.comm.startswith(ALWAYS), where
            told[report.comm.split("/")[0], wanted] += 1
    assert told["kworker", True] > 0  # an interrupt can stop a worker, too
    assert told["insmod", False] > 0
    assert told["init", False] > told["init", True] > 0


# The states that a neighbouring release's rule would have let pass: (case, own rule, rules that pass it).
TOLD_APART = [
    ("rhel64-exhaust", "el6.2", ("el5", "el7")),  # 6.2's rule takes two pages more
    ("rhel77-thrfrag", "el7", ("el6.5", "el8")),  # the order loop of 7 refuses blocks that 6.5 and 8 give
]


@pytest.mark.parametrize(("name", "own", "others"), TOLD_APART, ids=[row[0] for row in TOLD_APART])
def test_releases_are_told_apart(shared_cases: Any, name: str, own: str, others: tuple[str, ...]) -> None:
    case = next(case for case in shared_cases if case.name == name)
    for report in case.reports:
        request = request_of(report, decode(report.gfp_mask, case.release, report.gfp_text), case.release)
        assert decide(request, report.mem_info, BY_KEY[own]).replay.ok is False
        for other in others:
            assert decide(request, report.mem_info, BY_KEY[other]).replay.ok is True, other


def test_the_threshold_of_6_8_is_met_to_the_page(shared_cases: Any) -> None:
    """rhel68-thr freed blocks one at a time: the third state fails by one page under 6.5's rule, and only there."""
    case = next(case for case in shared_cases if case.name == "rhel68-thr")
    margins = [diagnose(report, release=case.release).evidence["margin_pages"] for report in case.reports]
    assert margins == [-6, -5, -1, -5, -7]


def test_the_lowmem_of_a_32_bit_kernel_is_named(shared_cases: Any) -> None:
    case = next(case for case in shared_cases if case.name == "k510p-lowmem-exhaust")
    words = [str(text) for text in diagnose(case.reports[0], release=case.release).words]
    assert "HighMem had enough" in words[0]
    assert "Normal and below" in words[0]


def test_a_flooded_card_is_on_the_receive_path(shared_cases: Any) -> None:
    case = next(case for case in shared_cases if case.name == "net510-e1000-mtu9000")
    asker = diagnose(case.reports[0], release=case.release).asker
    assert asker is not None
    assert (asker.path, asker.driver) == ("network receive", "e1000")
    assert asker.function == "e1000_alloc_jumbo_rx_buffers"
