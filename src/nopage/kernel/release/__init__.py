"""Which kernel a release string names: generation, RHEL minor, build order."""
from __future__ import annotations

from nopage.kernel.release.named import minors, release_named
from nopage.kernel.release.parse import Release, find_release, parse_release
from nopage.kernel.release.tables import BITS_32, RHEL_BASE, Version

__all__ = [
    "BITS_32",
    "RHEL_BASE",
    "Release",
    "Version",
    "find_release",
    "minors",
    "parse_release",
    "release_named",
]
