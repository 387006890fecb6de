"""The profile in force, what it sets, and what is set again after it."""
from __future__ import annotations

import pytest

from nopage.kernel.sysctl import active_profile, profile, profile_settings, reapplies


@pytest.mark.parametrize(
    ("command", "file", "name"),
    [
        ("Current active profile: throughput-performance\n", "x\n", "throughput-performance"),
        ("Current active profile: virtual-guest local\n", None, "virtual-guest local"),
        ("No current active profile.\n", "virtual-guest\n", ""),
        ("It seems that tuned daemon is not running, preset profile is not activated.\nPreset profile: db\n", "db", ""),
        (None, "latency-performance\n", "latency-performance"),
        ("", "", None),
        (None, "<html>\n", None),
        (None, None, None),
    ],
)
def test_the_active_profile(command: str | None, file: str | None, name: str | None) -> None:
    assert active_profile(command, file) == name


def test_includes_come_first_and_circles_end() -> None:
    profiles = {
        "a": profile("a", "a", "[main]\ninclude=b,missing\n[sysctl]\nvm.swappiness=1\n"),
        "b": profile("b", "b", "[main]\ninclude=a\n[sysctl]\nvm.swappiness=2\nvm.dirty_ratio=3\n"),
    }
    found = profile_settings("a", profiles)
    assert [(one.setting, one.value, one.file) for one in found] == [
        ("vm.dirty_ratio", "3", "b"),
        ("vm.swappiness", "1", "a"),
    ]


@pytest.mark.parametrize(
    ("conf", "rhel", "major", "again"),
    [
        (None, "6.4", 6, "main"), (None, "5.11", 5, ""), (None, "7.2", 7, ""), (None, "7.9", 7, "all"),
        (None, "8.1", 8, "all"), (None, "8.10", 8, "by hand"), (None, "9.6", 9, "by hand"),
        (None, None, None, "by hand"),
        ("reapply_sysctl = 0\n", "9.6", 9, ""), ("# reapply_sysctl = 0\nreapply_sysctl = 1\n", "7.2", 7, "all"),
    ],
)  # fmt: skip
def test_what_is_set_again(conf: str | None, rhel: str | None, major: int | None, again: str) -> None:
    assert reapplies(conf, rhel, major) == again
