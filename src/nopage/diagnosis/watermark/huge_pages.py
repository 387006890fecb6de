"""Whether a kernel can have transparent huge pages, whose khugepaged raises min_free_kbytes (KERNEL.md 3.1)."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.kernel.facts import Zone
from nopage.kernel.release import Release
from nopage.kernel.watermarks import has_tunable

# Red Hat's CONFIG_TRANSPARENT_HUGEPAGE: x86_64 from RHEL 6, the others from RHEL 7; never on 32-bit.
ARCHES_EL6 = frozenset(("x86_64",))
ARCHES = frozenset(("x86_64", "ppc64le", "s390x", "aarch64"))
# hugepage_init(): off below it, until somebody turns them on.
LEAST_KB = 512 << 10


def can_have_huge_pages(release: Release | None, zones: Sequence[Zone]) -> bool:
    """An architecture that the release does not name is told by its zones: 64-bit ones have DMA32 and no HighMem."""
    if release is None or release.highmem or not has_tunable(release, "transparent_hugepage"):
        return False
    names = {zone.name for zone in zones if zone.size_pages}
    if "HighMem" in names:
        return False
    if release.arch is None:
        return "DMA32" in names
    return release.arch in (ARCHES_EL6 if release.generation == "el6" else ARCHES)


def huge_pages_start_on(release: Release | None, zones: Sequence[Zone], managed_kb: int, *, seen: bool = False) -> bool:
    """Whether the kernel turns them on by itself; `seen`: the host has transparent_hugepage/enabled."""
    if managed_kb < LEAST_KB:
        return False
    return can_have_huge_pages(release, zones) or (seen and release is None)
