"""The result as one self-contained page: the answer, commands to copy, three pictures, and all the rest folded."""
from __future__ import annotations

from nopage.report.html.marks import ladder_html
from nopage.report.html.page import LANGUAGE_TAGS, asset, html_page, page_environment

__all__ = ["LANGUAGE_TAGS", "asset", "html_page", "ladder_html", "page_environment"]
