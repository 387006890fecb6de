"""The playbook run by Ansible itself, on files below a scratch folder; nothing of the host that tests is touched."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
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
    """A control node whose only host is a folder: its /etc and its /proc."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root, self.proc = folder / "root", folder / "proc"
        for made in (self.root / "etc" / "sysctl.d", self.root / "etc" / "tuned", self.proc / "sys" / "vm"):
            made.mkdir(parents=True)
        (folder / "hosts").write_text(
            f"{HOST} ansible_connection=local ansible_python_interpreter={sys.executable} ansible_become=false\n"
            "other1 ansible_connection=local ansible_become=false\n"
        )
        (folder / "ansible.cfg").write_text("[defaults]\nlocalhost_warning = false\nretry_files_enabled = false\n")

    def present(self, **values: str) -> None:
        for name, value in values.items():
            (self.proc / "sys" / "vm" / name).write_text(f"{value}\n")

    def run(self, result: Result, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run_all([result], *arguments)

    def run_all(self, results: Sequence[Result], *arguments: str) -> subprocess.CompletedProcess[str]:
        """The playbooks of these results one after another, in one process: its start takes longer than a play."""
        plays = [f"play{number}.yml" for number in range(len(results))]
        for play, result in zip(plays, results, strict=True):
            (self.folder / play).write_text(render("ansible", [result]))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "none"), "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
        }  # fmt: skip
        return subprocess.run(
            [ANSIBLE, "-i", "hosts", "-e", f"nopage_root={self.root}", "-e", f"nopage_proc={self.proc}",
             "-e", "nopage_set_now=false", *plays, *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(tmp_path)


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
def test_ansible_reads_every_sample(control: Control, samples: Path, arguments: tuple[str, ...]) -> None:
    names = ("atomic_allocation_failure/rhel4", "atomic_allocation_failure/clean_host")
    shapes = [host(samples, name) for name in names]
    fresh = host(samples, "atomic_allocation_failure/rhel10")
    read = [*shapes, fresh, tuned(fresh), replace(fresh, host="{{ lookup('pipe','id') }}")]
    done = control.run_all(read, *arguments)
    assert (done.returncode, "ERROR" in done.stderr) == (0, False), done.stderr
    assert [f"playbook: play{number}.yml" in done.stdout for number in range(len(read))] == [True] * len(read)


def test_a_new_file_and_back(control: Control, fresh: Result) -> None:
    control.present(watermark_scale_factor="10", min_free_kbytes="67584")
    (file := control.root / "etc" / "sysctl.d" / "90-nopage.conf")
    looked = control.run(fresh, "--check", "--diff")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert not file.exists()
    assert "+vm.min_free_kbytes = 163840" in looked.stdout
    done = control.run(fresh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert file.read_text().splitlines() == ["vm.watermark_scale_factor = 100", "vm.min_free_kbytes = 163840"]
    assert file.stat().st_mode & 0o777 == 0o644
    again = control.run(fresh)
    assert "changed=0" in again.stdout
    back = control.run(fresh, "--tags", "way_back")
    assert back.returncode == 0, back.stdout + back.stderr
    assert file.read_text() == ""


def test_the_line_that_wins_is_changed_and_put_back(control: Control, line: Result) -> None:
    file = control.root / "etc" / "sysctl.conf"
    before = "# kernel\nvm.min_free_kbytes = 1048576\nnet.ipv4.ip_forward = 0\n"
    file.write_text(before)
    control.present(min_free_kbytes="1048576")
    assert control.run(line).returncode == 0
    assert file.read_text() == before.replace("1048576", "245760")
    assert control.run(line, "--tags", "way_back").returncode == 0
    assert file.read_text() == before


def test_the_last_of_several_lines_wins_however_it_is_written(control: Control, line: Result) -> None:
    file = control.root / "etc" / "sysctl.conf"
    file.write_text("vm.min_free_kbytes=4096\n-vm/min_free_kbytes = 1048576\nvm.min_free_kbytes_x = 1\n")
    control.present(min_free_kbytes="1048576")
    assert control.run(line).returncode == 0
    assert file.read_text() == "vm.min_free_kbytes=4096\nvm.min_free_kbytes = 245760\nvm.min_free_kbytes_x = 1\n"


def test_a_value_that_changed_since_stops_the_play(control: Control, fresh: Result) -> None:
    control.present(watermark_scale_factor="10", min_free_kbytes="131072")
    stopped = control.run(fresh)
    assert stopped.returncode != 0
    assert "vm.min_free_kbytes is no longer 67584" in stopped.stdout
    assert not list((control.root / "etc" / "sysctl.d").iterdir())  # nothing is half done
    assert control.run(fresh, "-e", "nopage_force=true").returncode == 0
    assert list((control.root / "etc" / "sysctl.d").iterdir())


def test_a_value_of_several_numbers_is_compared_as_numbers(control: Control, line: Result) -> None:
    (step,) = line.plan.steps
    step = replace(step, setting="vm.lowmem_reserve_ratio", value="256 256 8", before="256 256 32", line=None)
    control.present(lowmem_reserve_ratio="256\t256\t32")
    done = control.run(replace(line, plan=Plan(steps=(step,))))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (control.root / "etc" / "sysctl.conf").read_text() == "vm.lowmem_reserve_ratio = 256 256 8\n"


def test_a_value_that_was_not_collected_is_shown(control: Control, line: Result) -> None:
    (step,) = line.plan.steps
    control.present(min_free_kbytes="7777")
    done = control.run(replace(line, plan=Plan(steps=(replace(step, before=None, line=None),)), memory=None))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7777" in done.stdout


def test_a_tuned_profile_on_top_of_the_active_one(control: Control, fresh: Result) -> None:
    control.present(watermark_scale_factor="10", min_free_kbytes="67584")
    done = control.run(tuned(fresh))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (control.root / "etc" / "tuned" / "nopage" / "tuned.conf").read_text() == (
        "[main]\ninclude=virtual-host\n\n[sysctl]\nvm.watermark_scale_factor=100\nvm.min_free_kbytes=163840\n"
    )
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


def test_no_other_host_is_touched_and_a_template_in_the_name_runs_nothing(control: Control, fresh: Result) -> None:
    control.present(watermark_scale_factor="10", min_free_kbytes="67584")
    evil = f"{{{{ lookup('pipe','touch {control.folder}/run') }}}}"
    done = control.run(replace(fresh, host=evil))
    assert done.returncode == 0
    assert "no hosts matched" in (done.stdout + done.stderr).lower()
    assert not (control.folder / "run").exists()
    assert "other1" not in control.run(fresh, "--check").stdout


def test_nothing_to_set_is_said(control: Control, samples: Path) -> None:
    done = control.run(host(samples, "atomic_allocation_failure/clean_host"))
    assert done.returncode == 0
    assert "nopage found no setting to change on this host." in done.stdout


def test_every_module_is_part_of_ansible_core(samples: Path) -> None:
    keywords = {"name", "register", "when"}
    for tree in sorted(samples.glob("*/*/expected.json")):
        for result in diagnose(str(tree.parent)):
            plays = yaml.safe_load(render("ansible", [result]))
            used = {key for play in plays for task in play["tasks"] for key in task} - keywords
            assert all(module.startswith("ansible.builtin.") for module in used), used


def test_a_file_that_is_not_the_owners_is_left_alone(control: Control, line: Result) -> None:
    (step,) = line.plan.steps
    control.present(min_free_kbytes="1048576")
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
