"""The report of a store: each part by rows made for it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

import nopage
from nopage.fleet.report import report_of
from nopage.fleet.store import (
    Folder,
    GroupRow,
    Packed,
    Row,
    StepRow,
    Store,
    Writer,
    failed_row,
    groups_of,
    packed_result,
    row_of,
    steps_of,
)
from nopage.result import to_json
from nopage.result.answers import FleetReport, Share, answer_schema

Make = Callable[..., FleetReport]
FAILING = Row(
    source="", host="web1", kernel="2.6.32-220.el6.x86_64", rhel="6.2", complete=True, severity="moderate", reports=3,
    findings=("ATOMIC_ALLOCATION_FAILURE",), top_finding="ATOMIC_ALLOCATION_FAILURE", cause="fragmented",
    driver="mlx4_en", path="network receive", order=2, gfp_mask="0x4020", fingerprint="f1", mtu=9000,
    nics=("mlx4_en:9000",), first_time="2026-10-01T10:00:00+02:00", last_time="2026-10-03T10:00:00+02:00",
    min_free_kbytes=90112, total_kb=32_645_196,
)  # fmt: skip
HEALTHY = Row(source="", host="web2", kernel="2.6.32-754.el6.x86_64", rhel="6.10", complete=True,
              nics=("mlx4_en:9000",), min_free_kbytes=90112, total_kb=32_645_196)


def step(action: str, **fields: Any) -> StepRow:
    return StepRow(source="", action=action, **fields)


def host(name: str, row: Row, *steps: StepRow, groups: tuple[GroupRow, ...] = (), **changed: Any) -> Packed:
    row = replace(row, source=f"/srv/{name}.tar.xz", **{"host": name, **changed})
    return Packed(
        row=row, steps=tuple(replace(one, source=row.source, number=at) for at, one in enumerate(steps, 1)),
        groups=tuple(replace(one, source=row.source) for one in groups),
    )  # fmt: skip


def write(folder: Path, *hosts: Packed) -> str:
    writer = Writer(Folder(str(folder)))
    writer.add(hosts)
    writer.flush()
    writer.close()
    return str(folder)


@pytest.fixture
def told(tmp_path: Path) -> Make:
    """The report of some hosts."""

    def make(*hosts: Packed, **how: Any) -> FleetReport:
        return report_of(Store.open(write(tmp_path / "store", *hosts)), **how)

    return make


def shares(found: tuple[Share, ...]) -> list[tuple[str | None, int, int | None]]:
    return [(one.value, one.affected, one.hosts) for one in found]


def test_of_nothing(told: Make) -> None:
    report = told()
    assert report.totals.hosts == report.totals.sources == 0
    assert report.changes == report.hosts == report.periods == ()
    assert [one.value for one in report.severities] == ["urgent", "important", "moderate", "low", "none"]


def test_totals(told: Make) -> None:
    report = told(
        host("a", FAILING, drops="shown"), host("b", FAILING, severity="urgent", reports=7),
        host("c", HEALTHY, at_risk=True), host("d", HEALTHY, silent=True, complete=False, warning="x"),
        Packed(row=failed_row("/srv/e", "is empty")),
    )  # fmt: skip
    totals = report.totals
    assert (totals.sources, totals.unreadable, totals.hosts, totals.names) == (5, 1, 4, 4)
    assert (totals.affected, totals.failing, totals.silent, totals.at_risk) == (3, 2, 1, 1)
    assert (totals.partly, totals.dropping, totals.reports, totals.with_findings) == (1, 1, 10, 2)
    assert (totals.first_time, totals.last_time) == ("2026-10-01T10:00:00", "2026-10-03T10:00:00")
    assert shares(report.severities)[0] == ("urgent", 1, 1)


def test_shares(told: Make) -> None:
    report = told(
        host("a", FAILING), host("b", FAILING, cause="exhausted", driver=None, mtu=None), host("c", HEALTHY),
        host("d", HEALTHY, nics=()),
    )  # fmt: skip
    assert shares(report.causes) == [("exhausted", 1, None), ("fragmented", 1, None)]
    assert shares(report.drivers) == [("mlx4_en", 1, None), (None, 1, None)]
    assert shares(report.nics) == [("mlx4_en:9000", 1, 3)]
    assert shares(report.rhels) == [("6.2", 2, 2), ("6.10", 0, 2)]
    assert shares(report.kernels)[0] == ("2.6.32-220.el6.x86_64", 2, 2)
    assert shares(report.findings) == [("ATOMIC_ALLOCATION_FAILURE", 2, None)]
    assert [(one.memory_gb, one.reserve_mb, one.affected, one.hosts) for one in report.reserves] == [(32, 128, 2, 4)]


def test_requests_count_hosts_once(told: Make) -> None:
    one, other = (GroupRow(source="", order=2, gfp_mask="0x20", gfp_name="GFP_ATOMIC", atomic=True, count=count)
                  for count in (3, 4))
    report = told(host("a", FAILING, groups=(one, other)), host("b", FAILING, groups=(one,)))
    assert [(found.order, found.hosts, found.reports) for found in report.requests] == [(2, 2, 10)]


def test_what_to_change_once_for_many(told: Make) -> None:
    update = step("update_kernel", value="2.6.32-358 or later", shared="2.6.32-358 or later", verdict="passes")
    reserve = step("raise_min_free_kbytes", setting="vm.min_free_kbytes", value="180224", command="sysctl 1")
    mtu = step("lower_order", value="MTU 1500 on eth4 (now 9000)", shared="MTU 1500", driver="mlx4_en", mtu=9000)
    report = told(
        host("a", FAILING, update, reserve, severity="urgent"),
        host("b", FAILING, update, replace(reserve, value="90112", command="sysctl 2")),
        host("c", FAILING, mtu, replace(update, due="if_it_comes_back")), host("d", FAILING, step("none_needed")),
    )  # fmt: skip
    first, second, third = report.changes
    assert (first.action, first.value, first.hosts, first.soon, first.later, first.passes) == (
        "update_kernel", "2.6.32-358 or later", 3, 1, 1, 3)
    assert first.names == ("a", "b", "c")
    assert (second.hosts, second.lowest, second.highest, second.command) == (2, 90112, 180224, None)
    assert (third.driver, third.mtu, third.value, third.hosts) == ("mlx4_en", 9000, "MTU 1500", 1)
    assert third.rhels == ("6.2",)
    assert {line.name: line.changes for line in report.hosts} == {"a": (1, 2), "b": (1, 2), "c": (1, 3), "d": ()}


def test_hosts_stand_in_order_of_severity_then_reports(told: Make) -> None:
    report = told(
        host("few", FAILING), host("many", FAILING, reports=99), host("well", HEALTHY),
        host("urgent", FAILING, severity="urgent", reports=1), most_hosts=3,
    )  # fmt: skip
    assert [line.name for line in report.hosts] == ["urgent", "many", "few"]
    assert report.hosts_left_out == 1
    assert [line.name for line in report.worst] == ["urgent", "many", "few"]


@pytest.mark.parametrize(
    ("errors", "reasons"),
    [
        (["is cut off after 12 MB", "is cut off after 7,5 MB"], [("is cut off after # MB", 2)]),
        (["/srv/a/b.tar: no such file", "/srv/c.tar: no such file"], [("...: no such file", 2)]),
        (["is empty", "is damaged", "is empty"], [("is empty", 2), ("is damaged", 1)]),
    ],
)
def test_why_sources_could_not_be_read(told: Make, errors: list[str], reasons: list[tuple[str, int]]) -> None:
    report = told(*(Packed(row=failed_row(f"s{at}", error)) for at, error in enumerate(errors)))
    assert [(one.reason, one.sources) for one in report.unreadable] == reasons


@pytest.mark.parametrize(
    ("days", "period", "shown"),
    [([0, 0], "hour", 1), ([0, 3], "day", 2), ([0, 90], "month", 2), ([0, 2000], "year", 2), (range(31), "day", 25)],
)
def test_periods(told: Make, days: Any, period: str, shown: int) -> None:
    hosts = []
    for at, day in enumerate(days):
        time = f"{2020 + day // 366}-{1 + day % 366 // 31:02}-{1 + day % 31:02}T10:00:00"
        hosts.append(host(f"h{at}", FAILING, first_time=time, last_time=time))
    report = told(*hosts)
    assert (report.period, len(report.periods)) == (period, shown)
    assert sum(one.last_seen for one in report.periods) == len(hosts)
    assert (report.periods[0].begin is None) is (shown == 25)


def test_times_of_a_clock_that_was_not_set_do_not_count(told: Make) -> None:
    report = told(host("a", FAILING, first_time="1970-01-01T00:00:09", last_time="1970-01-01T00:00:10"))
    assert (report.totals.first_time, report.periods) == (None, ())


def test_newest_of_a_name(told: Make) -> None:
    old = host("web1", FAILING, collected_at="2026-10-01T00:00:00")
    new = replace(host("web1", HEALTHY, collected_at="2026-11-01T00:00:00"),
                  row=replace(HEALTHY, host="web1", source="/srv/new", collected_at="2026-11-01T00:00:00"))
    nameless = [host(name, HEALTHY, host=None) for name in ("x", "y")]
    report = told(old, new, *nameless)
    assert (report.totals.hosts, report.totals.names, report.totals.affected) == (4, 3, 1)


@pytest.mark.parametrize(("newest", "affected"), [(False, 1), (True, 0)])
def test_newest_alone(told: Make, newest: bool, affected: int) -> None:
    rows = [replace(row, host="web1", source=f"/srv/{at}", collected_at=f"2026-1{at}-01T00:00:00")
            for at, row in enumerate((FAILING, HEALTHY))]
    assert told(*(Packed(row=row) for row in rows), newest=newest).totals.affected == affected


def test_rows_of_a_result(samples: Path) -> None:
    (result,) = nopage.diagnose(str(samples.parents[1] / "docs/example/sosreport-example-rhel6"))
    row = row_of(result, "s", "s")
    assert (row.mtu, row.nics, row.series, row.drops) == (9000, ("mlx4_en:9000",), "burst", "shown")
    steps = [(one.number, one.action, one.shared, one.value, one.due) for one in steps_of(result, row)]
    assert steps[0] == (1, "update_kernel", "2.6.32-431 or later", "2.6.32-431 or later", "now")
    assert ("raise_min_free_kbytes", None, "180224") in [(one[1], one[2], one[3]) for one in steps]


def test_whole_results_of_some(tmp_path: Path, samples: Path) -> None:
    (result,) = nopage.diagnose(str(samples.parents[1] / "docs/example/sosreport-example-rhel6"))
    hosts = []
    for name in ("a", "b", "c"):
        row = row_of(result, name, name)
        whole = packed_result(replace(result, host=name))
        hosts.append(Packed(row=row, groups=tuple(groups_of(result, row)), result=whole))
    store = Store.open(write(tmp_path / "s", *hosts))
    wanted = [("c", hosts[2].row.member), ("nobody", ""), ("a", hosts[0].row.member)]
    assert [found.host for _, found in store.results_of(wanted)] == ["c", "a"]


NASTY = (
    "<script>alert(1)</script>", "two\nlines", "a\u202eb", "'; DROP TABLE rows; --", "half \udcff", "{p}hosts", "%s",
)  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_hostile_names_are_values(told: Make, text: str) -> None:
    report = told(host(text, FAILING, step(text, value=text, shared=text, setting=text), driver=text, cause=text,
                       kernel=text, rhel=text, fingerprint=text, nics=(f"{text}:9000",), severity=text))
    kept = text.encode("utf-8", "backslashreplace").decode()
    assert report.hosts[0].name == report.drivers[0].value == report.changes[0].value == kept
    assert shares(report.nics) == [(f"{kept}:9000", 1, 1)]
    assert to_json(report)


def test_long_names_are_bounded(told: Make) -> None:
    text = "x" * 10_000
    report = told(host("a", FAILING, step(text, value=text, shared=text, command=text), kernel=text, driver=text),
                  Packed(row=failed_row(text, text)))
    assert len(to_json(report)) < 20_000
    assert report.hosts[0].changes == (1,)


def test_the_json_is_as_its_schema_says(told: Make, synthetic_fleet: ModuleType) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    report = told(*synthetic_fleet.hosts(300))
    jsonschema.validate(msgspec.json.decode(to_json(report)), answer_schema("fleet-report"))
    assert report.totals.hosts > 250
    assert sum(one.affected for one in report.causes) == report.totals.affected
    assert sum(one.hosts or 0 for one in report.severities) == report.totals.hosts
