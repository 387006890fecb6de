"""Two stores of one fleet as one answer: which hosts took which turn, and whether the old plans were carried out."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nopage.fleet.report import changes
from nopage.fleet.report.questions import TOTALS
from nopage.fleet.report.tables import MOST_LISTED, make_hosts, rows_of
from nopage.fleet.store import Store, scratch
from nopage.result import from_builtins
from nopage.result.answers import FleetDiff, PlanDone, StepState, Turn
from nopage.result.compare import kernel_state, memory_state, mtu_state, setting_state
from nopage.version import __version__

if TYPE_CHECKING:
    import duckdb

MOST_HOSTS = 100_000
QUIET = frozenset({Turn.GONE, Turn.NONE_SINCE, Turn.HEALTHY})
# Settings that a row has; of the others it cannot be told.
SETTINGS = ("min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor", "watermark_boost_factor")


class Of(NamedTuple):
    """What hosts have in common of a step."""

    action: str
    setting: str | None
    value: str | None
    driver: str | None


def diff_of(old: Store, new: Store, *, most_hosts: int = MOST_HOSTS) -> FleetDiff:
    """What became of the hosts of the old store by the new one."""
    with scratch({"old_": old, "new_": new}) as base:
        for prefix in ("old_", "new_"):
            make_hosts(base, newest=True, prefix=prefix)
        base.execute(changes.BOTH)
        before, after = (rows_of(base, TOTALS.format(p=prefix))[0] for prefix in ("old_", "new_"))
        counted = {row["turn"]: row["hosts"] for row in rows_of(base, changes.TURNS)}
        plans, done = plans_of(base)
        hosts = rows_of(base, changes.HOSTS.format(most=most_hosts))
        changed = sum(many for turn, many in counted.items() if turn != Turn.HEALTHY)
        for host in hosts:
            host["done"] = done.get(host.pop("place"), ())
        told = {
            "schema": "nopage-fleet-diff/1",
            "nopage": __version__,
            "old": old.folder.url,
            "new": new.folder.url,
            "before": before,
            "after": after,
            "both": sum(counted.values()),
            "only_old": before["hosts"] - sum(counted.values()),
            "only_new": after["hosts"] - sum(counted.values()),
            "turns": [{"turn": turn.value, "hosts": counted.get(turn.value, 0)} for turn in Turn],
            **{name: rows_of(base, sql) for name, sql in changes.MOVED.items()},
            "problems_new": rows_of(base, changes.PROBLEMS.format(here="new_", there="old_")),
            "problems_gone": rows_of(base, changes.PROBLEMS.format(here="old_", there="new_")),
            "plans": plans,
            "hosts": hosts,
            "hosts_left_out": changed - len(hosts),
        }
    return from_builtins(told, FleetDiff)


def plans_of(base: duckdb.DuckDBPyConnection) -> tuple[list[PlanDone], dict[int, tuple[str, ...]]]:
    """Each kind of step and what became of it; and of each host, by its place, the steps that it did."""
    states: dict[Of, Counter[StepState]] = {}
    quiet: dict[Of, Counter[bool]] = {}
    done: dict[int, tuple[str, ...]] = {}
    for step in steps(base):
        of = Of(step["action"], step["setting"], step["shared"], step["driver"])
        state = state_of(step)
        states.setdefault(of, Counter())[state] += 1
        if step["turn"] in QUIET:
            quiet.setdefault(of, Counter())[state is StepState.DONE] += state in (StepState.DONE, StepState.NOT_DONE)
        if state is StepState.DONE:
            name = step["setting"] or step["action"]
            done[step["place"]] = (*done.get(step["place"], ()), name)
    found = [
        PlanDone(
            action=of.action, setting=of.setting, value=of.value, driver=of.driver, hosts=many.total(),
            done=many[StepState.DONE], partly=many[StepState.PARTLY], undone=many[StepState.UNDONE],
            not_done=many[StepState.NOT_DONE], cannot_be_told=many[StepState.CANNOT_BE_TOLD],
            quiet_after_done=quiet.get(of, Counter())[True], quiet_after_not=quiet.get(of, Counter())[False],
        )
        for of, many in states.items()
    ]
    found.sort(key=lambda one: (-one.hosts, one.action, one.value or "", one.driver or ""))
    return found[: MOST_LISTED], done


def steps(base: duckdb.DuckDBPyConnection) -> Iterator[Mapping[str, Any]]:
    """The old plans' steps, each with what both rows of its host have."""
    cursor = base.execute(changes.STEPS)
    names = [str(column[0]) for column in cursor.description or ()]
    while rows := cursor.fetchmany(10_000):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def state_of(step: Mapping[str, Any]) -> StepState:
    """Whether a step was carried out, by what the new row shows."""
    judge = JUDGES.get(step["action"])
    if judge is not None:
        return judge(step)
    name = (step["setting"] or "").removeprefix("vm.")
    if name in SETTINGS:
        return setting_state(step["value"], step["before"], step[name])
    return StepState.CANNOT_BE_TOLD


def mtu_done(step: Mapping[str, Any]) -> StepState:
    """A smaller MTU: of the driver's interfaces the largest counts."""
    asked = (step["shared"] or "").removeprefix("MTU ")
    if not asked.isdecimal() or not step["driver"]:
        return StepState.CANNOT_BE_TOLD
    sizes = [int(mtu) for name, _, mtu in (nic.rpartition(":") for nic in step["nics"] or ())
             if name == step["driver"] and mtu.isdecimal()]
    return mtu_state(int(asked), step["mtu"], max(sizes, default=None))


JUDGES: Mapping[str, Callable[[Mapping[str, Any]], StepState]] = {
    "update_kernel": lambda step: kernel_state(step["value"], step["old_kernel"], step["new_kernel"]),
    "lower_order": mtu_done,
    "add_memory": lambda step: memory_state(step["old_kb"], step["new_kb"]),
}
