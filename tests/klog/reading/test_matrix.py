"""One report in a hundred framings, with a few kinds of damage, of four kernels: all that a person can read is read.

Read as the command reads a file, through the search of the intake. The failure of the test is a table of what was not.
"""
from __future__ import annotations

import base64
import csv
import html
import io
import json
import quopri
import textwrap

KERNELS = ("el6", "el7", "el8", "el10")
WALL = "2031-03-04T05:06:07"
HOST = "node17"
WORDS = "page allocation failure"


def each(write):
    """A framing that writes every line by itself."""
    return lambda lines: [write(number, line) for number, line in enumerate(lines)]


def boot(number):
    return f"{8120 + number // 50}.{402211 + number:06d}"


def as_json(make, **options):
    return lambda lines: [json.dumps(make(number, line), **options) for number, line in enumerate(lines)]


def document(make, indent=None):
    return lambda lines: json.dumps(
        make([(number, line) for number, line in enumerate(lines)]), indent=indent
    ).split("\n")


def table(make, names=None, **dialect):
    def written(lines):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n", **dialect)
        if names:
            writer.writerow(names)
        for number, line in enumerate(lines):
            writer.writerow(make(number, line))
        return out.getvalue().rstrip("\n").split("\n")

    return written


def syslog(number, line):
    return f"Mar  4 05:06:07 {HOST} kernel: {line}"


def mail(encode, name):
    def written(lines):
        body = encode("\n".join(syslog(number, line) for number, line in enumerate(lines)) + "\n")
        return [
            "From: a@lab.invalid", "Subject: it happened again", "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="=_9"', "", "--=_9",
            'Content-Type: text/plain; charset="utf-8"', f"Content-Transfer-Encoding: {name}", "", *body, "", "--=_9--",
        ]  # fmt: skip

    return written


def in_base64(text):
    return base64.encodebytes(text.encode()).decode().rstrip("\n").split("\n")


def in_quoted_printable(text):
    return quopri.encodestring(text.encode()).decode().split("\n")


def elastic(line):
    return {
        "_index": "logs-2031", "_id": "x1", "_source": {
            "@timestamp": f"{WALL}.000Z", "host": {"name": HOST}, "log": {"file": {"path": "/var/log/messages"}},
            "message": line,
        },
    }  # fmt: skip


def loki(pairs):
    values = [[f"{1930367167000000000 + number}", line] for number, line in pairs]
    return {"status": "success", "data": {"resultType": "streams", "result": [
        {"stream": {"job": "varlogs", "host": HOST}, "values": values},
    ]}}  # fmt: skip


