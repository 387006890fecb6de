"""The windows of a log against a plain reading of the rule: whole text, line by line, no blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.intake.model import Limits
from nopage.intake.search import windows
from nopage.intake.search.needles import NEEDLES, Needle, is_report_line
from nopage.intake.search.windows import WindowSearch

HEADER = b"swapper: page allocation failure. order:1, mode:0x20"
TRACE = b" [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0"
NOISE = b"Feb  1 10:00:00 web01 sshd[123]: session opened for user root"
SHORT = b"cron"


@pytest.fixture(autouse=True, scope="module")
def _small() -> Iterator[None]:
    """The sizes of the rule made small, so that short texts reach every border of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in (("WHOLE", 0), ("BEFORE", 300), ("NEAR", 2200), ("REACH", 3000), ("LINE", 700)):
            patch.setattr(windows, name, size)
        yield


def search(text: bytes, cuts: list[int]) -> list[tuple[int, int, list[str]]]:
    """The windows of a text that is fed in pieces."""
    found = WindowSearch("log", Limits())
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    for start, end in pairwise(borders):
        found.feed(text[start:end])
    return [(window.line, window.byte_offset, list(window.lines)) for window in found.finish().windows]


def stands(needle: Needle, line: bytes) -> bool:
    return any(behind + needle.text in line for behind in needle.behind or (b"",))


def plainly(text: bytes) -> list[tuple[int, int, list[str]]]:
    """The same by the rule itself, over a list of lines."""
    lines = re.findall(rb"[^\n]*\n|[^\n]+", text)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    kept: set[int] = set()
    open_from = last = limit = -1

    def before(hit: int, count: int) -> int:
        first = hit
        while first and hit - first < count and offsets[first - 1] >= offsets[hit] - windows.BEFORE:
            first -= 1
        return first

    def run(until: int) -> int:
        """The line at which the open window ends, `until` where it goes on."""
        quiet = 0
        for at in range(last + 1, until):
            if is_report_line(lines[at], 0, len(lines[at])):
                quiet = 0
            else:
                quiet += 1
                if quiet > limit:
                    return at
            if offsets[at + 1] > offsets[last + 1] + windows.REACH:
                return at
        return until

    reported = False
    for at, line in enumerate(lines):
        first = not reported
        hits = sorted((line.find(needle.text), needle.text, needle) for needle in NEEDLES if stands(needle, line))
        hits = [needle for _, _, needle in hits if reported or not needle.follows]
        reported = reported or any(needle.before for needle in hits)
        if not hits:
            continue
        if open_from >= 0 and offsets[at] - offsets[last + 1] > windows.NEAR and (end := run(at)) < at:
            kept.update(range(open_from, end))
            open_from = -1
        if open_from < 0:
            count = max(hits[0].before, windows.CONTEXT) if first and hits[0].before else hits[0].before
            open_from, limit = before(at, count), 0
        limit = max(limit, *(needle.quiet for needle in hits))
        last = at
    if open_from >= 0:
        kept.update(range(open_from, run(len(lines))))
    result: list[tuple[int, int, list[str]]] = []
    for at in sorted(kept):
        shown = lines[at].rstrip(b"\n").replace(b"\0", b"").rstrip(b"\r").decode("latin-1")
        if at - 1 in kept:
            result[-1][2].append(shown)
        else:
            result.append((at + 1, offsets[at], [shown]))
    return result


LINES = st.sampled_from(
    [
        HEADER,
        TRACE,
        TRACE,
        NOISE,
        NOISE,
        NOISE,
        SHORT,
        b"",
        b"\0\0\0" + NOISE,
        NOISE + b"\r",
        b"printk: 53 messages suppressed.",
        b"rsyslogd: 12 lines suppressed",
        b"SLUB: Unable to allocate memory on node -1 (gfp=0x20)",
        b"Linux version 2.6.32-358.el6.x86_64 (mockbuild@host)",
        b"x" * 290,
    ]
)
TEXTS = st.lists(st.tuples(LINES, st.integers(1, 40)), max_size=12).map(
    lambda runs: b"".join((line + b"\n") * (times if line in (NOISE, SHORT) else min(times, 3)) for line, times in runs)
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 1 << 20), max_size=8), st.booleans())
def test_windows_are_those_of_the_plain_rule_however_the_blocks_fall(
    text: bytes, cuts: list[int], open_end: bool
) -> None:
    if open_end:
        text = text.rstrip(b"\n")
    assert search(text, cuts) == plainly(text)


def test_a_header_cut_between_blocks_is_not_passed_over() -> None:
    text = HEADER + b"\n" + (NOISE + b"\n") * 100
    assert all(search(text, [cut]) == plainly(text) for cut in range(len(HEADER) + 2))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000), st.lists(st.integers(0, 1 << 20), max_size=5))
def test_any_bytes_give_lines_of_the_file_at_their_own_place(noise: bytes, cuts: list[int]) -> None:
    text = noise[: len(noise) // 2] + HEADER + noise[len(noise) // 2 :]
    found = search(text, cuts)
    for line, offset, lines in found:
        assert text[:offset].count(b"\n") == line - 1
        first = text[offset:].split(b"\n")[0].replace(b"\0", b"").rstrip(b"\r")
        assert (
            lines[0].encode("utf-8", "surrogateescape") == first
            or lines[0] == first.decode("latin-1")
            or len(first) > 600
        )
    assert any("page allocation failure" in line for _, _, lines in found for line in lines)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6000), st.lists(st.integers(0, 1 << 20), max_size=6))
def test_a_needle_anywhere_in_an_overlong_line_is_found_once(place: int, cuts: list[int]) -> None:
    text = b"a\n" + b"y" * place + HEADER + b"z" * (6000 - place) + b"\nb\n"
    found = search(text, cuts)
    shown = [(line, text) for line, _, lines in found for text in lines if "page allocation failure" in text]
    assert len(shown) == 1
    assert shown[0][0] <= 2
    assert len(shown[0][1]) <= 2000
    assert found == search(text, [])


@pytest.mark.parametrize(
    ("noise", "log_bytes", "before"),
    [
        (NOISE, 6 << 20, 40),
        (b"x" * 500, 6 << 20, 16),  # 8 kB
        (NOISE, 16 << 10, 33),  # where little may be kept of a log: 2 kB
    ],
)
def test_what_happened_before_the_first_report_is_kept_once(
    noise: bytes, log_bytes: int, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in (("WHOLE", 64 << 10), ("BEFORE", 8 << 10), ("NEAR", 16 << 10)):
        monkeypatch.setattr(windows, name, size)
    text = (noise + b"\n") * 5000 + HEADER + b"\n" + TRACE + b"\n" + (noise + b"\n") * 5000
    found = WindowSearch("log", Limits(log_bytes=log_bytes))
    found.feed(text * 2)
    first, second = found.finish().windows
    assert [list(window.lines).index(HEADER.decode()) for window in (first, second)] == [before, 15]
