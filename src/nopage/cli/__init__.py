"""The nopage command."""
from __future__ import annotations
