"""What there is to scan: folders walked, globs and lists filled in, object storage listed; each source once."""
from __future__ import annotations

from nopage.fleet.sources.find import SourcesError, find, listed
from nopage.fleet.sources.target import Target, name_of
from nopage.fleet.sources.when import since_ns

__all__ = ["SourcesError", "Target", "find", "listed", "name_of", "since_ns"]
