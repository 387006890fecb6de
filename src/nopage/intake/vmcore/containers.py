"""Which kind of core a file is, by its first bytes, and the image it opens to."""
from __future__ import annotations

from nopage.intake.vmcore.facts import CoreLimits, ReadFault
from nopage.intake.vmcore.image import Image
from nopage.intake.vmcore.raw import FLAT_SIGNATURE, Bytes, FlatBytes

KDUMP_SIGNATURES = (b"KDUMP   ", b"DISKDUMP")  # diskdump_mod.h, makedumpfile.h
_ELF = b"\x7fELF"
_ET_CORE = 4


def core_kind(head: bytes) -> str | None:
    """"elf", "kdump" or "flattened" when the first bytes (20 are enough) are those of a core, else None."""
    if head.startswith(_ELF) and len(head) >= 18 and head[4] in (1, 2) and head[5] in (1, 2):
        kind = int.from_bytes(head[16:18], "little" if head[5] == 1 else "big")
        return "elf" if kind == _ET_CORE else None
    if head.startswith(KDUMP_SIGNATURES):
        return "kdump"
    if head.startswith(FLAT_SIGNATURE) and head[len(FLAT_SIGNATURE) : 16].strip(b"\0") == b"":
        return "flattened"
    return None


def is_core(head: bytes) -> bool:
    """Whether a file that begins so is a crash dump that read_core() can be tried on."""
    return core_kind(head) is not None


def open_image(source: Bytes, limits: CoreLimits) -> Image:
    """The image in a file; ReadFault, with the reason in words, when it is none that can be read."""
    head = source.read(0, 64)
    kind = core_kind(head)
    prefix, warning = "", None
    if kind == "flattened":
        flat = FlatBytes(source)
        source, warning, prefix = flat, flat.warning, "flattened "
        head = source.read(0, 64)
        kind = core_kind(head)
    if kind == "elf":
        from nopage.intake.vmcore.elf import ElfImage

        image: Image = ElfImage(source, limits)
    elif kind == "kdump":
        from nopage.intake.vmcore.kdump import KdumpImage

        image = KdumpImage([source], limits)
    else:
        raise ReadFault(_what(head))
    image.kind = prefix + image.kind
    if warning:
        image.warnings.insert(0, warning)
    return image


def _what(head: bytes) -> str:
    if not head:
        return "the file is empty"
    if head.startswith(_ELF):
        return "an ELF file, but no core"
    return "neither an ELF core nor a kdump-compressed dump"
