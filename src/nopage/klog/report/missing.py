"""Says in words what a report lacks, and why where the kernel's own rules tell (KERNEL.md 2.2)."""
from __future__ import annotations

from functools import lru_cache
from typing import Final

from nopage.kernel.release import Release, parse_release

# should_suppress_show_mem(): in_interrupt() with NODES_SHIFT > 8, i.e. x86_64 from 2.6.32-174.el6 (first release: 6.2,
# -220) to RHEL 8; gone in el8.10 and RHEL 9.
_SUPPRESSED_FROM: Final = "2.6.32-174"
_SHOW_MEM_SINCE: Final = "2.6.9-11"  # RHEL 4 U1; vanilla 2.6.9 has none either
_SHOW_MEM_LIMIT_S: Final = 1.0  # show_mem_rs: HZ / 1, 4.9 on

CUT: Final = "the end of the log"
NEXT: Final = "the next report"
OTHER: Final = "other messages"


@lru_cache(maxsize=64)
def _release(text: str | None) -> Release | None:
    return parse_release(text) if text else None


def no_trace(end: str, *, headers_only: bool) -> str:
    """Why a report has no call trace."""
    if headers_only:
        return "no call trace: only the header line stands in the log"
    return f"no call trace: cut by {end}"


def no_mem_info(
    end: str,
    *,
    kernel: str | None,
    interrupt: bool,
    frames: int,
    headers_only: bool,
    since_last_mem_info_s: float | None,
) -> str:
    """Why a report has no Mem-Info block."""
    release = _release(kernel)
    if release is not None:
        if release.version == (2, 6, 9) and (not release.exact or not release.at_least(_SHOW_MEM_SINCE)):
            return "no Mem-Info: kernels before 2.6.9-11.EL print header and call trace only"
        if release.version < (2, 6, 9):
            return "no Mem-Info: this kernel prints header and call trace only"
        if interrupt and _suppresses_in_interrupt(release):
            return (
                "no Mem-Info: suppressed by design in interrupt context on x86_64 from RHEL 6.2 to 8.3 "
                "(NODES_SHIFT > 8)"
            )
        if release.major >= 8 and since_last_mem_info_s is not None and since_last_mem_info_s < _SHOW_MEM_LIMIT_S:
            return "no Mem-Info: show_mem is rate limited to one block a second on this kernel"
    if headers_only:
        return "no Mem-Info: only the header line stands in the log"
    if not frames or end == CUT:
        return f"no Mem-Info: cut by {end}"
    return f"no Mem-Info: none stands between the call trace and {end}"


def _suppresses_in_interrupt(release: Release) -> bool:
    if not release.exact or release.arch not in (None, "x86_64") or release.highmem:
        return False
    if release.generation == "el6":
        return release.at_least(_SUPPRESSED_FROM)
    if release.generation == "el7":
        return True
    return release.generation == "el8" and not release.at_least("4.18.0-305")  # 8.4
