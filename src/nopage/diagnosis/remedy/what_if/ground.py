"""What changes are tried on: the failed request, the state printed with it, and what makes the marks of this host."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.watermark import (
    DEFAULT_SCALE_FACTOR,
    Request,
    WatermarkCheck,
    WatermarkRule,
    boosts_in,
    check_watermarks,
    implied_min_free_kbytes,
    rule_of,
    zone_name,
)
from nopage.kernel.facts import MemInfo, Zone
from nopage.kernel.frozen import dataclass
from nopage.kernel.release import Release


@dataclass(frozen=True, slots=True)
class Ground:
    """What changes are tried on: a request that failed, and the memory state printed with it.

    `settings` are the collected vm.* values without "vm.", `zones` all zones of the host with their sizes, of which the
    state may show only some. `rule` is this kernel's watermark check; None where it is not known. `printed` is False
    where the state is not the failure's own but the collected one.
    """

    request: Request
    state: MemInfo
    release: Release | None
    rule: WatermarkRule | None
    settings: Mapping[str, int] = field(default_factory=dict)
    zones: tuple[Zone, ...] = ()
    printed: bool = True

    @property
    def settings_now(self) -> dict[str, int] | None:
        """The settings that make the marks; None where min_free_kbytes is neither collected nor printed as marks."""
        current = self.settings.get("min_free_kbytes")
        if current is None:
            current = implied_min_free_kbytes(self.release, self.zones)
        if current is None:
            return None
        return {
            "min_free_kbytes": current,
            "extra_free_kbytes": self.settings.get("extra_free_kbytes", 0),
            "watermark_scale_factor": self.settings.get("watermark_scale_factor", DEFAULT_SCALE_FACTOR),
        }

    @property
    def check(self) -> WatermarkCheck:
        """Whether the printed marks follow from the settings."""
        return check_watermarks(self.release, self.state.zones, self.settings_now or {}, all_zones=self.zones)

    @property
    def of_other_settings(self) -> bool:
        """The printed marks do not follow from the collected settings: one of them was changed since."""
        return "min_free_kbytes" in self.settings and self.check.agrees is False

    @property
    def boosts(self) -> dict[str, int]:
        """The pages of watermark boost in each zone's printed marks, by the zone's printed name."""
        found = boosts_in(self.release, self.state.zones, self.settings, all_zones=self.zones)
        return {zone_name(zone): found.get((zone.node or 0, zone.name), 0) for zone in self.state.zones}


@dataclass(frozen=True, slots=True)
class Altered:
    """The ground after a change."""

    request: Request
    state: MemInfo
    rule: WatermarkRule | None


def ground_of(situation: Situation) -> Ground | None:
    """The ground of a failure: the state printed with it, else the collected one; None without either."""
    request = situation.request
    state = next((one for one in (situation.failed_in, situation.memory) if one is not None and one.zones), None)
    if request is None or state is None:
        return None
    return Ground(request, state, situation.printed_by, rule_of(situation.printed_by, state), situation.settings,
                  situation.zones, printed=state is situation.failed_in)
