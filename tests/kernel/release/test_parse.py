from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nopage.kernel.release.parse import find_release, parse_release
from nopage.kernel.release.tables import RHEL_GA_BUILDS

# text, version, build, distro, generation, exact, RHEL minor, arch
RELEASES = [
    ("2.6.9-5.EL", (2, 6, 9), (5,), "rhel", "el4", True, "4.0", None),
    ("2.6.9-89.29.1.EL", (2, 6, 9), (89, 29, 1), "rhel", "el4", True, "4.8", None),
    ("2.6.9-89.ELsmp", (2, 6, 9), (89,), "rhel", "el4", True, "4.8", None),
    ("2.6.9-55.0.6.ELlargesmp", (2, 6, 9), (55, 0, 6), "rhel", "el4", True, "4.5", None),
    ("2.6.18-8.el5", (2, 6, 18), (8,), "rhel", "el5", True, "5.0", None),
    ("2.6.18-371.el5PAE", (2, 6, 18), (371,), "rhel", "el5", True, "5.10", None),
    ("2.6.18-404.el5xen", (2, 6, 18), (404,), "rhel", "el5", True, "5.11", None),
    ("2.6.32-358.el6.x86_64", (2, 6, 32), (358,), "rhel", "el6", True, "6.4", "x86_64"),
    ("2.6.32-642.6.2.el6.x86_64", (2, 6, 32), (642, 6, 2), "rhel", "el6", True, "6.8", "x86_64"),
    ("2.6.32-686.el6.i686", (2, 6, 32), (686,), "rhel", "el6", True, "6.8", "i686"),
    ("2.6.32-754.35.1.el6.x86_64.debug", (2, 6, 32), (754, 35, 1), "rhel", "el6", True, "6.10", "x86_64"),
    ("3.10.0-1160.el7.x86_64", (3, 10, 0), (1160,), "rhel", "el7", True, "7.9", "x86_64"),
    ("3.10.0-1160.rt56.1131.el7.x86_64", (3, 10, 0), (1160,), "rhel", "el7", True, "7.9", "x86_64"),
    ("3.10.0-957.27.2.el7.ppc64le", (3, 10, 0), (957, 27, 2), "rhel", "el7", True, "7.6", "ppc64le"),
    ("4.18.0-553.el8", (4, 18, 0), (553,), "rhel", "el8", True, "8.10", None),
    ("4.18.0-553.66.1.el8_10.s390x", (4, 18, 0), (553, 66, 1), "rhel", "el8", True, "8.10", "s390x"),
    ("4.18.0-139.el8.ppc64le+debug", (4, 18, 0), (139,), "rhel", "el8", True, "8.0", "ppc64le"),
    ("5.14.0-427.13.1.el9_4.aarch64+64k", (5, 14, 0), (427, 13, 1), "rhel", "el9", True, "9.4", "aarch64"),
    ("5.14.0-570.32.1.el9_6.x86_64", (5, 14, 0), (570, 32, 1), "rhel", "el9", True, "9.6", "x86_64"),
    ("6.12.0-55.el10_0", (6, 12, 0), (55,), "rhel", "el10", True, "10.0", None),
    # builds of others, each with the generation nearest to its upstream version
    ("2.6.32-358.23.2.el5.x86_64", (2, 6, 32), (358, 23, 2), "rhel", "el6", False, None, "x86_64"),
    ("4.14.0-115.el7a.aarch64", (4, 14, 0), (115,), "rhel", "el8", False, None, "aarch64"),
    ("2.6.33.9-rt31.75.el6rt.x86_64", (2, 6, 33), (), "rhel", "el6", False, None, "x86_64"),
    ("2.6.39-400.el6uek.x86_64", (2, 6, 39), (400,), "uek", "el6", False, None, "x86_64"),
    ("4.14.35-1902.el7uek", (4, 14, 35), (1902,), "uek", "el8", False, None, None),
    ("5.4.17-2136.el8uek", (5, 4, 17), (2136,), "uek", "el9", False, None, None),
    ("5.18.1-1.el9.elrepo.x86_64", (5, 18, 1), (1,), "elrepo", "el9", False, None, "x86_64"),
    ("3.10.0-962.3.2.lve1.5.55.el7.x86_64", (3, 10, 0), (962, 3, 2), "cloudlinux", "el7", False, None, "x86_64"),
    ("2.6.32-042stab140.1", (2, 6, 32), (42,), "virtuozzo", "el6", False, None, None),
    ("6.5.6-300.fc39.x86_64", (6, 5, 6), (300,), "fedora", "el10", False, None, "x86_64"),
    ("5.10.0-46-amd64", (5, 10, 0), (46,), "debian", "el9", False, None, "x86_64"),
    ("6.12.107+deb13-amd64", (6, 12, 107), (), "debian", "el10", False, None, "x86_64"),
    ("2.6.32-5-amd64", (2, 6, 32), (5,), "debian", "el6", False, None, "x86_64"),
    ("5.10.0-22-rt-amd64", (5, 10, 0), (22,), "debian", "el9", False, None, "x86_64"),
    ("5.15.0-91-generic", (5, 15, 0), (91,), "ubuntu", "el9", False, None, None),
    ("2.6.24-4-server", (2, 6, 24), (4,), "ubuntu", "el5", False, None, None),
    ("5.14.21-150400.24.46-default", (5, 14, 21), (150400, 24, 46), "suse", "el9", False, None, None),
    ("4.4.x-default", (4, 4, 0), (), "suse", "el8", False, None, None),
    ("5.10.205-195.804.amzn2.x86_64", (5, 10, 205), (195, 804), "amazon", "el9", False, None, "x86_64"),
    ("6.5.9", (6, 5, 9), (), "vanilla", "el10", False, None, None),
    ("4.1.12", (4, 1, 12), (), "vanilla", "el7", False, None, None),
    ("6.15.0-rc1-next-2025", (6, 15, 0), (), "vanilla", "el10", False, None, None),
    ("5.18.7-rc1-00013-g52b92343db13", (5, 18, 7), (), "vanilla", "el9", False, None, None),
    ("3.10.23-1500.pkvm2_1.5.ppc64", (3, 10, 23), (1500,), "vanilla", "el7", False, None, "ppc64"),
    ("5.10.149-android13-4-00003-g05231a35ff43", (5, 10, 149), (), "android", "el9", False, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "version", "build", "distro", "generation", "exact", "rhel", "arch"), RELEASES)
