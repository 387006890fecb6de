"""What stands around lines is undone from the outside in; each keeps the line of the file that it stands on."""
from __future__ import annotations

import base64
import bz2
import gzip
import json
import lzma

import pytest

from nopage.klog.layers import Layers
from nopage.klog.layers.hardwrap import joined, width_of
from nopage.klog.layers.learned import prefix_of, without
from nopage.klog.layers.mail import decoded_mail, is_base64_mail
from nopage.klog.layers.order import newest_first
from nopage.klog.layers.table import Table, rows, table_of

HEADER = "demod: page allocation failure: order:3, mode:0x4020"
COMM = "CPU: 1 PID: 77 Comm: demod Not tainted 3.10.0-1160.el7.x86_64 #1"
REPORT = [HEADER, COMM, "Call Trace:", " [<ffffffff81234567>] demo_fill+0x10/0x20 [demo]", "Mem-Info:"]


def texts(lines):
    layers = Layers(lambda _text: lambda _line: True)
    return [(record.index, record.text) for record in layers.records(lines, "\n".join(lines))]


def part(text, encoding="base64"):
    return ["From: b@lab.invalid", f"Content-Transfer-Encoding: {encoding}", "", *text, "", "--=_1--"]


def test_a_mail_in_base64():
    lines = part(base64.encodebytes("\n".join(REPORT).encode()).decode().split("\n"))
    assert is_base64_mail("\n".join(lines))
    found = [text for _, text in decoded_mail(lines)]
    assert found[3:8] == REPORT
    assert all(3 <= index < len(lines) for index, text in decoded_mail(lines) if text in REPORT)


@pytest.mark.parametrize("raw", [b"\x89PNG\x00\x01" * 20, b"\x1f\x8b\x08\x00\x00\x00"])
def test_a_picture_or_an_archive_in_a_mail_is_left_out(raw):
    lines = part(base64.encodebytes(raw).decode().split("\n"))
    assert [text for _, text in decoded_mail(lines) if text] == ["From: b@lab.invalid", "--=_1--"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_log_in_a_mail_gives_what_stands_around_its_report(pack):
    log = "\n".join([*("noise" for _ in range(30_000)), *REPORT]).encode()
    found = [text for _, text in decoded_mail(part(base64.encodebytes(pack(log)).decode().split("\n")))]
    at = found.index(HEADER)
    assert found[at : at + len(REPORT)] == REPORT


def test_attachments_give_no_more_lines_together_than_one_may():
    bomb = gzip.compress(f"{HEADER}\n".encode() + b"\n" * (4 << 20))
    lines = [line for _ in range(40) for line in part(base64.encodebytes(bomb).decode().split("\n"))]
    assert sum(1 for _ in decoded_mail(lines)) < 25_000 + len(lines)


def test_base64_that_is_cut_gives_what_stands():
    whole = base64.b64encode("\n".join(REPORT).encode()).decode()
    lines = part([whole[:60], whole[60:101]])[:5]
    assert next(text for _, text in decoded_mail(lines) if "page" in text) == HEADER


def test_json_in_json_in_lines_of_a_container():
    inner = [json.dumps({"log": json.dumps({"message": f"[   7.000001] {line}"})}) for line in REPORT]
    found = texts([f"2031-03-04T05:06:07.1Z stdout F {line}" for line in inner])
    assert found == list(enumerate(map(str.strip, REPORT)))


@pytest.mark.parametrize("cut", [0, 30])
def test_one_line_holds_many(cut):
    line = json.dumps([f"Mar  4 05:06:07 h kernel: {line}" for line in REPORT])
    found = texts([line[: len(line) - cut]])
    assert [text for _, text in found][:1] == ([HEADER] if not cut else [])
    objects = json.dumps([{"message": line} for line in REPORT])
    assert [text for _, text in texts([objects[: len(objects) - cut]])][:3] == REPORT[:3]


@pytest.mark.parametrize(
    ("line", "table"),
    [
        (f'"2031-03-04","h","kernel","{HEADER}"', Table(",", 3)),
        (f'2031-03-04,h,kernel,"{HEADER}"', Table(",", 3)),
        (f'"{HEADER}";"h"', Table(";", 0)),
        (f'"x"\t"{HEADER}"', Table("\t", 1)),
        (f'he said "{HEADER}"', None),
        (HEADER, None),
    ],
)
def test_tables(line, table):
    assert table_of(["a,b", line, '"x","y"']) == table


def test_a_row_has_the_time_of_another_field():
    found = list(rows(['"2031-03-04T05:06:07Z","h","Call Trace:"', "rest of a field\""], Table(",", 2)))
    assert [(one.text, one.wall) for one in found] == [
        ("Call Trace:", "2031-03-04T05:06:07Z"), ("rest of a field", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "write",
    [
        lambda line: f"pod-7/kmsg :: {line}",
        lambda line: f"2031/03/04 05:06 <warning> (h1) {line}",
        lambda line: f'level=warn host=h1 text="{line}"',
    ],
)
def test_a_prefix_that_no_layout_knows_is_learned(write):
    lines = [write(line) for line in REPORT]
    found = prefix_of(lines, "\n".join(lines))
    assert found is not None
    assert [one.text.strip() for one in without(lines, *found)] == [line.strip() for line in REPORT]


@pytest.mark.parametrize("write", [str, "[    7.000001] {}".format, "Mar  4 05:06:07 h kernel: {}".format])
def test_a_prefix_that_a_layout_knows_needs_no_learning(write):
    lines = [write(line) for line in REPORT]
    assert prefix_of(lines, "\n".join(lines)) is None


@pytest.mark.parametrize("width", [50, 55, 61])
@pytest.mark.parametrize("write", ["[    7.000001] {}".format, "Mar  4 05:06:07 host17 kernel: {}".format])
def test_a_column_cuts_inside_words_and_numbers(width, write):
    lines = [write(line) for line in REPORT]
    cut = [line[at : at + width] for line in lines for at in range(0, len(line), width)]
    assert width_of(cut) == width
    assert [text for _, text in joined(cut, width)] == lines


def test_lines_of_a_mailer_were_cut_at_no_column():
    assert width_of(["Mar  4 05:06:07 h kernel: demod: page allocation", "failure: order:3, mode:0x4020"]) is None
    assert width_of(REPORT) is None


@pytest.mark.parametrize(
    ("lines", "backwards"),
    [
        (REPORT, False),
        (REPORT[::-1], True),
        ([*REPORT, *REPORT], False),
        ([HEADER], False),
        ([f"[{second}.000000] {HEADER}" for second in (9, 8, 7, 6)], True),
        ([f"[{second}.000000] {HEADER}" for second in (8, 9, 2, 3)], False),  # a boot between
        ([f"Mar  {day} 05:06:07 h kernel: {HEADER}" for day in (9, 8, 7, 6)], True),
    ],
)
def test_which_way_lines_run(lines, backwards):
    assert newest_first(lines, "\n".join(lines)) is backwards


def test_layers_of_layers_end():
    text = HEADER
    for _ in range(20):
        text = json.dumps({"message": text})
    assert len(texts([text])) == 1
