"""The playbook: nothing that an archive says is templated by Ansible or aims a play at more than its host."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from nopage.engine.run import diagnose
from nopage.report.documents import render
from nopage.report.playbook import UNNAMED_HOST, inventory_host, is_plain_setting
from nopage.result import Result

HOSTILE = (
    "{{ lookup('pipe','id') }}", "{% set x = 1 %}", "web1{{ 7*7 }}", "{# web1 #}", "all", "ALL", "*", "web*",
    "web1:&prod", "web1,all", "!web1", "~regex", "[0:9]", "web[1:9]", "a\nb", "web1\n", "a b", "web1 hosts: all", "",
    None, "w" * 300, "w" * 254, "localhost", "localhost.localdomain", "127.0.0.1", "ungrouped", "-web1", ".web1",
    "_meta", "wéb1", "web１", 'web1"', "web1'", "web1#", "\x1b[31mweb1", 7,
)  # fmt: skip
NAMED = ("web1", "WEB-1.example.com", "10.1.2.3", "0web", "a", "web_1", "w" * 253, "allhosts", "all-in-one")
TEMPLATED = ("{{", "{%", "{#")


@pytest.fixture(scope="module")
def result(samples: Path) -> Result:
    (found,) = diagnose(str(samples / "atomic_allocation_failure" / "rhel7"))
    return found


def playbook(result: Result, **changed: Any) -> tuple[list[dict[str, Any]], str]:
    text = render("ansible", [replace(result, **changed)])
    return yaml.safe_load(text), text


@pytest.mark.parametrize("name", NAMED)
def test_a_host_is_named(result: Result, name: str) -> None:
    ((play,), text) = playbook(result, host=name)
    assert (play["hosts"], play["name"]) == (name, f"nopage: memory settings of {name}")
    assert UNNAMED_HOST not in text


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_what_is_no_host_becomes_one_that_none_is(result: Result, name: object) -> None:
    ((play,), text) = playbook(result, host=name)
    assert (play["hosts"], play["name"]) == ("nopage_host_not_named", "nopage: memory settings")
    assert any(line.startswith("#") and "Write the host's inventory name" in line for line in text.splitlines())
    assert inventory_host(name) is None
    assert inventory_host(UNNAMED_HOST) == UNNAMED_HOST
    fields = yaml.safe_dump(yaml.safe_load(text))  # without the comments, which nothing templates
    assert not any(mark in fields for mark in TEMPLATED)


def test_no_word_of_a_finding_is_templated(result: Result) -> None:
    evil = "x {{ lookup('pipe','id') }} {% raw %}\n- hosts: all"
    remedies = [
        replace(remedy, reason=evil, risk=evil, action=evil)
        for finding in result.findings for remedy in finding.remedies
    ]  # fmt: skip
    finding = replace(result.findings[0], summary=evil, remedies=tuple(remedies))
    source = replace(result.source, path=evil)
    plays, _ = playbook(result, findings=(finding,), source=source, kernel=replace(result.kernel, release=evil))
    assert [play["hosts"] for play in plays] == [result.host]
    assert not any(mark in yaml.safe_dump(plays) for mark in TEMPLATED)


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
    (first, *_) = result.findings
    # what the type forbids is tried too: a value of a type that no finding has must not be written either
    remedy = replace(first.remedies[0], setting=setting, value=value, risk="", reason="why")
    finding = replace(first, remedies=(remedy,))
    for name in ("ansible", "sysctl"):
        text = render(name, [replace(result, findings=(finding,))])
        assert "No setting to change" in text
        assert all(line.startswith(("#", "---")) or not line for line in text.splitlines())


@pytest.mark.parametrize(
    ("setting", "value"),
    [("vm.min_free_kbytes", 67584), ("vm.lowmem_reserve_ratio", "256 256 32"), ("vm.zone_reclaim_mode", 0)],
)
def test_numbers_of_vm_are_written(setting: str, value: object) -> None:
    assert is_plain_setting(setting, value)
