"""Which rule which kernel has: KERNEL.md section 4, by build for Red Hat, by upstream version for the others."""
from __future__ import annotations

import pytest

from nopage.diagnosis.watermark.rules import EL4, EL5, RED_HAT, RULES, UPSTREAM, fitting, rules_for
from nopage.kernel.facts import FreeBlocks, MemInfo, Zone
from nopage.kernel.release.parse import parse_release


@pytest.mark.parametrize(
    ("release", "key", "how"),
    [
        ("2.6.9-5.0.3.EL", "el4", "exact"),
        ("2.6.9-89.29.1.ELsmp", "el4", "exact"),
        ("2.6.18-8.el5", "el5", "exact"),
        ("2.6.18-371.el5PAE", "el5", "exact"),
        ("2.6.32-71.el6.x86_64", "el5", "exact"),
        ("2.6.32-131.0.15.el6.x86_64", "el5", "exact"),
        ("2.6.32-220.el6.x86_64", "el6.2", "exact"),
        ("2.6.32-279.19.1.el6.x86_64", "el6.2", "exact"),
        ("2.6.32-358.el6.x86_64", "el6.2", "exact"),
        ("2.6.32-431.el6.x86_64", "el6.5", "exact"),
        ("2.6.32-642.6.2.el6.x86_64", "el6.5", "exact"),
        ("2.6.32-754.35.1.el6.i686", "el6.5", "exact"),
        ("3.10.0-123.el7.x86_64", "el7", "exact"),
        ("3.10.0-1160.el7.x86_64", "el7", "exact"),
        ("4.18.0-147.el8.x86_64", "el8", "exact"),
        ("4.18.0-240.el8.x86_64", "el8", "exact"),
        ("4.18.0-553.66.1.el8_10.x86_64", "el8.10", "exact"),
        ("5.14.0-70.30.1.el9_0.x86_64", "el9.0", "exact"),
        ("5.14.0-427.42.1.el9_4.x86_64", "el9.0", "exact"),
        ("5.14.0-503.40.1.el9_5.x86_64", "el9.5", "exact"),
        ("5.14.0-570.12.1.el9_6.x86_64", "el9.6", "exact"),
        ("6.12.0-55.24.1.el10_0.x86_64", "el9.6", "exact"),
        ("2.6.5-7.308-s390x", "el4", "nearest"),
        ("2.6.18-6-amd64", "el5", "nearest"),
        ("2.6.32-21-server", "el5", "nearest"),
        ("3.0.0-15-generic", "v2.6.38", "nearest"),
        ("3.3.8", "v2.6.38", "nearest"),
        ("3.4.0", "v3.4", "nearest"),
        ("3.18.0-rc7-net-next+", "v3.4", "nearest"),
        ("4.3.6", "v3.4", "nearest"),
        ("4.4.0-210-generic", "el8", "nearest"),
        ("4.14.35-2047.el7uek.x86_64", "el8", "nearest"),
        ("5.4.17-2136.el8uek.x86_64", "el8", "nearest"),
        ("5.10.0-46-amd64", "el9.0", "nearest"),
        ("6.1.0-50-amd64", "el9.0", "nearest"),
        ("6.8.9-gentoo", "el9.5", "nearest"),
        ("6.12.0-8-generic", "el9.6", "nearest"),
        ("7.2.0", "el9.6", "nearest"),
    ],
)
def test_rule_of_a_release(release: str, key: str, how: str) -> None:
    rules, known = rules_for(parse_release(release))
    assert ([rule.key for rule in rules], known) == ([key], how)


def test_rules_of_no_release_are_all_that_the_layout_leaves() -> None:
    rules, known = rules_for(None, "el6")
    assert {rule.key for rule in rules} == {"el5", "el6.2", "el6.5", "v3.4"}
    assert known == "inferred"
    assert rules_for(None, "nothing")[0] == RULES


@pytest.mark.parametrize(
    ("memory", "keys"),
    [
        (MemInfo(counters_pages={"active": 1}, zones=(Zone("Normal", min_pages=100, low_pages=200, high_pages=300),)),
         ["el4"]),
        (MemInfo(counters_pages={"Active": 1}, zones=(Zone("Normal", min_pages=100, low_pages=125, high_pages=150),)),
         ["el5"]),
        (MemInfo(counters_pages={"active_anon": 1}, zones=(Zone("Normal"),)), ["el5"]),
        (MemInfo(zones=(Zone("Normal"),)), ["el4", "el5"]),
    ],
)
def test_the_printed_state_narrows_the_rules(memory: MemInfo, keys: list[str]) -> None:
    assert [rule.key for rule in fitting((EL4, EL5), memory)] == keys


def test_migratetype_letters_leave_only_kernels_that_print_them() -> None:
    memory = MemInfo(zones=(Zone("Normal", free_area=(FreeBlocks(0, 3, "UM"),)),))
    assert all(rule.cma for rule in fitting(RULES, memory))


def test_rows_are_ordered_so_that_the_first_match_is_the_right_one() -> None:
    versions = [version for version, _ in UPSTREAM]
    assert versions == sorted(versions, reverse=True)
    for generation in {row[0] for row in RED_HAT}:
        builds = [row[1] for row in RED_HAT if row[0] == generation]
        assert builds == sorted(builds, reverse=True)
        assert builds[-1] == (0,)
