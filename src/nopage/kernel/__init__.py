"""Pure: what a kernel is: release, GFP bits, zones, watermarks, symbols, and the types of the facts."""
from __future__ import annotations
