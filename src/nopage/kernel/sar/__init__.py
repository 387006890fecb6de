"""What sysstat measured: the text of sar and the outputs of sadf as intervals with numbers."""
from __future__ import annotations

from nopage.kernel.sar.model import Interval, Wanted
from nopage.kernel.sar.sadf import sadf_json, sadf_lines
from nopage.kernel.sar.text import sar_text

__all__ = ["Interval", "Wanted", "read_sar"]


def read_sar(text: str, name: str = "", wanted: Wanted = lambda _day: True) -> tuple[Interval, ...]:
    """Any of them, told apart by how it begins; `name` is the file's."""
    head = text[:4096].lstrip()
    if head.startswith("{"):
        return sadf_json(text, wanted)
    if "hostname;interval;timestamp" in head or "hostname,interval,timestamp" in head:
        return sadf_lines(text, wanted)
    return sar_text(text, name, wanted)