def test_release(
    text: str,
    version: tuple[int, int, int],
    build: tuple[int, ...],
    distro: str,
    generation: str,
    exact: bool,
    rhel: str | None,
    arch: str | None,
) -> None:
    release = parse_release(text)
    assert release is not None
    assert (release.version, release.build, release.distro) == (version, build, distro)
    assert (release.generation, release.exact, release.rhel, release.arch) == (generation, exact, rhel, arch)
    assert release.text == text


@pytest.mark.parametrize(
    ("text", "highmem", "flavours"),
    [
        ("2.6.9-89.ELhugemem", True, ("hugemem",)),
        ("2.6.9-89.ELsmp", False, ("smp",)),
        ("2.6.18-371.el5PAE", True, ("pae",)),
        ("2.6.18-371.el5debug", False, ("debug",)),
        ("2.6.32-431.el6.i686", True, ()),
        ("5.10.0-32-686-pae", True, ("pae",)),
        ("2.6.16.60-0.54.5-bigsmp", True, ("bigsmp",)),
        ("3.10.0-1160.el7.x86_64.kdump", False, ("kdump",)),
        ("3.10.0-1160.rt56.1131.el7.x86_64", False, ("rt",)),
        ("5.14.0-427.13.1.el9_4.aarch64+64k", False, ("64k",)),
    ],
)
def test_flavours_of_the_build(text: str, highmem: bool, flavours: tuple[str, ...]) -> None:
    release = parse_release(text)
    assert release is not None
    assert (release.highmem, release.flavours) == (highmem, flavours)


