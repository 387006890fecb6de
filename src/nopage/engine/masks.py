"""A gfp mask or its names, decoded for one kernel or for all that have them."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nopage.kernel.release import Release
    from nopage.result.answers import Masks

MASK = re.compile(r"(?:mode:|gfp_mask=)?(0x[0-9a-fA-F]{1,16})(?:\(([A-Za-z_|0-9]*)\))?")
NAMES = re.compile(r"_{0,3}GFP_[A-Z0-9_]+(?:\s*\|\s*(?:_{0,3}GFP_[A-Z0-9_]+|0x[0-9a-fA-F]{1,16}))*")
EVERY = ("el4", "el5", "el6", "el7", "el8", "9.0", "el9", "el10")  # each numbering that RHEL has had


def is_mask(asked: str) -> bool:
    """The text is a mask or names of flags, and nothing else."""
    return bool(MASK.fullmatch(asked) or NAMES.fullmatch(asked))


def masks_of(asked: str, release: Release | None) -> Masks:
    """A number or names, decoded; names without a kernel under each numbering that has them."""
    from nopage.kernel.gfp import decode, mask_of
    from nopage.kernel.release import release_named
    from nopage.result.answers import Masks, mask_explained
    from nopage.version import __version__

    number = MASK.fullmatch(asked)
    if number is not None:
        found = [mask_explained(decode(int(number[1], 16), release, number[2]), release)]
    else:
        found = []
        for one in [release] if release is not None else filter(None, map(release_named, EVERY)):
            mask = mask_of(asked, one)
            if mask is not None:
                found.append(mask_explained(decode(mask, one), one))
    return Masks(schema="nopage-mask/1", nopage=__version__, asked=asked, masks=tuple(found))
