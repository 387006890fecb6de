"""Web pages: tags, entities, the cells of tables and the paragraphs that a page makes lines of."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from nopage.kernel.pattern import later

Line = tuple[int, str]
Stage = Callable[[Iterable[Line]], Iterator[Line]]

_ENTITY: Final = later(r"&(?:(lt|gt|amp|quot|apos|nbsp|shy)|#(\d{1,5})|#x([0-9a-fA-F]{1,4}));")
_ENTITIES: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "nbsp": " ", "shy": ""}
_TAG: Final = re.compile(
    r"</?(?:pre|code|p|div|span|tt|font|b|i|u|em|strong|mark|li|td|th|tr|tbody|table|html|body|blockquote|highlight|"
    r"samp|kbd|small|big|ol|ul|wbr|nobr|article|section)(?:\s[^<>]*)?/?>|</?a(?:\s[^<>]{0,400})?>",
    re.IGNORECASE,
)
_HIGHLIGHT: Final = re.compile(r"@/?(?:kibana|opensearch-dashboards)-(?:highlighted-field|/highlighted-field)@")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLOCK: Final = later(r"</(?:p|div|li|tr|pre)>\s*(?=[^\s])", re.IGNORECASE)  # of those whose page has no lines
_CELL: Final = later(r"</(?:td|th)>\s*<(?:td|th)(?:\s[^<>]*)?>", re.IGNORECASE)


def markup(text: str) -> list[Stage]:
    """What has to be done to these lines for what the page shows."""
    stages: list[Stage] = []
    if "<" in text and (_TAG.search(text) or _BREAK.search(text) or _HIGHLIGHT.search(text)):
        stages.append(_tags)
    if "&" in text and _ENTITY.search(text):
        stages.append(_entities)
    return stages


def _tags(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        if "<" in text:
            if "</t" in text or "</T" in text:
                text = _CELL.sub("\t", text)
            if "</" in text:
                text = _BLOCK.sub("\n", text)
            text = _TAG.sub("", _HIGHLIGHT.sub("", _BREAK.sub("\n", text)))
        for part in text.split("\n"):
            yield index, part


def _entities(lines: Iterable[Line]) -> Iterator[Line]:
    for index, text in lines:
        for _ in range(2):  # escaped twice by some trackers: &amp;lt;
            if "&" not in text:
                break
            text = _ENTITY.sub(_entity, text)
        yield index, text


def _entity(match: re.Match[str]) -> str:
    if match[1]:
        return _ENTITIES[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return " " if code < 32 or code in (127, 160) or code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)
