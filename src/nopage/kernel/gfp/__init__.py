"""What a gfp_mask asks for: the bits of each kernel generation, their names, and whether the request could sleep."""
from __future__ import annotations

from nopage.kernel.gfp.decode import GfpDecoded, decode, layout_of_all, mask_of
from nopage.kernel.gfp.words import FLAG_WORDS, reserve_words

__all__ = [
    "FLAG_WORDS",
    "GfpDecoded",
    "decode",
    "layout_of_all",
    "mask_of",
    "reserve_words",
]
