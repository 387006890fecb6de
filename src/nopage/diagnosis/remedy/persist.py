"""How a setting is made to last: the file that wins at boot, by sysctl.d(5), not just any.

Files of all directories are read in the order of their names; of two with one name that of /etc wins over /run, that
over /usr/lib. systemd reads /etc/sysctl.conf as 99-sysctl.conf, `sysctl --system` reads it last of all. A tuned
profile sets its values when it starts, after all of them.
"""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from nopage.diagnosis.host import HostFacts, SettingSource
from nopage.diagnosis.remedy.step import Persist, Step
from nopage.kernel.message import Message, say
from nopage.kernel.pattern import later
from nopage.kernel.release import Release

DROP_IN = "/etc/sysctl.d/90-nopage.conf"
ONE_FILE = "/etc/sysctl.conf"
LATER_NAME = "/etc/sysctl.d/99-zz-nopage.conf"
# Only such a name may stand in a command.
PLAIN_FILE = later(r"/(?:[A-Za-z0-9_+-][A-Za-z0-9_.+-]*/){1,8}[A-Za-z0-9_+-][A-Za-z0-9_.+-]{0,80}")
TUNED = later(r"/tuned/")
TUNED_PROFILE = later(r"/tuned/(?:profiles/)?([A-Za-z0-9][A-Za-z0-9_.-]{0,60})/tuned\.conf")
PROFILE = later(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")
OWN_NAME = "nopage"
OWN_PROFILE = f"/etc/tuned/{OWN_NAME}/tuned.conf"
PLAIN_SETTING = re.compile(r"vm\.[a-z0-9_]{1,64}")
PLAIN_VALUE = re.compile(r"[0-9]{1,20}(?: [0-9]{1,20}){0,15}")


def with_persistence(step: Step, host: HostFacts, release: Release | None) -> Step:
    """The step with the file that makes it last; one that sets nothing has none."""
    if step.setting is None or step.value is None or not PLAIN_VALUE.fullmatch(str(step.value)):
        return step
    if PLAIN_SETTING.fullmatch(step.setting) is None:
        return step
    return replace(step, persist=persist(step.setting, str(step.value), step.before, host, release))


def persist(
    setting: str, value: str, before: int | str | None, host: HostFacts, release: Release | None
) -> Persist:
    """The file, its text, what to type, and why this one."""
    winner = winning(setting, host)
    if winner is None or same_file(winner.file, own_file(release)):
        return plain(own_file(release), setting, value, before, winner)
    if TUNED.search(winner.file):
        return by_profile(setting, value, winner, host)
    if winner.file in (ONE_FILE, "/etc/sysctl.d/99-sysctl.conf") or is_of_admin(winner.file):
        return changed_line(setting, value, before, winner)
    if PurePosixPath(winner.file).name < PurePosixPath(own_file(release)).name or is_old(release):
        return plain(own_file(release), setting, value, before, None)
    if PurePosixPath(winner.file).name < PurePosixPath(LATER_NAME).name:
        words = say(
            "persist.later_name",
            "{file} sets it to {value} in line {line} and is read after {other}: a file whose name comes later wins.",
            file=winner.file, value=winner.value, line=winner.line, other=DROP_IN,
        )
        return replace(plain(LATER_NAME, setting, value, before, None), words=words)
    # Of two files with one name that of /etc is read instead of the other.
    covered = f"/etc/sysctl.d/{PurePosixPath(winner.file).name}"
    words = say(
        "persist.covered",
        "{file} sets it to {value} in line {line} and no name comes later: a copy of it as {covered} is read in its "
        "place, with this value.",
        file=winner.file, value=winner.value, line=winner.line, covered=covered,
    )
    return replace(plain(covered, setting, value, before, None), words=words)


def in_one_profile(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps that each write the profile on top of the active one: the text of each holds what those before it set.

    Such a text is the whole of a file; who follows two steps would keep the last one's alone.
    """
    lines, told = "", []
    for step in steps:
        text = step.persist.text if step.persist is not None and step.persist.file == OWN_PROFILE else ""
        head, mark, line = text.partition("[sysctl]\n")
        if mark and "include=" in head and step.persist is not None:
            lines += line
            step = replace(step, persist=replace(step.persist, text=head + mark + lines))
        told.append(step)
    return tuple(told)


def winning(setting: str, host: HostFacts) -> SettingSource | None:
    """The line that wins at boot; one of the files that this advice itself writes does not count as another's."""
    found = next((one for one in host.setting_sources if one.wins and one.setting in (setting, setting[3:])), None)
    return replace(found, file=rooted(found.file)) if found is not None else None


def own_file(release: Release | None) -> str:
    """RHEL 4 to 6, and other distributions of their time, read one file at boot, later ones a directory of drop-ins."""
    return ONE_FILE if is_old(release) else DROP_IN


def is_old(release: Release | None) -> bool:
    return release is not None and release.generation in ("el4", "el5", "el6")


def same_file(one: str, other: str) -> bool:
    return rooted(one) == rooted(other)


def rooted(file: str) -> str:
    return "/" + file.lstrip("/")


def is_of_admin(file: str) -> bool:
    """A file that the host's owner keeps: it is changed, not covered by another."""
    return rooted(file).startswith("/etc/")


def plain(
    file: str, setting: str, value: str, before: int | str | None, winner: SettingSource | None
) -> Persist:
    """A file of our own, or the one file of old releases; a line that is there already is changed."""
    if winner is not None:
        return changed_line(setting, value, before, winner)
    was = f"# before: {setting} = {before}\n" if before is not None else ""
    text = f"# {file}; load with: {load_command(file)}\n{was}{setting} = {value}\n"
    return Persist(file, text, (load_command(file),))


def changed_line(setting: str, value: str, before: int | str | None, winner: SettingSource) -> Persist:
    """The line that wins, with the new value."""
    file = rooted(winner.file)
    words = say(
        "persist.change_line",
        "Line {line} of {file} sets it to {value} and wins at boot: change that line.",
        line=winner.line, file=file, value=winner.value,
    )
    text = f"# {file}:{winner.line}; load with: {load_command(file)}\n{setting} = {value}\n"
    if PLAIN_FILE.fullmatch(file) is None or winner.line < 1:
        return Persist(file, text, (), winner.line, words)
    edit = f"sed -i '{winner.line}s/.*/{setting} = {value}/' {file}"
    return Persist(file, text, (edit, load_command(file)), winner.line, words)


def by_profile(setting: str, value: str, winner: SettingSource, host: HostFacts) -> Persist:
    """tuned sets it again whenever it starts: only a profile of one's own, on top of the present one, wins."""
    profile = host.tuned_profile or ""
    words: Message = say(
        "persist.tuned",
        "The tuned profile ({file}, line {line}) sets it to {value} whenever tuned starts, after every sysctl file: "
        "only a profile on top of it wins.",
        file=winner.file, line=winner.line, value=winner.value,
    )
    if PROFILE.fullmatch(profile) is None:
        return Persist(winner.file, "", (), winner.line, words)
    if profile == OWN_NAME:
        return in_own_profile(setting, value, winner)
    text = f"# {OWN_PROFILE}\n[main]\ninclude={profile}\n\n[sysctl]\n{setting} = {value}\n"
    return Persist(OWN_PROFILE, text, (load_command(OWN_PROFILE),), None, words)


def in_own_profile(setting: str, value: str, winner: SettingSource) -> Persist:
    """Our own profile is in force: its line is changed, or added to its section where an included profile sets it."""
    if same_file(winner.file, OWN_PROFILE):
        return changed_line(setting, value, None, winner)
    words = say(
        "persist.tuned.add",
        "The tuned profile {profile} includes {other}, which sets it to {value} in line {line}: a line of its own in "
        "[sysctl] wins.",
        profile=OWN_NAME, other=winner.file, value=winner.value, line=winner.line,
    )
    load = load_command(OWN_PROFILE)
    text = f"# {OWN_PROFILE}; load with: {load}\n[sysctl]\n{setting} = {value}\n"
    add = f"sed -i '/^\\[sysctl\\]/a {setting} = {value}' {OWN_PROFILE}"
    return Persist(OWN_PROFILE, text, (add, load), None, words)


def load_command(file: str) -> str:
    """What makes the file take effect now: sysctl reads it, or tuned its profile; "" for no file, or no plain name."""
    if TUNED.search(rooted(file)):
        profile = TUNED_PROFILE.search(rooted(file))
        return f"tuned-adm profile {profile[1]}" if profile is not None else ""
    return "sysctl -p" if file == ONE_FILE else f"sysctl -p {file}" if file else ""
