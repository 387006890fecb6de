"""Who asked for the memory: the frames of a trace that count, the path they tell, the module they belong to."""
from __future__ import annotations

from nopage.diagnosis.cause.asking.asker import Asker, asker_of, reclaiming

__all__ = ["Asker", "asker_of", "reclaiming"]
