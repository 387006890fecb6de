"""Pure: kernel log text to failure reports."""
from __future__ import annotations
