"""Members to hosts: where each member belongs is placed, what was read of it is kept, what all of it is gets judged.

A member is placed by `Placer`, read by the caller, kept by `Kept`; in the end `judged` makes a collection of each host.
"""
from __future__ import annotations

from nopage.intake.hosts.allowance import note
from nopage.intake.hosts.coverage import coverage
from nopage.intake.hosts.judge import judged
from nopage.intake.hosts.keep import Kept
from nopage.intake.hosts.place import ARCHIVE, CORE, FEEDS, LOOSE, Place, Placer

__all__ = ["ARCHIVE", "CORE", "FEEDS", "LOOSE", "Kept", "Place", "Placer", "coverage", "judged", "note"]
