"""What changed on the host beside the failures: settings, and counters per hour."""

from __future__ import annotations

from collections.abc import Iterator

from nopage.result.answers import CounterChange, SettingChange
from nopage.result.compare.times import made_at
from nopage.result.network import Interface
from nopage.result.result import Result

Value = str | int | None
SLACK_S = 600  # between the clock and the uptime of one boot
NO_MATTER = frozenset({"vm.compact_memory", "vm.drop_caches", "vm.stat_refresh"})  # commands, not settings
MEMORY_SHARE = 0.01


def settings_changed(old: Result, new: Result) -> tuple[SettingChange, ...]:
    """Kernel, memory, vm.*, tuned, huge pages, interfaces: what both collected and is otherwise now."""
    before, after = dict(settings(old)), dict(settings(new))
    found = []
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if name in NO_MATTER or one is None or other is None or one == other:
            continue
        if name == "memory kB" and abs(int(other) - int(one)) < MEMORY_SHARE * int(one):
            continue
        found.append(SettingChange(name=name, before=one, after=other))
    return tuple(found)


def settings(result: Result) -> Iterator[tuple[str, Value]]:
    """Everything that somebody may have set."""
    yield "kernel", result.kernel.release
    memory = result.memory
    if memory is not None:
        yield "memory kB", memory.total_kb
        yield from ((f"vm.{name}", value) for name, value in sorted(memory.settings.items()))
        yield "tuned profile", memory.tuned_profile
        yield "transparent huge pages", memory.thp
        yield "huge page defrag", memory.thp_defrag
        if memory.huge_pages:
            yield "huge pages kB", sum(one.size_kb * one.count for one in memory.huge_pages)
    for card in result.network.interfaces if result.network is not None else ():
        yield f"{card.name} driver", card.driver
        yield f"{card.name} mtu", card.mtu
        yield f"{card.name} rx ring", card.rx_ring
        yield f"{card.name} queues", card.queues
        yield from ((f"{card.name} {name}", "on" if on else "off") for name, on in sorted(card.offloads.items()))


def counters_changed(old: Result, new: Result) -> tuple[CounterChange, ...]:
    """Each counter that moved before the old collection or since; what stands at 0 on both sides is left out."""
    before, after = dict(counters(old)), dict(counters(new))
    uptime_before, uptime_after = uptime(old), uptime(new)
    same_boot = is_same_boot(old, new)
    booted = None if uptime_before is None or uptime_after is None else not same_boot
    found = []
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if not one and not other:
            continue
        grown, since_s = other, uptime_after
        if same_boot and uptime_before is not None and uptime_after is not None and one is not None:
            # smaller than before without a boot: the driver was loaded anew
            grown = other - one if other is not None and other >= one else None
            since_s = uptime_after - uptime_before
        found.append(CounterChange(
            name=name, before=one, after=other, before_per_hour=rate(one, uptime_before),
            after_per_hour=rate(grown, since_s), since_boot=booted,
        ))
    return tuple(found)


def uptime(result: Result) -> float | None:
    return result.memory.uptime_s if result.memory is not None else None


def is_same_boot(old: Result, new: Result) -> bool:
    """Whether the host was not booted between the two."""
    one, other = uptime(old), uptime(new)
    if one is None or other is None or other <= one:
        return False
    first, second = made_at(old), made_at(new)
    if first is None or second is None:
        return True
    return abs((second - first).total_seconds() - (other - one)) < SLACK_S


def rate(count: int | None, seconds: float | None) -> float | None:
    """Per hour."""
    return count / seconds * 3600 if count is not None and seconds else None


def counters(result: Result) -> Iterator[tuple[str, int]]:
    """Counters since boot that say memory or buffers were short."""
    if result.memory is not None:
        yield from ((f"vmstat {name}", count) for name, count in result.memory.pressure.items())
    if result.network is None:
        return
    for card in result.network.interfaces:
        yield from ((f"{card.name} {name}", count) for name, count in of_card(card))
    for name, value in (
        ("softnet dropped", result.network.softnet_dropped), ("softnet squeezed", result.network.softnet_squeezed)
    ):
        if value is not None:
            yield name, value


def of_card(card: Interface) -> Iterator[tuple[str, int]]:
    yield from card.allocation_failed.items()
    yield from card.ring_empty.items()
    for name in ("rx_dropped", "rx_missed", "tx_dropped"):
        value = getattr(card, name)
        if value is not None:
            yield name, value
