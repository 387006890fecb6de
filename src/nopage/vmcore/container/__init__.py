"""From the bytes of a core file to the physical memory it holds: ELF, kdump-compressed, flattened, split."""
from __future__ import annotations

from nopage.vmcore.container.image import Image, Segment
from nopage.vmcore.container.kinds import core_kind, is_core, open_image
from nopage.vmcore.container.raw import FileBytes

__all__ = [
    "FileBytes",
    "Image",
    "Segment",
    "core_kind",
    "is_core",
    "open_image",
]
