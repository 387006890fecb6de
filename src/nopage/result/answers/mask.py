"""What `nopage explain MASK --format json` prints."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from nopage.kernel.gfp import FLAG_WORDS, GfpDecoded, reserve_words
from nopage.kernel.message import Message, say
from nopage.kernel.release import Release
from nopage.result.base import Fact, LayoutFrom
from nopage.result.said import Said, said


class Flag(Fact, frozen=True):
    """One flag of a mask."""

    name: Annotated[str, Meta(description="as the kernel spells it", examples=["__GFP_HIGH"])]
    words: Annotated[str, Meta(description="what it asks for", examples=["may use half of the min reserve"])]
    said: Annotated[Said | None, Meta(description="the same as id and parameters; null where nothing is said of it")]


class Mask(Fact, frozen=True):
    """One mask as one kernel reads it."""

    mask: Annotated[str, Meta(description="the number, in hex", pattern="^0x[0-9a-f]+$", examples=["0x4020"])]
    name: Annotated[str, Meta(description="the mask in names", examples=["GFP_ATOMIC|__GFP_COMP"])]
    kernel: Annotated[str | None, Meta(description="release asked about", examples=["2.6.32-358.el6"])]
    rhel: Annotated[str | None, Meta(description="its minor release; null for other kernels", examples=["6.4"])]
    layout: Annotated[str, Meta(description="the numbering", examples=["el6"])]
    layout_from: Annotated[LayoutFrom, Meta(description="how it was found", examples=["exact"])]
    layout_said: Annotated[Said, Meta(description="the same in a sentence")]
    flags: Annotated[tuple[Flag, ...], Meta(description="its flags, in the kernel's order")]
    unknown_bits: Annotated[
        str | None, Meta(description="bits without a name in this numbering, in hex; null without any",
                         examples=["0x80000000"])
    ]
    zone: Annotated[str, Meta(description="the highest zone it may use; every lower one too", examples=["Normal"])]
    atomic: Annotated[bool, Meta(description="the request cannot sleep", examples=[True])]
    uses_reserve: Annotated[bool, Meta(description="it may use half of the min reserve", examples=[True])]
    decision: Annotated[Said, Meta(description="what it may do, and how deep into the reserve it may go")]


class Masks(Fact, frozen=True):
    """Everything that one command printed."""

    schema: Annotated[Literal["nopage-mask/1"], Meta(description="always nopage-mask/1")]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["0.2.0"])]
    asked: Annotated[str, Meta(description="the text asked about", examples=["GFP_ATOMIC"])]
    masks: Annotated[
        tuple[Mask, ...],
        Meta(description="one; of names without a kernel one for each numbering that RHEL has had"),
    ]


def layout_message(found: LayoutFrom, release: Release | None) -> Message:
    """How the numbering was found."""
    if release is None:
        return say(
            "mask.layout.inferred",
            "the kernel is not known: the numbering is inferred from the mask; naming the kernel makes it sure",
        )
    if found is LayoutFrom.EXACT:
        return say("mask.layout.exact", "the numbering of {kernel}", kernel=release.text)
    if found is LayoutFrom.NEAREST:
        return say("mask.layout.nearest", "the numbering nearest to {kernel}, which is no RHEL build",
                   kernel=release.text)
    return say("mask.layout.other", "{kernel} numbers its flags otherwise: the names beside the mask decide",
               kernel=release.text)


def mask_explained(decoded: GfpDecoded, release: Release | None) -> Mask:
    """A decoded mask as part of the contract."""
    kernel = release.text if release is not None else None
    return Mask(
        mask=f"{decoded.mask:#x}",
        name=decoded.name,
        kernel=kernel,
        rhel=release.rhel if release is not None else None,
        layout=decoded.layout,
        layout_from=LayoutFrom(decoded.layout_from),
        layout_said=said(layout_message(LayoutFrom(decoded.layout_from), release)),
        flags=tuple(
            Flag(name=name, words=str(words) if words else "", said=said(words) if words else None)
            for name in decoded.flags
            for words in (FLAG_WORDS.get(name),)
        ),
        unknown_bits=f"{decoded.unknown_bits:#x}" if decoded.unknown_bits else None,
        zone=decoded.zone_limit,
        atomic=decoded.atomic,
        uses_reserve=decoded.uses_reserve,
        decision=said(reserve_words(decoded.atomic, decoded.uses_reserve, decoded.harder)),
    )