@pytest.mark.parametrize(
    ("build", "minor"),
    # the general availability builds of insights-core's rhel_release_map, and builds between two of them
    [("2.6.32-71.el6", "6.0"), ("2.6.32-220.el6", "6.2"), ("2.6.32-357.el6", "6.3"), ("2.6.32-358.el6", "6.4"),
     ("2.6.32-431.20.3.el6", "6.5"), ("3.10.0-123.el7", "7.0"), ("3.10.0-1062.el7", "7.7"), ("3.10.0-1127.el7", "7.8"),
     ("4.18.0-193.28.1.el8_2", "8.2"), ("4.18.0-305.el8", "8.4"), ("5.14.0-70.el9", "9.0"), ("5.14.0-611.el9", "9.7"),
     ("6.12.0-124.el10", "10.1"), ("2.6.32-44.el6", None), ("2.6.9-100.EL", "4.9"), ("2.6.18-408.el5", "5.11")],
)  # fmt: skip
def test_minor_release_is_that_of_the_greatest_ga_build_not_above(build: str, minor: str | None) -> None:
    release = parse_release(build)
    assert release is not None
    assert release.rhel == minor


@pytest.mark.parametrize("generation", RHEL_GA_BUILDS)
def test_ga_builds_ascend(generation: str) -> None:
    builds = [first for first, _ in RHEL_GA_BUILDS[generation]]
    assert builds == sorted(set(builds))


def test_order_is_by_version_then_build() -> None:
    ascending = [
        "2.6.9-89.EL", "2.6.9-89.29.1.EL", "2.6.9-100.EL", "2.6.18-8.el5", "2.6.32-71.el6", "2.6.32-358.el6.x86_64",
        "2.6.32-358.23.2.el6.x86_64", "2.6.32-504.el6", "2.6.38.6", "3.0-rc7+", "3.0.0", "3.10.0-123.el7",
        "3.10.0-1062.el7", "4.18.0-80.el8", "5.14.0-70.el9", "6.12.0-55.el10_0", "6.12.107+deb13-amd64",
    ]  # fmt: skip
    parsed = [release for release in map(parse_release, reversed(ascending)) if release is not None]
    assert [release.text for release in sorted(parsed)] == ascending


@pytest.mark.parametrize(
    ("text", "floor", "holds"),
    [
        ("2.6.32-358.el6.x86_64", "2.6.32-358", True),
        ("2.6.32-358.23.2.el6.x86_64", "2.6.32-358", True),
        ("2.6.32-279.22.1.el6.x86_64", "2.6.32-358", False),
        ("3.10.0-123.el7.x86_64", "2.6.32-358", True),
        ("2.6.18-408.el5", "2.6.32-358", False),
        ("2.6.9-55.0.6.EL", "2.6.9-55.0.6", True),
        ("2.6.9-55.0.2.EL", "2.6.9-55.0.6", False),
        # build numbers that are not Red Hat's say nothing
        ("2.6.32-400.37.17.el6uek.x86_64", "2.6.32-358", False),
        ("2.6.32-1000-generic", "2.6.32-358", False),
        ("4.9.0-1-amd64", "4.6", True),
        ("4.6.0-1-amd64", "4.6", True),
        ("4.18.0-80.el8", "no release", False),
    ],
)
def test_at_least(text: str, floor: str, holds: bool) -> None:
    release = parse_release(text)
    assert release is not None
    assert release.at_least(floor) is holds


@pytest.mark.parametrize("text", ["", " ", "x", "4", "el6", "-358.el6", "..", "2.", "10.0.0.1", "2.6.32" * 100])
def test_what_is_no_release(text: str) -> None:
    assert parse_release(text) is None