TEXT = {
    "none": each(lambda n, x: x),
    "dmesg": each(lambda n, x: f"[ {boot(n)}] {x}"),
    "dmesg -r": each(lambda n, x: f"<4>[ {boot(n)}] {x}"),
    "dmesg -x": each(lambda n, x: f"kern  :warn  : [ {boot(n)}] {x}"),
    "dmesg -T": each(lambda n, x: f"[Tue Mar  4 05:06:07 2031] {x}"),
    "dmesg -xT": each(lambda n, x: f"kern  :warn  : [Tue Mar  4 05:06:07 2031] {x}"),
    "dmesg -d": each(lambda n, x: f"[ {boot(n)} <    0.000012>] {x}"),
    "dmesg -e": each(lambda n, x: f"[Mar 4 05:06] {x}" if n == 0 else f"[  +0.000003] {x}"),
    "dmesg --time-format iso": each(lambda n, x: f"{WALL},{402211 + n}+00:00 {x}"),
    "dmesg caller": each(lambda n, x: f"[ {boot(n)}][ T3117] {x}"),
    "dmesg cpu": each(lambda n, x: f"[ {boot(n)}][    C2] {x}"),
    "syslog": each(syslog),
    "syslog and boot": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: [ {boot(n)}] {x}"),
    "syslog without host": each(lambda n, x: f"Mar  4 05:06:07 kernel: {x}"),
    "syslog without tag": each(lambda n, x: f"Mar  4 05:06:07 {HOST} [ {boot(n)}] {x}"),
    "syslog with year": each(lambda n, x: f"2031 Mar  4 05:06:07 {HOST} kernel: {x}"),
    "syslog priority": each(lambda n, x: f"<4>Mar  4 05:06:07 {HOST} kernel: {x}"),
    "syslog fqdn": each(lambda n, x: f"Mar  4 05:06:07 {HOST}.lab.invalid kernel: {x}"),
    "syslog ipv6": each(lambda n, x: f"Mar  4 05:06:07 fe80::17 kernel: [ {boot(n)}] {x}"),
    "double colon": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: : [ {boot(n)}] {x}"),
    "vmunix": each(lambda n, x: f"Mar  4 05:06:07 {HOST} vmunix: {x}"),
    "busybox": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kern.warn kernel: {x}"),
    "logread": each(lambda n, x: f"Tue Mar  4 05:06:07 2031 kern.warn kernel: [ {boot(n)}] {x}"),
    "priority behind": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: {x} [kern.warning]"),
    "priority in the middle": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: [kern.warning] [ {boot(n)}] {x}"),
    "priority before the tag": each(lambda n, x: f"Mar  4 05:06:07 {HOST} [kern.warning] kernel: {x}"),
    "Solaris id": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: [ID 702911 kern.warning] {x}"),
    "rsyslog": each(lambda n, x: f"{WALL}.402211+01:00 {HOST} kernel: {x}"),
    "rsyslog and boot": each(lambda n, x: f"{WALL}.402211+01:00 {HOST} kernel: [ {boot(n)}] {x}"),
    "RFC 5424": each(lambda n, x: f"<4>1 {WALL}Z {HOST} kernel - - - {x}"),
    "RFC 5424 without priority": each(lambda n, x: f"1 {WALL}Z {HOST} kernel - - - [ {boot(n)}] {x}"),
    "short": each(lambda n, x: f"Mar 04 05:06:07 {HOST} kernel: {x}"),
    "short-precise": each(lambda n, x: f"Mar 04 05:06:07.402211 {HOST} kernel: {x}"),
    "short-iso": each(lambda n, x: f"{WALL}+0100 {HOST} kernel: {x}"),
    "short-iso-precise": each(lambda n, x: f"{WALL}.402211+0100 {HOST} kernel: {x}"),
    "short-full": each(lambda n, x: f"Tue 2031-03-04 05:06:07 CET {HOST} kernel: {x}"),
    "short-monotonic": each(lambda n, x: f"[ {boot(n)}] {HOST} kernel: {x}"),
    "short-monotonic without host": each(lambda n, x: f"[ {boot(n)}] kernel: {x}"),
    "short-unix": each(lambda n, x: f"1930367167.402211 {HOST} kernel: {x}"),
    "cat": each(lambda n, x: x.strip()),
    "kmsg": each(lambda n, x: f"4,{900 + n},{8120402211 + n},-;{x}"),
    "kmsg caller": each(lambda n, x: f"4,{900 + n},{8120402211 + n},-,caller=T3117;{x}"),
    "netconsole": each(lambda n, x: f"Mar  4 05:06:07 [ {boot(n)}] {x}"),
    "time only": each(lambda n, x: f"05:06:07 {HOST} kernel: {x}"),
    "tag only": each(lambda n, x: f"kernel: {x}"),
    "level only": each(lambda n, x: f"<4>{x}"),
    "vendor task": each(lambda n, x: f"<4>[ {boot(n)}] (3)[2000:net_thread]{x}"),
    "vendor comm with a colon": each(lambda n, x: f"<4>[ {boot(n)}]  [2:   HwBinder:512_2:  877] {x}"),
    "vendor cpu": each(lambda n, x: f"[ {boot(n)}@2] {x}"),
    "vendor pid": each(lambda n, x: f"[ {boot(n)}s][pid:1,cpu0,swapper/0]{x}"),
    "logcat": each(lambda n, x: f"03-04 05:06:07.402     0     0 W         : {x}"),
    "terminal server": each(lambda n, x: f"[2031-03-04 05:06:07] {x}"),
    "terminal server and boot": each(lambda n, x: f"[2031-03-04 05:06:07] [ {boot(n)}] {x}"),
    "day first": each(lambda n, x: f"04/Mar/2031:05:06:07 {HOST} kernel: {x}"),
    "grep -H": each(lambda n, x: f"/var/log/messages:{syslog(n, x)}"),
    "grep -n": each(lambda n, x: f"{270 + n}:{syslog(n, x)}"),
    "grep -Hn": each(lambda n, x: f"messages:{270 + n}:{syslog(n, x)}"),
    "grep -A": each(lambda n, x: f"messages{':' if n == 0 else '-'}{syslog(n, x)}"),
    "grep -nA": each(lambda n, x: f"{270 + n}{':' if n == 0 else '-'}[ {boot(n)}] {x}"),
    "CRI": each(lambda n, x: f"{WALL}.402211000Z stdout F {syslog(n, x)}"),
    "CRI of dmesg": each(lambda n, x: f"{WALL}.402211000+01:00 stderr F [ {boot(n)}] {x}"),
    "kubectl --timestamps": each(lambda n, x: f"{WALL}.402211000Z [ {boot(n)}] {x}"),
    "kubectl --prefix": each(lambda n, x: f"[pod/dmesg-x7k2p/dmesg] [ {boot(n)}] {x}"),
    "docker compose": each(lambda n, x: f"dmesg_1  | [ {boot(n)}] {x}"),
    "stern": each(lambda n, x: f"dmesg-x7k2p dmesg [ {boot(n)}] {x}"),
    "logcli": each(lambda n, x: f"{WALL}+09:00 {{}} {x}"),
    "logcli with labels": each(lambda n, x: f'{WALL}+09:00 {{app="kernel", host="{HOST}"}} {x}'),
    "logcli of syslog": each(lambda n, x: f'{WALL}Z {{job="varlogs"}} {syslog(n, x)}'),
    "CloudWatch tail": each(lambda n, x: f"{WALL}.402000+00:00 i-0123abcd {syslog(n, x)}"),
    "gcloud": each(lambda n, x: f"{WALL}.402211Z  WARNING  {HOST}  kernel: {x}"),
    "Splunk raw": each(lambda n, x: f"03/04/2031 05:06:07.402 {syslog(n, x)}"),
    "viewer with level": each(lambda n, x: f"{WALL}.402Z WARN  [kernel] ({HOST}) {x}"),
    "viewer with bars": each(lambda n, x: f"{WALL} | {HOST} | kernel | warning | {x}"),
    "ts": each(lambda n, x: f"Mar 04 05:06:07 [ {boot(n)}] {x}"),
    "numbered": each(lambda n, x: f"{n + 1:6d}  [ {boot(n)}] {x}"),
    "serial console": each(lambda n, x: f"{x}\r" if n % 9 else f"\r{x}\r"),
    "screen": each(lambda n, x: f"\x1b[33m[ {boot(n)}]\x1b[0m {x}\x1b[0K"),
    "octal of rsyslog": lambda lines: ["Mar  4 05:06:07 node17 kernel: " + "#012".join(lines)],
    "repeated tag": each(lambda n, x: f"Mar  4 05:06:07 {HOST} kernel: kernel: {x}"),
}  # fmt: skip

