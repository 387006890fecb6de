from __future__ import annotations

import json

import pytest

TEXTS = (
    "swapper/0: page allocation failure: order:2, mode:0x480020(GFP_ATOMIC), nodemask=(null),cpuset=/,mems_allowed=0",
    "CPU: 0 PID: 0 Comm: swapper/0 Not tainted 4.18.0-553.el8_10.x86_64 #1",
    "Call Trace:",
    " dump_stack+0x66/0x90",
    "Mem-Info:",
    "active_anon:1 inactive_anon:2 isolated_anon:0\n active_file:3 inactive_file:4 isolated_file:0",
)


def fields(text, **more):
    return {
        "__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "1392402416000000", "_SOURCE_MONOTONIC_TIMESTAMP": "12345678",
        "_TRANSPORT": "kernel", "MESSAGE": text, "PRIORITY": "4", **more,
    }  # fmt: skip


def one_line():
    return [json.dumps(fields(text)) for text in TEXTS]


def as_bytes():
    return [json.dumps(fields(list(text.encode()))) for text in TEXTS]


def pretty():
    return [line.replace('": ', '" : ') for text in TEXTS for line in json.dumps(fields(text), indent=8).split("\n")]


def export():
    lines = []
    for part in (part for text in TEXTS for part in text.split("\n")):
        lines += [*(f"{key}={value}" for key, value in fields(part).items()), ""]
    return lines


def dmesg_json():
    lines = ["{", '   "dmesg": [', "      {"]
    for part in (part for text in TEXTS for part in text.split("\n")):
        lines += [
            '         "pri": 4,', '         "time":    12.345678,', f'         "msg": {json.dumps(part)}', "      },{",
        ]  # fmt: skip
    return lines


@pytest.mark.parametrize("export_of", [one_line, as_bytes, pretty, export, dmesg_json])
def test_exports(read, export_of):
    facts = read(export_of())
    (report,) = facts.reports
    assert (report.comm, report.order, report.gfp_text, report.kernel) == (
        "swapper/0", 2, "GFP_ATOMIC", "4.18.0-553.el8_10.x86_64",
    )  # fmt: skip
    assert report.monotonic_s == 12.345678
    assert report.time == (None if export_of is dmesg_json else "2014-02-14T18:26:56+00:00")
    assert [frame.symbol for frame in report.frames] == ["dump_stack"]
    assert report.mem_info.counters_pages["active_file"] == 3


def test_a_window_cut_out_of_the_middle(read):
    lines = dmesg_json()
    at = next(number for number, line in enumerate(lines) if "page alloc" in line)
    facts = read(lines[at - 1 : at + 6])
    assert [report.order for report in facts.reports] == [2]


def test_programs_of_the_journal_are_no_kernel(read):
    facts = read([json.dumps(fields(TEXTS[0], _TRANSPORT="syslog", SYSLOG_IDENTIFIER="myapp"))])
    assert facts.reports == ()


def test_json_cut_at_its_end(read):
    facts = read([json.dumps(fields(TEXTS[0]))[:-20]])
    assert [report.order for report in facts.reports] == [2]


def test_lines_of_a_log_shipper(read):
    facts = read([json.dumps({"log": f"[   12.345678] {text}\n", "stream": "stdout"}) for text in TEXTS[:4]])
    assert [(report.order, report.monotonic_s) for report in facts.reports] == [(2, 12.345678)]


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ({"time": "2014-02-14T18:26:56.505715123Z"}, "2014-02-14T18:26:56+00:00"),
        ({"@timestamp": "2014-02-14T18:26:56.505+01:00"}, "2014-02-14T18:26:56+01:00"),
        ({"timestamp": 1392402416.5}, "2014-02-14T18:26:56+00:00"),
        ({"time": 1392402416}, "2014-02-14T18:26:56+00:00"),
    ],
)
def test_wall_times_of_log_shippers_are_no_time_since_boot(read, stamp, time):
    facts = read([json.dumps({"log": text, **stamp}) for text in TEXTS[:4]])
    assert [(report.time, report.monotonic_s) for report in facts.reports] == [(time, None)]


def test_verbose_journal(read):
    lines = [
        line
        for text in TEXTS[:2]
        for line in (
            "Fri 2014-02-14 18:26:56.505715 UTC [s=0f;i=1;b=2;m=3;t=4;x=5]", "    _TRANSPORT=kernel",
            f"    MESSAGE={text}",
        )
    ]  # fmt: skip
    assert [report.time for report in read(lines).reports] == ["2014-02-14T18:26:56+00:00"]


def test_text_that_holds_json_is_text(read):
    facts = read(['Feb 14 18:26:56 h app: {"msg": "x"}', f"Feb 14 18:26:56 h kernel: {TEXTS[0]}"])
    assert [report.order for report in facts.reports] == [2]
