"""Other settings, tried: each zone's marks as `nopage watermarks` computes them, and what the replay then says."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nopage.diagnosis.picture import Picture
from nopage.diagnosis.remedy import tried
from nopage.engine.ladders import HostLadder, ladder_of
from nopage.engine.watermarks import watermarks_of
from nopage.intake.model import Collection
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message
from nopage.page.sliders import situation_of
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
    situation = situation_of(picture)
    told = [*(tried(situation, settings, asked.get("mtu")) if situation is not None else ()), *remarks(host)]
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
