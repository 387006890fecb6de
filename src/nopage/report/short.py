"""What the first screen says in a few words: a short template for the id of a sentence. Adding one is adding a row."""
from __future__ import annotations

from typing import Final

SHORT: Final[dict[str, str]] = {
    # Effects of a step on the state in which the request failed.
    "what_if.passes": "then PASSES",
    "what_if.passes_anyway": "passes with and without",
    "what_if.still_fails": "STILL fails",
    "what_if.kswapd_earlier": "STILL fails, kswapd wakes {earlier_kb} kB earlier",
    "what_if.cannot_be_told": "effect not computable from this log",
    "what_if.not_tried": "effect not computable",
    "what_if.of_others": "for order {order}: {effect}",
    # A step without a value.
    "reserve.unknown": "double vm.min_free_kbytes, to at most {cap_percent} % of memory",
    # What stands under a step without a command.
    "remedy.reduce_huge_pages.reason": "{share_percent} % of memory are static hugepages",
    # Risks.
    "remedy.update_kernel.risk": "needs a reboot",
    "remedy.raise_min_free_kbytes.risk": "costs memory",
    "remedy.raise_min_free_kbytes.risk.fast_traffic": "not enough for sustained 10 Gbit/s",
    "remedy.compact_memory.risk": "costs CPU time",
    "remedy.reduce_huge_pages.risk": "an application may find too few of them",
    "remedy.capture_kernel.risk": "costs memory of the first kernel and a reboot",
}
