"""What documents, consoles, stores and tools make of a log: each framing with each damage, of five kernels.

What `test_matrix` has of log daemons is not repeated here. RHEL 5 prints no `Comm:` line, so its prefixes are hardest.
"""
from __future__ import annotations

import base64
import bz2
import csv
import gzip
import html
import io
import json
import lzma
import quopri
import re
import textwrap

KERNELS = ("el5 x86_64", "el6", "el7", "el8", "el10")
WALL = "2031-03-04T05:06:07"
HOST = "node17"


def each(write):
    return lambda lines: [write(number, line) for number, line in enumerate(lines)]


def boot(number):
    return f"[ {8120 + number // 50}.{402211 + number:06d}]"


def syslog(number, line):
    return f"Mar  4 05:06:07 {HOST} kernel: {line}"


def dmesg(lines):
    return [f"{boot(number)} {line}" for number, line in enumerate(lines)]


def one(make):
    """A framing that makes one text of all lines, of which dmesg printed each."""
    return lambda lines: make(dmesg(lines)).split("\n")


def document(make, indent=None):
    return lambda lines: json.dumps(make(list(enumerate(lines))), indent=indent).split("\n")


def mail(body, encoding, kind="text/plain"):
    return ["Subject: it happened again", f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", "", *body]


def in_base64(data):
    return base64.encodebytes(data).decode().rstrip("\n").split("\n")


def page(lines):
    return "<html><body><pre>" + html.escape("\n".join(dmesg(lines))) + "</pre></body></html>"


def in_tokens(lines):
    return [re.sub(r"(&\w+;)|(\w+)", lambda m: m[1] or f'<span class="n">{m[2]}</span>', html.escape(x))
            for x in dmesg(lines)]  # fmt: skip


def octets(lines):
    messages = (f"<4>1 {WALL}.402211Z {HOST} kernel - - - {line}" for line in lines)
    return ["".join(f"{len(message.encode())} {message}" for message in messages)]


def fragments(lines):
    out = []
    for number, line in enumerate(lines):
        head = f"6.12.0,4,{900 + number},{8120402211 + number},-"
        cut = [line[at : at + 60] for at in range(0, len(line), 60)]
        places = range(0, len(line), 60)
        out += [f"{head};{line}"] if len(cut) == 1 else [
            f"{head},ncfrag={at}/{len(line)};{piece}" for at, piece in zip(places, cut, strict=True)]
    return out


def table(separator):
    def written(lines):
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator="\n").writerows(
            [[f"{WALL}Z", HOST, line] for line in lines])
        return out.getvalue().rstrip("\n").split("\n")

    return written


def flowed(width):
    return lambda lines: [part for line in lines for part in textwrap.wrap(
        line, width, break_long_words=False, break_on_hyphens=False, subsequent_indent="    ") or [""]]