STRUCTURED = {
    "journal json": as_json(lambda n, x: {
        "__REALTIME_TIMESTAMP": f"{1930367167402211 + n}", "_TRANSPORT": "kernel", "MESSAGE": x,
        "_SOURCE_MONOTONIC_TIMESTAMP": f"{8120402211 + n}"}),
    "journal json-pretty": lambda lines: [part for n, x in enumerate(lines) for part in json.dumps({
        "__REALTIME_TIMESTAMP": f"{1930367167402211 + n}", "_TRANSPORT": "kernel", "MESSAGE": x},
        indent=8).split("\n")],
    "journal export": lambda lines: [part for n, x in enumerate(lines) for part in (
        f"__CURSOR=s=1;i={n}", f"__REALTIME_TIMESTAMP={1930367167402211 + n}", "_TRANSPORT=kernel", f"MESSAGE={x}",
        "")],
    "journal verbose": lambda lines: [part for n, x in enumerate(lines) for part in (
        f"Tue 2031-03-04 05:06:07.{402211 + n} UTC [s=0f;i=1;b=2;m=3;t=4;x=5]", "    _TRANSPORT=kernel",
        f"    MESSAGE={x}")],
    "dmesg -J": document(lambda pairs: {"dmesg": [
        {"pri": 4, "time": float(boot(n)), "msg": x} for n, x in pairs]}, indent=3),
    "docker json-file": as_json(lambda n, x: {"log": f"[ {boot(n)}] {x}\n", "stream": "stdout", "time": f"{WALL}.4Z"}),
    "kubectl of json": as_json(lambda n, x: {"log": json.dumps({"message": syslog(n, x)}), "stream": "stdout"}),
    "Elastic hits": as_json(lambda n, x: elastic(syslog(n, x))),
    "Elastic search": document(lambda pairs: {"took": 3, "hits": {"total": {"value": len(pairs)}, "hits": [
        elastic(syslog(n, x)) for n, x in pairs]}}),
    "Elastic search pretty": document(lambda pairs: {"took": 3, "hits": {"hits": [
        elastic(syslog(n, x)) for n, x in pairs]}}, indent=2),
    "Elastic original": as_json(lambda n, x: {"@timestamp": f"{WALL}Z", "event": {"original": syslog(n, x)}}),
    "array of objects": document(lambda pairs: [{"timestamp": WALL, "message": x} for n, x in pairs]),
    "array of objects pretty": document(lambda pairs: [{"timestamp": WALL, "message": x} for n, x in pairs], indent=2),
    "array of syslog": document(lambda pairs: [syslog(n, x) for n, x in pairs]),
    "array of syslog pretty": document(lambda pairs: [syslog(n, x) for n, x in pairs], indent=2),
    "list in a message": document(lambda pairs: {"host": HOST, "log": [f"[ {boot(n)}] {x}" for n, x in pairs]}),
    "one message": document(lambda pairs: {"host": HOST, "message": "\n".join(syslog(n, x) for n, x in pairs)}),
    "Loki": document(loki),
    "Loki pretty": document(loki, indent=2),
    "Splunk json": as_json(lambda n, x: {"preview": False, "offset": n, "result": {
        "_raw": syslog(n, x), "_time": f"{WALL}.000+00:00", "host": HOST}}),
    "CloudWatch json": document(lambda pairs: {"events": [
        {"timestamp": 1930367167402 + n, "message": syslog(n, x), "ingestionTime": 1} for n, x in pairs]}),
    "Stackdriver": as_json(lambda n, x: {
        "jsonPayload": {"MESSAGE": x, "_TRANSPORT": "kernel"}, "resource": {"type": "gce"}, "timestamp": f"{WALL}Z"}),
    "Graylog": as_json(lambda n, x: {"version": "1.1", "host": HOST, "short_message": x, "level": 4}),
    "Fluent Bit": as_json(lambda n, x: {"date": 1930367167.4, "PRIORITY": "4", "log": f"{syslog(n, x)}\n"}),
    "OpenTelemetry": as_json(lambda n, x: {"resourceLogs": [{"scopeLogs": [{"logRecords": [
        {"timeUnixNano": f"{1930367167402211000 + n}", "body": {"stringValue": syslog(n, x)}}]}]}]}),
    "unknown key": as_json(lambda n, x: {"when": WALL, "who": HOST, "kmsg_text": x}),
    "CRI of json": lambda lines: [
        f"{WALL}.402211000Z stdout F " + json.dumps({"level": "warn", "msg": syslog(n, x)})
        for n, x in enumerate(lines)],
    "CSV": table(lambda n, x: [WALL, HOST, "kernel", x], ["Date", "Host", "Service", "Message"], quoting=csv.QUOTE_ALL),
    "CSV without names": table(lambda n, x: [f"{WALL}.000Z", HOST, "kernel", x], quoting=csv.QUOTE_ALL),
    "CSV least quoted": table(lambda n, x: [f"{WALL}.000Z", HOST, "kernel", x]),
    "CSV message first": table(lambda n, x: [x, HOST, f"{WALL}Z"], quoting=csv.QUOTE_ALL),
    "CSV of syslog": table(lambda n, x: [str(n), syslog(n, x)], quoting=csv.QUOTE_ALL),
    "semicolons": table(lambda n, x: [WALL, HOST, x], quoting=csv.QUOTE_ALL, delimiter=";"),
    "tabs": table(lambda n, x: [WALL, HOST, x], quoting=csv.QUOTE_ALL, delimiter="\t"),
    "mail in base64": mail(in_base64, "base64"),
    "mail in quoted-printable": mail(in_quoted_printable, "quoted-printable"),
    "web page": lambda lines: [
        "<pre><code>", *(html.escape(syslog(n, x)) for n, x in enumerate(lines)), "</code></pre>"],
    "web page of nbsp": each(lambda n, x: html.escape(syslog(n, x)).replace(" ", "&nbsp;") + "<br>"),
    "web page table": each(lambda n, x: f"<tr><td>{WALL}</td><td>{html.escape(x)}</td></tr>"),
    "highlighted": each(
        lambda n, x: syslog(n, x).replace("allocation failure", "<em>allocation</em> <em>failure</em>")),
    "highlighted whole": each(lambda n, x: syslog(n, x).replace(WORDS, f"<mark>{WORDS}</mark>")),
}  # fmt: skip


