"""What both faces of a fleet say: what to change, how many of how many, sizes and days."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from nopage.kernel.message import Message, say
from nopage.kernel.plain import plain
from nopage.report.fleet.labels import TURNS_SHORT
from nopage.report.labels import ACTIONS, SEVERITIES
from nopage.report.speaker import ENGLISH, Speaker, grouped, size_of
from nopage.report.words import label_of, leaf
from nopage.result.answers import (
    Change,
    FleetReport,
    FleetTotals,
    HostLine,
    PlanDone,
    Problem,
    ProblemChange,
    ReserveCell,
    Share,
)


def change_words(change: Change | PlanDone, speak: Speaker) -> str:
    """'update the kernel to 2.6.32-358 or later', 'mlx4_en at MTU 9000: MTU 1500'."""
    maker = CHANGES.get(change.action)
    if maker is not None:
        return speak(maker(change))
    return speak(set_said(change)) if change.setting else named_words(change, speak)


def update_said(change: Change | PlanDone) -> Message:
    if change.value is None:
        return say("fleet.change.update_any", "update the kernel")
    build = change.value.removesuffix(OR_LATER)
    value = say("remedy.update_kernel.value", "{kernel} or later", kernel=plain(build))
    return say("step.update", "update the kernel to {value}", value=plain(build) if build == change.value else value)


OR_LATER = " or later"  # so the rows of a store say it, in English


def order_said(change: Change | PlanDone) -> Message:
    driver, value = plain(change.driver or ""), plain(change.value or "")
    mtu = change.mtu if isinstance(change, Change) else None
    if mtu is not None and driver and value:
        return say("fleet.change.mtu", "{driver} at MTU {mtu_bytes}: {value}", driver=driver, mtu_bytes=mtu,
                   value=value)
    if driver and value:
        return say("fleet.change.order", "{driver} has to ask for less in one piece: {value}", driver=driver,
                   value=value)
    if driver:
        return say("fleet.change.order_driver", "{driver} has to ask for less in one piece", driver=driver)
    if value:
        return say("fleet.change.order_value", "ask for less in one piece: {value}", value=value)
    return say("fleet.change.order_any", "who asks has to ask for less in one piece")


def set_said(change: Change | PlanDone) -> Message:
    setting = plain(change.setting or "")
    if change.value is not None:
        return say("fleet.change.set", "set {setting} to {value}", setting=setting, value=plain(change.value))
    if not isinstance(change, Change) or change.lowest is None or change.highest is None:
        return say("fleet.change.set_any", "set {setting}, each host its own value", setting=setting)
    if change.lowest == change.highest:
        return say("fleet.change.set", "set {setting} to {value}", setting=setting, value=grouped(change.lowest))
    return say("fleet.change.set_each", "set {setting} ({lowest} to {highest}, each host its own)",
               setting=setting, lowest=grouped(change.lowest), highest=grouped(change.highest))


def named_words(change: Change | PlanDone, speak: Speaker) -> str:
    """An action that is no sysctl, by its label."""
    action = action_words(change.action, speak)
    return action if change.value is None else f"{action}{speak.colon}{plain(change.value)}"


def action_words(action: str, speak: Speaker) -> str:
    """An action by its label; a setting, or an action that has none, by its name."""
    label = ACTIONS.get(action)
    if label is not None:
        return speak(label)
    return plain(action if "." in action else action.replace("_", " "))


CHANGES: Mapping[str, Callable[[Change | PlanDone], Message]] = {
    "update_kernel": update_said,
    "lower_order": order_said,
    "add_memory": lambda _: say("fleet.change.add_memory", "more memory, or less load"),
    "compact_memory": lambda _: say("fleet.change.compact", "compact memory, again when it comes back"),
}


def percent(part: int, all_of_them: int) -> str:
    """'28 %'; less than one per cent with a digit behind the point."""
    if not all_of_them:
        return "-"
    share = 100 * part / all_of_them
    return f"{share:.0f} %" if share >= 1 or not part else f"{share:.1f} %" if share >= 0.1 else "< 0.1 %"


def share_words(share: Share, speak: Speaker, name: str | None = None) -> str:
    """'7.9 6,196 of 24,391 (25 %)'; 'fragmented 12,177'."""
    value = plain(name or share.value or speak(NOT_KNOWN))
    if share.hosts is None:
        return f"{value} {grouped(share.affected)}"
    return speak(say("fleet.share", "{value} {affected} of {hosts} ({percent})", value=value,
                     affected=grouped(share.affected), hosts=grouped(share.hosts),
                     percent=percent(share.affected, share.hosts)))


NOT_KNOWN = say("fleet.not_known", "not known")
UNSET = "2001"
CAUSES = say("many.cause", "CAUSE")
DRIVERS = say("fleet.drivers", "DRIVER")
NO_CAUSE = say("fleet.no_cause", "no cause told")
NO_MODULE = say("fleet.no_module", "no module named")


def nic_words(value: str | None) -> str:
    """'mlx4_en:9000' as 'mlx4_en MTU 9000'."""
    driver, _, mtu = plain(value or "").rpartition(":")
    return f"{driver} MTU {mtu}"


def cell_words(cell: ReserveCell, speak: Speaker) -> str:
    """'up to 64 MB of reserve in 33 to 64 GB'."""
    return speak(say("fleet.cell", "{reserve} in {memory}", reserve=size_of(cell.reserve_mb << 10),
                     memory=size_of(cell.memory_gb << 20)))


def worst_cells(report: FleetReport, most: int) -> list[ReserveCell]:
    """Where the reserve goes with failures: the largest share of affected hosts, in cells that are no single hosts."""
    least = max(5, report.totals.hosts // 500)
    cells = [cell for cell in report.reserves if cell.hosts >= least and cell.affected]
    return sorted(cells, key=lambda cell: -cell.affected / cell.hosts)[:most]


def day(text: str | None) -> str:
    """The day of a time; nothing where there is none."""
    return plain((text or "")[:10]) if is_set(text) else ""


def minute(text: str | None) -> str:
    """The time to the minute."""
    return plain((text or "")[:16].replace("T", " ")) if is_set(text) else ""


def is_set(text: str | None) -> bool:
    """Whether a time is that of a clock that was set."""
    return text is not None and text >= UNSET


def leaf_of(line: HostLine) -> str:
    """The source without its folders."""
    return plain(leaf(line.member or line.source))


def name_of(line: HostLine) -> str:
    """The host's name, else that of its source."""
    return plain(line.name) if line.name else leaf_of(line)


