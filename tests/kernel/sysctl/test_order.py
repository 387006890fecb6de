"""Who has the last word on a setting at boot."""
from __future__ import annotations

import pytest

from nopage.kernel.sysctl import Assignment, assignments, winners

NAME = "vm.min_free_kbytes"


def lines(*files: str) -> list[Assignment]:
    return [line for number, file in enumerate(files, 1) for line in assignments(file, f"{NAME} = {number}\n")]


def won(*files: str, systemd: bool = True, tuned: bool = False, again: str = "") -> list[str]:
    profile = assignments("usr/lib/tuned/x/tuned.conf", f"{NAME} = 99\n") if tuned else ()
    found = winners(lines(*files), systemd=systemd, tuned=profile, again=again)
    return [one.file for one, wins in found if wins]


@pytest.mark.parametrize(
    ("files", "winner"),
    [
        (("etc/sysctl.conf", "etc/sysctl.d/90-nopage.conf"), "etc/sysctl.conf"),  # read as 99-sysctl.conf
        (("etc/sysctl.conf", "etc/sysctl.d/99-zz.conf"), "etc/sysctl.d/99-zz.conf"),
        (("etc/sysctl.conf", "etc/sysctl.d/99-sysctl.conf"), "etc/sysctl.conf"),  # the link to it
        (("etc/sysctl.d/99-sysctl.conf", "etc/sysctl.d/50-a.conf"), "etc/sysctl.d/99-sysctl.conf"),
        (("usr/lib/sysctl.d/60-a.conf", "etc/sysctl.d/50-a.conf"), "usr/lib/sysctl.d/60-a.conf"),  # names, not folders
        (("usr/lib/sysctl.d/50-a.conf", "run/sysctl.d/50-a.conf"), "run/sysctl.d/50-a.conf"),
        (("run/sysctl.d/50-a.conf", "etc/sysctl.d/50-a.conf"), "etc/sysctl.d/50-a.conf"),
        (("etc/sysctl.d/a.conf", "etc/sysctl.d/zz"), "etc/sysctl.d/a.conf"),  # no .conf
    ],
)
def test_systemd(files: tuple[str, ...], winner: str) -> None:
    assert won(*files) == won(*files[::-1]) == [winner]


def test_a_hidden_file_is_not_read() -> None:
    found = winners(lines("usr/lib/sysctl.d/50-a.conf", "etc/sysctl.d/50-a.conf"), systemd=True)
    assert [one.file for one, _ in found] == ["etc/sysctl.d/50-a.conf"]


@pytest.mark.parametrize(
    ("files", "winner"),
    [
        (("etc/sysctl.conf", "etc/sysctl.d/00-a"), "etc/sysctl.d/00-a"),
        (("etc/sysctl.conf", "etc/sysctl.d/00-a.rpmnew", "usr/lib/sysctl.d/z.conf"), "etc/sysctl.conf"),
    ],
)
def test_initscripts(files: tuple[str, ...], winner: str) -> None:
    assert won(*files, systemd=False) == [winner]


@pytest.mark.parametrize(
    ("files", "again", "winner"),
    [
        (("etc/sysctl.conf",), "", "usr/lib/tuned/x/tuned.conf"),
        (("etc/sysctl.conf",), "by hand", "etc/sysctl.conf"),
        (("etc/sysctl.d/50-a.conf", "etc/sysctl.conf"), "by hand", "etc/sysctl.conf"),
        (("etc/sysctl.conf", "etc/sysctl.d/99-zz.conf"), "by hand", "etc/sysctl.conf"),  # comes last there
        (("usr/lib/sysctl.d/50-a.conf",), "by hand", "usr/lib/tuned/x/tuned.conf"),
        (("usr/lib/sysctl.d/50-a.conf",), "all", "usr/lib/sysctl.d/50-a.conf"),
        (("etc/sysctl.d/50-a.conf",), "main", "usr/lib/tuned/x/tuned.conf"),
    ],
)
def test_tuned_comes_later_and_sets_the_hosts_own_again(files: tuple[str, ...], again: str, winner: str) -> None:
    assert won(*files, tuned=True, again=again) == [winner]


def test_the_later_line_of_a_file_wins() -> None:
    found = winners(assignments("etc/sysctl.conf", f"{NAME}=1\n{NAME}=2\nvm.swappiness=3\n"), systemd=True)
    assert [(one.line, wins) for one, wins in found] == [(1, False), (2, True), (3, True)]
