"""insights parsers: the collected streams, and the facts in them."""
from __future__ import annotations
