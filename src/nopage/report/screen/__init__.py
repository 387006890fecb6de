"""What a person reads first: one screen a host, an aligned table for many, and all of it for who asks why."""
from __future__ import annotations

from nopage.report.screen.first import first_screen
from nopage.report.screen.layout import Line, paragraph

__all__ = ["Line", "first_screen", "paragraph"]
