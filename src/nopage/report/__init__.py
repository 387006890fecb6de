"""Results as text, JSON, HTML, Markdown, case comment, Ansible and sysctl.d."""
from __future__ import annotations
