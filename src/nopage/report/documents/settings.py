"""The plan's settings as they may be written into files that the reader's host obeys: only what is plain."""
from __future__ import annotations

import re
from enum import StrEnum

from nopage.kernel.frozen import dataclass
from nopage.report import labels
from nopage.report.documents.names import (
    inventory_host,
    is_plain_setting,
    is_plain_value,
    is_profile,
    is_profile_file,
    is_sysctl_file,
)
from nopage.report.screen import deed_said, update_said
from nopage.report.speaker import Speaker
from nopage.result import Result, Step, When

INCLUDE = re.compile(r"^include=(\S+)$", re.MULTILINE)


class Kind(StrEnum):
    """What makes a setting last: a line of a file of sysctl.d(5), a profile of tuned, or nothing that can be written.

    PROFILE is a profile that is there already and gets the line, NEW_PROFILE one on top of the active one.
    """

    LINE = "line"
    PROFILE = "profile"
    NEW_PROFILE = "new profile"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Setting:
    """One tunable: value, value before, the file that wins at boot, and why."""

    number: int
    name: str
    value: str
    before: str | None
    kind: Kind
    file: str
    replaces: bool  # a line of the file sets it already
    old_line: str | None  # the value in that line, where it is known
    profile: str  # tuned: the profile that is active now
    why: tuple[str, ...]

    @property
    def path(self) -> str:
        """Below /proc/sys."""
        return self.name.replace(".", "/", 1)

    @property
    def pattern(self) -> str:
        """Finds a line that sets it, as sysctl.conf(5) and tuned write it."""
        return rf"^\s*-?\s*vm[./]{self.name.removeprefix('vm.')}\s*="


@dataclass(frozen=True, slots=True)
class Undone:
    """A step that neither file does: what it is, and its commands."""

    number: int
    text: str
    commands: tuple[str, ...]


def settings(result: Result, speak: Speaker) -> list[Setting]:
    """What the plan sets now, each tunable once."""
    found: dict[str, Setting] = {}
    for step in result.plan.steps:
        if is_setting(step) and step.when is not When.IF_IT_COMES_BACK:
            found.setdefault(str(step.setting), setting_of(step, result, speak))
    return list(found.values())


def undone(result: Result, speak: Speaker) -> list[Undone]:
    """The other steps of the plan, and those for when it comes back."""
    set_now = {one.number for one in settings(result, speak)}
    return [
        Undone(step.number, undone_words(step, speak), step.commands)
        for step in result.plan.steps
        if step.number not in set_now
    ]


def undone_words(step: Step, speak: Speaker) -> str:
    """What the step asks for, and why."""
    asked = deed_said(step, speak)
    if step.commands:
        asked = step.commands[0] if update_said(step, speak) is None else f"{step.commands[0]} ({asked})"
    return ". ".join((asked, *speak.each(step.reason[:1])))


def later(result: Result) -> list[Step]:
    """Settings for when it comes back: said, not set."""
    waiting = [*result.plan.later, *(one for one in result.plan.steps if one.when is When.IF_IT_COMES_BACK)]
    return [step for step in waiting if is_setting(step)]


def is_setting(step: Step) -> bool:
    return is_plain_setting(step.setting, step.value)


def setting_of(step: Step, result: Result, speak: Speaker) -> Setting:
    """A step as a line of a file."""
    name, file = str(step.setting), step.file
    active = INCLUDE.search(step.lines)
    profile = active[1] if active else ""
    if is_sysctl_file(file):
        kind = Kind.LINE
    elif is_profile_file(file) and is_profile(profile):
        kind = Kind.NEW_PROFILE
    elif is_profile_file(file) and step.lines:
        kind = Kind.PROFILE
    else:
        kind, file = Kind.NOTHING, ""
    sources = result.memory.setting_sources if result.memory else ()
    winners = (one for one in sources if one.wins and one.setting == name and "/" + one.file.lstrip("/") == file)
    winner = next(winners, None)
    told = [*speak.each(step.reason), *speak.each(step.file_reason)]
    risk = speak.together(step.risk)
    return Setting(
        number=step.number,
        name=name,
        value=str(step.value),
        before=str(step.before) if is_plain_value(step.before) else None,
        kind=kind,
        file=file,
        replaces=step.line is not None,
        old_line=winner.value if winner is not None and is_plain_value(winner.value) else None,
        profile=profile if kind is Kind.NEW_PROFILE else "",
        why=(*told, *([f"{speak(labels.RISK)}{speak.colon}{risk}"] if risk else [])),
    )


def file_stem(result: Result, taken: set[str]) -> str:
    """What the host's file is called, without its ending; none of `taken` (lower case), to which it is added."""
    name = inventory_host(result.host) or "host-not-named"
    name = name[:200]
    chosen, number = name, 1
    while chosen.lower() in taken:
        number += 1
        chosen = f"{name}-{number}"
    taken.add(chosen.lower())
    return chosen
