"""Archive, directory, log, core or live host to named, bounded text streams; nothing is written to disk."""
from __future__ import annotations
