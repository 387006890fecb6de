"""Who sets a sysctl at boot, and who has the last word.

RHEL 7 on, systemd-sysctl (sysctl.d(5)): the *.conf files of all directories in the order of their names; a file in /etc
hides one of the same name in /run, and that hides those in /usr; the last line wins. /etc/sysctl.conf takes part as
/etc/sysctl.d/99-sysctl.conf, a link to it.
RHEL 4 to 6, initscripts: /etc/sysctl.conf, then (apply_sysctl() of functions, 8.45.37 and 9.03.43) every file of
/etc/sysctl.d that is no backup, in the order of their names.

tuned comes later. Its `reapply_sysctl` (tuned/plugins/plugin_sysctl.py) then sets again, by default: 2.7.0 to 2.12
(RHEL 7.3 to 8.1) everything that `sysctl --system` reads; from 2.13.0 on (RHEL 8.2) /run/sysctl.d and /etc/sysctl.d in
the order of their names, then /etc/sysctl.conf, but not /usr. Before 2.7.0 nothing is set again. ktune of RHEL 6 sets
/etc/sysctl.conf again (SYSCTL_POST of ktune.sysconfig).
"""
from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Final

from nopage.kernel.sysctl.conf import Assignment

DIRECTORIES: Final = ("etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d", "usr/lib/sysctl.d", "lib/sysctl.d")
BY_HAND: Final = ("etc/sysctl.d", "run/sysctl.d")
MAIN: Final = "etc/sysctl.conf"
MAIN_LINK: Final = "99-sysctl.conf"
BACKUPS: Final = ("~", ".bak", ".orig", ".rpmnew", ".rpmorig", ".rpmsave")
ALL, BY_HAND_ONLY, MAIN_ONLY, NOTHING = "all", "by hand", "main", ""


def boot_order(files: Iterable[str], *, systemd: bool) -> tuple[str, ...]:
    """The files that are read at boot, in that order; paths inside the source."""
    present = set(files)
    main = [MAIN] if MAIN in present else []
    if not systemd:
        inside = sorted(file for file in present if posixpath.dirname(file) == "etc/sysctl.d")
        return (*main, *(file for file in inside if not file.endswith(BACKUPS)))
    named: dict[str, str] = {}
    for directory in DIRECTORIES:
        for file in sorted(present):
            if posixpath.dirname(file) == directory and file.endswith(".conf"):
                named.setdefault(posixpath.basename(file), file)
    if main:
        named[MAIN_LINK] = MAIN
    return tuple(named[name] for name in sorted(named))


def set_again(again: str, order: Sequence[str]) -> tuple[str, ...]:
    """Of the files read at boot those that tuned sets again after its own settings."""
    if again == ALL:
        return tuple(order)
    if again == BY_HAND_ONLY:  # a file that /run and /etc both have is taken from /run there
        return tuple(
            sorted((file for file in order if posixpath.dirname(file) in BY_HAND), key=posixpath.basename)
        ) + tuple(file for file in order if file == MAIN)
    return tuple(file for file in order if file == MAIN) if again == MAIN_ONLY else ()


def winners(
    lines: Iterable[Assignment], *, systemd: bool, tuned: Sequence[Assignment] = (), again: str = NOTHING
) -> tuple[tuple[Assignment, bool], ...]:
    """Every line that is read, in the order it takes effect, and whether it has the last word on its setting."""
    by_file: dict[str, list[Assignment]] = {}
    for line in lines:
        by_file.setdefault(line.file, []).append(line)
    order = boot_order(by_file, systemd=systemd)
    read = [line for file in order for line in by_file[file]]
    last = {line.setting: line for line in read}
    last.update({line.setting: line for line in tuned})
    if tuned:  # a profile without settings sets nothing again either
        last.update({line.setting: line for file in set_again(again, order) for line in by_file[file]})
    return tuple((line, last[line.setting] is line) for line in (*read, *tuned))
