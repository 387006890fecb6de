"""Other settings, tried: each zone's marks as `nopage watermarks` computes them, and what the replay then says."""
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nopage.diagnosis.picture import Picture
from nopage.diagnosis.remedy import Situation
from nopage.diagnosis.remedy.values import scheme_of
from nopage.diagnosis.remedy.what_if import Change, Ground, LowerOrder, NewMarks, ground_of, what_if
from nopage.engine.ladders import HostLadder, ladder_of
from nopage.engine.watermarks import watermarks_of
from nopage.intake.model import Collection
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.page.sliders import mtu_now, situation_of
from nopage.report.html import ladder_html
from nopage.report.speaker import Speaker
from nopage.result import to_json

SETTINGS = ("min_free_kbytes", "watermark_scale_factor")


@dataclass(frozen=True, slots=True)
class Marks:
    """The ladder as HTML, what is to be said of it, and its numbers as `nopage watermarks --format json` has them."""

    html: str
    words: tuple[str, ...]
    zones: tuple[Any, ...]


def marks_of(
    collected: Collection, picture: Picture, asked: Mapping[str, int], speak: Speaker
) -> Marks | None:
    """The host under `asked`; None where no zones are known."""
    settings = {name: asked[name] for name in SETTINGS if name in asked}
    host = ladder_of(collected, picture, settings)
    if not host.tables:
        return None
    table = host.tables[-1]  # the state at the failure, where there is one
    told = [*replayed(picture, settings, asked.get("mtu")), *remarks(host)]
    zones = json.loads(to_json(watermarks_of([host])))["hosts"][0]["states"]
    html = ladder_html(table.ladder, speak(table.title), speak, deciding_zone(picture))
    return Marks(html, tuple(dict.fromkeys(map(speak, told))), tuple(zones))


def deciding_zone(picture: Picture) -> str:
    """The zone that came nearest to the failed request, as the kernel prints its name; "" where there is none."""
    situation = situation_of(picture)
    return situation.best.name if situation is not None and situation.best is not None else ""


def remarks(host: HostLadder) -> list[Message]:
    """Why a value is refused or no good one here."""
    shown = host.tables[-1].ladder
    found = [*shown.refused, *shown.missing]
    return [*found, *([host.caution] if host.caution else [])]


def replayed(picture: Picture, settings: Mapping[str, int], mtu: int | None) -> list[Message]:
    """What the printed state says of the failed request after the changes, each alone, then together."""
    situation = situation_of(picture)
    ground = ground_of(situation) if situation is not None else None
    if situation is None or ground is None:
        return []
    now = ground.settings_now or {}
    changed = {name: value for name, value in settings.items() if value != now.get(name)}
    marks = NewMarks(**changed) if changed else None
    order = order_at(situation, mtu)
    lower = LowerOrder(order) if order is not None and order < ground.request.order else None
    told = [tried(ground, change) for change in (marks, lower) if change is not None]
    if marks is not None and lower is not None:
        both = replace(ground, request=replace(ground.request, order=lower.order))
        told.append(say("browser.both", "Both together: {words}", words=tried(both, marks)))
    elif mtu is not None and lower is None and mtu != mtu_now(situation):
        told.append(say("browser.mtu_same", "With MTU {mtu} {driver} still asks for order {order}.", mtu=mtu,
                        driver=situation.driver, order=ground.request.order))
    return told


def tried(ground: Ground, change: Change) -> Message:
    """What one change does."""
    return what_if(ground, change).words


def order_at(situation: Situation, mtu: int | None) -> int | None:
    """The order of a receive buffer at another MTU; None where the MTU is as it was."""
    request, now = situation.request, mtu_now(situation)
    if mtu is None or now is None or request is None or mtu >= now:
        return None
    return min(request.order, scheme_of(situation.driver, situation.printed_by).asks_for(mtu, situation.page_kb))
