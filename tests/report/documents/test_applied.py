"""The playbook run by Ansible itself, on files below a scratch folder; nothing of the host that tests is touched."""
from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from nopage.engine.run import diagnose
from nopage.report.documents import render
from nopage.result import Memory, Plan, Result, SettingSource

ANSIBLE = Path(sys.executable).with_name("ansible-playbook")
HOST = "scratch1"
pytestmark = pytest.mark.skipif(not ANSIBLE.exists(), reason="ansible-core is not installed beside this Python")


class Control:
    """A control node whose hosts are folders: each has its own /etc and /proc."""

    def __init__(self, folder: Path, *hosts: str) -> None:
        self.folder = folder
        for name in (hosts := (*hosts, "other1")):
            for made in (self.etc(name) / "sysctl.d", self.etc(name) / "tuned", folder / name / "proc/sys/vm"):
                made.mkdir(parents=True)
        how = f"ansible_connection=local ansible_python_interpreter={sys.executable} ansible_become=false"
        (folder / "hosts").write_text("".join(f"{name} {how}\n" for name in hosts))
        (folder / "ansible.cfg").write_text(
            "[defaults]\nlocalhost_warning = false\nretry_files_enabled = false\npipelining = true\n"
        )

    def etc(self, name: str) -> Path:
        return self.folder / name / "root" / "etc"

    def conf(self, name: str) -> Path:
        return self.etc(name) / "sysctl.conf"

    def present(self, name: str, **values: str) -> None:
        for setting, value in values.items():
            (self.folder / name / "proc/sys/vm" / setting).write_text(f"{value}\n")

    def run(self, results: Sequence[Result], *arguments: str) -> subprocess.CompletedProcess[str]:
        """The playbooks of these results one after another, in one process: its start takes longer than a play."""
        plays = [f"play{number}.yml" for number in range(len(results))]
        for play, result in zip(plays, results, strict=True):
            (self.folder / play).write_text(render("ansible", [result]))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "none"), "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
        }  # fmt: skip
        own = f"{self.folder}/{{{{ inventory_hostname }}}}"
        return subprocess.run(
            [ANSIBLE, "-i", "hosts", "-e", f"nopage_root='{own}/root'", "-e", f"nopage_proc='{own}/proc'",
             "-e", "nopage_set_now=false", *plays, *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip


def told_of(done: subprocess.CompletedProcess[str], name: str) -> dict[str, int]:
    """What the recap behind the last play counts of a host."""
    line = re.findall(rf"^{name} +: (.*)$", done.stdout, re.MULTILINE)[-1]
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)}


def host(samples: Path, name: str, **changed: Any) -> Result:
    (found,) = diagnose(str(samples / name))
    return replace(found, host=HOST, **changed)


@pytest.fixture(scope="module")
def fresh(samples: Path) -> Result:
    """Two settings, into a file of their own."""
    return host(samples, "atomic_allocation_failure/rhel10")


@pytest.fixture(scope="module")
def line(samples: Path) -> Result:
    """One setting, which line 2 of /etc/sysctl.conf sets."""
    return host(samples, "min_free_kbytes_too_high/rhel6")


def tuned(result: Result) -> Result:
    """The same host, whose tuned profile sets it."""
    steps = tuple(
        replace(step, file="/etc/tuned/nopage/tuned.conf", line=None,
                lines=f"# x\n[main]\ninclude=virtual-host\n\n[sysctl]\n{step.setting} = {step.value}\n")
        if step.setting else step
        for step in result.plan.steps
    )  # fmt: skip
    return replace(result, plan=Plan(steps=steps))


@pytest.mark.parametrize("arguments", [("--syntax-check",), ("--list-tasks", "--tags", "way_back")])
def test_ansible_reads_every_sample(tmp_path: Path, samples: Path, arguments: tuple[str, ...]) -> None:
    names = ("atomic_allocation_failure/rhel4", "atomic_allocation_failure/clean_host")
    shapes = [host(samples, name) for name in names]
    fresh = host(samples, "atomic_allocation_failure/rhel10")
    read = [*shapes, fresh, tuned(fresh), replace(fresh, host="{{ lookup('pipe','id') }}")]
    done = Control(tmp_path, HOST).run(read, *arguments)
    assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr
    assert [f"playbook: play{number}.yml" in done.stdout for number in range(len(read))] == [True] * len(read)


