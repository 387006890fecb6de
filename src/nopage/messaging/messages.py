"""What a message may be: a JSON object that names one source."""
from __future__ import annotations

import json
from typing import Any

MOST_BYTES = 64 << 10
FIELDS = ("url", "path")


class MessageError(Exception):
    """A message that names no source. `str()` is one line for a person."""


def message_of(body: bytes) -> dict[str, Any]:
    """The object in a message. Raises MessageError."""
    if len(body) > MOST_BYTES:
        raise MessageError(f"the message is {len(body)} bytes long; {MOST_BYTES} are the most")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MessageError("the message is no JSON") from error
    if not isinstance(told, dict):
        raise MessageError("the message is no JSON object")
    source_of(told)
    return told


def source_of(message: dict[str, Any]) -> str:
    """The path or URL that it names. Raises MessageError."""
    for field in FIELDS:
        named = message.get(field)
        if isinstance(named, str) and named:
            return named
    raise MessageError("the message names no source: it needs a text 'url' or 'path'")
