"""What the first screen says in a few words: a short template for the id of a sentence. Adding one is adding a row."""
from __future__ import annotations

from typing import Final

SHORT: Final[dict[str, str]] = {
    # Effects of a step on the state in which the request failed.
    "what_if.passes": "this state then PASSES",
    "what_if.passes_anyway": "this state passes with and without it",
    "what_if.still_fails": "this state would STILL fail",
    "what_if.kswapd_earlier": "this state would STILL fail, kswapd starts {earlier_kb} kB earlier",
    "what_if.cannot_be_told": "effect cannot be told from what was printed",
    "what_if.not_tried": "no replay can try it",
    "what_if.of_others": "for order {order}: {effect}",
    # A step without a value.
    "reserve.unknown": "double vm.min_free_kbytes, to at most {cap_percent} % of memory",
    # Risks.
    "remedy.update_kernel.risk": "a reboot",
    "remedy.raise_min_free_kbytes.risk": "costs memory; too much brings the OOM killer",
    "remedy.raise_min_free_kbytes.risk.fast_traffic": "not enough for sustained 10 Gbit/s",
    "remedy.compact_memory.risk": "costs CPU time",
    "remedy.capture_kernel.risk": "less memory for the first kernel; a reboot",
}