def request_of(order: int | None, gfp_mask: str | None) -> str:
    """'order 2, 0x4020'."""
    return f"order {order}, {plain(gfp_mask or '-')}" if order is not None else ""


def problem_words(
    problem: Problem | ProblemChange, speak: Speaker, cause: Callable[[str, Speaker], str] = label_of
) -> str:
    """'memory fragmented, mlx4_en, network receive'; of a finding without a cause its label."""
    path = problem.path if isinstance(problem, Problem) else None
    parts = (cause(problem.cause, speak) if problem.cause else None, problem.driver, path)
    return plain(", ".join(filter(None, parts)) or (label_of(problem.key, speak) if problem.key else "")
                 or problem.fingerprint)


def cause_words(cause: str | None, speak: Speaker) -> str:
    """A cause in one word, in English that by which it is looked for; in other languages its label."""
    return plain(cause or "-") if cause is None or speak.language == ENGLISH else plain(label_of(cause, speak))


def turn_words(turn: str, speak: Speaker) -> str:
    """What became of a host, as short as a column needs it."""
    return speak(TURNS_SHORT[turn])


def failures_said(count: int) -> Message:
    """'1 failure', '3,510 failures'."""
    return say("fleet.failures", "{number} {count:failure|failures}", number=grouped(count), count=count)


def severity_words(value: str | None, speak: Speaker) -> str:
    """How soon to act."""
    told = SEVERITIES.get(value or "")
    return plain(value or "-") if told is None else speak(told)


def verdict_said(report: FleetReport, speak: Speaker) -> list[Message]:
    """The fleet in some sentences."""
    totals = report.totals
    if not totals.hosts:
        return [say("fleet.no_host", "No host could be read.")]
    if not totals.affected:
        said = [say("fleet.none", "No failure on any of {number} {hosts:host|hosts}.", number=grouped(totals.hosts),
                    hosts=totals.hosts)]
    else:
        by = tuple(
            say("fleet.of_severity", "{hosts} {severity}", hosts=grouped(one.hosts or 0),
                severity=severity_words(one.value, speak))
            for one in report.severities if one.hosts and one.value != "none"
        )
        said = [
            say("fleet.affected", "{affected} of {hosts} hosts ({percent}) had page allocation failures: {by}.",
                affected=grouped(totals.affected), hosts=grouped(totals.hosts),
                percent=percent(totals.affected, totals.hosts), by=by),
        ]
    if totals.dropping:
        said.append(say("fleet.dropping", "Packets were lost on {hosts}, by their counters.",
                        hosts=grouped(totals.dropping)))
    if totals.silent:
        said.append(say("fleet.silent", "{hosts} failed silently.", hosts=grouped(totals.silent)))
    if totals.at_risk:
        said.append(say("fleet.at_risk", "{hosts} more are at risk.", hosts=grouped(totals.at_risk)))
    if totals.last_time:
        said.append(say("fleet.seen", "First seen {first}, last {last}.", first=day(totals.first_time),
                        last=day(totals.last_time)))
    return said


def head_said(totals: FleetTotals) -> list[Message]:
    """What was scanned, and what limits the counts."""
    said = [
        say("fleet.head", "{hosts} {host_count:host|hosts} of {sources} {source_count:source|sources}, scanned "
            "{scanned}",
            hosts=grouped(totals.hosts), host_count=totals.hosts, sources=grouped(totals.sources),
            source_count=totals.sources, scanned=day(totals.scanned_to) or "-"),
    ]
    if totals.unreadable:
        said.append(say("fleet.unreadable", "{count} not readable", count=grouped(totals.unreadable)))
    if totals.partly:
        said.append(say("fleet.partly", "{count} read partly", count=grouped(totals.partly)))
    return said


def names_said(report: FleetReport) -> Message | None:
    """Where hosts share their names: how they were counted."""
    totals = report.totals
    if report.newest or totals.names >= totals.hosts:
        return None
    return say("fleet.names", "They bear {number} {names:name|names}: each collection counts. --newest counts of each "
               "name the newest alone.", number=grouped(totals.names), names=totals.names)