@dataclass
class Staged:
    """Hosts of every shape, one after another looked at, set, set again, and put back."""

    control: Control
    looked: subprocess.CompletedProcess[str]
    unchanged: list[Path]  # what stood in /etc/sysctl.d of the first host after only looking
    applied: subprocess.CompletedProcess[str]
    files: dict[str, str]  # what stood in each file when all was set, by host and path
    mode: int
    half_done: list[Path]  # of the host whose value had changed
    again: subprocess.CompletedProcess[str]
    back: subprocess.CompletedProcess[str]


LINES = "# kernel\nvm.min_free_kbytes = 1048576\nnet.ipv4.ip_forward = 0\n"
SEVERAL = "vm.min_free_kbytes=4096\n-vm/min_free_kbytes = 1048576\nvm.min_free_kbytes_x = 1\n"


@pytest.fixture(scope="module")
def staged(fresh: Result, line: Result, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    (step,) = line.plan.steps
    ratio = replace(step, setting="vm.lowmem_reserve_ratio", value="256 256 8", before="256 256 32", line=None)
    folder = tmp_path_factory.mktemp("control")
    results = {
        "fresh": fresh, "line": line, "several": line, "ratio": replace(line, plan=Plan(steps=(ratio,))),
        "unknown": replace(line, plan=Plan(steps=(replace(step, before=None, line=None),)), memory=None),
        "profile": tuned(fresh), "nothing": host(samples, "atomic_allocation_failure/clean_host"),
        "evil": fresh, "changed": fresh,  # the last one: it stops the play
    }  # fmt: skip
    of = {name: replace(result, host=name) for name, result in results.items()}
    of["evil"] = replace(fresh, host=f"{{{{ lookup('pipe','touch {folder}/run') }}}}")
    control = Control(folder, *of)
    for name in ("fresh", "profile", "evil"):
        control.present(name, watermark_scale_factor="10", min_free_kbytes="67584")
    control.present("changed", watermark_scale_factor="10", min_free_kbytes="131072")
    for name in ("line", "several"):
        control.present(name, min_free_kbytes="1048576")
    control.present("ratio", lowmem_reserve_ratio="256\t256\t32")
    control.present("unknown", min_free_kbytes="7777")
    control.conf("line").write_text(LINES)
    control.conf("several").write_text(SEVERAL)
    looked = control.run([of["fresh"]], "--check", "--diff")
    unchanged = list((control.etc("fresh") / "sysctl.d").iterdir())
    applied = control.run(list(of.values()))
    files = {f"{name}/{path.relative_to(control.folder / name / 'root')}": path.read_text()
             for name in of for path in control.etc(name).rglob("*") if path.is_file()}  # fmt: skip
    mode = (control.etc("fresh") / "sysctl.d" / "90-nopage.conf").stat().st_mode & 0o777
    half_done = list((control.etc("changed") / "sysctl.d").iterdir())
    again = control.run([of["fresh"], of["changed"]], "-e", "nopage_force=\"{{ inventory_hostname == 'changed' }}\"")
    back = control.run([of["fresh"], of["line"]], "--tags", "way_back")
    return Staged(control, looked, unchanged, applied, files, mode, half_done, again, back)


def test_only_looking_shows_what_would_change(staged: Staged) -> None:
    assert staged.looked.returncode == 0, staged.looked.stdout + staged.looked.stderr
    assert staged.unchanged == []
    assert "+vm.min_free_kbytes = 163840" in staged.looked.stdout
    assert "other1" not in staged.looked.stdout


@pytest.mark.parametrize("name", ["fresh", "line", "several", "ratio", "unknown", "profile", "nothing"])
def test_no_task_fails(staged: Staged, name: str) -> None:
    assert told_of(staged.applied, name)["failed"] == 0, staged.applied.stdout + staged.applied.stderr


@pytest.mark.parametrize(("file", "text"), [
    ("fresh/etc/sysctl.d/90-nopage.conf", "vm.watermark_scale_factor = 100\nvm.min_free_kbytes = 163840\n"),
    ("line/etc/sysctl.conf", LINES.replace("1048576", "245760")),
    # the last of several lines wins, however it is written
    ("several/etc/sysctl.conf", SEVERAL.replace("-vm/min_free_kbytes = 1048576", "vm.min_free_kbytes = 245760")),
    # a value of several numbers is compared as numbers
    ("ratio/etc/sysctl.conf", "vm.lowmem_reserve_ratio = 256 256 8\n"),
    ("profile/etc/tuned/nopage/tuned.conf",
     "[main]\ninclude=virtual-host\n\n[sysctl]\nvm.watermark_scale_factor=100\nvm.min_free_kbytes=163840\n"),
])  # fmt: skip
def test_what_lasts_over_a_boot(staged: Staged, file: str, text: str) -> None:
    assert staged.files[file] == text


def test_a_new_file_and_back(staged: Staged) -> None:
    assert staged.mode == 0o644
    assert told_of(staged.again, "fresh")["changed"] == 0
    assert staged.back.returncode == 0, staged.back.stdout + staged.back.stderr
    assert (staged.control.etc("fresh") / "sysctl.d" / "90-nopage.conf").read_text() == ""


def test_the_line_that_wins_is_put_back(staged: Staged) -> None:
    assert staged.control.conf("line").read_text() == LINES


def test_a_value_that_changed_since_stops_the_play(staged: Staged) -> None:
    assert staged.applied.returncode != 0
    assert told_of(staged.applied, "changed")["failed"] == 1
    assert "vm.min_free_kbytes is no longer 67584" in staged.applied.stdout
    assert staged.half_done == []
    assert staged.again.returncode == 0, staged.again.stdout + staged.again.stderr
    assert list((staged.control.etc("changed") / "sysctl.d").iterdir())


def test_a_value_that_was_not_collected_is_shown(staged: Staged) -> None:
    assert "7777" in staged.applied.stdout


def test_a_tuned_profile_on_top_of_the_active_one(fresh: Result) -> None:
    plays = yaml.safe_load(render("ansible", [tuned(fresh)]))
    activated = [task["ansible.builtin.command"]["argv"] for play in plays for task in play["tasks"]
                 if "tuned" in task["name"] and "ansible.builtin.command" in task]
    assert activated == [["/usr/sbin/tuned-adm", "profile", name] for name in ("nopage", "virtual-host")]


def test_the_running_kernel_is_set_by_the_value_alone(fresh: Result) -> None:
    play, back = yaml.safe_load(render("ansible", [fresh]))
    for one, values in ((play, ("100", "163840")), (back, ("10", "67584"))):
        argv = [task["ansible.builtin.command"]["argv"] for task in one["tasks"] if "ansible.builtin.command" in task]
        names = ("vm.watermark_scale_factor", "vm.min_free_kbytes")
        assert argv == [["/sbin/sysctl", "-w", f"{name}={value}"] for name, value in zip(names, values, strict=True)]


def test_no_other_host_is_touched_and_a_template_in_the_name_runs_nothing(staged: Staged) -> None:
    assert "no hosts matched" in (staged.applied.stdout + staged.applied.stderr).lower()
    assert not (staged.control.folder / "run").exists()
    assert "other1" not in staged.applied.stdout
    for name in ("other1", "evil"):
        assert [path for path in staged.control.etc(name).rglob("*") if path.is_file()] == []


def test_nothing_to_set_is_said(staged: Staged) -> None:
    assert "nopage found no setting to change on this host." in staged.applied.stdout


def test_every_module_is_part_of_ansible_core(samples: Path) -> None:
    keywords = {"name", "register", "when"}
    for tree in sorted(samples.glob("*/*/expected.json")):
        for result in diagnose(str(tree.parent)):
            plays = yaml.safe_load(render("ansible", [result]))
            used = {key for play in plays for task in play["tasks"] for key in task} - keywords
            assert all(module.startswith("ansible.builtin.") for module in used), used


def test_a_file_that_is_not_the_owners_is_left_alone(line: Result) -> None:
    (step,) = line.plan.steps
    others = ("/usr/lib/sysctl.d/x.conf", "/etc/../x", "/etc/shadow", "/etc/sysctl.d/a b", "/etc/sysctl.d/{{ x }}", "")
    for file in others:
        text = render("ansible", [replace(line, plan=Plan(steps=(replace(step, file=file),)))])
        assert "lineinfile" not in text, file


def test_the_value_that_stood_in_the_file_comes_back(line: Result) -> None:
    """It may differ from what the kernel had."""
    assert line.memory is not None
    source = SettingSource(setting="vm.min_free_kbytes", value="999424", file="etc/sysctl.conf", line=2, wins=True)
    memory: Memory = replace(line.memory, setting_sources=(source,))
    _, back = yaml.safe_load(render("ansible", [replace(line, memory=memory)]))
    (task,) = [task["ansible.builtin.lineinfile"] for task in back["tasks"] if "ansible.builtin.lineinfile" in task]
    assert task["line"] == "vm.min_free_kbytes = 999424"
