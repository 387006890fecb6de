"""Kernel releases as data: Red Hat's builds, the generations nearest to upstream versions, the marks of distributions.

Adding a release is adding a row here.
"""
from __future__ import annotations

import re
from typing import Final

Version = tuple[int, int, int]

# The upstream version that each RHEL generation is built from.
RHEL_BASE: Final[dict[Version, str]] = {
    (2, 6, 9): "el4",
    (2, 6, 18): "el5",
    (2, 6, 32): "el6",
    (3, 10, 0): "el7",
    (4, 18, 0): "el8",
    (5, 14, 0): "el9",
    (6, 12, 0): "el10",
}

# generation -> (first number of the build at general availability, minor release), ascending.
# Same facts as insights-core, insights/parsers/uname.py: rhel_release_map.
RHEL_GA_BUILDS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "el4": (
        (5, "4.0"), (11, "4.1"), (22, "4.2"), (34, "4.3"), (42, "4.4"),
        (55, "4.5"), (67, "4.6"), (78, "4.7"), (89, "4.8"), (100, "4.9"),
    ),
    "el5": (
        (8, "5.0"), (53, "5.1"), (92, "5.2"), (128, "5.3"), (164, "5.4"), (194, "5.5"),
        (238, "5.6"), (274, "5.7"), (308, "5.8"), (348, "5.9"), (371, "5.10"), (398, "5.11"),
    ),
    "el6": (
        (71, "6.0"), (131, "6.1"), (220, "6.2"), (279, "6.3"), (358, "6.4"), (431, "6.5"),
        (504, "6.6"), (573, "6.7"), (642, "6.8"), (696, "6.9"), (754, "6.10"),
    ),
    "el7": (
        (123, "7.0"), (229, "7.1"), (327, "7.2"), (514, "7.3"), (693, "7.4"),
        (862, "7.5"), (957, "7.6"), (1062, "7.7"), (1127, "7.8"), (1160, "7.9"),
    ),
    "el8": (
        (80, "8.0"), (147, "8.1"), (193, "8.2"), (240, "8.3"), (305, "8.4"), (348, "8.5"),
        (372, "8.6"), (425, "8.7"), (477, "8.8"), (513, "8.9"), (553, "8.10"),
    ),
    "el9": (
        (70, "9.0"), (162, "9.1"), (284, "9.2"), (362, "9.3"),
        (427, "9.4"), (503, "9.5"), (570, "9.6"), (611, "9.7"),
    ),
    "el10": ((55, "10.0"), (124, "10.1")),
}  # fmt: skip

# First upstream version that is nearer to this generation than to the one before, counted in upstream releases.
# The three newest bounds are also where the allocator changed its ways: 4.4 (watermarks only for order 0, highatomic
# reserve), 5.1 (GFP bits moved), 6.3 (__GFP_ATOMIC gone, ALLOC_MIN_RESERVE).
NEAREST_GENERATION: Final[tuple[tuple[Version, str], ...]] = (
    ((0, 0, 0), "el4"),
    ((2, 6, 14), "el5"),
    ((2, 6, 25), "el6"),
    ((3, 1, 0), "el7"),
    ((4, 4, 0), "el8"),
    ((5, 1, 0), "el9"),
    ((6, 3, 0), "el10"),
)

# What a release text shows of its maker, first match wins. "rhel" comes last of the el-tagged ones: UEK, ELRepo,
# CloudLinux and Virtuozzo carry an el tag too and are other kernels.
DISTRO_MARKS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (distro, re.compile(pattern))
    for distro, pattern in (
        ("uek", r"uek"),
        ("elrepo", r"\.elrepo"),
        ("cloudlinux", r"\.lve|\.cloudlinux"),
        ("virtuozzo", r"stab\d|\.vz\d|ovz"),
        ("xenserver", r"\.xs\d|\.xcpng"),
        ("rhel", r"\.EL(?![A-Za-z]*\d)|\.el\d+|\.c4(?:smp|hugemem|largesmp)?\b"),
        ("fedora", r"\.fc\d+"),
        ("amazon", r"\.amzn\d"),
        ("openeuler", r"\.oe\d"),
        ("azurelinux", r"\.(?:cm|azl)\d"),
        ("photon", r"\.ph\d"),
        ("proxmox", r"-pve\b"),
        ("debian", r"\+deb\d|\.bpo\.|-\d+-(?:rt-|cloud-|xen-|vserver-|openvz-)*"
                   r"(?:amd64|[3-6]86|k7|arm64|armmp|armel|ia64|powerpc|ppc64|ppc64el|s390x?|alpha|parisc|4kc-malta"
                   r"|5kc-malta|loongson-3|mips|mipsel|octeon|riscv64|sparc64|hppa|itanium|mckinley)\b"),
        ("ubuntu", r"-\d+(?:rc\d+)?-(?:generic|server|virtual|lowlatency|preempt|rt|386|aws|azure|gcp|gke|gkeop|oracle"
                   r"|oem|kvm|ibm|intel|nvidia|raspi\d?|snapdragon|realtime|omap\d?|highbank)\b"),
        ("suse", r"-(?:default|preempt|rt_debug|bigsmp|desktop|vanilla|kotd|pae|trace|ec2)(?:\b|$)(?!-)"),
        ("android", r"-android\d|-perf(?:-|\+|$)"),
        ("gentoo", r"-gentoo"),
        ("arch", r"-(?:arch|ARCH|lts$|zen\d)"),
        ("steamos", r"-valve\d"),
        ("coreos", r"-(?:coreos|flatcar)"),
    )
)  # fmt: skip

# How architectures are spelled in release texts -> the name `uname -m` uses.
ARCHITECTURES: Final[dict[str, str]] = {
    "x86_64": "x86_64", "amd64": "x86_64", "ia32e": "x86_64",
    "i386": "i386", "i486": "i486", "i586": "i586", "i686": "i686",
    "386": "i386", "486": "i486", "586": "i586", "686": "i686", "athlon": "i686", "k7": "i686",
    "aarch64": "aarch64", "arm64": "aarch64",
    "armv5tel": "armv5tel", "armv6l": "armv6l", "armv7l": "armv7l", "armv7hl": "armv7hl", "armmp": "armv7l",
    "ppc64le": "ppc64le", "ppc64el": "ppc64le", "powerpc64le": "ppc64le",
    "ppc64": "ppc64", "powerpc64": "ppc64", "ppc64iseries": "ppc64", "ppc": "ppc", "powerpc": "ppc",
    "s390x": "s390x", "s390": "s390", "ia64": "ia64", "mckinley": "ia64", "itanium": "ia64",
    "riscv64": "riscv64", "loongarch64": "loongarch64", "sparc64": "sparc64",
    "parisc": "parisc", "parisc64": "parisc64",
}  # fmt: skip

BITS_32: Final[frozenset[str]] = frozenset(
    {"i386", "i486", "i586", "i686", "armv5tel", "armv6l", "armv7l", "armv7hl", "ppc", "s390", "parisc"}
)

# Build variants that only exist for 32-bit x86 with high memory.
HIGHMEM_FLAVOURS: Final[frozenset[str]] = frozenset({"pae", "hugemem", "bigmem", "bigsmp"})

FLAVOURS: Final[tuple[str, ...]] = (
    "hugemem", "largesmp", "bigsmp", "bigmem", "smp", "pae", "xenu", "xen", "kdump", "debug", "rt", "64k", "16k",
)  # fmt: skip
