"""The ways of writing a kernel log, one row each: what stands before the kernel's own text."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nopage.kernel.pattern import later

CLOCK: Final = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
MONTH_DAY: Final = _MONTH + r"\s{1,4}\d{1,2}"
_DAY: Final = r"\d{4}[-/]\d\d[-/]\d\d"
ISO: Final = _DAY + r"[T ]" + CLOCK + r"(?:Z| ?[+-]\d\d:?\d\d)?"

_DELTA: Final = r"(?: {0,4}<[ \d.+-]{0,24}>)?"
_LEVEL: Final = r"(?:<(?:(?P<level>\d{1,3})|[cd])>)?"
# Amlogic `[    1.234567@2]`, Huawei `[    1.234567s]`, LG `[ 1.2 / 01-01 00:00:00.000]`.
_BOOT: Final = r"\[ *(?P<boot>\d{1,10}\.\d{1,9})(?:@\d{1,5}|s| / [\d:. -]{1,40}|,\d{1,5})?" + _DELTA + r"\]"
# CONFIG_PRINTK_CALLER writes `[    T1]` (task) or `[   C2]` (cpu); vendor kernels have their own for the same purpose.
_CALLER: Final = (
    r"(?:\s{0,2}(?P<caller>\[ *[TC]\d+\]|\(\d+\)\[\d+:[^\]]{1,20}\]|\[pid:\d+,cpu\d+,[^\]]{1,20}\]"
    r"|\[\d{1,5}: *[^\]]{1,16}: *\d{1,10}\]|\(CPU:\d+-pid:\d+:[^)]{1,20}\)))?"
)
_CTIME: Final = r"\[(?P<wall>[^\[\]<>]{2,40}? \d\d:\d\d:\d\d(?: [A-Z]{2,5})? \d{4})" + _DELTA + r"\]"
_FACILITY: Final = (
    r"(?P<facility>kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp|local[0-7]) *:"
    r"(?:emerg|alert|crit|err|warn|notice|info|debug) *:"
)
_KMSG_CALLER: Final = r"(?:,caller=(?P<caller>[TC]\d{1,10}))?"
_NETCONSOLE: Final = r"(?:[2-9]\.\d[^\s,;]{0,60},)?"  # it may send the release first
_GROUPS: Final = ("wall", "boot", "caller", "level", "facility", "usec", "rest")


# What a line may begin with.
_DIGIT: Final = "0123456789"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MONTHS: Final = "JFMASOND"
_FACILITIES: Final = "kumdaslncf"


@dataclass(frozen=True)
class Layout:
    """`prefix`, which has one of `begins` first, stands before the kernel's text; `host`: a host name and a tag ("host
    kernel:") may follow it."""

    name: str
    begins: str
    prefix: str
    host: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The whole line, with every group of `_GROUPS`. Compiled when first tried: most logs need three of these."""
        missing = (group for group in _GROUPS if f"(?P<{group}>" not in self.prefix and group != "rest")
        never = "".join(f"(?P<{group}>(?!))?" for group in missing)
        return re.compile(self.prefix + never + r"\s*(?P<rest>.*)", re.DOTALL)

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """The numbers of `_GROUPS` in the pattern."""
        return tuple(self.pattern.groupindex[group] for group in _GROUPS)


LAYOUTS: Final = (
    Layout("dmesg", "<[", _LEVEL + r"\s*" + _BOOT + _CALLER),
    Layout("short-monotonic", "[", _BOOT + r"(?=\s(?:\S{1,64} )?kernel:)", host=True),
    Layout("syslog", "<" + _DIGIT + _MONTHS,
           _LEVEL + rf"(?P<wall>(?:\d{{4}} )?{MONTH_DAY}(?:\s+\d{{4}})?,?\s+{CLOCK})", host=True),
    Layout("dmesg iso", "<" + _DIGIT, _LEVEL + rf"(?P<wall>{_DAY}T\d\d:\d\d:\d\d,\d{{6}}[+-]\d\d:?\d\d)" + _CALLER),
    Layout("iso", "<" + _DIGIT, _LEVEL + rf"(?:1 )?(?P<wall>{ISO})", host=True),
    Layout("dmesg -x iso", _FACILITIES, _FACILITY + rf" ?(?P<wall>{ISO})" + _CALLER),
    Layout("dmesg -x", _FACILITIES, _FACILITY + rf"(?: ?{_BOOT}| ?{_CTIME})?" + _CALLER),
    Layout("dmesg -T", "<[", _LEVEL + _CTIME + _CALLER),
    Layout("kmsg", _DIGIT,
           _NETCONSOLE + r"(?P<level>\d{1,4}),\d{1,12},(?P<usec>\d{1,16}),[^,;]{0,8}" + _KMSG_CALLER + "[^;]{0,80};"),
    Layout("logread", _UPPER, rf"[A-Z][a-z]{{2}} (?P<wall>{MONTH_DAY} {CLOCK}(?: [A-Z]{{2,5}})? \d{{4}})", host=True),
    Layout("day first", _UPPER + _DIGIT,
           rf"(?:[A-Z][a-z]{{2}},? )?(?P<wall>\d{{1,2}}[ /-]{_MONTH}[ /-]\d{{4}}[ :]{CLOCK})", host=True),
    Layout("short-full", _UPPER,
           rf"[A-Z][a-z]{{2}} (?P<wall>{ISO}(?: (?:UTC|GMT))?)(?:(?<![A-Z]) [A-Z]{{2,5}})?", host=True),
    Layout("terminal server", "[", rf"\[(?P<wall>{ISO})\]"),
    Layout("reltime", "[",
           rf"\[(?:{MONTH_DAY} ?\d\d:\d\d|[A-Z][a-z]{{2}}\d\d \d\d:\d\d| *\+\d+\.\d+|{CLOCK})\]" + _CALLER),
    Layout("logcat", _DIGIT, rf"\d\d-\d\d {CLOCK} +\d+ +\d+ [VDIWEF](?: [^:]{{0,24}})?:"),
    Layout("time only", _DIGIT, rf"{CLOCK}(?=\s)", host=True),
    Layout("short-unix", _DIGIT, r"(?P<wall>\d{10}\.\d{3,6})(?= \S+ kernel:)", host=True),
    Layout("tag only", "[kv", r"(?=(?:\[?kernel\]?|vmunix) ?:)", host=True),
    Layout("level only", "<", r"<(?:(?P<level>\d{1,3})|[cd])>"),
    Layout("bracket lost", _DIGIT, r"(?P<boot>\d{1,10}\.\d{6})\]" + _CALLER),
)

# The order of trying. The second row holds the first as well.
_TRIED: Final = (LAYOUTS[1], LAYOUTS[0], *LAYOUTS[2:])
TRIED: Final = {
    first: tuple(layout for layout in _TRIED if first in layout.begins) for first in "<[kumdaslncfv" + _DIGIT + _UPPER
}  # by the first character of the line

# Between the time and the kernel's text: `host kernel:`, `kernel: :`, `kernel :`, `[kernel]`, `host kern.warn kernel:`,
# RFC 5424's `host kernel - - -`.
KERNEL_TAG: Final = later(
    r"(?:(?!(?:kern|user|local\d)\.)(?P<host>[^\s\[\]]{1,100}(?<!:))\s{1,4})?(?:(?:kern|user|local\d)\.\w+:?\s+)?"
    r"(?:\[?kernel\]?|vmunix|klogd)"
    r"(?:\[\d+\])?(?:\s?:(?:\s:)?|\s-\s-\s-|(?<=\]))\s?"
)
# A log without tags: the first word is the host, unless it is the kernel's.
HOST: Final = later(
    r"(?!(?:Call|CPU|Pid|Node|node|Free|Total|Swap|Hardware|Linux|last|message|DMA|DMA32|Normal|HighMem|Movable|\d+)\s)"
    r"[^\s:;,|\"'\[\]<>?+*={}()]+\s+(?=\S)"
)
# A collector's own stamp and source stand before the line of syslog.
SECOND_STAMP: Final = later(rf"(?:{MONTH_DAY} {CLOCK}|{ISO})\s")
PROGRAM: Final = later(r"[\w./@+-]{1,48}(?:\[\d+\])?:\s")
INNER: Final = re.compile(rf"{_LEVEL}\s?(?:{_BOOT}{_CALLER}|(?P<lone>\[ *[TC]\d{{1,10}}\]))\s?")
VENDOR: Final = later(r"\((\d+)\)\[(\d+):[^\]]{1,20}\]")
# `[kern.warning]`, Solaris' `[ID 702911 kern.notice]`: behind the line, before it, or where another was glued to it.
PRIORITY: Final = later(r"\s?[\[<(](?:ID \d{1,9} )?(?:kern|user|daemon)\.[a-z]{3,7}[\])>]")
# Where a line that swallowed its neighbours' newlines goes on with the next record: `sym+0x1/0x2[   12.345678] ..`,
# `mode:0x202021-05-06T07:08:09.105719+08:00 host kernel: ..`.
EMBEDDED_BOOT: Final = re.compile(r"\[ {0,6}\d{1,10}\.\d{6}\](?=[\s\[])")
EMBEDDED: Final = later(
    EMBEDDED_BOOT.pattern + rf"|{ISO}(?= \S{{1,64}} kernel:)|{MONTH_DAY} \d\d:\d\d:\d\d(?= \S{{1,64}} kernel:)"
)
