"""Says what a report lacks, and why where the kernel's own rules tell (KERNEL.md 2.2)."""
from __future__ import annotations

from functools import lru_cache
from typing import Final

from nopage.kernel.message import Message, say
from nopage.kernel.release import Release, parse_release

# should_suppress_show_mem(): in_interrupt() with NODES_SHIFT > 8, i.e. x86_64 from 2.6.32-174.el6 (first release: 6.2,
# -220) to RHEL 8; gone in el8.10 and RHEL 9.
_SUPPRESSED_FROM: Final = "2.6.32-174"
_SHOW_MEM_SINCE: Final = "2.6.9-11"  # RHEL 4 U1; vanilla 2.6.9 has none either
_SHOW_MEM_LIMIT_S: Final = 1.0  # show_mem_rs: HZ / 1, 4.9 on

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
) -> Message:
    """Why a report has no Mem-Info block."""
    release = _release(kernel)
    if release is not None:
        if release.version == (2, 6, 9) and (not release.exact or not release.at_least(_SHOW_MEM_SINCE)):
            return say(
                "missing.mem_info.before_el4_u1",
                "no Mem-Info: kernels before 2.6.9-11.EL print header and call trace only",
            )
        if release.version < (2, 6, 9):
            return say("missing.mem_info.old_kernel", "no Mem-Info: this kernel prints header and call trace only")
        if interrupt and _suppresses_in_interrupt(release):
            return say(
                "missing.mem_info.interrupt",
                "no Mem-Info: suppressed by design in interrupt context on x86_64 from RHEL 6.2 to 8.3 "
                "(NODES_SHIFT > 8)",
            )
        if release.major >= 8 and since_last_mem_info_s is not None and since_last_mem_info_s < _SHOW_MEM_LIMIT_S:
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
    return release.generation == "el8" and not release.at_least("4.18.0-305")  # 8.4
