"""The results as documents: HTML, Markdown, a case comment, a sysctl.d file, an Ansible playbook. Logs are hostile."""
from __future__ import annotations

from nopage.report.documents.names import UNNAMED_HOST, inventory_host, is_plain_setting
from nopage.report.documents.plain import markdown, plain
from nopage.report.documents.rendering import ENDINGS, FORMATS, SeveralHosts, host_file, render
from nopage.report.documents.settings import file_stem

__all__ = [
    "ENDINGS",
    "FORMATS",
    "UNNAMED_HOST",
    "SeveralHosts",
    "file_stem",
    "host_file",
    "inventory_host",
    "is_plain_setting",
    "markdown",
    "plain",
    "render",
]
