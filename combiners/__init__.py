"""insights combiners: facts to the host's picture."""
from __future__ import annotations
