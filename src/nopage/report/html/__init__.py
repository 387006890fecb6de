"""The result as one self-contained page: the answer, commands to copy, three pictures, and all the rest folded."""
from __future__ import annotations

from nopage.report.html.page import html_page

__all__ = ["html_page"]
