"""A line longer than any kernel prints is read by what ends its parts, or around the headers in it."""
from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from nopage.intake.model import Limits
from nopage.intake.search import WindowSearch
from nopage.kernel.facts import LogFacts
from nopage.klog.quoting import MAX_LINE, shortened
from nopage.klog.reading import read_log

REPORT = (
    "swapper: page allocation failure. order:1, mode:0x20",
    "Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1",
    "Call Trace:", " [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0", "Mem-Info:",
    "Node 0 Normal free:21870kB min:45044kB low:56304kB high:67564kB active_anon:0kB present:16547840kB",
    "Node 0 Normal: 1*4kB 2*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 20kB",
)  # fmt: skip
NOISE = [f"request number {at} was served in {at % 97} ms" for at in range(3000)]
LINES = [*NOISE, *REPORT, *NOISE]
MANY = [*NOISE * 8, *REPORT, *NOISE * 8]  # more than the search takes for one line


def read(data: bytes) -> LogFacts:
    search = WindowSearch("log", Limits())
    for at in range(0, len(data), 100_000):
        search.feed(data[at : at + 100_000])
    return read_log(search.finish().windows)


JOINED: dict[str, Callable[[], str]] = {
    "carriage returns": lambda: "\r".join(LINES),
    "next lines": lambda: "\x85".join(LINES),
    "line separators": lambda: "\u2028".join(LINES),
    "breaks of a web page": lambda: "<pre>" + "<br>".join(LINES) + "</pre>",
    "paragraphs": lambda: "".join(f"<p>{line}</p>" for line in LINES),
    "escapes of rsyslog": lambda: "#012".join(LINES),
    "escapes of a string": lambda: "log = '" + "\\n".join(LINES) + "'",
    "objects": lambda: json.dumps({"hits": [{"when": 7, "_source": {"message": one}} for one in MANY]}),
    "objects of several lines": lambda: json.dumps([{"MESSAGE": f"{one}\n", "PRIORITY": "4"} for one in MANY]),
    "pairs": lambda: json.dumps({"values": [[f"{1930367167000000000 + at}", one] for at, one in enumerate(MANY)]}),
    "texts": lambda: json.dumps({"lines": MANY}),
    "a list of Python": lambda: repr(MANY),
    "rows": lambda: "INSERT INTO logs VALUES " + ",".join(f"({at},'{one}')" for at, one in enumerate(MANY)) + ";",
}


@pytest.mark.parametrize("name", JOINED)
def test_a_log_that_is_one_line(name: str) -> None:
    found = read(JOINED[name]().encode())
    (report,) = found.reports
    assert (report.comm, report.order, report.gfp_mask) == ("swapper", 1, 0x20)
    assert report.mem_info is not None
    assert [zone.free_pages for zone in report.mem_info.zones] == [21870 // 4]
    assert found.warnings == ()


@pytest.mark.parametrize("before", [0, MAX_LINE, 5 * MAX_LINE])
def test_a_header_in_a_line_without_ends_is_read_and_the_rest_is_told(before: int) -> None:
    found = read(("x" * before + " " + REPORT[0] + " " + "y" * 2 * MAX_LINE).encode())
    assert [(one.order, one.gfp_mask) for one in found.reports] == [(1, 0x20)]
    assert len(found.warnings) == 1


@pytest.mark.parametrize("line", ["", "a", "x" * MAX_LINE, "page alloc " * 5000])
def test_a_line_of_usual_length_is_left_as_it_is(line: str) -> None:
    assert shortened(line) == (line, False)


@pytest.mark.parametrize("line", ["x" * (MAX_LINE + 1), "page alloc" * 500_000, "\r" * 500_000, "x\r" * 500_000])
def test_no_line_grows_and_none_stays_long(line: str) -> None:
    text, _ = shortened(line)
    assert len(text) <= len(line)
    assert max(map(len, text.split("\n"))) <= MAX_LINE