@pytest.mark.parametrize(
    ("line", "release"),
    [
        ("Pid: 0, comm: swapper Not tainted 2.6.32-358.el6.x86_64 #1", "2.6.32-358.el6.x86_64"),
        ("Pid: 9, comm: a Tainted: P           ---------------    2.6.32-431.el6.x86_64 #1", "2.6.32-431.el6.x86_64"),
        ("CPU: 0 PID: 0 Comm: swapper/0 Kdump: loaded Tainted: P           OE  ------------   3.10.0-1062.el7 #1",
         "3.10.0-1062.el7"),
        ("CPU: 0 UID: 0 PID: 0 Comm: swapper/0 Not tainted 6.12.107+deb13-amd64 #1  Debian 6.12.107-1",
         "6.12.107+deb13-amd64"),
        ("CPU: 3 PID: 1 Comm: x Not tainted 4.0.0-rc3+ #153", "4.0.0-rc3+"),
        ("CPU: 3 PID: 1 Comm: x Not tainted 3.10.0-514.el7.x86_64", "3.10.0-514.el7.x86_64"),
        ("Linux version 2.6.9-89.ELsmp (mock@b) (gcc version 3.4.6 (Red Hat 3.4.6-11)) #1 SMP", "2.6.9-89.ELsmp"),
        ("Linux web1 5.10.0-46-amd64 #1 SMP Debian 5.10.244-1 x86_64 GNU/Linux", "5.10.0-46-amd64"),
        ("EFLAGS: 00010246   (2.6.9-42.ELsmp)", "2.6.9-42.ELsmp"),
        ("BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-70.el9.x86_64 root=/dev/sda2 ro", "5.14.0-70.el9.x86_64"),
        ("Hardware name: Red Hat KVM, BIOS 2.11.0-2.el7 04/01/2014", None),
        ("e1000: Intel(R) PRO/1000 Network Driver - version 7.3.20-k2-NAPI", None),
        ("swapper: page allocation failure. order:1, mode:0x20", None),
        ("", None),
    ],
)  # fmt: skip
def test_find_release_in_a_line(line: str, release: str | None) -> None:
    assert find_release(line) == release


def test_parse_release_reads_a_whole_line_too() -> None:
    release = parse_release("Linux host 2.6.32-358.el6.x86_64 #1 SMP Tue Jan 29 11:47:41 EST 2013 x86_64\n")
    assert release is not None
    assert (release.text, release.rhel) == ("2.6.32-358.el6.x86_64", "6.4")


@given(st.text(max_size=80))
@example("2.6.9-" + "1." * 40)
@example("9.9.9-٣.el6")
def test_any_text_gives_a_release_or_none(text: str) -> None:
    release = parse_release(text)
    if release is not None:
        assert release.generation.startswith("el")
        assert release.exact or release.rhel is None
    find_release(text)


@given(
    st.sampled_from([(2, 6, 9), (2, 6, 18), (2, 6, 32), (3, 10, 0), (4, 18, 0), (5, 14, 0), (6, 12, 0)]),
    st.lists(st.integers(0, 99999), min_size=1, max_size=4),
    st.sampled_from(["", ".x86_64", ".i686", ".x86_64.debug", ".ppc64le+debug"]),
)
def test_red_hat_builds_are_exact(version: tuple[int, int, int], build: list[int], tail: str) -> None:
    tag = {2: {9: "EL", 18: "el5", 32: "el6"}.get(version[2]), 3: "el7", 4: "el8", 5: "el9", 6: "el10"}[version[0]]
    text = f"{'.'.join(map(str, version))}-{'.'.join(map(str, build))}.{tag}{tail}"
    release = parse_release(text)
    assert release is not None
    assert release.exact
    assert release.build == tuple(build)
    assert release.at_least(f"{'.'.join(map(str, version))}-{'.'.join(map(str, build))}")
