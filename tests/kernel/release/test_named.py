"""Releases as people name them."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.kernel.release import minors, release_named
from nopage.kernel.release.tables import RHEL_GA_BUILDS


@pytest.mark.parametrize(
    ("text", "kernel", "rhel"),
    [
        ("el6", "2.6.32-754.el6", "6.10"),
        ("EL6", "2.6.32-754.el6", "6.10"),
        ("RHEL 6.4", "2.6.32-358.el6", "6.4"),
        ("rhel6u4", "2.6.32-358.el6", "6.4"),
        ("RHEL-5.11", "2.6.18-398.el5", "5.11"),
        ("8.6", "4.18.0-372.el8", "8.6"),
        (" 8.10 ", "4.18.0-553.el8", "8.10"),
        ("8", "4.18.0-553.el8", "8.10"),
        ("el8_10", "4.18.0-553.el8", "8.10"),
        ("el10.1", "6.12.0-124.el10", "10.1"),
        ("6.4", "2.6.32-358.el6", "6.4"),
        ("el4", "2.6.9-100.EL", "4.9"),
        ("Red Hat Enterprise Linux Server release 6.4 (Santiago)", "2.6.32-358.el6", "6.4"),
        ("CentOS Linux 7.9", "3.10.0-1160.el7", "7.9"),
        ("Rocky Linux 8.6", "4.18.0-372.el8", "8.6"),
        ("2.6.32-358.el6.x86_64", "2.6.32-358.el6.x86_64", "6.4"),
        # no minor of RHEL: upstream kernels
        ("6.12", "6.12", None),
        ("6.4.0", "6.4.0", None),
        ("5.15", "5.15", None),
    ],
)
def test_a_name_is_a_kernel(text: str, kernel: str, rhel: str | None) -> None:
    found = release_named(text)
    assert found is not None
    assert (found.text, found.rhel, found.exact) == (kernel, rhel, rhel is not None)


@pytest.mark.parametrize(
    "text", ["windows", "", "RHEL 9.99", "el610", "el3", "RHEL", "12", "x" * 300, "8." + "1" * 300]
)
def test_what_names_no_kernel(text: str) -> None:
    assert release_named(text) is None


def test_every_minor_is_known_by_its_name() -> None:
    for generation in RHEL_GA_BUILDS:
        for minor in minors(generation):
            for text in (minor, f"RHEL {minor}", f"el{minor}"):
                found = release_named(text)
                assert found is not None, text
                assert (found.generation, found.rhel) == (generation, minor)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    release_named(text)
