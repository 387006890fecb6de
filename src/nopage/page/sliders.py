"""Which settings can be tried on a host, from where to where: what the page's sliders offer."""
from __future__ import annotations

from typing import Any

from nopage.diagnosis.host import HostFacts
from nopage.diagnosis.picture import Picture
from nopage.diagnosis.remedy import STANDARD_MTU, Kind, Problem, Situation, mtu_now, mtu_told
from nopage.kernel.message import say
from nopage.kernel.watermarks import has_tunable, tunable_limits
from nopage.report.speaker import Speaker

SCALE_MOST = 1000
LEAST_KB, SHARE_MOST = 1024, 20  # up to a twentieth of the memory, where a value begins to be too high
STEPS = 256
NO_PROBLEM = Problem("", Kind.AT_RISK)


def sliders_of(picture: Picture, speak: Speaker) -> list[dict[str, Any]]:
    """Each setting with its value now, its range and its label; none where no zones are known."""
    situation = situation_of(picture)
    if situation is None or not situation.zones:
        return []
    found = []
    current = situation.current_kb
    if current is not None:
        most = max((situation.ram_kb or 0) // SHARE_MOST, 2 * current, LEAST_KB * 64)
        found.append(slider("min_free_kbytes", speak(say("browser.slider.kb", "{setting}, in kB",
                     setting="vm.min_free_kbytes")), current, min(LEAST_KB, current), most, max(most // STEPS, 1)))
    if current is not None and has_tunable(situation.release, "watermark_scale_factor"):
        least, _ = tunable_limits(situation.release, "watermark_scale_factor") or (1, None)
        now = situation.settings.get("watermark_scale_factor", 10)
        found.append(slider("watermark_scale_factor", "vm.watermark_scale_factor", now, least,
                            max(SCALE_MOST, now), 1))
    mtu = mtu_now(situation)
    if mtu is not None:
        driver = situation.driver or ""
        label = (say("browser.slider.mtu", "MTU of {driver}", driver=driver) if mtu_told(situation) else
                 say("browser.slider.mtu_taken", "MTU of {driver}: not told, {mtu} is taken", driver=driver, mtu=mtu))
        found.append(slider("mtu", speak(label), mtu, STANDARD_MTU, mtu, 100))
    return found


def slider(name: str, label: str, value: int, least: int, most: int, step: int) -> dict[str, Any]:
    """One row of the page."""
    return {"name": name, "label": label, "value": value, "least": least, "most": most, "step": step}


def situation_of(picture: Picture) -> Situation | None:
    """The host's first problem on the host; a host without one has settings to try all the same."""
    if picture.plan is None:
        return None
    facts: HostFacts = picture.plan.facts
    network = picture.network.facts if picture.network else None
    problems: tuple[Problem, ...] = picture.plan.problems
    if problems:
        return Situation(facts, problems[0], network)
    return Situation(facts, NO_PROBLEM, network)
