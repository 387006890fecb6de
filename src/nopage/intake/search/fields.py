"""Exports that spread a message over many lines, a field on each: `journalctl -o verbose`, `export`, indented JSON."""
from __future__ import annotations

import re
from collections import Counter

SAMPLE = 4 << 10
LEAST = 3  # messages that tell how many lines one takes
MOST_LINES = 64  # that one message takes; a store adds some forty fields of its own
FIELD = re.compile(rb'\n[ \t]{0,64}(?:"([\w@. -]{1,64})" ?:|(_{0,2}[A-Z][A-Z0-9_]{0,63})=|[\]{}\[])')


def lines_of_a_message(start: bytes) -> int:
    """How many lines of a log that begins with `start` one message takes: 1, or where fields stand on lines, more.

    Most fields stand in each message once: their median number is that of the messages.
    """
    if not _are_fields(start[:SAMPLE]):
        return 1
    seen = Counter(key or name for key, name in FIELD.findall(start) if key or name)
    times = sorted(count for count in seen.values() if count > 1)
    messages = times[len(times) // 2] if times else 0
    return min(start.count(b"\n") // messages + 1, MOST_LINES) if messages >= LEAST else 1


def _are_fields(text: bytes) -> bool:
    """Most lines are a field, or a bracket."""
    return 2 * len(FIELD.findall(text)) > text.count(b"\n") > LEAST
