"""The result as one self-contained page: the answer, commands to copy, three pictures, and all the rest folded."""
from __future__ import annotations

from nopage.report.html.host import host_of
from nopage.report.html.page import html_page
from nopage.report.html.pictures import Bar, Picture
from nopage.report.html.shell import SCRIPTS, STYLES, filled

__all__ = ["SCRIPTS", "STYLES", "Bar", "Picture", "filled", "host_of", "html_page"]
