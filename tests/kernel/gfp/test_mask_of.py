"""Names to the number that a kernel gives them; decoding the number gives the names again."""
from __future__ import annotations

import pytest

from nopage.kernel.gfp import decode, mask_of
from nopage.kernel.release import release_named


@pytest.mark.parametrize(
    ("names", "kernel", "mask"),
    [
        # el6:include/linux/gfp.h, el8, el9, el10 (KERNEL.md 1.1)
        ("GFP_ATOMIC", "6.4", 0x20),
        ("GFP_ATOMIC", "8.6", 0x480020),
        ("GFP_ATOMIC", "9.0", 0xA20),
        ("GFP_ATOMIC", "9.5", 0x820),
        ("GFP_ATOMIC|__GFP_COMP", "6.4", 0x4020),
        ("GFP_ATOMIC | 0x4000", "6.4", 0x4020),
        ("GFP_KERNEL", "6.4", 0xD0),
        ("GFP_KERNEL", "10.0", 0xCC0),
        ("__GFP_DIRECT_RECLAIM", "6.4", None),  # came with 4.4
        ("GFP_NOSUCH", "8.6", None),
        ("GFP_ATO", "8.6", None),
        ("", "8.6", None),
    ],
)
def test_names_to_number(names: str, kernel: str, mask: int | None) -> None:
    release = release_named(kernel)
    assert release is not None
    assert mask_of(names, release) == mask
    if mask is not None and "0x" not in names:
        assert decode(mask, release).name == names
