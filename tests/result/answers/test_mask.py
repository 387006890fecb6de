"""A mask as part of the contract says what the decoder found."""
from __future__ import annotations

import pytest

from nopage.kernel.gfp import decode
from nopage.kernel.release import release_named
from nopage.result import LayoutFrom
from nopage.result.answers import mask_explained


@pytest.mark.parametrize(
    ("mask", "printed", "kernel", "name", "layout", "found", "said"),
    [
        (0x4020, None, "6.4", "GFP_ATOMIC|__GFP_COMP", "el6", LayoutFrom.EXACT, "mask.layout.exact"),
        (0x820, None, "6.12", "GFP_ATOMIC", "el10", LayoutFrom.NEAREST, "mask.layout.nearest"),
        (0x480020, "GFP_ATOMIC", None, "GFP_ATOMIC", "el8", LayoutFrom.INFERRED, "mask.layout.inferred"),
        (0x480020, "GFP_ATOMIC", "6.4", "GFP_ATOMIC", "el8", LayoutFrom.INFERRED, "mask.layout.other"),
    ],
)
def test_a_mask_is_told_with_its_numbering(
    mask: int, printed: str | None, kernel: str | None, name: str, layout: str, found: LayoutFrom, said: str
) -> None:
    release = release_named(kernel) if kernel else None
    told = mask_explained(decode(mask, release, printed), release)
    assert (told.mask, told.name, told.layout, told.layout_from) == (f"{mask:#x}", name, layout, found)
    assert told.layout_said.id == said
    assert told.atomic
    assert all(flag.words for flag in told.flags)
    assert told.unknown_bits is None
