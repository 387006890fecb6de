"""The active profile of tuned and what it sets, with all that it includes."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nopage.kernel.pattern import later
from nopage.kernel.sysctl.conf import Assignment, Profile
from nopage.kernel.sysctl.order import ALL, BY_HAND_ONLY, MAIN_ONLY, NOTHING

MOST_PROFILES: Final = 64
_ACTIVE: Final = later(r"^Current active profile:[ \t]*(\S[^\n]{0,200})$", re.MULTILINE)
_NONE: Final = later(r"No current active profile|daemon is not running|profile is not activated", re.IGNORECASE)
_NAME: Final = re.compile(r"[\w.+ -]{1,128}\Z")
_REAPPLY: Final = re.compile(r"^\s*reapply_sysctl\s*=\s*(\w{1,8})", re.MULTILINE)
OFF: Final = frozenset(("0", "false", "no", "n", "off"))


def active_profile(command: str | None, file: str | None) -> str | None:
    """The profile in force: what `tuned-adm active` said, else /etc/tuned/active_profile; "" where it says none is."""
    if command:
        found = _ACTIVE.search(command[:4096])
        if found:
            return found[1].strip()
        if _NONE.search(command[:4096]):
            return ""
    name = (file or "").strip().split("\n", 1)[0].strip()
    return name if _NAME.match(name) else None


def profile_settings(active: str, profiles: Mapping[str, Profile]) -> tuple[Assignment, ...]:
    """What the profiles named in `active` set: included ones first, a later line in place of an earlier one."""
    last: dict[str, Assignment] = {}
    seen: set[str] = set()

    def load(name: str) -> None:
        found = profiles.get(name)
        if found is None or name in seen or len(seen) >= MOST_PROFILES:
            return
        seen.add(name)
        for included in found.includes:
            load(included.strip())
        for line in found.settings:
            last.pop(line.setting, None)
            last[line.setting] = line

    for name in active.split():
        load(name)
    return tuple(last.values())


def reapplies(main_conf: str | None, rhel: str | None, major: int | None) -> str:
    """What tuned sets again after its own settings (see `order`), by the release that its version comes with."""
    if major is not None and major < 7:
        return MAIN_ONLY if major == 6 else NOTHING
    told = _REAPPLY.search(main_conf or "")
    if told and told[1].lower() in OFF:
        return NOTHING
    minor = rhel.partition(".")[2] if rhel else ""
    if major == 7 and not told:
        return NOTHING if minor in ("0", "1", "2") else ALL
    if major == 7 or (major == 8 and minor in ("0", "1")):
        return ALL
    return BY_HAND_ONLY
