"""Which known fixes the kernel of a failed request lacks."""
from __future__ import annotations

from nopage.diagnosis.cause.diagnosis import Diagnosis
from nopage.diagnosis.watermark import FREE_LIST, ZoneVerdict
from nopage.kernel.fixes import Fix, fixes_for
from nopage.kernel.release import Release

BOOST, HIGHATOMIC = "boost", "highatomic"


def fixes_of(diagnosis: Diagnosis, release: Release | None) -> tuple[Fix, ...]:
    """The rows of the table that hold for this failure on `release`."""
    request, asker = diagnosis.request, diagnosis.asker
    if request is None or asker is None or not request.atomic:
        return ()
    functions = (asker.function, *sorted(asker.helpers))
    found = [
        row
        for function in functions
        for row in fixes_for(release, asker.driver, function, request.order, asker.path,
                             cause=diagnosis.cause or diagnosis.state_cause, signs=signs_of(diagnosis.best))
    ]
    return tuple(dict.fromkeys(found))


def signs_of(best: ZoneVerdict | None) -> frozenset[str]:
    """What of the deciding zone would have been enough, had the rule let the request have it."""
    if best is None or best.ok is not False or best.order:
        return frozenset()
    found = set()
    zone = best.zone
    if zone.boost_pages and -best.margin_pages <= zone.boost_pages * 3 // 8:
        found.add(BOOST)
    in_lists = {letter for area in zone.free_area if area.count for letter in area.migratetypes}
    if best.test == FREE_LIST and in_lists == {"H"}:
        found.add(HIGHATOMIC)
    return frozenset(found)
