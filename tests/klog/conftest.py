"""How each log daemon writes a kernel's lines, and the reading of them."""
from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from nopage.kernel.facts import LogFacts
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log


def _json(message: str) -> str:
    return json.dumps(
        {
            "MESSAGE": message,
            "_TRANSPORT": "kernel",
            "__REALTIME_TIMESTAMP": "1392402416000000",
            "_SOURCE_MONOTONIC_TIMESTAMP": "12345678",
        }
    )


# Each framing, and the wall time and seconds since boot that it tells.
FRAMINGS: dict[str, tuple[Callable[[str], str], str | None, float | None]] = {
    "none": (lambda text: text, None, None),
    "dmesg": (lambda text: f"[   12.345678] {text}", None, 12.345678),
    "dmesg -r": (lambda text: f"<4>[   12.345678] {text}", None, 12.345678),
    "dmesg -x": (lambda text: f"kern  :warn  : [   12.345678] {text}", None, 12.345678),
    "dmesg -T": (lambda text: f"[Fri Feb 14 18:26:56 2014] {text}", "2014-02-14T18:26:56", None),
    "dmesg -T zh": (lambda text: f"[五 2月 14 18:26:56 2014] {text}", "2014-02-14T18:26:56", None),
    "dmesg -T de": (lambda text: f"[Fr Feb 14 18:26:56 2014] {text}", "2014-02-14T18:26:56", None),
    "dmesg -T fr": (lambda text: f"[ven. févr. 14 18:26:56 2014] {text}", "2014-02-14T18:26:56", None),
    "dmesg iso": (lambda text: f"2014-02-14T18:26:56,345678+00:00 {text}", "2014-02-14T18:26:56+00:00", None),
    "dmesg caller": (lambda text: f"[   12.345678][    T1] {text}", None, 12.345678),
    "syslog": (lambda text: f"Feb 14 18:26:56 host1 kernel: {text}", "02-14T18:26:56", None),
    "syslog, no host": (lambda text: f"Feb 14 18:26:56 kernel: {text}", "02-14T18:26:56", None),
    "syslog, no tag": (lambda text: f"Feb 14 18:26:56 host1 {text.strip()}", "02-14T18:26:56", None),
    "syslog, both": (lambda text: f"Feb 14 18:26:56 h kernel: [   12.345678] {text}", "02-14T18:26:56", 12.345678),
    "double colon": (lambda text: f"Feb 14 18:26:56 h kernel: : [   12.345678] {text}", "02-14T18:26:56", 12.345678),
    "space colon": (lambda text: f"Feb 14 18:26:56 host1 kernel : {text}", "02-14T18:26:56", None),
    "busybox": (lambda text: f"Feb 14 18:26:56 h kern.warn kernel: {text}", "02-14T18:26:56", None),
    "suffix": (lambda text: f"Feb 14 18:26:56 host1 kernel: {text} [kern.warning]", "02-14T18:26:56", None),
    "time only": (lambda text: f"18:26:56 localhost kernel: {text}", None, None),
    "rsyslog": (lambda text: f"2014-02-14T18:26:56.505715+08:00 h kernel: {text}", "2014-02-14T18:26:56+08:00", None),
    "RFC 5424": (lambda text: f"<4>1 2014-02-14T18:26:56Z h kernel - - - {text}", "2014-02-14T18:26:56+00:00", None),
    "short-iso": (lambda text: f"2014-02-14T18:26:56+0800 host1 kernel: {text}", "2014-02-14T18:26:56+08:00", None),
    "short-precise": (lambda text: f"Feb 14 18:26:56.505715 host1 kernel: {text}", "02-14T18:26:56", None),
    "short-monotonic": (lambda text: f"[   12.345678] host1 kernel: {text}", None, 12.345678),
    "short-full": (lambda text: f"Fri 2014-02-14 18:26:56 CET host1 kernel: {text}", "2014-02-14T18:26:56", None),
    "short-full utc": (lambda text: f"Fri 2014-02-14 18:26:56 UTC h kernel: {text}", "2014-02-14T18:26:56+00:00", None),
    "short-unix": (lambda text: f"1392402416.505715 host1 kernel: {text}", "2014-02-14T18:26:56+00:00", None),
    "tag only": (lambda text: f"kernel: {text}", None, None),
    "level only": (lambda text: f"<4>{text}", None, None),
    "netconsole": (lambda text: f"Feb 14 18:26:56 [   12.345678] {text}", "02-14T18:26:56", 12.345678),
    "metalog": (lambda text: f"Feb 14 18:26:56 [kernel] [   12.345678] {text}", "02-14T18:26:56", 12.345678),
    "logread": (lambda text: f"Fri Feb 14 18:26:56 2014 kern.warn kernel: {text}", "2014-02-14T18:26:56", None),
    "kmsg": (lambda text: f"4,1234,12345678,-;{text}", None, 12.345678),
    "vendor": (lambda text: f"<4>[   12.345678] (3)[2000:net_thread]{text}", None, 12.345678),
    "grep": (lambda text: f"/var/log/messages:Feb 14 18:26:56 host1 kernel: {text}", "02-14T18:26:56", None),
    "journal json": (_json, "2014-02-14T18:26:56+00:00", 12.345678),
}


@pytest.fixture(scope="session")
def read() -> Callable[[Sequence[str]], LogFacts]:
    """Reads lines as the whole of one log."""
    return lambda lines: read_log([Window("log", 1, 0, tuple(lines))])


@pytest.fixture(scope="session")
def framings() -> dict[str, tuple[Callable[[str], str], str | None, float | None]]:
    """Each framing by name: how it writes a line, the wall time and the seconds since boot that it tells."""
    return FRAMINGS
