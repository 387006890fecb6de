"""The file that makes a setting last is the one that wins at boot, by sysctl.d(5)."""
from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.host.facts import HostFacts, SettingSource
from nopage.diagnosis.remedy.persist import in_one_profile, persist, with_persistence
from nopage.diagnosis.remedy.step import Persist, Step
from nopage.kernel.message import NOTHING
from nopage.kernel.release.parse import parse_release

EL6, EL7 = parse_release("2.6.32-754.el6.x86_64"), parse_release("3.10.0-1160.el7.x86_64")
NAME = "vm.min_free_kbytes"


def of(*files: tuple[str, int, bool], release: object = EL7, tuned: str | None = None) -> Persist:
    sources = tuple(SettingSource(NAME, "90112", file, line, wins) for file, line, wins in files)
    host = HostFacts(setting_sources=sources, tuned_profile=tuned)
    return persist(NAME, "180224", 90112, host, release)  # type: ignore[arg-type]


def test_nobody_sets_it() -> None:
    found = of()
    assert (found.file, found.line, found.words) == ("/etc/sysctl.d/90-nopage.conf", None, NOTHING)
    assert found.text == ("# /etc/sysctl.d/90-nopage.conf; load with: sysctl -p /etc/sysctl.d/90-nopage.conf\n"
                          "# before: vm.min_free_kbytes = 90112\nvm.min_free_kbytes = 180224\n")
    old = of(release=EL6)
    assert (old.file, old.commands) == ("/etc/sysctl.conf", ("sysctl -p",))


@pytest.mark.parametrize("file", ["/etc/sysctl.conf", "etc/sysctl.conf", "/etc/sysctl.d/99-db.conf",
                                  "/etc/sysctl.d/10-a.conf"])
def test_a_line_of_the_owner_is_changed(file: str) -> None:
    """The line of /etc/sysctl.conf is read as 99-sysctl.conf: a file 90-nopage.conf would lose."""
    found = of(("/usr/lib/sysctl.d/50-default.conf", 3, False), (file, 12, True))
    path = "/" + file.lstrip("/")
    assert (found.file, found.line) == (path, 12)
    assert found.commands[0] == f"sed -i '12s/.*/vm.min_free_kbytes = 180224/' {path}"
    assert f"Line 12 of {path} sets it to 90112 and wins at boot" in str(found.words)


@pytest.mark.parametrize(
    ("file", "own", "words"),
    [
        ("/usr/lib/sysctl.d/50-default.conf", "/etc/sysctl.d/90-nopage.conf", ""),  # 90 is read after 50
        ("/usr/lib/sysctl.d/95-vendor.conf", "/etc/sysctl.d/99-zz-nopage.conf", "persist.later_name"),
        ("/run/sysctl.d/99-zzz.conf", "/etc/sysctl.d/99-zzz.conf", "persist.covered"),
    ],
)
def test_a_vendor_s_file_is_overruled(file: str, own: str, words: str) -> None:
    found = of((file, 2, True))
    assert (found.file, found.words.id, found.line) == (own, words, None)
    assert f"{NAME} = 180224\n" in found.text


def test_our_own_line_is_changed() -> None:
    found = of(("/etc/sysctl.d/90-nopage.conf", 2, True))
    assert (found.file, found.line) == ("/etc/sysctl.d/90-nopage.conf", 2)


def test_tuned_sets_it_after_every_file() -> None:
    found = of(("/usr/lib/tuned/throughput-performance/tuned.conf", 40, True), tuned="throughput-performance")
    assert found.file == "/etc/tuned/nopage/tuned.conf"
    assert found.text.splitlines()[1:3] == ["[main]", "include=throughput-performance"]
    assert found.text.endswith("[sysctl]\nvm.min_free_kbytes = 180224\n")
    assert found.commands == ("tuned-adm profile nopage",)
    unknown = of(("/usr/lib/tuned/x/tuned.conf", 40, True), tuned="a b")
    assert (unknown.commands, unknown.text) == ((), "")


def test_our_own_profile_is_in_force() -> None:
    """Its line is loaded by tuned, not by sysctl; a line of an included profile has another number in another file."""
    own = "/etc/tuned/nopage/tuned.conf"
    found = of((own, 5, True), tuned="nopage")
    assert found.commands == (f"sed -i '5s/.*/{NAME} = 180224/' {own}", "tuned-adm profile nopage")
    assert "sysctl -p" not in found.text
    included = of(("/usr/lib/tuned/throughput-performance/tuned.conf", 40, True), tuned="nopage")
    assert (included.file, included.line) == (own, None)
    assert included.commands == (f"sed -i '/^\\[sysctl\\]/a {NAME} = 180224' {own}", "tuned-adm profile nopage")
    assert "include=" not in included.text
    assert f"{NAME} = 180224\n" in included.text


def test_what_sets_nothing_has_no_file() -> None:
    step = Step("add_memory", None, NOTHING)
    assert with_persistence(step, HostFacts(), EL7) == step


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(-5, 10**6))
def test_no_name_of_a_host_adds_a_word_to_a_command(file: str, line: int) -> None:
    found = of((f"/etc/{file}", line, True), tuned=file)
    for command in found.commands:
        words = shlex.split(command)
        assert words[0] in ("sed", "sysctl", "tuned-adm")
        assert words[-1] in (found.file, "-p", "nopage")


def test_two_steps_that_write_one_profile_keep_both_lines() -> None:
    """Each text is the whole of the file: the second one must not lose what the first one set."""
    sources = tuple(
        SettingSource(setting, "10", "/usr/lib/tuned/throughput-performance/tuned.conf", line, True)
        for line, setting in enumerate(("vm.watermark_scale_factor", "vm.min_free_kbytes"), 40)
    )
    host = HostFacts(setting_sources=sources, tuned_profile="throughput-performance")
    asked = (("vm.watermark_scale_factor", 100), ("vm.swappiness", 10), ("vm.min_free_kbytes", 163840))
    steps = tuple(with_persistence(Step("raise", value, NOTHING, NOTHING, setting=setting), host, EL7)
                  for setting, value in asked)
    first, drop_in, second = (step.persist.text for step in in_one_profile(steps) if step.persist is not None)
    assert "min_free_kbytes" not in first
    assert "[main]" not in drop_in
    assert second.splitlines()[1:] == [
        "[main]", "include=throughput-performance", "", "[sysctl]", "vm.watermark_scale_factor = 100",
        "vm.min_free_kbytes = 163840",
    ]
