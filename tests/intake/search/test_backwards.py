"""A log whose lines stand newest first: a report stands before its header, however large the log and its blocks are."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.engine.run import diagnose
from nopage.intake.model import Limits
from nopage.intake.search.windows import REPORT_BYTES, WindowSearch
from nopage.klog.layers.order import newest_first

NOISE = [f"app[1]: request number {at} served in {at % 97} ms with status 200" for at in range(4000)]
LOGS = sorted(
    path for name in ("dmesg", "messages", "dmesg_-T")
    for path in (Path(__file__).resolve().parents[2] / "data").glob(f"*/*/sosreport/**/{name}")
    if "page allocation failure" in path.read_text()
)  # fmt: skip


def named(path: Path) -> str:
    return f"{path.parts[path.parts.index('data') + 2]} {path.name}"


def windows(lines: list[str], step: int) -> list[tuple[int, list[str]]]:
    """The windows of the lines, fed in blocks of `step` bytes."""
    found, data = WindowSearch("log", Limits()), "".join(f"{line}\n" for line in lines).encode()
    for at in range(0, len(data), step):
        found.feed(data[at : at + step])
    return [(window.line, list(window.lines)) for window in found.finish().windows]


def told(path: Path, lines: list[str]) -> list[tuple[object, ...]]:
    path.write_text("".join(f"{line}\n" for line in lines))
    (result,) = diagnose(str(path))
    return [
        (one.comm, one.order, one.gfp_mask, one.cause, one.zones, one.call_trace, one.driver) for one in result.failures
    ]


def test_there_are_logs_of_every_kind() -> None:
    assert len(LOGS) > 15


@pytest.mark.parametrize("log", LOGS, ids=named)
def test_it_tells_what_the_same_log_tells_forward(log: Path, tmp_path: Path) -> None:
    lines = [*NOISE, *log.read_text().splitlines(), *NOISE]
    forward = told(tmp_path / "log", lines)
    assert forward
    assert told(tmp_path / "log", lines[::-1]) == forward


@pytest.mark.parametrize("step", [700, 65_536, 300_000, 1 << 20])
def test_the_size_of_the_blocks_changes_nothing(step: int) -> None:
    log = max(LOGS, key=lambda path: path.stat().st_size)
    lines = [*NOISE, *log.read_text().splitlines(), *NOISE][::-1]
    assert windows(lines, step) == windows(lines, 512 << 10)
    assert all(newest_first(text, "\n".join(text)) for _, text in windows(lines, step)[:1])


def report(number: int) -> list[str]:
    return [
        f"kworker/{number}:1: page allocation failure: order:3, mode:0x20", f"CPU: {number} PID: 7 Comm: kworker",
        "Call Trace:", *[f" [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x{at:x}/0x8d0" for at in range(200)],
        "Mem-Info:", f"Node 0 Normal free:{number}kB min:1000kB low:1250kB high:1500kB",
    ]  # fmt: skip


@pytest.mark.parametrize("reports", [2, 40])
def test_each_report_is_kept_whole_however_many_there_are(reports: int) -> None:
    lines = [*NOISE, *(line for at in range(reports) for line in [*report(at), *NOISE[:300]]), *NOISE]
    found = windows(lines[::-1], 512 << 10)
    assert len(found) == reports
    assert all(set(report(reports - 1 - at)) <= set(text) for at, (_, text) in enumerate(found))


def test_who_ran_elsewhere_right_before_a_header_turns_nothing_round() -> None:
    lines = [*NOISE, "CPU: 1 PID: 9 Comm: other Tainted: G", *report(1), *NOISE[:300], *report(2), *NOISE]
    for step in (1000, 512 << 10):
        (first, second) = (set(text) for _, text in windows(lines, step))
        assert set(report(1)) <= first
        assert set(report(2)) <= second


def test_no_more_is_held_than_a_report_may_have() -> None:
    found = WindowSearch("log", Limits())
    block = "".join(f"{line}\n" for line in NOISE).encode()
    for _ in range(8):
        found.feed(block)
        assert len(found._buf) <= 2 * len(block) + REPORT_BYTES
