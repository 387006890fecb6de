"""Which kind of core a file is, by its first bytes, and the image it opens to."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.vmcore.container.elf import ELF_MAGIC, ET_CORE, ElfImage
from nopage.vmcore.container.image import Image
from nopage.vmcore.container.kdump import KdumpImage
from nopage.vmcore.container.raw import FLAT_SIGNATURE, Bytes, FlatBytes
from nopage.vmcore.facts import CoreLimits, ReadFault

KDUMP_SIGNATURES = (b"KDUMP   ", b"DISKDUMP")  # diskdump_mod.h, makedumpfile.h


def core_kind(head: bytes) -> str | None:
    """"elf", "kdump" or "flattened" when the first bytes (20 are enough) are those of a core, else None."""
    if head.startswith(ELF_MAGIC) and len(head) >= 18 and head[4] in (1, 2) and head[5] in (1, 2):
        kind = int.from_bytes(head[16:18], "little" if head[5] == 1 else "big")
        return "elf" if kind == ET_CORE else None
    if head.startswith(KDUMP_SIGNATURES):
        return "kdump"
    if head.startswith(FLAT_SIGNATURE) and head[len(FLAT_SIGNATURE) : 16].strip(b"\0") == b"":
        return "flattened"
    return None


def is_core(head: bytes) -> bool:
    """Whether a file that begins so is a crash dump that read_core() can be tried on."""
    return core_kind(head) is not None


def open_image(sources: Sequence[Bytes], limits: CoreLimits) -> Image:
    """The image in a file, or in the parts of a split dump; ReadFault, with the reason, when there is none.

    Parts that cannot be opened are left out and named in the image's warnings.
    """
    warnings: list[str] = []
    plain: list[Bytes] = []
    kinds: list[str] = []
    for source in sources:
        kind = core_kind(source.read(0, 64))
        if kind == "flattened":
            flat = FlatBytes(source)
            if flat.warning:
                warnings.append(flat.warning)
            source, kind = flat, core_kind(flat.read(0, 64))
            kinds.append("flattened")
        if kind is None:
            reason = _what(source.read(0, 64))
            if len(sources) == 1:
                raise ReadFault(reason)
            warnings.append(f"a part of the split dump is left out: {reason}")
            continue
        kinds.append(kind)
        plain.append(source)
    if not plain:
        raise ReadFault("none of the parts is a core")
    if kinds[-1] == "elf":
        image: Image = ElfImage(plain[0], limits)
    else:
        image = KdumpImage(plain, limits)
    if "flattened" in kinds:
        image.kind = f"flattened {image.kind}"
    image.warnings[:0] = warnings
    return image


def _what(head: bytes) -> str:
    if not head:
        return "the file is empty"
    if head.startswith(ELF_MAGIC):
        return "an ELF file, but no core"
    return "neither an ELF core nor a kdump-compressed dump"
