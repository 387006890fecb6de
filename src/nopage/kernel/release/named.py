"""Releases as people name them: "el6", "RHEL 6.4", "8.6", or a kernel release itself."""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.pattern import later
from nopage.kernel.release.parse import Release, parse_release
from nopage.kernel.release.tables import RHEL_BASE, RHEL_GA_BUILDS

_DISTRO: Final = later(
    r"(?:red\s*hat\s+enterprise\s+linux(?:\s+(?:server|workstation|client|as|es|ws))?|rhel|el|centos(?:\s+(?:linux|stream))?"
    r"|rocky(?:\s+linux)?|alma(?:linux)?)"
    r"(?:\s+release)?[\s_-]*(?P<major>\d{1,2})(?:[._]|\s*u(?:pdate)?\s*)?(?P<minor>(?<=\D)\d{1,2})?(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
_PLAIN: Final = later(r"(?P<major>\d{1,2})(?:\.(?P<minor>\d{1,2}))?")


def release_named(text: str) -> Release | None:
    """The kernel that a text names; None where it names none that is known.

    A minor stands for its first build, a major alone for the first build of its newest minor. Two plain numbers are a
    minor of RHEL where there is one ("6.4"), else an upstream kernel ("6.12"); "6.4.0" is always the kernel.
    """
    token = text.strip()
    if len(token) > 256:
        return None
    match = _DISTRO.fullmatch(token)
    if match is not None:
        return _first_build(match["major"], match["minor"])
    match = _PLAIN.fullmatch(token)
    if match is not None:
        found = _first_build(match["major"], match["minor"])
        if found is not None or match["minor"] is None:
            return found
    return parse_release(token)


def minors(generation: str) -> tuple[str, ...]:
    """The minor releases known of "el4" .. "el10", ascending."""
    return tuple(minor for _, minor in RHEL_GA_BUILDS.get(generation, ()))


def _first_build(major: str, minor: str | None) -> Release | None:
    generation = f"el{int(major)}"
    rows = RHEL_GA_BUILDS.get(generation)
    if rows is None:
        return None
    wanted = rows[-1][1] if minor is None else f"{int(major)}.{int(minor)}"
    build = next((first for first, name in rows if name == wanted), None)
    if build is None:
        return None
    version = next(".".join(map(str, version)) for version, name in RHEL_BASE.items() if name == generation)
    tag = ".EL" if generation == "el4" else f".{generation}"
    return parse_release(f"{version}-{build}{tag}")
