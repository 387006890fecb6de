"""The changes that can be tried, each with its words and what it makes of the ground."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from nopage.diagnosis.remedy.what_if.given_back import given_back
from nopage.diagnosis.remedy.what_if.ground import Altered, Ground
from nopage.diagnosis.watermark import RED_HAT, WatermarkRule, with_watermarks, zone_name
from nopage.kernel.facts import HugePages, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.kernel.watermarks import has_tunable, tunable_limits


@dataclass(frozen=True, slots=True)
class NewMarks:
    """Other values of the settings that make the watermarks; None stays as it is."""

    min_free_kbytes: int | None = None
    extra_free_kbytes: int | None = None
    watermark_scale_factor: int | None = None

    @property
    def named(self) -> dict[str, int]:
        """The new values by name."""
        values = {"min_free_kbytes": self.min_free_kbytes, "extra_free_kbytes": self.extra_free_kbytes,
                  "watermark_scale_factor": self.watermark_scale_factor}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def words(self) -> Message:
        settings = tuple(f"vm.{name}={value}" for name, value in self.named.items())
        if not settings:
            return say("what_if.change.none", "With the settings as they are")
        return say("what_if.change.marks", "With {settings:join and }", settings=settings)

    def applied(self, ground: Ground) -> Altered | Message:
        """The printed marks, moved by what the kernel's formula gives more or less than now.

        So a boost, rounding and what the zones have grown by since boot stay in them. Only where the printed ones are
        of other settings do the formula's own take their place.
        """
        for name, value in self.named.items():
            limits = tunable_limits(ground.release, name) or (0, None)
            if not has_tunable(ground.release, name):
                return say("what_if.no_setting", "this kernel has no {setting}", setting=f"vm.{name}")
            if value < limits[0] or (limits[1] is not None and value > limits[1]):
                return say("what_if.refused", "{setting} does not take {value}", setting=f"vm.{name}", value=value)
        now = ground.settings_now
        if now is None:
            return say("what_if.no_value", "the present vm.min_free_kbytes is not known")
        before = by_place(with_watermarks(ground.release, ground.zones, **now))
        after = by_place(with_watermarks(ground.release, ground.zones, **{**now, **self.named}))
        if not all((zone.node or 0, zone.name) in after for zone in ground.state.zones if zone.size_pages != 0):
            return say("missing.zones.sizes", "the zones' sizes are not known")
        stale, boosts = ground.of_other_settings, ground.boosts

        def moved(zone: Zone) -> Zone:
            if zone.size_pages == 0:
                return zone
            old, new = before[zone.node or 0, zone.name], after[zone.node or 0, zone.name]
            boost = boosts.get(zone_name(zone), 0)

            def mark(printed: int | None, then: int | None, now: int | None) -> int:
                if printed is None or stale:
                    return (then or 0) + boost
                return max(0, printed + (then or 0) - (now or 0))

            return replace(zone, min_pages=mark(zone.min_pages, new.min_pages, old.min_pages),
                           low_pages=mark(zone.low_pages, new.low_pages, old.low_pages),
                           high_pages=mark(zone.high_pages, new.high_pages, old.high_pages))

        zones = tuple(moved(zone) for zone in ground.state.zones)
        return Altered(ground.request, replace(ground.state, zones=zones), ground.rule)


def by_place(zones: Iterable[Zone]) -> dict[tuple[int, str], Zone]:
    """The zones by node and name."""
    return {(zone.node or 0, zone.name): zone for zone in zones}


@dataclass(frozen=True, slots=True)
class NoBoost:
    """vm.watermark_boost_factor = 0: the marks without what a mix of mobilities added for a while."""

    @property
    def words(self) -> Message:
        return say("what_if.change.no_boost", "Without the watermark boost")

    def applied(self, ground: Ground) -> Altered | Message:
        """The printed marks less their boost."""
        boosts = ground.boosts

        def without(zone: Zone) -> Zone:
            boost = boosts.get(zone_name(zone), 0)
            marks = [None if mark is None else max(0, mark - boost)
                     for mark in (zone.min_pages, zone.low_pages, zone.high_pages)]
            return replace(zone, min_pages=marks[0], low_pages=marks[1], high_pages=marks[2],
                           boost_pages=None if zone.boost_pages is None else 0)

        zones = tuple(without(zone) for zone in ground.state.zones)
        return Altered(ground.request, replace(ground.state, zones=zones), ground.rule)


@dataclass(frozen=True, slots=True)
class NewerRule:
    """The watermark check of a later build of the same major release; `kernel` is the first that has it."""

    kernel: str
    rule: WatermarkRule

    @property
    def words(self) -> Message:
        return say("what_if.change.rule", "Under the watermark rule of {kernel} and later", kernel=self.kernel)

    def applied(self, ground: Ground) -> Altered | Message:
        """The same state, judged by the other rule."""
        return Altered(ground.request, ground.state, self.rule)


@dataclass(frozen=True, slots=True)
class LowerOrder:
    """The caller asks for smaller pieces."""

    order: int

    @property
    def words(self) -> Message:
        return say("what_if.change.order", "At order {order}", order=self.order)

    def applied(self, ground: Ground) -> Altered | Message:
        """The same request for 2**order pages.

        It can fail at order 0 where order 1 passes: RHEL 8 to 9.5 give order 0 none of the highatomic reserve.
        """
        if not 0 <= self.order <= ground.request.order:
            return say("what_if.not_lower", "order {order} is not below order {failed_order}", order=self.order,
                       failed_order=ground.request.order)
        return Altered(replace(ground.request, order=self.order), ground.state, ground.rule)


@dataclass(frozen=True, slots=True)
class AnyNode:
    """The request is bound to no node (mbind, cpuset, __GFP_THISNODE)."""

    @property
    def words(self) -> Message:
        return say("what_if.change.any_node", "With every node open to it")

    def applied(self, ground: Ground) -> Altered | Message:
        """The same request without its node mask."""
        return Altered(replace(ground.request, nodes=None, one_node=False), ground.state, ground.rule)


@dataclass(frozen=True, slots=True)
class HugePagesBack:
    """Static hugepages (vm.nr_hugepages) that are given back to the page allocator."""

    pools: tuple[HugePages, ...]

    @property
    def words(self) -> Message:
        return say("what_if.change.huge_pages", "With {given_kb} kB of static hugepages given back",
                   given_kb=sum(pool.count * pool.size_kb for pool in self.pools))

    def applied(self, ground: Ground) -> Altered | Message:
        """Their pages free, in the largest blocks."""
        state = given_back(ground.state, self.pools)
        if state is None:
            return say("what_if.no_node", "the node of the hugepages is not known")
        return Altered(ground.request, state, ground.rule)


Change: TypeAlias = NewMarks | NoBoost | NewerRule | LowerOrder | AnyNode | HugePagesBack


def newer_rules(release: Release | None) -> tuple[NewerRule, ...]:
    """The watermark checks that later builds of this major release have, the next one first."""
    if release is None or not release.exact:
        return ()
    version = ".".join(str(part) for part in release.version)
    return tuple(
        NewerRule("-".join((version, ".".join(str(part) for part in first_build))), rule)
        for generation, first_build, rule in reversed(RED_HAT)
        if generation == release.generation and first_build > (release.build or (0,))
    )
