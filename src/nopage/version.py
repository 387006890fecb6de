"""The one place of the version; read by setup.py and by `nopage --version`, so it imports nothing."""
from __future__ import annotations

__version__ = "0.2.0"
