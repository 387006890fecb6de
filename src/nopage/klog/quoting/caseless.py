"""Logs that a console or a normaliser wrote in one case: the kernel's own letters are put back where they tell."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from nopage.kernel.pattern import later

_UPPER: Final = "PAGE ALLOCATION FAILURE"
_UPPER_BANNER: Final = "LINUX VERSION "
_LOWER: Final = later(r"\blinux version [2-9]\.|\dkb min:\d|\bcall trace:|\bpid: \d{1,10},? comm: |\bnot tainted ")
_CASED: Final = ("kB ", "Call ", "Comm: ", "Tainted", "Mem-")


def _as(words: str) -> Callable[[re.Match[str]], str]:
    return lambda _match: words


def _upper(match: re.Match[str]) -> str:
    return match[0].upper()


def _title(match: re.Match[str]) -> str:
    return match[0].capitalize()


def _names(match: re.Match[str]) -> str:
    mask, _, names = match[0].partition("(")
    return f"{mask}({names.upper().replace('0X', '0x')}"


# What stands there in lower case, and how the kernel prints it.
_WORDS: Final = (
    (later(r"(?<=\d)kb\b"), _as("kB")),
    (later(r"\bnode (?=\d{1,4} (?:dma|normal|highmem|movable|device|active_anon|hugepages))"), _as("Node ")),
    (later(r"\bdma(?:32)?(?= free:|: \d|: empty| per-cpu)"), _upper),
    (later(r"\b(?:normal|movable|device)(?= free:|: \d|: empty| per-cpu)"), _title),
    (later(r"\bhighmem\b(?= free:|: \d|: empty| per-cpu|\))"), _as("HighMem")),
    (later(r"(?<=kB )\([umehcir]{1,6}\)"), _upper),
    (later(r"\bmem-info:"), _as("Mem-Info:")),
    (later(r"\bcall trace:"), _as("Call Trace:")),
    (later(r"\bcpu: (?=\d{1,5} )"), _as("CPU: ")),
    (later(r"\buid: (?=\d{1,10} pid:)"), _as("UID: ")),
    (later(r"\bpid: (?=\d{1,10},)"), _as("Pid: ")),
    (later(r"\bpid: (?=\d{1,10} comm:)"), _as("PID: ")),
    (later(r"(?<=\d )comm: "), _as("Comm: ")),
    (later(r"\bkdump: (?=loaded)"), _as("Kdump: ")),
    (later(r"\bnot tainted\b"), _as("Not tainted")),
    (later(r"\btainted: (?:[a-z?-] *){1,40}?(?=[2-9]\.\d)"), _upper),
    (later(r"\bTAINTED:"), _as("Tainted:")),
    (later(r"\bhardware name:"), _as("Hardware name:")),
    (later(r"\bworkqueue:"), _as("Workqueue:")),
    (later(r"</?(?:irq|eoi|eoe|task|nmi|softirq)>"), _upper),
    (later(r"\b(?:free|total) swap\b|\bswap cache\b|\bactive:(?=\d)|\bfree pages:"), _title),
    (later(r"\bpages (?:of )?ram\b"), _as("pages RAM")),
    (later(r"(?<=\bmode:)0x[0-9a-f]{1,8} ?\((?:_{0,2}gfp_[a-z0-9_]{1,40}\|?|0x[0-9a-f]{1,8}\|?){1,24}\)"), _names),
    (later(r"\bsl[ua]b(?=: unable to allocate memory on )"), _upper),
    (later(r"(?<=B: )unable(?= to allocate memory on )"), _title),
    (later(r"(?<=memory on )cpu\b"), _upper),
    (later(r"\blinux version (?=[2-9]\.)"), _as("Linux version ")),
    (later(r"\b2\.6\.9-[\d.]{1,24}\.el"), _upper),  # RHEL 4
    (later(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?= {1,4}\d{1,2} )"), _title),
    (later(r"(?<=\d\d-\d\d)t(?=\d\d:\d\d)"), _as("T")),
)


def is_caseless(text: str) -> bool:
    """Whether a report stands in the text in one case only."""
    if _UPPER in text or _UPPER_BANNER in text:
        return True
    if ("page alloc" not in text and "linux version " not in text) or any(word in text for word in _CASED):
        return False
    return _LOWER.search(text) is not None


def cased(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines in lower case, but for what the kernel prints otherwise; the case of a comm cannot be known."""
    for index, line in enumerate(lines):
        line = line.lower()
        for pattern, words in _WORDS:
            line = pattern.sub(words, line)
        yield index, line
