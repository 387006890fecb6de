"""The brief form: one request body, whatever the host; what it leaves out is still counted."""
from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

import nopage
from nopage.result import Activity, Memory, Result, SettingSource, load, to_json
from nopage.result.brief import MOST_BYTES, brief

RELEASE = "2.6.32-358.el6.x86_64"
FRAMES = 40


def reports(count: int) -> str:
    """So many failures, no two of one kind: process, order, driver and stack differ."""
    lines = []
    for number in range(count):
        seconds = 100 + number * 700
        lines += [
            f"[{seconds}.000001] task{number}: page allocation failure. order:{number % 6}, mode:0x20",
            f"[{seconds}.000002] Pid: {number}, comm: task{number} Not tainted {RELEASE} #1",
            f"[{seconds}.000003] Call Trace:",
            f"[{seconds}.000004]  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0",
            f"[{seconds}.000005]  [<ffffffffa0d01174>] ? rx_refill_{number}+0x44/0x200 [driver{number}]",
            *(f"[{seconds}.000006]  [<ffffffff8144cd43>] ? step_{number}_{at}+0x103/0x2f0" for at in range(FRAMES)),
        ]
    return "\n".join(lines)


def zones(count: int) -> str:
    """A failure with the memory state of so many zones."""
    lines = [
        "swapper: page allocation failure. order:1, mode:0x20",
        f"Pid: 0, comm: swapper Not tainted {RELEASE} #1",
        "Mem-Info:",
    ]
    for node in range(count):
        lines += [
            f"Node {node} Normal free:21870kB min:45044kB low:56304kB high:67564kB active_anon:0kB inactive_anon:0kB "
            "present:16547840kB mlocked:0kB pages_scanned:0 all_unreclaimable? no",
            "lowmem_reserve[]: 0 0 0 0",
        ]
    lines += [
        f"Node {node} Normal: 1*4kB 2*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB "
        "= 20kB"
        for node in range(count)
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def storm() -> Result:
    return nopage.diagnose_text(reports(1_500), RELEASE)


@pytest.fixture(scope="module")
def many_zones() -> Result:
    return nopage.diagnose_text(zones(200), RELEASE)


def test_the_hosts_are_as_large_as_they_should_be(storm: Result, many_zones: Result) -> None:
    assert len(storm.failures) == 1_500
    assert len({failure.signature for failure in storm.failures}) == 1_500
    assert len(many_zones.failures[0].zones) == 200
    assert min(len(to_json(storm)), len(to_json(many_zones))) > MOST_BYTES


def test_it_is_one_request_body(storm: Result, many_zones: Result, everything: list[tuple[str, Result]]) -> None:
    sizes = [len(to_json(brief(one))) for one in (storm, many_zones, *(result for _name, result in everything))]
    assert max(sizes) <= MOST_BYTES


def test_what_is_left_out_is_counted(storm: Result) -> None:
    small = brief(storm)
    (finding,) = small.findings
    assert (finding.reports, finding.failures_total) == (1_500, 1_500)
    assert len(small.failures) < 1_500
    assert small.timeline == storm.timeline


def test_it_says_what_to_do(storm: Result, everything: list[tuple[str, Result]]) -> None:
    for result in (storm, *(result for _name, result in everything)):
        small = brief(result)
        assert (small.verdict, small.severity, small.host, small.kernel) == (
            result.verdict, result.severity, result.host, result.kernel,
        )  # fmt: skip
        assert [finding.key for finding in small.findings] == [finding.key for finding in result.findings]
        assert [
            (remedy.action, remedy.setting, remedy.value, remedy.command)
            for finding in small.findings for remedy in finding.remedies
        ] == [
            (remedy.action, remedy.setting, remedy.value, remedy.command)
            for finding in result.findings for remedy in finding.remedies
        ]  # fmt: skip
        assert [(step.number, step.setting, step.value, step.commands) for step in small.plan.steps] == [
            (step.number, step.setting, step.value, step.commands) for step in result.plan.steps
        ]


def test_no_trace_and_no_zone_is_in_it(storm: Result, many_zones: Result) -> None:
    for result in (storm, many_zones):
        for failure in brief(result).failures:
            assert (failure.call_trace, failure.frames, failure.zones) == ((), (), ())
        text = to_json(brief(result)).decode()
        assert '"step_' not in text
        assert "min_now" not in text


def test_of_the_host_what_matters_most_stays(storm: Result) -> None:
    def interval(minute: int) -> Activity:
        return Activity(
            time=f"2024-05-01T10:{minute:02d}:01", interval_s=60.0, failures=minute % 10, interface=None,
            receive_mbps=None, transmit_mbps=None, receive_dropped_per_s=None, kswapd_scanned_per_s=None,
            direct_scanned_per_s=None, swapped_out_per_s=None, free_kb=None,
        )  # fmt: skip

    lines = [SettingSource(setting="vm.swappiness", value="1", file="a", line=n, wins=n == 7) for n in range(1, 9)]
    memory = Memory(
        source=None, total_kb=1, settings={}, zones=(), missing=(), activity=tuple(map(interval, range(50))),
        setting_sources=tuple(lines), slab_kb={f"c{number}": 100 - number for number in range(20)},
    )  # fmt: skip
    small = brief(replace(storm, memory=memory)).memory
    assert small is not None
    assert [one.time[14:16] for one in small.activity] == ["09", "19", "29", "39", "49"]
    assert [one.line for one in small.setting_sources] == [7]
    assert list(small.slab_kb) == ["c0", "c1", "c2", "c3", "c4"]


def test_brief_of_brief_is_itself(storm: Result, everything: list[tuple[str, Result]]) -> None:
    for result in (storm, *(result for _name, result in everything)):
        small = brief(result)
        assert brief(small) == small
        assert load(to_json(small)) == small


@pytest.mark.parametrize("field", ["verdict", "host"])
def test_a_text_without_end_does_not_burst_it(storm: Result, field: str) -> None:
    """Names and lines come from archives: none of them may take the whole room."""
    long = replace(storm, **{field: "x" * 200_000})
    assert len(to_json(brief(long))) <= MOST_BYTES


def test_the_worst_of_everything_fits(storm: Result) -> None:
    (finding,) = storm.findings
    (failure, *_) = storm.failures
    long = "\u20ac" * 5_000
    remedy = replace(finding.remedies[0], reason=long, risk=long, replay=long, derivation=long, persistent=long)
    worst = replace(
        storm,
        host=long,
        kernel=replace(storm.kernel, release=long),
        source=replace(storm.source, path=long, warnings=(long,) * 3_000),
        failures=tuple(replace(failure, comm=long, missing=(long,) * 20, words=(long,) * 20) for _ in range(500)),
        findings=(replace(finding, why=(long,) * 99, notes=(long,) * 99, summary=long, remedies=(remedy,) * 9),) * 5,
    )
    body = to_json(brief(worst))
    assert len(body) <= MOST_BYTES
    assert json.loads(body)["schema"] == "nopage/1"
