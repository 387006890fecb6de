"""JSON exports: `dmesg -J`, `journalctl -o json`, `json-pretty`, `export`, and JSON lines of log shippers.

Read field by field and not as one document, because the windows of a large log begin and end in its middle.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from nopage.klog.framing.clock import from_microseconds
from nopage.klog.framing.record import Framer, Record

_EXPORT_MARK: Final = re.compile(r'^[ \t]{0,16}(?:"(?:MESSAGE|msg|_TRANSPORT)" ?:|MESSAGE=|\{ ?")', re.MULTILINE)
_FIELD: Final = re.compile(r'"(?P<key>[A-Za-z_][\w.]{0,63})" ?: {0,16}(?P<value>.*)')
_CUT_MESSAGE: Final = re.compile(r'"(?:MESSAGE|message|msg|log)"\s*:\s*"((?:[^"\\]|\\.)*)')
_EXPORT: Final = re.compile(r"(?P<key>_{0,2}[A-Z][A-Z0-9_]{0,63})=(?P<value>.*)")
_VERBOSE: Final = re.compile(r"[A-Z]\w{2} (?P<wall>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\[]{0,24})\[s=[0-9a-f]")
_MESSAGE_KEYS: Final = ("MESSAGE", "msg", "message", "log", "short_message", "textPayload")
_WALL_KEYS: Final = ("wall", "@timestamp", "timestamp", "syslog_timestamp", "time")
_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?")


def is_json(text: str) -> bool:
    """Whether these lines are an export of fields and not text."""
    if "MESSAGE=" not in text and ('"' not in text or not any(f'"{key}"' in text for key in _MESSAGE_KEYS)):
        return False
    mark = _EXPORT_MARK.search(text)
    return mark is not None and (mark[0][-1] != '"' or any(f'"{key}"' in text for key in _MESSAGE_KEYS))


def json_records(lines: Sequence[str]) -> Iterator[Record]:
    """The records of an export."""
    framer = Framer()
    fields: dict[str, Any] = {}
    place = 0
    for index, line in enumerate(lines):
        text = line.strip()
        if text.startswith('{"') and len(text) > 2:
            yield from _records(_object(text), index, framer)
            continue
        if text[:1] in ("{", "}", "]") or not text:
            yield from _records(fields, place, framer)
            fields = {}
            continue
        verbose = _VERBOSE.match(text)
        if verbose is not None:  # journalctl -o verbose: this line heads the fields of a record
            yield from _records(fields, place, framer)
            fields = {"wall": verbose["wall"]}
            continue
        field = _FIELD.match(text)
        export = None if field else _EXPORT.match(text)
        if field is not None:
            fields[field["key"]] = _value(field["value"].rstrip(", "))
            if field["key"] in _MESSAGE_KEYS:
                place = index
        elif export is not None:
            if export["key"] == "__CURSOR" and fields:
                yield from _records(fields, place, framer)
                fields = {}
            fields[export["key"]] = export["value"]
            if export["key"] == "MESSAGE":
                place = index
        else:
            yield from framer.records(index, line)
    yield from _records(fields, place, framer)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text.rstrip(","))
    except (ValueError, RecursionError):
        cut = _CUT_MESSAGE.search(text)
        return {"MESSAGE": _value(f'"{cut[1]}"')} if cut else {}
    return found if isinstance(found, dict) else {}


def _value(text: str) -> Any:
    if text.startswith('"'):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text.strip('"')
    if text.startswith("["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return None
    return text


def _records(fields: dict[str, Any], index: int, framer: Framer) -> Iterator[Record]:
    message = next((_text(fields[key]) for key in _MESSAGE_KEYS if fields.get(key) is not None), None)
    if message is None:
        return
    kernel = fields.get("_TRANSPORT", "kernel") == "kernel" or fields.get("SYSLOG_IDENTIFIER") == "kernel"
    boot = _NUMBER.fullmatch(str(fields.get("time", "")).strip())  # dmesg -J; a container's log holds a wall time there
    micro = str(fields.get("_SOURCE_MONOTONIC_TIMESTAMP", ""))
    since_boot = boot[0] if boot else None
    if since_boot is None and micro.isdecimal() and len(micro) < 17:
        since_boot = f"{int(micro) // 1_000_000}.{int(micro) % 1_000_000:06d}"
    wall = from_microseconds(str(fields.get("__REALTIME_TIMESTAMP", "")))
    walls = _WALL_KEYS if boot is None else _WALL_KEYS[:-1]
    wall = wall or next((str(fields[key]) for key in walls if fields.get(key)), None)
    caller = str(fields["caller"]).strip() if fields.get("caller") else None
    for line in message.split("\n"):
        record = framer.record(index, line)
        record.kernel = record.kernel and kernel
        record.boot = record.boot or since_boot
        record.wall = record.wall or wall
        record.source = record.source or caller
        record.framed = record.framed or bool(since_boot or wall)
        yield record


def _text(value: Any) -> str:
    """A message; journald writes it as a list of bytes when it is not printable UTF-8."""
    if isinstance(value, list):
        try:
            return bytes(value).decode(errors="replace")
        except (TypeError, ValueError):
            return ""
    return value if isinstance(value, str) else str(value)
