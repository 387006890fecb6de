"""Packed bytes to plain ones: compression told by its magic, taken off layer by layer, bounded, in a thread if it pays.

`layers` is for a whole source and for one member; `forms` has the formats. zstd and the thread are loaded when needed.
"""
from __future__ import annotations

from nopage.intake.unpack.forms import sniff, unpacked
from nopage.intake.unpack.layers import member_text, plain_source
from nopage.intake.unpack.window import SPARE, Window, lzma_window

__all__ = ["SPARE", "Window", "lzma_window", "member_text", "plain_source", "sniff", "unpacked"]