TEXT = {
    "dmesg": dmesg,
    "cat -A": each(lambda n, x: f"^I{boot(n)} {x}$"),
    "cat -n": each(lambda n, x: f"{n + 1:6d}\t{x}"),
    "editor": each(lambda n, x: f"{n + 1:4d} {x}"),
    "bars of a viewer": each(lambda n, x: f"{n + 1:4d}   │ {boot(n)} {x}"),
    "box": each(lambda n, x: f"│{boot(n)} {x:<200}│"),
    "table of a database": each(lambda n, x: f"| {n:3d} | {x:<220} |"),
    "psql": each(lambda n, x: f" {n:3d} | {WALL} | {x}"),
    "copy of a database": each(lambda n, x: f"{n}\t{WALL}+00:00\t{x}"),
    "CEF": each(lambda n, x: f"CEF:0|lab|kernel|6|100|kernel|4|rt={1930367167402 + n} dhost={HOST} msg={x}"),
    "LEEF": each(lambda n, x: f"LEEF:1.0|lab|kernel|6|100|devTime=Mar 04 05:06:07\tmsg={x}"),
    "logfmt": each(lambda n, x: f'time="{WALL}Z" level=warning host={HOST} msg={json.dumps(f"{boot(n)} {x}")}'),
    "relayed": each(lambda n, x: f"{WALL}.402211+00:00 relay {syslog(n, x)}"),
    "host with a colon": each(lambda n, x: f"Mar  4 05:06:07 {HOST}: kernel: {x}"),
    "with unit": each(lambda n, x: f"Tue {WALL.replace('T', ' ')} UTC {HOST} kernel[-]: {x}"),
    "month in Japanese": each(lambda n, x: f" 3月 04 05:06:07 {HOST} kernel: {x}"),
    "month in Russian": each(lambda n, x: f"мар 04 05:06:07 {HOST} kernel: {x}"),
    "TAI64N": each(lambda n, x: f"@4000000073105fd9{n:08x} kernel: {x}"),
    "day first": each(lambda n, x: f"04.03.2031 05:06:07 {HOST} kernel: {x}"),
    "American": each(lambda n, x: f"03/04/2031 05:06:07 AM {boot(n)} {x}"),
    "terminal": each(lambda n, x: f"[{WALL.replace('T', ' ')}.402] {x}"),
    "vmkernel": each(lambda n, x: f"{WALL}.402Z cpu12:2097999){x}"),
    "NX-OS": each(lambda n, x: f"2031 Mar  4 05:06:07 {HOST} %KERN-4-SYSTEM_MSG: {boot(n)} {x} - kernel"),
    "BIG-IP": each(lambda n, x: f"Mar  4 05:06:07 {HOST} warning kernel: {x}"),
    "logcat brief": each(lambda n, x: f"W/kernel  (    0): {x}"),
    "logcat time": each(lambda n, x: f"03-04 05:06:07.402 W/kernel  (    0): {x}"),
    "chat": each(lambda n, x: f"[05:06:07] <op> {x}"),
    "CI job": each(lambda n, x: f"build\tboot\t{WALL}.4022110Z {boot(n)} {x}"),
    "pdsh": each(lambda n, x: f"{HOST}: {boot(n)} {x}"),
    "log4j": each(lambda n, x: f"{WALL.replace('T', ' ')},402 [main] WARN  c.lab.Console - {boot(n)} {x}"),
    "klog": each(lambda n, x: f"W0304 05:06:07.{402211 + n}       1 log_monitor.go:160] kernel: {x}"),
    "diff": each(lambda n, x: f"+{boot(n)} {x}"),
    "patch": each(lambda n, x: f" {boot(n)} {x}"),
    "list": each(lambda n, x: f"- {boot(n)} {x}"),
    "list of code": each(lambda n, x: f"* `{boot(n)} {x}`"),
    "table of Markdown": each(lambda n, x: f"| {WALL} | {x} |"),
    "quoted twice": each(lambda n, x: f">> > {boot(n)} {x}"),
    "quoted by name": each(lambda n, x: f"JD> {x}"),
    "literal block": lambda lines: ["Log::", "", *(f"   {line}" for line in dmesg(lines))],
    "panel of Jira": lambda lines: ["{noformat}", *dmesg(lines), "{noformat}"],
    "verbatim": lambda lines: ["\\begin{verbatim}", *dmesg(lines), "\\end{verbatim}"],
    "CDATA": lambda lines: ["<system-out><![CDATA[" + boot(0), *dmesg(lines), "]]></system-out>"],
    "YAML block": lambda lines: ["log: |", *(f"  {line}" for line in dmesg(lines))],
    "YAML list": lambda lines: ["log:", *(f"- '{line}'" for line in dmesg(lines))],
    "strings of C": lambda lines: ["const char *l[] = {", *(f"    {json.dumps(x)}," for x in dmesg(lines)), "};"],
    "events of XML": each(lambda n, x: f'  <event host="{HOST}" message="{html.escape(x)}"/>'),
}  # fmt: skip

