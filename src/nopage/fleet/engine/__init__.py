"""Targets in, outcomes out: on this machine's processors or on a Dask cluster, each source in a child that may die."""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.fleet.engine.job import EngineError, Job, Outcome
from nopage.kernel.lazy import lazily

if TYPE_CHECKING:
    from nopage.fleet.engine.children import Children
    from nopage.fleet.engine.cluster import Cluster
    from nopage.fleet.engine.local import Local
    from nopage.fleet.engine.task import scan_one

__all__ = ["Children", "Cluster", "EngineError", "Job", "Local", "Outcome", "scan_one"]
HOMES = {"Children": "children", "Cluster": "cluster", "Local": "local", "scan_one": "task"}
# Each engine needs a library that the other does not; the task needs the rule engine.
__getattr__ = lazily(__name__, HOMES)
