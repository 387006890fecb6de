"""What is said of each finding, the same for every host: words, links and thresholds, one YAML file a key."""
from __future__ import annotations

from nopage.rules.knowledge.base import Knowledge, Link, ReleaseRange, ReleaseRow, RemedyWords, keys, knowledge

__all__ = ["Knowledge", "Link", "ReleaseRange", "ReleaseRow", "RemedyWords", "keys", "knowledge"]
