from __future__ import annotations

import pytest

from nopage.kernel.release.parse import Release, parse_release
from nopage.kernel.watermarks.formula import has_tunable, tunable_limits


def release_of(text: str) -> Release:
    release = parse_release(text)
    assert release is not None
    return release


# KERNEL.md 3.1 and 5.6
TUNABLES = [
    ("min_free_kbytes", "2.6.9-5.EL", True), ("min_free_kbytes", "6.12.0-55.el10_0", True),
    ("extra_free_kbytes", "2.6.32-131.el6", False), ("extra_free_kbytes", "2.6.32-220.el6", True),
    ("extra_free_kbytes", "2.6.32-754.el6", True), ("extra_free_kbytes", "3.10.0-123.el7", False),
    ("extra_free_kbytes", "2.6.32-5-amd64", False), ("extra_free_kbytes", "2.6.18-274.el5", False),
    ("watermark_scale_factor", "3.10.0-1160.el7", False), ("watermark_scale_factor", "4.18.0-80.el8", True),
    ("watermark_scale_factor", "4.5.0", False), ("watermark_scale_factor", "4.9.0-1-amd64", True),
    ("watermark_boost_factor", "4.18.0-240.el8", False), ("watermark_boost_factor", "4.18.0-553.el8_10", True),
    ("watermark_boost_factor", "4.18.0-305.el8", True), ("watermark_boost_factor", "4.18.0-293.el8", False),
    ("watermark_boost_factor", "5.10.0-46-amd64", True), ("watermark_boost_factor", "4.19.0-25-amd64", False),
    ("lowmem_reserve_ratio", "2.6.9-89.EL", False), ("lowmem_reserve_ratio", "2.6.18-8.el5", True),
    ("lower_zone_protection", "2.6.9-89.EL", True), ("lower_zone_protection", "2.6.18-8.el5", False),
    ("percpu_pagelist_fraction", "2.6.9-34.EL", False), ("percpu_pagelist_fraction", "4.18.0-553.el8_10", True),
    ("percpu_pagelist_fraction", "5.14.0-70.el9", False), ("compact_memory", "2.6.18-274.el5", False),
    ("compact_memory", "2.6.32-71.el6", True), ("no_such_thing", "6.12.0-55.el10_0", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "build", "there"), TUNABLES)
def test_tunables_of_each_release(name: str, build: str, there: bool) -> None:
    assert has_tunable(release_of(build), name) is there


def test_of_an_unknown_kernel_only_what_all_have_is_sure() -> None:
    assert has_tunable(None, "min_free_kbytes")
    assert not has_tunable(None, "extra_free_kbytes")
    assert not has_tunable(None, "watermark_scale_factor")


@pytest.mark.parametrize(
    ("name", "build", "limits"),
    [
        ("min_free_kbytes", "3.10.0-1160.el7", (0, None)), ("watermark_scale_factor", "4.18.0-553.el8_10", (1, 1000)),
        ("watermark_scale_factor", "6.12.0-55.el10_0", (1, 3000)), ("watermark_scale_factor", "3.10.0-1160.el7", None),
        ("extra_free_kbytes", "2.6.32-358.el6", (0, None)),
    ],
)  # fmt: skip
def test_limits(name: str, build: str, limits: tuple[int, int | None] | None) -> None:
    assert tunable_limits(release_of(build), name) == limits