def hard_wrapped(width):
    return lambda lines: [line[at : at + width] for line in lines for at in range(0, max(len(line), 1), width)]


def mail_wrapped(lines):
    return [
        part for line in lines
        for part in textwrap.wrap(line, 76, break_long_words=False, break_on_hyphens=False) or [""]
    ]  # fmt: skip


ANY_DAMAGE = {
    "whole": lambda lines: lines,
    "CRLF": lambda lines: [f"{line}\r" for line in lines],
}
TEXT_DAMAGE = {
    "quoted": lambda lines: [f"> {line}" for line in lines],
    "wrapped by a mailer": mail_wrapped,
    "cut at column 80": hard_wrapped(80),
    "nbsp": lambda lines: [html.escape(line).replace(" ", "&nbsp;") for line in lines],
}
BACKWARDS = {"newest first": lambda lines: lines[::-1]}
# Many lines of a log in one, objects over several lines and the lines of a mail cannot be turned round.
NOT_TURNED = frozenset((
    "octal of rsyslog", "grep -n", "grep -Hn", "grep -nA", "dmesg -e", "journal json-pretty", "journal export",
    "journal verbose", "dmesg -J", "Elastic search pretty", "array of objects pretty", "Loki pretty", "web page",
    "mail in base64", "mail in quoted-printable", "CSV", "numbered",
))  # fmt: skip


