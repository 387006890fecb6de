"""A storm of reports: the first, the last and the strongest are kept whole, all are counted, memory stays flat."""

from __future__ import annotations

import pytest

from nopage.intake.model import Limits
from nopage.intake.search.storm import LogWindows
from nopage.intake.search.windows import WindowSearch


def one(order: int, mode: str, free_kb: int, comm: str = "swapper") -> str:
    return (
        "__ratelimit: 7 callbacks suppressed\n"
        f"{comm}: page allocation failure. order:{order}, mode:{mode}\n"
        "Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1\n"
        "Call Trace:\n" + " [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0\n" * 20 + "Mem-Info:\n"
        f"Node 0 Normal free:{free_kb}kB min:1000kB low:1250kB high:1500kB\n"
    )


def search(text: str, limits: Limits) -> LogWindows:
    found = WindowSearch("log", limits)
    data = text.encode()
    for at in range(0, len(data), 100_000):
        found.feed(data[at : at + 100_000])
    return found.finish()


def lines(found: LogWindows) -> list[str]:
    return [line for window in found.windows for line in window.lines]


@pytest.mark.parametrize("limits", [Limits(log_bytes=200_000), Limits(log_reports=120)])
def test_first_last_and_strongest_are_kept_and_all_are_counted(limits: Limits) -> None:
    reports = [one(at % 2, "0x20", 500 + at, f"nfsd{at % 3}") for at in range(5000)]
    reports[2500] = one(5, "0x4020", 900)  # the highest order
    reports[3000] = one(1, "0x20", 3)  # the least free memory at the order of many
    found = search("".join(reports), limits)
    assert found.counted is not None
    assert found.counted.reports_seen == 5000
    assert found.counted.suppressed_seen == 35_000
    shown = lines(found)
    assert sum("page allocation failure" in line for line in shown) == found.counted.reports_kept < 1000
    assert sum("callbacks suppressed" in line for line in shown) * 7 == found.counted.suppressed_kept
    assert "order:0" in shown[1]
    assert f"free:{500 + 4999}kB" in shown[-1]
    assert any("order:5, mode:0x4020" in line for line in shown)
    assert any("free:3kB" in line for line in shown)
    assert sum(kind.seen for kind in found.counted.signatures) == 5000
    strongest = next(kind for kind in found.counted.signatures if kind.order == 5)
    assert (strongest.comm, strongest.mode, strongest.seen) == ("swapper", "0x4020", 1)
    assert sum(len(line) + 1 for line in shown) <= limits.log_bytes


def test_every_kept_line_is_at_its_own_place() -> None:
    text = "".join(one(at % 4, "0x20", at) for at in range(2000))
    all_lines = text.splitlines()
    for window in search(text, Limits(log_bytes=100_000)).windows:
        assert list(window.lines) == all_lines[window.line - 1 : window.line - 1 + len(window.lines)]
        assert text[: window.byte_offset].count("\n") == window.line - 1


def test_a_few_reports_are_no_storm() -> None:
    found = search("".join(one(1, "0x20", at) for at in range(200)), Limits())
    assert found.counted is None
    assert len(found.windows) == 1


def test_kinds_beyond_the_thousandth_are_counted_together() -> None:
    found = search("".join(one(1, hex(at), at) for at in range(3000)), Limits(log_bytes=50_000))
    assert found.counted is not None
    assert len(found.counted.signatures) == 1000
    assert found.counted.other == 2000


def test_a_flood_of_suppressed_lines_is_bounded() -> None:
    text = one(1, "0x20", 1) + "printk: 9 messages suppressed.\n" * 200_000
    found = search(text, Limits(log_bytes=100_000))
    assert found.counted is not None
    assert found.counted.suppressed_seen == 7 + 9 * 200_000
    assert found.counted.reports_kept == found.counted.reports_seen == 1
    assert sum(len(line) + 1 for line in lines(found)) <= 100_000
