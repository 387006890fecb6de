"""Says what a report lacks, and why where the kernel's own rules tell (KERNEL.md 2.2)."""
from __future__ import annotations

from functools import lru_cache
from typing import Final

from nopage.kernel.message import Message, say
from nopage.kernel.release import Release, parse_release

# should_suppress_show_mem(): in_interrupt() with NODES_SHIFT > 8, i.e. x86_64 from 2.6.32-174.el6 (first release: 6.2,
# -220) to RHEL 8.7 (4.18.0-425.19.2 has it, -477.10.1 has not); absent from RHEL 9.
_SUPPRESSED_FROM: Final = "2.6.32-174"
_SUPPRESSED_BELOW: Final = "4.18.0-477"
_SHOW_MEM_SINCE: Final = "2.6.9-11"  # RHEL 4 U1; vanilla 2.6.9 has none either
# warn_alloc_show_mem(): show_mem_rs is HZ / 1 from 4.11 on; 5.5 limits the whole report to one in 10 s instead.
_SHOW_MEM_LIMIT_S: Final = 1.0
_SHOW_MEM_LIMITED: Final = ((4, 11, 0), (5, 5, 0))

# What ended a report.
CUT: Final = say("missing.end.log", "the end of the log")
NEXT: Final = say("missing.end.next_report", "the next report")
OTHER: Final = say("missing.end.other_messages", "other messages")
REPORT_END: Final = say("missing.end.report", "the end of the report")

MIXED: Final = say(
    "missing.mixed", "lines of another CPU's report are mixed in; call trace and Mem-Info may be of either"
)
CONTEXT_LOST: Final = say(
    "missing.context", "the call trace is cut, so whether it ran in an interrupt cannot be told"
)
GARBAGE_STACK: Final = say(
    "missing.trace.garbage_stack", "no call trace: the kernel said 'Stack pointer is garbage, not printing trace'"
)
TRACE: Final = "missing.trace."  # begins the id of every message on a missing trace, MEM_INFO on a missing Mem-Info
MEM_INFO: Final = "missing.mem_info."


@lru_cache(maxsize=64)
def _release(text: str | None) -> Release | None:
    return parse_release(text) if text else None


def no_trace(end: Message, *, headers_only: bool) -> Message:
    """Why a report has no call trace."""
    if headers_only:
        return say("missing.trace.header_only", "no call trace: only the header line stands in the log")
    return say("missing.trace.cut", "no call trace: cut by {end}", end=end)


def no_mem_info(
    end: Message,
    *,
    kernel: str | None,
    interrupt: bool,
    frames: int,
    headers_only: bool,
    since_last_mem_info_s: float | None,
    shown_in_interrupt: bool = False,
) -> Message:
    """Why a report has no Mem-Info block.

    `since_last_mem_info_s`: from the last block of the same log to this report's header, at least; None where no clock
    tells. `shown_in_interrupt`: the same kernel printed one from an interrupt, so it was not built to hold them back.
    """
    release = _release(kernel)
    if release is not None:
        if release.version == (2, 6, 9) and (not release.exact or not release.at_least(_SHOW_MEM_SINCE)):
            return say(
                "missing.mem_info.before_el4_u1",
                "no Mem-Info: kernels before 2.6.9-11.EL print header and call trace only",
            )
        if release.version < (2, 6, 9):
            return say("missing.mem_info.old_kernel", "no Mem-Info: this kernel prints header and call trace only")
        if interrupt and not shown_in_interrupt and _suppresses_in_interrupt(release):
            return say(
                "missing.mem_info.interrupt",
                "no Mem-Info: suppressed by design in interrupt context on x86_64 from RHEL 6.2 to 8.7 "
                "(NODES_SHIFT > 8)",
            )
        limited = _SHOW_MEM_LIMITED[0] <= release.version < _SHOW_MEM_LIMITED[1]
        if limited and since_last_mem_info_s is not None and since_last_mem_info_s < _SHOW_MEM_LIMIT_S:
            return say(
                "missing.mem_info.rate_limited",
                "no Mem-Info: show_mem is rate limited to one block a second on this kernel",
            )
    if headers_only:
        return say("missing.mem_info.header_only", "no Mem-Info: only the header line stands in the log")
    if not frames or end == CUT:
        return say("missing.mem_info.cut", "no Mem-Info: cut by {end}", end=end)
    return say(
        "missing.mem_info.none_printed", "no Mem-Info: none stands between the call trace and {end}", end=end
    )


def _suppresses_in_interrupt(release: Release) -> bool:
    if not release.exact or release.arch not in (None, "x86_64") or release.highmem:
        return False
    if release.generation == "el6":
        return release.at_least(_SUPPRESSED_FROM)
    if release.generation == "el7":
        return True
    return release.generation == "el8" and not release.at_least(_SUPPRESSED_BELOW)
