"""The playbook: nothing that an archive says is templated by Ansible or aims a play at more than its host."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from nopage.engine.run import diagnose
from nopage.kernel.message import say
from nopage.report.documents import UNNAMED_HOST, inventory_host, is_plain_setting, render
from nopage.result import Plan, Result, said

HOSTILE = (
    "{{ lookup('pipe','id') }}", "{% set x = 1 %}", "web1{{ 7*7 }}", "{# web1 #}", "all", "ALL", "*", "web*",
    "web1:&prod", "web1,all", "!web1", "~regex", "[0:9]", "web[1:9]", "a\nb", "web1\n", "a b", "web1 hosts: all", "",
    None, "w" * 300, "w" * 254, "localhost", "localhost.localdomain", "127.0.0.1", "ungrouped", "-web1", ".web1",
    "_meta", "wéb1", "web１", 'web1"', "web1'", "web1#", "\x1b[31mweb1", 7,
)  # fmt: skip
NAMED = ("web1", "WEB-1.example.com", "10.1.2.3", "0web", "a", "web_1", "w" * 253, "allhosts", "all-in-one")
TEMPLATED = re.compile(r"\{\{.*?\}\}|\{%|\{#")
# What the play says itself: the variables named in its head, and nothing else.
OWN = {"{{ nopage_root }}", "{{ nopage_proc }}"}


def templates(plays: object) -> list[str]:
    """Every template in a field of the plays."""
    return [one.replace("''", "'") for one in TEMPLATED.findall(yaml.safe_dump(plays, width=10_000))]


@pytest.fixture(scope="module")
def result(samples: Path) -> Result:
    (found,) = diagnose(str(samples / "atomic_allocation_failure" / "rhel7"))
    return found


def playbook(result: Result, **changed: Any) -> tuple[list[dict[str, Any]], str]:
    text = render("ansible", [replace(result, **changed)])
    return yaml.safe_load(text), text


@pytest.mark.parametrize("name", NAMED)
def test_a_host_is_named(result: Result, name: str) -> None:
    ((play, back), text) = playbook(result, host=name)
    assert (play["hosts"], play["name"]) == (name, f"nopage: memory settings of {name}")
    assert (back["hosts"], back["tags"]) == (name, ["never", "way_back"])
    assert UNNAMED_HOST not in text


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_what_is_no_host_becomes_one_that_none_is(result: Result, name: object) -> None:
    ((play, back), text) = playbook(result, host=name)
    assert (play["hosts"], play["name"]) == ("nopage_host_not_named", "nopage: memory settings")
    assert back["hosts"] == "nopage_host_not_named"
    assert any(line.startswith("#") and "Write the host's inventory name" in line for line in text.splitlines())
    assert inventory_host(name) is None
    assert inventory_host(UNNAMED_HOST) == UNNAMED_HOST
    assert set(templates(yaml.safe_load(text))) <= OWN  # the comments are gone, which nothing templates


def test_no_word_of_the_source_is_templated(result: Result) -> None:
    evil = "x {{ lookup('pipe','id') }} {% raw %}\n- hosts: all"
    told = (said(say("t.evil", "{evil}", evil=evil)),)
    steps = [
        replace(
            step, reason=told, risk=told, effect=told, file_reason=told, action=evil, commands=(evil,), persist=(evil,),
            way_back=(evil,), file=evil, lines=evil, before=evil, findings=(evil,),
        )
        for step in result.plan.steps
    ]  # fmt: skip
    source = replace(result.source, path=evil, warnings=(evil,))
    kernel = replace(result.kernel, release=evil, rhel=evil)
    changed = {"plan": Plan(steps=tuple(steps), later=tuple(steps)), "source": source, "kernel": kernel}
    plays, text = playbook(result, **changed)
    assert [play["hosts"] for play in plays] == [result.host] * 2
    assert set(templates(plays)) <= OWN | {
        f"{{{{ (nopage_present_{step.number}.content | b64decode).split() | join(' ') }}}}" for step in steps
    }
    assert "x {{" in text  # in comments
    fragment = render("sysctl", [replace(result, **changed)])
    assert all(line.startswith("#") or re.fullmatch(r"vm\.\w+ = [0-9 ]+", line) for line in fragment.splitlines())


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("vm.min_free_kbytes", "{{ 7*7 }}"), ("vm.min_free_kbytes", "1\n2"), ("vm.min_free_kbytes", "1; id"),
        ("vm.min_free_kbytes", ""), ("vm.min_free_kbytes", "-1"), ("vm.min_free_kbytes", True),
        ("vm.min_free_kbytes", "1" * 21), ("vm.{{ x }}", 1), ("kernel.core_pattern", 1), ("vm.a\n", 1), (None, 1),
    ],
)  # fmt: skip
def test_what_is_no_number_of_vm_is_not_written(result: Result, setting: object, value: object) -> None:
    assert not is_plain_setting(setting, value)
    # what the type forbids is tried too: a value of a type that no step has must not be written either
    step = replace(result.plan.steps[0], setting=setting, value=value, action="a", commands=(), reason=(), risk=())
    changed = replace(result, plan=Plan(steps=(step,)))
    assert "No setting to change" in render("sysctl", [changed])
    assert all(line.startswith("#") or not line for line in render("sysctl", [changed]).splitlines())
    (play,) = yaml.safe_load(render("ansible", [changed]))
    (task,) = play["tasks"]
    assert task["ansible.builtin.debug"] == {"msg": "nopage found no setting to change on this host."}


@pytest.mark.parametrize(
    ("setting", "value"),
    [("vm.min_free_kbytes", 67584), ("vm.lowmem_reserve_ratio", "256 256 32"), ("vm.zone_reclaim_mode", 0)],
)
def test_numbers_of_vm_are_written(setting: str, value: object) -> None:
    assert is_plain_setting(setting, value)