STRUCTURED = {
    "server-sent events": lambda lines: [
        part for n, x in enumerate(lines) for part in (f"data: {json.dumps({'MESSAGE': x, 'PRIORITY': '4'})}", "")],
    "hash of Ruby": lambda lines: [part for n, x in enumerate(lines) for part in (
        "{", f'       "message" => {json.dumps(f"{boot(n)} {x}")},', f'    "@timestamp" => {WALL}.402Z,', "}")],
    "objects of an unknown key": document(
        lambda pairs: [{"TimeGenerated": WALL, "Computer": HOST, "SyslogMessage": x} for n, x in pairs], indent=2),
    "columns and rows": document(lambda pairs: {"tables": [{"columns": [{"name": "Time"}, {"name": "Message"}],
        "rows": [[f"{WALL}Z", x] for n, x in pairs]}]}),
    "fields and values": document(lambda pairs: {"results": [
        [{"field": "@timestamp", "value": WALL}, {"field": "@message", "value": f"{boot(n)} {x}"}] for n, x in pairs]}),
    "rows of an INSERT": lambda lines: ["INSERT INTO `logs` VALUES " + ",".join(
        f"({n},'{x}')" for n, x in enumerate(lines)) + ";"],
    "an INSERT each": each(lambda n, x: f"INSERT INTO `logs` VALUES ({n},'{WALL}','{HOST}','{boot(n)} {x}');"),
    "stdout of Ansible": lambda lines: ["ok: [h] => {", '    "out.stdout_lines": [', *(
        f"        {json.dumps(x)}," for x in dmesg(lines)), "    ]", "}"],
    "cast of a terminal": lambda lines: ['{"version": 2, "width": 200}', *(
        json.dumps([n / 8, "o", f"{x}\r\n"]) for n, x in enumerate(dmesg(lines)))],
    "counted octets": octets,
    "fragments of netconsole": fragments,
    "newlines of /dev/kmsg": lambda lines: [f"4,900,{8120402211},-;" + "\\x0a".join(lines)],
    "semicolons unquoted": table(";"),
    "page in base64": lambda lines: mail(in_base64(page(lines).encode()), "base64", "text/html"),
    "page in quoted-printable": lambda lines: mail(
        quopri.encodestring(page(lines).encode()).decode().split("\n"), "quoted-printable", "text/html"),
    "packed by gzip": lambda lines: mail(in_base64(gzip.compress("\n".join(dmesg(lines)).encode())), "base64"),
    "packed by bzip2": lambda lines: mail(in_base64(bz2.compress("\n".join(dmesg(lines)).encode())), "base64"),
    "packed by xz": lambda lines: mail(in_base64(lzma.compress("\n".join(dmesg(lines)).encode())), "base64"),
    "paragraphs": one(lambda lines: "".join(f"<p>{html.escape(line)}</p>" for line in lines)),
    "rows of a page": lambda lines: [
        f"<tr><td>{n}</td><td>{WALL}</td><td>{html.escape(x)}</td></tr>" for n, x in enumerate(lines)],
    "rows of a page on one line": lambda lines: ["<table>" + "".join(
        f"<tr><td>{n}</td><td>{html.escape(x)}</td></tr>" for n, x in enumerate(dmesg(lines))) + "</table>"],
    "tokens of a highlighter": in_tokens,
    "escaped twice": one(lambda lines: "<pre>" + html.escape(html.escape("\n".join(lines))) + "</pre>"),
    "upper case": each(lambda n, x: f"{boot(n)} {x}".upper()),
    "lower case": each(lambda n, x: syslog(n, x).lower()),
    "each line twice": lambda lines: [syslog(n, x) for n, x in enumerate(lines) for _ in range(2)],
    "by two daemons": lambda lines: [
        line for n, x in enumerate(lines) for line in (syslog(n, f"{boot(n)} {x}"), syslog(n, x))],
    "on three consoles": lambda lines: [line for line in dmesg(lines) for _ in range(3)],
    "hyphens of a word processor": each(lambda n, x: f"{boot(n)} {x}".replace("-", "\u2011")),
    "hyphens that break": each(lambda n, x: f"{boot(n)} {x}".replace("alloc", "al\u00adloc")),
    "wide colons": each(lambda n, x: f"{boot(n)} {x}".replace(": ", "\uff1a ")),
    "marks of direction": each(lambda n, x: f"\u200e{boot(n)} {x}\u202c"),
    "a column broken by words": lambda lines: flowed(76)(dmesg(lines)),
}  # fmt: skip

ANY_DAMAGE = {
    "whole": lambda lines: lines,
    "CRLF": lambda lines: [f"{line}\r" for line in lines],
    "a page's title before": lambda lines: [
        "<title>swapper: page allocation failure. order:1, mode:0x20 - a forum</title>", *lines],
    "a citation behind": lambda lines: [
        *lines, "", "People who get swapper: page allocation failure. order:1, mode:0x20 ask why."],
}  # fmt: skip
TEXT_DAMAGE = {
    "quoted": lambda lines: [f"> {line}" for line in lines],
    "blank lines between": lambda lines: [part for line in lines for part in (line, "")],
    "blanks behind": lambda lines: [f"{line}  \t" for line in lines],
}


def cells():
    for name, write in {**TEXT, **STRUCTURED}.items():
        damages = ANY_DAMAGE | (TEXT_DAMAGE if name in TEXT else {})
        for damage, spoil in damages.items():
            yield name, damage, write, spoil


LESS_THAN_WHOLE: dict[tuple[str, str], int] = {}
BESIDE_LESS: dict[tuple[str, str], int] = {}


def test_every_framing_of_documents_with_every_damage_is_read(measured):
    measured(list(cells()), KERNELS).holds(LESS_THAN_WHOLE)


# The same host's log of another day, or another host's, in the same file.
OTHER = [
    f"[  901.{at:06d}] {line}" for at, line in enumerate((
        "ksoftirqd/1: page allocation failure. order:1, mode:0x20",
        "Pid: 9, comm: ksoftirqd/1 Not tainted 2.6.32-754.el6.x86_64 #1",
        "Call Trace:",
        " <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0",
        " [<ffffffff81167dda>] ? alloc_pages_current+0xaa/0x110",
        " <EOI>  [<ffffffff8107a1c5>] ? ksoftirqd+0x85/0x110",
        "Mem-Info:",
        "Node 0 Normal free:21872kB min:45044kB low:56304kB high:67564kB active_anon:0kB present:16547840kB",
    ))
]  # fmt: skip
BESIDE = {
    "another log before": lambda lines: [*OTHER, *lines],
    "another log behind": lambda lines: [*lines, *OTHER],
}


def test_another_log_in_the_same_file_does_not_hide_either(measured):
    beside = [
        (name, where, write, put) for name, write in {**TEXT, **STRUCTURED}.items() for where, put in BESIDE.items()
    ]
    measured(beside, KERNELS, others=1).holds(BESIDE_LESS)


def test_there_are_some_eighty_framings():
    assert len(TEXT) + len(STRUCTURED) >= 79
