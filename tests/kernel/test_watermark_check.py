from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.kernel.facts import Zone
from nopage.kernel.procfs import zoneinfo
from nopage.kernel.release import Release, parse_release
from nopage.kernel.watermark_check import check_watermarks, hides_boost, implied_min_free_kbytes, provenance
from nopage.kernel.watermarks import lowmem_reserve, watermarks


def release_of(text: str) -> Release:
    release = parse_release(text)
    assert release is not None
    return release


def printed(release: Release, sizes: dict[str, int], *, boost: int | None = None, **tunables: int) -> list[Zone]:
    """The zones that a kernel with these tunables prints."""
    zones = [Zone(name=name, node=0, present_pages=size) for name, size in sizes.items()]
    more = boost or 0
    return [
        replace(
            zone,
            min_pages=marks.min_pages + more,
            low_pages=marks.low_pages + more,
            high_pages=marks.high_pages + more,
            boost_pages=boost,
        )
        for zone, marks in zip(zones, watermarks(release, zones, **tunables), strict=True)
    ]


SIZES = {"DMA": 4000, "DMA32": 500_000, "Normal": 3_500_000}


def test_min_watermarks_tell_min_free_kbytes() -> None:
    # 16 + 2109 + 14769 = 16894 pages of 16896: each zone lost less than one
    zones = printed(release_of("3.10.0-1062.el7"), SIZES, min_free_kbytes=67584)
    assert implied_min_free_kbytes(zones) == (67576, 67587)


def test_nothing_is_implied_by_missing_or_absurd_watermarks() -> None:
    assert implied_min_free_kbytes(()) is None
    assert implied_min_free_kbytes((Zone("Normal", present_pages=5),)) is None
    assert implied_min_free_kbytes((Zone("Normal", present_pages=5, min_pages=3, boost_pages=9),)) is None


def test_a_tunable_changed_since_is_told() -> None:
    release = release_of("2.6.32-358.el6")
    zones = printed(release, SIZES, min_free_kbytes=67584)
    assert check_watermarks(release, zones, min_free_kbytes=67584) == ()
    (text,) = check_watermarks(release, zones, min_free_kbytes=262144)
    assert "67576..67587" in text
    assert "262144" in text
    texts = check_watermarks(release, zones, min_free_kbytes=67584, extra_free_kbytes=204800)
    assert [text.split(":")[0] for text in texts] == ["DMA of node 0", "DMA32 of node 0", "Normal of node 0"]
    assert all("vm.extra_free_kbytes 204800" in text for text in texts)


def test_scale_factor_changed_since_is_told() -> None:
    release = release_of("5.14.0-570.el9_6")
    zones = printed(release, SIZES, boost=0, min_free_kbytes=67584, watermark_scale_factor=200)
    assert check_watermarks(release, zones, min_free_kbytes=67584, watermark_scale_factor=200) == ()
    assert len(check_watermarks(release, zones, min_free_kbytes=67584)) == 3


def test_a_boost_that_is_not_printed_is_no_mismatch() -> None:
    release = release_of("4.18.0-553.el8_10")
    zones = [replace(zone, boost_pages=None) for zone in printed(release, SIZES, boost=512, min_free_kbytes=67584)]
    assert hides_boost(release, zones)
    assert check_watermarks(release, zones, min_free_kbytes=67584) == ()
    # 9.2 on prints it, RHEL 7 has none
    boosted = printed(release_of("5.14.0-427.el9_4"), SIZES, boost=512, min_free_kbytes=67584)
    assert check_watermarks(release_of("5.14.0-427.el9_4"), boosted, min_free_kbytes=67584) == ()
    assert not hides_boost(release_of("3.10.0-1160.el7"), zones)


@pytest.mark.parametrize(
    ("build", "sizes", "kb", "source"),
    [
        ("3.10.0-1062.el7", SIZES, 16007, "default"),  # int_sqrt(16 * 4004000 * 4)
        ("3.10.0-1062.el7", SIZES, 15990, "default"),  # init memory was freed later
        ("3.10.0-1062.el7", SIZES, 67584, "thp"),
        ("3.10.0-1062.el7", SIZES, 65536, "set"),
        ("3.10.0-1062.el7", SIZES, 262144, "set"),
        ("2.6.18-274.el5", SIZES, 67584, "set"),
        ("2.6.32-358.el6", {"DMA": 3_977, "DMA32": 100_000}, 20600, "thp"),
        ("3.10.0-1062.el7", {}, 4096, "unknown"),
        ("3.10.0-1062.el7", {"Normal": 0}, 4096, "unknown"),
    ],
)
def test_where_a_value_comes_from(build: str, sizes: dict[str, int], kb: int, source: str) -> None:
    zones = [Zone(name=name, present_pages=size) for name, size in sizes.items()]
    assert provenance(release_of(build), zones, kb) == source


