"""Pure: why a request failed, and what to do about it."""
from __future__ import annotations
