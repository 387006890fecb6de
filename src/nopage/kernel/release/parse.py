"""Kernel releases: `2.6.32-358.el6.x86_64` as version, build, distribution and RHEL generation.

The allocator is Red Hat's own in each RHEL generation (KERNEL.md), so a RHEL build names its rules exactly; any other
kernel gets the generation nearest to its upstream version, with `exact` False.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.pattern import later
from nopage.kernel.release.tables import (
    ARCHITECTURES,
    BITS_32,
    DISTRO_MARKS,
    FLAVOURS,
    HIGHMEM_FLAVOURS,
    NEAREST_GENERATION,
    RHEL_BASE,
    RHEL_GA_BUILDS,
    Version,
)

_VERSION: Final = re.compile(
    r"(?P<major>[2-9])\.(?P<minor>\d{1,4})(?:\.(?P<patch>\d{1,4}))?(?:\.(?P<stable>\d{1,5}))?(?P<rest>(?!\d).*)\Z",
    re.DOTALL,
)
_PACKAGE_PREFIX: Final = re.compile(r"(?:kernel(?:-[a-z]+)*-|vmlinu[xz]-|linux-image-)(?=\d)")
_BUILD: Final = re.compile(r"-(?!\d+-g[0-9a-f]{7,})(?P<numbers>\d{1,9}(?:\.\d{1,9}(?![\w])|\.\d{1,9}(?=\.))*)")
_RC: Final = re.compile(r"[-.\d]rc(\d{1,3})")
_EL_TAG: Final = re.compile(r"\.el(?P<major>\d{1,2})(?P<alt>a\b)?(?:_(?P<minor>\d{1,2})\b)?")
_WORDS: Final = re.compile(r"[.+\-_]")
_RHEL4_FLAVOUR: Final = re.compile(r"\.(?:EL|c4|el\d+)(?P<flavour>[A-Za-z]+)")

# A release as it stands inside a line: version, then distribution text without blanks.
_TOKEN: Final = r"(?P<release>[2-9]\.\d{1,4}(?:[.\-+~_][\w.\-+~]*)?)"
# Where kernel messages and commands name the release, surest first. BIOS versions ("Hardware name: ... BIOS
# 1.11.0-2.el7") and compiler versions look alike, so a bare token only counts with a build part and no such words.
_PLACES: Final = (
    re.compile(r"Linux version " + _TOKEN),
    re.compile(r"(?:^|[\s(])" + _TOKEN + r"\)? #\d"),
    later(r"[Tt]ainted\b:?[^\n]{0,60}?[\s(]" + _TOKEN + r"(?=[\s)]|$)"),
    later(r"^Linux \S+ " + _TOKEN),
    later(r"(?:^|[\s/\"'(=])(?:kernel(?:-[a-z]+)*-|vmlinu[xz]-)" + _TOKEN),
)
_BARE: Final = later(r"(?:^|[\s(\"'=])(?P<release>[2-9]\.\d{1,4}\.\d{1,4}[.\d]*-[\w.\-+~]+)")
_NO_RELEASE_HERE: Final = later(r"Hardware name|BIOS|gcc|(?<!kernel )version|driver", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Release:
    """One kernel release.

    `build` holds the leading numbers of the part after "-": (358,), (642, 6, 2); `stable` the fourth number of 2.6.x.y.
    `generation` is "el4".."el10": exact for RHEL and its rebuilds, else the nearest by upstream version.
    `rhel` is the minor release ("6.4") of an exact build, `arch` as `uname -m` says. `highmem` is True for 32-bit
    kernels, whose memory may lie in ZONE_HIGHMEM. `flavours` are build variants, lower case ("pae", "debug", "rt").
    """

    text: str
    version: Version
    build: tuple[int, ...]
    distro: str
    generation: str
    exact: bool
    rhel: str | None = None
    arch: str | None = None
    highmem: bool = False
    stable: int = 0
    candidate: int | None = None
    flavours: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[Version, int, int, tuple[int, ...]]:
        """Orders by version, then stable number, release candidate before final, then build."""
        return (self.version, self.stable, 1 << 30 if self.candidate is None else self.candidate, self.build)

    @property
    def major(self) -> int:
        """The number of the generation: 4 .. 10."""
        return int(self.generation[2:])

    def __lt__(self, other: Release) -> bool:
        return self.sort_key < other.sort_key

    def at_least(self, floor: str) -> bool:
        """Whether this kernel surely has what Red Hat build `floor` ("2.6.32-358") brought.

        Build numbers of other distributions count other things, so on an equal version they say nothing: False.
        """
        bound = _bound(floor)
        if bound is None:
            return False
        if self.version != bound.version:
            return self.version > bound.version
        if self.exact or not bound.build:
            return self.build >= bound.build
        return False


def parse_release(text: str) -> Release | None:
    """Parse a release text; a whole line that names one is searched. None when no version can be read."""
    token = text.strip()
    if any(blank in token for blank in " \t\n"):
        found = find_release(token)
        if found is None:
            return None
        token = found
    prefix = _PACKAGE_PREFIX.match(token)
    match = _VERSION.match(token, prefix.end() if prefix else 0)
    if match is None or len(token) > 256:
        return None
    rest = match["rest"]
    if match["patch"] is None and match["major"] == "2":
        return None  # 2.6 alone is one of 2.6.0 to 2.6.39, and so is an anonymised 2.6.xx-xx-virtual
    version = (int(match["major"]), int(match["minor"]), int(match["patch"] or 0))
    build = _build_numbers(rest)
    distro = next((name for name, mark in DISTRO_MARKS if mark.search(rest)), "vanilla")
    tag = _EL_TAG.search(rest)
    exact = distro == "rhel" and _is_rhel_build(version, tag)
    arch, flavours = _arch_and_flavours(_BUILD.sub("", rest, count=1))
    candidate = _RC.search(rest)
    generation = RHEL_BASE[version] if exact else _nearest_generation(version)
    return Release(
        text=token,
        version=version,
        build=build,
        distro=distro,
        generation=generation,
        exact=exact,
        rhel=_rhel_minor(generation, build, tag) if exact else None,
        arch=arch,
        highmem=arch in BITS_32 or not HIGHMEM_FLAVOURS.isdisjoint(flavours),
        stable=int(match["stable"] or 0),
        candidate=int(candidate[1]) if candidate else None,
        flavours=flavours,
    )


@lru_cache(maxsize=512)
def _bound(floor: str) -> Release | None:
    """A build of our own tables: some forty of them are asked for two hundred times a host."""
    return parse_release(floor)


def find_release(text: str) -> str | None:
    """The release token in a free line: "Linux version ...", a dump_stack line, `uname -a`, a kernel path."""
    for place in _PLACES:
        match = place.search(text)
        if match is not None:
            return match["release"].rstrip(".,-")
    if _NO_RELEASE_HERE.search(text):
        return None
    match = _BARE.search(text)
    return match["release"].rstrip(".,-") if match else None


def _build_numbers(rest: str) -> tuple[int, ...]:
    match = _BUILD.match(rest)
    return tuple(int(number) for number in match["numbers"].split(".")) if match else ()


def _is_rhel_build(version: Version, tag: re.Match[str] | None) -> bool:
    """Whether version and el tag belong together; 2.6.32 tagged .el5 and 4.14 tagged .el7a are other builds."""
    generation = RHEL_BASE.get(version)
    if generation is None:
        return False
    if tag is None:
        return generation == "el4"  # RHEL 4 writes .EL, CentOS 4 plus kernels .c4
    return tag["alt"] is None and generation == f"el{tag['major']}"


def _rhel_minor(generation: str, build: tuple[int, ...], tag: re.Match[str] | None) -> str | None:
    if tag is not None and tag["minor"] is not None:  # RHEL 8 on: .el8_10 names it
        return f"{tag['major']}.{tag['minor']}"
    known = [minor for first, minor in RHEL_GA_BUILDS[generation] if build and first <= build[0]]
    return known[-1] if known else None


def _nearest_generation(version: Version) -> str:
    return next(generation for first, generation in reversed(NEAREST_GENERATION) if version >= first)


def _arch_and_flavours(rest: str) -> tuple[str | None, tuple[str, ...]]:
    words = [word for word in _WORDS.split(rest.replace("x86_64", "amd64")) if word]
    arch = next((ARCHITECTURES[word] for word in reversed(words) if word in ARCHITECTURES), None)
    lower = {word.lower() for word in words}
    glued = _RHEL4_FLAVOUR.search(rest)
    if glued is not None:  # 2.6.9-89.ELsmp, 2.6.18-371.el5PAE, 2.6.33.9-rt31.75.el6rt
        lower.add(glued["flavour"].lower())
    if any(re.fullmatch(r"rt\d+", word) for word in lower):
        lower.add("rt")
    return arch, tuple(flavour for flavour in FLAVOURS if flavour in lower)