# Escapes take no column of a terminal.
NO_COLUMNS = frozenset(("screen",))


def cells():
    for name, write in {**TEXT, **STRUCTURED}.items():
        damages = ANY_DAMAGE | (TEXT_DAMAGE if name in TEXT else {}) | ({} if name in NOT_TURNED else BACKWARDS)
        if name in NO_COLUMNS:
            del damages["cut at column 80"]
        for damage, spoil in damages.items():
            yield name, damage, write, spoil


# Cells where less than the whole report comes back, in kernels of four; the header alone is read in all of them.
# A mailer's wrap of lines whose newlines were escaped, and of a viewer's whose prefix is only learned, is not undone in
# each.
LESS_THAN_WHOLE: dict[tuple[str, str], int] = {
    ("gcloud", "wrapped by a mailer"): 2,
    ("octal of rsyslog", "wrapped by a mailer"): 2,
}


def test_every_framing_with_every_damage_is_read(measured):
    measured(list(cells()), KERNELS).holds(LESS_THAN_WHOLE)


NOISE = [f"audit: backlog of client {at} is {at % 97} of {at * 7919 % 1000}, rate {at % 13}" for at in range(1500)]
NEVER_LARGE = frozenset(("octal of rsyslog",))  # one message of rsyslog has no thousands of lines


def test_every_framing_is_read_in_the_middle_of_a_large_log(measured):
    """Of a small log all is kept, of a large one what the search finds to belong to the report."""
    large = [
        (name, damage, lambda lines, write=write: write([*NOISE, *lines, *NOISE]), spoil)
        for name, damage, write, spoil in cells()
        if damage in ("whole", *BACKWARDS) and name not in NEVER_LARGE
    ]  # fmt: skip
    measured(large, ("el7",)).holds({})


def test_there_are_a_hundred_framings():
    assert len(TEXT) + len(STRUCTURED) >= 100
