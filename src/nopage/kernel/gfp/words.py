"""What each GFP flag asks for, in a few words (include/linux/gfp.h, 2.6.9 to 6.12; KERNEL.md 1.1 and 1.3)."""
from __future__ import annotations

FLAG_WORDS = {
    "__GFP_DMA": "from the DMA zone (the first 16 MB on x86) only",
    "__GFP_HIGHMEM": "highmem is allowed",
    "__GFP_DMA32": "from the first 4 GB only",
    "__GFP_MOVABLE": "the pages can be migrated",
    "__GFP_WAIT": "may sleep and reclaim memory",
    "__GFP_HIGH": "may use half of the min reserve",
    "__GFP_IO": "reclaim may start disk I/O",
    "__GFP_FS": "reclaim may call into file systems",
    "__GFP_COLD": "cache-cold pages are preferred",
    "__GFP_NOWARN": "fails without a report",
    "__GFP_REPEAT": "tries harder before failing",
    "__GFP_RETRY_MAYFAIL": "tries harder before failing",
    "__GFP_NOFAIL": "must not fail: waits for ever",
    "__GFP_NORETRY": "gives up early",
    "__GFP_NO_GROW": "a slab cache must not grow for it",
    "__GFP_MEMALLOC": "may use all reserves",
    "__GFP_COMP": "pages are joined as one compound page",
    "__GFP_WIRED": "pages stay wired (some RHEL 4 kernels)",
    "__GFP_ZERO": "the pages are zeroed",
    "__GFP_NOMEMALLOC": "must not use the emergency reserves",
    "__GFP_HARDWALL": "keeps to the task's cpuset",
    "__GFP_NO_OOM": "must not call the OOM killer",
    "__GFP_THISNODE": "from this NUMA node only",
    "__GFP_RECLAIMABLE": "a slab page that can be reclaimed",
    "__GFP_ATOMIC": "cannot sleep, may use more of the reserve",
    "__GFP_KMEMCG": "charged to a memory cgroup",
    "__GFP_ACCOUNT": "charged to a memory cgroup",
    "__GFP_NOTRACK": "not watched by kmemcheck",
    "__GFP_NO_KSWAPD": "does not wake kswapd",
    "__GFP_OTHER_NODE": "for another node's statistics",
    "__GFP_WRITE": "the page will be dirtied",
    "__GFP_DIRECT_RECLAIM": "may sleep and reclaim memory",
    "__GFP_KSWAPD_RECLAIM": "wakes kswapd",
    "__GFP_NOLOCKDEP": "lockdep does not watch it",
    "__GFP_ZEROTAGS": "memory tags are zeroed",
    "__GFP_SKIP_ZERO": "zeroing may be skipped",
    "__GFP_SKIP_KASAN_POISON": "KASAN does not poison it",
    "__GFP_NO_OBJ_EXT": "no object extension",
}


def reserve_words(atomic: bool, uses_reserve: bool, harder: bool) -> str:
    """How deep into a zone's min watermark the request may go (KERNEL.md 3.4)."""
    if not atomic:
        share = "down to half of min" if uses_reserve else "down to min"
        return f"it can sleep and reclaim memory; it may use free memory {share}"
    if uses_reserve:
        depth = "3/8 of min" if harder else "half of min"
    else:
        depth = "3/4 of min" if harder else "min"
    return f"it could neither sleep nor reclaim; it may use free memory down to {depth}"
