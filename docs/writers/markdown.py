"""The pieces of Markdown that all writers use."""
from __future__ import annotations

from collections.abc import Sequence

NOTE = "<!-- Written by docs/generate.py; change {source} instead. -->\n\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") or " " for cell in row) + " |\n" for row in lines) + "\n"
