"""Files of settings -> lines: sysctl.conf(5), sysctl.d(5), tuned profiles."""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.pattern import later

MOST_LINES: Final = 10_000
LONGEST_VALUE: Final = 256
_SETTING: Final = later(r"-?([A-Za-z0-9_./*-]{1,128})\Z")
_SECTION: Final = later(r"\[([^\]]{1,64})\]")


@dataclass(frozen=True, slots=True)
class Assignment:
    """`setting` with dots, `value` as it stands, in which line (from 1) of which file (its path inside the source)."""

    setting: str
    value: str
    file: str
    line: int


def assignments(file: str, text: str) -> tuple[Assignment, ...]:
    """The settings of a file of sysctl.conf(5): `a.b = c`, `a/b=c`, `-a.b=c`; comments begin with # or ;."""
    found = []
    for number, line in enumerate(text.split("\n", MOST_LINES)[:MOST_LINES], 1):
        one = assignment(file, number, line)
        if one is not None:
            found.append(one)
    return tuple(found)


def assignment(file: str, number: int, line: str) -> Assignment | None:
    """One line; None where it sets nothing."""
    name, equals, value = line.strip().partition("=")
    match = _SETTING.match(name.strip()) if equals and not name.startswith(("#", ";")) else None
    return None if match is None else Assignment(dotted(match[1]), value.strip()[:LONGEST_VALUE], file, number)


def dotted(name: str) -> str:
    """A setting by its name with dots: where the first separator is a slash, slashes and dots change places."""
    first = next((char for char in name if char in "./"), ".")
    return name.translate(str.maketrans("./", "/.")) if first == "/" else name


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of tuned: what it includes, in order, and what it sets."""

    name: str
    includes: tuple[str, ...]
    settings: tuple[Assignment, ...]


def profile(name: str, file: str, text: str) -> Profile:
    """tuned.conf: `include` of [main], and the sections that are or have the type sysctl."""
    includes: tuple[str, ...] = ()
    settings: list[Assignment] = []
    section = ""
    of_section: list[Assignment] = []
    is_sysctl = False
    for number, line in enumerate([*text.split("\n", MOST_LINES)[:MOST_LINES], "[end]"], 1):
        line = line.strip()
        head = _SECTION.match(line)
        if head:
            settings += of_section if is_sysctl else []
            section, of_section = head[1].strip(), []
            is_sysctl = section == "sysctl"
            continue
        one = assignment(file, number, line)
        if one is None:
            continue
        if section == "main" and one.setting == "include":
            includes = tuple(re.split(r"\s*[,;]\s*", one.value))
        elif one.setting == "type":
            is_sysctl = one.value == "sysctl"
        else:
            of_section.append(one)
    return Profile(name, includes, tuple(settings))
