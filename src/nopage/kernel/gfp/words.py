"""What each GFP flag asks for, in a few words (include/linux/gfp.h, 2.6.9 to 6.12; KERNEL.md 1.1 and 1.3)."""
from __future__ import annotations

from typing import Final

from nopage.kernel.message import Message, say

FLAG_WORDS: Final = {
    "__GFP_DMA": say("gfp.flag.dma", "from the DMA zone (the first 16 MB on x86) only"),
    "__GFP_HIGHMEM": say("gfp.flag.highmem", "highmem is allowed"),
    "__GFP_DMA32": say("gfp.flag.dma32", "from the first 4 GB only"),
    "__GFP_MOVABLE": say("gfp.flag.movable", "the pages can be migrated"),
    "__GFP_WAIT": say("gfp.flag.direct_reclaim", "may sleep and reclaim memory"),
    "__GFP_HIGH": say("gfp.flag.high", "may use half of the min reserve"),
    "__GFP_IO": say("gfp.flag.io", "reclaim may start disk I/O"),
    "__GFP_FS": say("gfp.flag.fs", "reclaim may call into file systems"),
    "__GFP_COLD": say("gfp.flag.cold", "cache-cold pages are preferred"),
    "__GFP_NOWARN": say("gfp.flag.nowarn", "fails without a report"),
    "__GFP_REPEAT": say("gfp.flag.retry_mayfail", "tries harder before failing"),
    "__GFP_RETRY_MAYFAIL": say("gfp.flag.retry_mayfail", "tries harder before failing"),
    "__GFP_NOFAIL": say("gfp.flag.nofail", "must not fail: waits for ever"),
    "__GFP_NORETRY": say("gfp.flag.noretry", "gives up early"),
    "__GFP_NO_GROW": say("gfp.flag.no_grow", "a slab cache must not grow for it"),
    "__GFP_MEMALLOC": say("gfp.flag.memalloc", "may use all reserves"),
    "__GFP_COMP": say("gfp.flag.comp", "pages are joined as one compound page"),
    "__GFP_WIRED": say("gfp.flag.wired", "pages stay wired (some RHEL 4 kernels)"),
    "__GFP_ZERO": say("gfp.flag.zero", "the pages are zeroed"),
    "__GFP_NOMEMALLOC": say("gfp.flag.nomemalloc", "must not use the emergency reserves"),
    "__GFP_HARDWALL": say("gfp.flag.hardwall", "keeps to the task's cpuset"),
    "__GFP_NO_OOM": say("gfp.flag.no_oom", "must not call the OOM killer"),
    "__GFP_THISNODE": say("gfp.flag.thisnode", "from this NUMA node only"),
    "__GFP_RECLAIMABLE": say("gfp.flag.reclaimable", "a slab page that can be reclaimed"),
    "__GFP_ATOMIC": say("gfp.flag.atomic", "cannot sleep, may use more of the reserve"),
    "__GFP_KMEMCG": say("gfp.flag.account", "charged to a memory cgroup"),
    "__GFP_ACCOUNT": say("gfp.flag.account", "charged to a memory cgroup"),
    "__GFP_NOTRACK": say("gfp.flag.notrack", "not watched by kmemcheck"),
    "__GFP_NO_KSWAPD": say("gfp.flag.no_kswapd", "does not wake kswapd"),
    "__GFP_OTHER_NODE": say("gfp.flag.other_node", "for another node's statistics"),
    "__GFP_WRITE": say("gfp.flag.write", "the page will be dirtied"),
    "__GFP_DIRECT_RECLAIM": say("gfp.flag.direct_reclaim", "may sleep and reclaim memory"),
    "__GFP_KSWAPD_RECLAIM": say("gfp.flag.kswapd_reclaim", "wakes kswapd"),
    "__GFP_NOLOCKDEP": say("gfp.flag.nolockdep", "lockdep does not watch it"),
    "__GFP_ZEROTAGS": say("gfp.flag.zerotags", "memory tags are zeroed"),
    "__GFP_SKIP_ZERO": say("gfp.flag.skip_zero", "zeroing may be skipped"),
    "__GFP_SKIP_KASAN_POISON": say("gfp.flag.skip_kasan_poison", "KASAN does not poison it"),
    "__GFP_NO_OBJ_EXT": say("gfp.flag.no_obj_ext", "no object extension"),
}

# Keyed by (may use the reserve, tries harder): how far below min each may go (KERNEL.md 3.4).
_ATOMIC: Final = {
    (True, True): say(
        "gfp.reserve.atomic_high_harder",
        "it could neither sleep nor reclaim; it may use free memory down to 3/8 of min",
    ),
    (True, False): say(
        "gfp.reserve.atomic_high",
        "it could neither sleep nor reclaim; it may use free memory down to half of min",
    ),
    (False, True): say(
        "gfp.reserve.atomic_harder",
        "it could neither sleep nor reclaim; it may use free memory down to 3/4 of min",
    ),
    (False, False): say(
        "gfp.reserve.atomic",
        "it could neither sleep nor reclaim; it may use free memory down to min",
    ),
}
_SLEEPING: Final = {
    True: say(
        "gfp.reserve.sleeping_high",
        "it can sleep and reclaim memory; it may use free memory down to half of min",
    ),
    False: say(
        "gfp.reserve.sleeping",
        "it can sleep and reclaim memory; it may use free memory down to min",
    ),
}


def reserve_words(atomic: bool, uses_reserve: bool, harder: bool) -> Message:
    """How deep into a zone's min watermark the request may go (KERNEL.md 3.4)."""
    return _ATOMIC[uses_reserve, harder] if atomic else _SLEEPING[uses_reserve]
