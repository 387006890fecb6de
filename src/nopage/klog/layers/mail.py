"""Parts of a mail that are in base64: their lines, in place of its."""
from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Final

from nopage.kernel.pattern import later
from nopage.klog.layers.attached import Attachments

_HEAD: Final = later(r"content-transfer-encoding:\s{0,8}base64", re.IGNORECASE)
_BODY: Final = later(r"[A-Za-z0-9+/]{2,1000}={0,2}$")
_BINARY: Final = later(rb"[\x00-\x06\x0e-\x1a]")


def is_base64_mail(text: str) -> bool:
    """Whether a part of a mail in these lines is in base64."""
    return "ase64" in text and _HEAD.search(text) is not None


def decoded_mail(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines with each base64 part as the text that it holds; what holds none is left out."""
    part: list[str] = []
    began = 0
    state = ""
    attached = Attachments()
    for index, line in enumerate(lines):
        text = line.strip()
        if state == "body" and _BODY.match(text):
            if not part:
                began = index
            part.append(text)
            continue
        if state == "body" and (part or text):
            yield from _text_of(part, began, attached)
            part, state = [], ""
        elif state == "head" and not text:
            state = "body"
        if _HEAD.match(text):
            state, line = "head", ""  # else what the part held were taken for such a mail again
        yield index, line
    yield from _text_of(part, began, attached)


def _text_of(part: Sequence[str], began: int, attached: Attachments) -> Iterator[tuple[int, str]]:
    """The lines of a part; each is told to stand on that line of the mail on which its first character does."""
    if not part:
        return
    data = "".join(part)
    data = data[: len(data) - len(data) % 4] if "=" not in data else data
    try:
        raw = binascii.a2b_base64(data)
    except binascii.Error:
        return
    raw = attached.text(raw)
    if not raw or _BINARY.search(raw[:512]):
        return  # a picture, an archive
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    width = max(len(part[0]), 1)
    at = 0
    for line in text.split("\n"):
        yield began + min(at * 4 // 3 // width, len(part) - 1), line.rstrip("\r")
        at += len(line) + 1
