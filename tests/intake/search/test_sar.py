"""Of a text of sar what matters is kept, however it comes in blocks."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nopage.intake.search import SarSections
from nopage.kernel.sar import read_sar

HEAD = b"Linux 2.6.32-358.el6.x86_64 (stor7.example.com) \t02/14/2012 \t_x86_64_\t(8 CPU)\n\n"
CPU = b"12:00:01 AM  CPU  %usr %nice\n" + b"12:10:01 AM    1  0.10  0.00\n" * 300 + b"\n"
PAGING = b"12:00:01 AM  pgscank/s pgscand/s\n12:10:01 AM  5.50  6.25\nAverage:  5.50  6.25\n\n"
DEVICES = (
    b"12:00:01 AM  IFACE  rxkB/s  txkB/s\n12:10:01 AM  lo  9.00  9.00\n12:10:01 AM  eth1  0.00  0.00\n"
    b"12:10:01 AM  veth12ab  1.00  1.00\n12:10:01 AM  eth0  1220703.13  1.00\n\n06:12:13 PM  LINUX RESTART\n\n"
    b"06:20:01 PM  IFACE  rxkB/s  txkB/s\n06:30:01 PM  eth0  1.00  1.00\n"
)
TEXT = HEAD + CPU + PAGING + CPU + DEVICES


def kept(text: bytes, cuts: list[int], most: int = 1 << 20) -> SarSections:
    sections = SarSections(most)
    begin = 0
    for cut in [*sorted(cuts), len(text)]:
        sections.feed(text[begin:cut])
        begin = cut
    return sections


@given(st.lists(st.integers(0, len(TEXT)), max_size=20))
def test_any_blocks_give_the_same(cuts: list[int]) -> None:
    text = kept(TEXT, cuts).finish()
    assert b"%usr" not in text
    assert b"lo " not in text
    assert b"veth" not in text
    whole, found = read_sar(TEXT.decode()), read_sar(text.decode())
    assert [(one.begin, one.end, one.values) for one in found] == [(one.begin, one.end, one.values) for one in whole]
    assert [one.interfaces.get("eth0") for one in found] == [one.interfaces.get("eth0") for one in whole]


def test_the_cap_ends_at_a_line() -> None:
    sections = kept(TEXT, [], 200)
    text = sections.finish()
    assert sections.full
    assert len(text) <= 200
    assert text.endswith(b"\n")
    assert kept(TEXT, [], 0).finish() == b""


def test_json_and_lines_pass_whole() -> None:
    for text in (b'{"sysstat": {"hosts": []}}\n\n{"x": 1}', b"# hostname;interval;timestamp;CPU\nx;1;2;3\n\n"):
        assert kept(text, [3, 20]).finish() == text


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_no_bytes_raise(data: bytes, cuts: list[int]) -> None:
    for text in (data, b"Linux " + data):
        assert len(kept(text, [min(cut, len(text)) for cut in cuts]).finish()) <= len(text) + 1
