"""Two stores compared: each turn, each state of a plan's step, problems of one side alone."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from nopage.fleet.report import diff_of
from nopage.fleet.store import Folder, Packed, Row, StepRow, Store, Writer
from nopage.result import to_json
from nopage.result.answers import FleetDiff, PlanDone, Turn, answer_schema

Make = Callable[..., FleetDiff]
OLD = Row(
    source="/old", host="web1", kernel="2.6.32-220.el6.x86_64", rhel="6.2", complete=True, severity="moderate",
    reports=3, findings=("ATOMIC_ALLOCATION_FAILURE",), cause="fragmented", driver="mlx4_en", fingerprint="f1",
    collected_at="2026-10-01T00:00:00", last_time="2026-09-30T00:00:00", min_free_kbytes=90112, total_kb=32_000_000,
    nics=("mlx4_en:9000", "tg3:1500"),
)  # fmt: skip
AGAIN = replace(OLD, source="/new", collected_at="2026-11-01T00:00:00", last_time="2026-10-20T00:00:00+02:00")
WELL = Row(source="/new", host="web1", complete=True, collected_at="2026-11-01T00:00:00")


def write(folder: Path, *hosts: Packed) -> Store:
    writer = Writer(Folder(str(folder)))
    writer.add(hosts)
    writer.flush()
    writer.close()
    return Store.open(str(folder))


@pytest.fixture
def told(tmp_path: Path) -> Make:
    def make(old: list[Packed], new: list[Packed], **how: Any) -> FleetDiff:
        return diff_of(write(tmp_path / "old", *old), write(tmp_path / "new", *new), **how)

    return make


@pytest.mark.parametrize(
    ("old", "new", "turn"),
    [
        (OLD, AGAIN, Turn.AGAIN),
        (OLD, replace(AGAIN, severity="urgent"), Turn.WORSE),
        (OLD, replace(AGAIN, severity="low"), Turn.BETTER),
        (OLD, replace(AGAIN, last_time=OLD.last_time), Turn.NONE_SINCE),
        (OLD, replace(AGAIN, last_time="2026-09-30T23:00:00"), Turn.NONE_SINCE),  # before the old one was collected
        (OLD, replace(AGAIN, last_time=None), Turn.NONE_SINCE),
        (OLD, WELL, Turn.GONE),
        (replace(WELL, source="/old"), AGAIN, Turn.NEW),
        (replace(WELL, source="/old"), WELL, Turn.HEALTHY),
        (replace(WELL, source="/old"), replace(WELL, silent=True), Turn.NEW),
    ],
)
def test_turns(told: Make, old: Row, new: Row, turn: Turn) -> None:
    found = told([Packed(row=old)], [Packed(row=new)])
    assert {one.turn: one.hosts for one in found.turns} == {one: int(one is turn) for one in Turn}
    assert found.both == 1
    assert [one.turn for one in found.hosts] == ([] if turn is Turn.HEALTHY else [turn])


def test_hosts_of_one_side_alone(told: Make) -> None:
    found = told([Packed(row=OLD), Packed(row=replace(OLD, host="gone", source="/g"))],
                 [Packed(row=AGAIN), Packed(row=replace(AGAIN, host="came", source="/c"))])
    assert (found.both, found.only_old, found.only_new) == (1, 1, 1)


def test_of_several_collections_the_newest_counts(told: Make) -> None:
    found = told([Packed(row=OLD)], [Packed(row=replace(AGAIN, collected_at="2026-10-02T00:00:00", source="/n0")),
                                     Packed(row=WELL)])
    assert found.hosts[0].turn is Turn.GONE


def step(action: str, **fields: Any) -> StepRow:
    return StepRow(source="/old", action=action, **fields)


RESERVE = step("raise_min_free_kbytes", setting="vm.min_free_kbytes", value="180224", before="90112")
UPDATE = step("update_kernel", value="2.6.32-358 or later", shared="2.6.32-358 or later")
MTU = step("lower_order", value="MTU 1500 on eth4", shared="MTU 1500", driver="mlx4_en", mtu=9000)


@pytest.mark.parametrize(
    ("one", "changed", "state"),
    [
        (RESERVE, {"min_free_kbytes": 180224}, "done"),
        (RESERVE, {"min_free_kbytes": 131072}, "partly"),
        (RESERVE, {"min_free_kbytes": 90112}, "not_done"),
        (RESERVE, {"min_free_kbytes": 67584}, "undone"),
        (RESERVE, {"min_free_kbytes": None}, "cannot_be_told"),
        (UPDATE, {"kernel": "2.6.32-358.el6.x86_64"}, "done"),
        (UPDATE, {"kernel": "2.6.32-279.el6.x86_64"}, "partly"),
        (UPDATE, {}, "not_done"),
        (UPDATE, {"kernel": None}, "cannot_be_told"),
        (MTU, {"nics": ("mlx4_en:1500", "tg3:9000")}, "done"),
        (MTU, {"nics": ("mlx4_en:1500", "mlx4_en:9000")}, "not_done"),
        (MTU, {"nics": ("mlx4_en:4000",)}, "partly"),
        (MTU, {"nics": ()}, "cannot_be_told"),
        (step("add_memory"), {"total_kb": 64_000_000}, "done"),
        (step("add_memory"), {}, "not_done"),
        (step("raise_watermark_scale_factor", setting="vm.watermark_scale_factor", value="50", before="10"),
         {"watermark_scale_factor": 50}, "done"),
        (step("compact_memory", setting="vm.compact_memory", value="1"), {}, "cannot_be_told"),
    ],
)
def test_plans(told: Make, one: StepRow, changed: dict[str, Any], state: str) -> None:
    (plan,) = told([Packed(row=OLD, steps=(one,))], [Packed(row=replace(AGAIN, **changed))]).plans
    states = {name: getattr(plan, name) for name in ("done", "partly", "undone", "not_done", "cannot_be_told")}
    assert states == {name: int(name == state) for name in states}
    assert isinstance(plan, PlanDone)


def test_whether_it_helped(told: Make) -> None:
    """Of four hosts two were updated, one of which fell quiet; so did one of the others."""
    old, new = [], []
    for number, (updated, quiet) in enumerate([(True, True), (True, False), (False, True), (False, False)]):
        name = {"host": f"h{number}"}
        steps = (replace(UPDATE, source=f"/o{number}"),)
        old.append(Packed(row=replace(OLD, source=f"/o{number}", **name), steps=steps))
        row = replace(WELL if quiet else AGAIN, source=f"/n{number}", **name)
        new.append(Packed(row=replace(row, kernel="2.6.32-754.el6.x86_64" if updated else OLD.kernel)))
    found = told(old, new)
    (plan,) = found.plans
    assert (plan.hosts, plan.done, plan.quiet_after_done, plan.not_done, plan.quiet_after_not) == (4, 2, 1, 2, 1)
    assert {one.name: one.done for one in found.hosts}["h0"] == ("update_kernel",)


def test_problems_of_one_side_alone(told: Make) -> None:
    found = told([Packed(row=OLD)], [Packed(row=replace(AGAIN, fingerprint="f2", cause="exhausted"))])
    assert [one.fingerprint for one in found.problems_new] == ["f2"]
    assert [one.fingerprint for one in found.problems_gone] == ["f1"]
    assert [(one.value, one.before, one.after) for one in found.causes] == [("exhausted", 0, 1), ("fragmented", 1, 0)]


def test_the_json_is_as_its_schema_says(told: Make, synthetic_fleet: ModuleType) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    found = told([*synthetic_fleet.hosts(300)], [*synthetic_fleet.hosts(300, later=True)], most_hosts=10)
    jsonschema.validate(msgspec.json.decode(to_json(found)), answer_schema("fleet-diff"))
    changed = sum(one.hosts for one in found.turns if one.turn is not Turn.HEALTHY)
    assert (len(found.hosts), found.hosts_left_out) == (10, changed - 10)
    assert sum(plan.done for plan in found.plans) > 0
