"""The result as one self-contained page: the answer, commands to copy, three pictures, and all the rest folded."""
from __future__ import annotations

from nopage.report.html.host import host_of
from nopage.report.html.marks import ladder_html
from nopage.report.html.page import html_page
from nopage.report.html.pictures import Bar, Picture
from nopage.report.html.shell import LANGUAGE_TAGS, SCRIPTS, STYLES, asset, filled, page_environment
from nopage.report.html.words import spoken

__all__ = [
    "LANGUAGE_TAGS",
    "SCRIPTS",
    "STYLES",
    "Bar",
    "Picture",
    "asset",
    "filled",
    "host_of",
    "html_page",
    "ladder_html",
    "page_environment",
    "spoken",
]