BUILDS = ["2.6.9-89.EL", "2.6.18-274.el5", "2.6.32-358.el6", "3.10.0-1062.el7", "4.18.0-240.el8", "5.14.0-570.el9_6"]


@given(
    st.sampled_from(BUILDS),
    st.dictionaries(st.sampled_from(["DMA", "DMA32", "Normal", "HighMem"]), st.integers(1, 1 << 28), min_size=1),
    st.integers(0, 1 << 24),
    st.sampled_from([0, 2000, 204800]),
    st.sampled_from([10, 150]),
)
def test_what_a_kernel_prints_agrees_with_its_tunables(
    build: str, sizes: dict[str, int], kb: int, extra: int, factor: int
) -> None:
    release = release_of(build)
    tunables = {"min_free_kbytes": kb, "extra_free_kbytes": extra, "watermark_scale_factor": factor}
    zones = printed(release, sizes, **tunables)
    assert check_watermarks(release, zones, **tunables) == ()
    implied = implied_min_free_kbytes(zones)
    assert implied is None or implied[0] <= kb <= implied[1]
    assert (implied is None) is (set(sizes) == {"HighMem"})


@given(st.lists(st.builds(Zone, name=st.sampled_from(["DMA", "Normal", "HighMem", "Movable", "?"]),
                          min_pages=st.none() | st.integers(), low_pages=st.none() | st.integers(),
                          boost_pages=st.none() | st.integers(), present_pages=st.none() | st.integers(),
                          page_kb=st.integers(-1, 64)), max_size=4),
       st.sampled_from([None, *BUILDS]), st.integers())  # fmt: skip
def test_any_zones_are_taken(zones: list[Zone], build: str | None, kb: int) -> None:
    release = release_of(build) if build else None
    check_watermarks(release, zones, min_free_kbytes=kb, extra_free_kbytes=kb, watermark_scale_factor=kb)
    provenance(release, zones, kb)
    lowmem_reserve(release, zones)


class Collected:
    """What one case's archive holds of the kernel's memory state."""

    def __init__(self, archive: Path) -> None:
        self.files: dict[str, str] = {}
        with tarfile.open(archive) as members:
            for member in members:
                name = member.name.partition("/")[2]
                content = members.extractfile(member) if member.isfile() and name.startswith("proc/") else None
                if content is not None:
                    self.files[name] = content.read().decode(errors="replace")
        self.release = release_of(self.files["proc/version"])
        self.zones = zoneinfo(self.files["proc/zoneinfo"].splitlines())

    def tunables(self) -> dict[str, int]:
        names = ("min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor")
        return {name: int(self.files[f"proc/sys/vm/{name}"]) for name in names if f"proc/sys/vm/{name}" in self.files}


@pytest.mark.corpus
def test_genuine_kernels_computed_the_same(shared: Path) -> None:
    """Watermarks and reserves of booted kernels, from their own tunables and zone sizes.

    2.6.32 counts present pages, which do not change: equal to the page. Later ones computed them before init memory was
    freed (unless a tunable was written since), so a zone may differ by that; a boost may be on top.
    """
    archives = sorted((shared / "cases").glob("*.tar.xz"))
    assert archives
    for archive in archives:
        case = Collected(archive)
        tunables = case.tunables()
        assert (archive.name, check_watermarks(case.release, case.zones, **tunables)) == (archive.name, ())
        rows = lowmem_reserve(case.release, case.zones)
        assert rows == tuple(zone.lowmem_reserve_pages for zone in case.zones)
        for zone, marks in zip(case.zones, watermarks(case.release, case.zones, **tunables), strict=True):
            found = (zone.min_pages, zone.low_pages, zone.high_pages)
            assert None not in found
            boost = zone.boost_pages or (512 if zone.min_pages - marks.min_pages > 400 else 0)  # type: ignore[operator]
            computed = [pages + boost for pages in (marks.min_pages, marks.low_pages, marks.high_pages)]
            slack = 0 if case.release.generation == "el6" else 1 if case.release.generation == "el7" else 2
            for pages, value in zip(found, computed, strict=True):
                assert abs((pages or 0) - value) <= max(slack, value * slack // 100), (archive.name, zone.name)


@pytest.mark.corpus
def test_value_written_at_run_time_gives_the_printed_watermarks_exactly(shared: Path) -> None:
    checked = 0
    for archive in sorted((shared / "cases").glob("*.tar.xz")):
        case = Collected(archive)
        tunables = case.tunables()
        if provenance(case.release, case.zones, tunables["min_free_kbytes"]) != "set" or hides_boost(
            case.release, case.zones
        ):
            continue
        marks = watermarks(case.release, case.zones, **tunables)
        assert [(row.min_pages, row.low_pages, row.high_pages) for row in marks] == [
            (zone.min_pages, zone.low_pages, zone.high_pages) for zone in case.zones
        ]
        checked += 1
    assert checked >= 2
