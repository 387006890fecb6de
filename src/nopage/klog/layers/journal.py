"""JSON exports: `dmesg -J`, `journalctl -o json`, `json-pretty`, `export`; what log shippers and their stores write.

Elastic hits, Loki and Splunk answers, CloudWatch events, Docker's and CRI's JSON lines, arrays of whole syslog lines:
objects at any depth are searched for one that bears a message. Read field by field and not as one document where
lines are no objects of their own, because the windows of a large log begin and end in its middle. A message is given
as it stands; it may be a line of syslog, or JSON once more.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from nopage.kernel.pattern import later
from nopage.klog.framing import Record, from_microseconds

_EXPORT_MARK: Final = re.compile(  # of a text behind a newline: twice as quick as ^
    r'\n[ \t]{0,32}(?:"(?:MESSAGE|msg|message|log|_raw|_TRANSPORT)" ?(?::|=>)|MESSAGE=|(?:data: ?)?\[? ?\{ ?"|\[ ?")'
)
_OBJECT: Final = later(r'[ \t]{0,32}(?:data: ?)?\[? ?\{ ?"')
_BEFORE_OBJECT: Final = later(r"""[^"{\[]{0,40}(?:\[[^"{\[\]]{1,80}\][^"{\[]{0,80}){0,3}(?=[{\[] ?["{\[])(?<!\A)""")
_HEADERS_MOST: Final = 8  # that are looked at
# Ruby's debug output writes => for the colon.
_FIELD: Final = re.compile(r'"(?P<key>[A-Za-z_@][\w.@-]{0,63})" ?(?::|=>) {0,16}(?P<value>.*)')
_EVENT: Final = later(r"data: ?(?=[{\[])")  # json-sse, server-sent events
_CUT_MESSAGE: Final = r'"(?:%s)"\s*:\s*\[?\s*"((?:[^"\\]|\\.)*)'
_EXPORT: Final = later(r"(?P<key>_{0,2}[A-Z][A-Z0-9_]{0,63})=(?P<value>.*)")
_VERBOSE: Final = re.compile(r"[A-Z]\w{2} (?P<wall>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^\[]{0,24})\[s=[0-9a-f]")
_MESSAGE_KEYS: Final = ("MESSAGE", "msg", "message", "log", "short_message", "textPayload", "_raw", "@message")
_WALL_KEYS: Final = (
    "wall", "@timestamp", "timestamp", "syslog_timestamp", "time", "_time", "ts", "receiveTimestamp", "event_time",
)  # fmt: skip
_WALL_KEYS_BUT_TIME: Final = tuple(key for key in _WALL_KEYS if key != "time")
_HOST_KEYS: Final = ("_HOSTNAME", "hostname", "host")
_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_EPOCH: Final = later(r"(\d{10})(?:\d{3}|\d{6}|\d{9})")  # milli-, micro- or nanoseconds since 1970
# The key of a text that holds a header; whatever a store calls it, its other lines stand under the same.
_HEADER_KEY: Final = re.compile(r'"([\w@.-]{1,64})" ?(?::|=>) ?\[?"(?:[^"\\]|\\.){0,400}?(?:page alloc|Linux version )')
_FIELD_OF_HEADER: Final = later(r'^[ \t]{0,32}' + _HEADER_KEY.pattern, re.MULTILINE)
_STRING: Final = later(r'[ \t]{0,64}"(?:[^"\\]|\\.)*",?[ \t]*$')
_DEEPEST: Final = 12
_BRACKET_MOST: Final = 8  # letters of a line that is a bracket of JSON alone


def message_keys(text: str) -> tuple[str, ...]:
    """The keys that messages stand under in this text."""
    found = _HEADER_KEY.search(text) if "page alloc" in text or "Linux version " in text else None
    return _MESSAGE_KEYS if found is None or found[1] in _MESSAGE_KEYS else (*_MESSAGE_KEYS, found[1])


def is_json(text: str) -> bool:
    """Whether these lines are an export of fields and not text."""
    if "MESSAGE=" not in text and '"' not in text:
        return False
    mark = _EXPORT_MARK.search(f"\n{text}")
    if mark is None:
        return "page alloc" in text and _FIELD_OF_HEADER.search(text) is not None
    if mark[0][-1] != '"' or any(f'"{key}"' in text for key in message_keys(text)):
        return True
    return _is_array_of_lines(text, mark.start()) or _is_in_an_object(text)


def behind(text: str) -> re.Pattern[str] | None:
    """What stands before the objects of these lines: a log daemon's prefix, a mark of diff, a number; None: nothing."""
    if '{' not in text or '"' not in text:
        return None
    at = text.find("page alloc")
    if at < 0:
        return None
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)]
    match = _BEFORE_OBJECT.match(line)
    if match is None:
        return None
    try:
        found = json.loads(line[match.end() :])
    except (ValueError, RecursionError):
        return None
    return _BEFORE_OBJECT if isinstance(found, (dict, list)) else None


def _is_in_an_object(text: str) -> bool:
    """A header stands on a line that begins as an object does, however long the line."""
    at = -1
    for _ in range(_HEADERS_MOST):
        at = text.find("page alloc", at + 1)
        if at < 0:
            return False
        if _OBJECT.match(text, text.rfind("\n", 0, at) + 1):
            return True
    return False


def _is_array_of_lines(text: str, start: int) -> bool:
    """`["Nov 20 03:14:07 db07 kernel: ...", ...`, on one line or on many."""
    begin = text[start : start + 400].lstrip()
    return begin[:1] == "[" and begin[1:].lstrip()[:1] == '"' and "page alloc" in text


def exported(lines: Sequence[str], text: str) -> Iterator[Record]:
    """The messages of an export, each line of them a record that bears the times of its fields."""
    reader = _Reader(message_keys(text))
    for index, line in enumerate(lines):
        yield from reader.take(index, line.strip())
    yield from reader.flush()


class _Reader:
    """Fields that come line by line are collected until their object ends."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        self._cut = re.compile(_CUT_MESSAGE % "|".join(map(re.escape, keys)))
        self._fields: dict[str, Any] = {}
        self._place = 0
        self._inner = 0  # objects inside the one whose fields are collected

    def flush(self) -> list[Record]:
        fields, self._fields = self._fields, {}
        self._inner = 0
        return _records(fields, self._place, self._keys) if fields else []

    def take(self, index: int, text: str) -> Sequence[Record]:
        begin = text[:1]
        if begin == "d" and (event := _EVENT.match(text)) is not None:
            text = text[event.end() :]
            begin = text[0]
        if begin == '"':
            return self._take_field(index, text)
        if begin in "{}[]":
            if len(text) > 2 and text.startswith(('{"', '{ "', '[{', '["', '[ {', '[ "')):
                found = [_records(fields, index, self._keys) for fields in self._objects(text)]
                return [record for records in found for record in records]
            if begin == "}" and self._inner:
                self._inner -= 1
                return ()
            if begin == "[" and len(text) > _BRACKET_MOST:  # `[   12.345678] ..`: a line of another log
                return (*self.flush(), Record(index, text))
            return self.flush()
        verbose = _VERBOSE.match(text)
        if verbose is not None:  # journalctl -o verbose: this line heads the fields of a record
            told: Sequence[Record] = self.flush()
            self._fields = {"wall": verbose["wall"]}
            return told
        export = _EXPORT.match(text)
        if export is None:
            return (Record(index, text),)
        told = self.flush() if export["key"] == "__CURSOR" else ()
        self._fields[export["key"]] = export["value"]
        if export["key"] == "MESSAGE":
            self._place = index
        return told

    def _take_field(self, index: int, text: str) -> Sequence[Record]:
        """A line of an object that stands on many; or a text alone, of an array of them."""
        field = _FIELD.match(text)
        if field is None:
            if _STRING.match(text):
                return _records({"MESSAGE": _value(text.rstrip(", "))}, index, self._keys)
            return (Record(index, text),)
        key, value = field.groups()
        value = value.rstrip(", ")
        if value == "{":
            self._inner += bool(self._fields.keys() & set(self._keys))
            return ()
        self._fields[key] = _value(value)
        if key in self._keys:
            self._place = index
        return ()

    def _objects(self, text: str) -> list[dict[str, Any]]:
        """The objects of a line that bear a message, whatever they stand in."""
        try:
            found = json.loads(text.rstrip(","))
        except (ValueError, RecursionError):
            return [{"MESSAGE": _value(f'"{cut[1]}"')} for cut in self._cut.finditer(text)]
        objects: list[dict[str, Any]] = []
        _collect(found, {}, self._keys, objects, _DEEPEST)
        return objects


def _collect(
    value: Any, around: dict[str, Any], keys: tuple[str, ...], objects: list[dict[str, Any]], depth: int
) -> None:
    """Every object inside `value` with a message of its own; it takes the times of what stands around it."""
    if not depth:
        return
    if isinstance(value, dict):
        times = {key: value[key] for key in _WALL_KEYS if isinstance(value.get(key), (str, int, float))}
        if any(isinstance(value.get(key), (str, list)) for key in keys):
            objects.append({**around, **value})
            return
        for one in value.values():
            if isinstance(one, (dict, list)):
                _collect(one, {**around, **times}, keys, objects, depth - 1)
    elif isinstance(value, list):
        if len(value) == 2 and all(isinstance(one, str) for one in value) and _EPOCH.fullmatch(value[0]):
            objects.append({**around, "MESSAGE": value[1], "wall": value[0]})  # Loki: [time, line]
            return
        for one in value:
            if isinstance(one, str):
                objects.append({**around, "MESSAGE": one})
            elif isinstance(one, (dict, list)):
                _collect(one, around, keys, objects, depth - 1)


def _value(text: str) -> Any:
    if text.startswith('"'):
        inner = text[1:-1]
        if text.endswith('"') and "\\" not in inner and '"' not in inner:
            return inner
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


def _records(fields: dict[str, Any], index: int, keys: tuple[str, ...]) -> list[Record]:
    message = next((_text(fields[key]) for key in keys if fields.get(key) is not None), None)
    if message is None:
        return []
    kernel = fields.get("_TRANSPORT", "kernel") == "kernel" or fields.get("SYSLOG_IDENTIFIER") == "kernel"
    boot = _NUMBER.fullmatch(str(fields.get("time", "")).strip())  # dmesg -J; a container's log holds a wall time there
    micro = str(fields.get("_SOURCE_MONOTONIC_TIMESTAMP", ""))
    since_boot = boot[0] if boot else None
    if since_boot is None and micro.isdecimal() and len(micro) < 17:
        since_boot = f"{int(micro) // 1_000_000}.{int(micro) % 1_000_000:06d}"
    wall = from_microseconds(str(fields.get("__REALTIME_TIMESTAMP", "")))
    walls = _WALL_KEYS if boot is None else _WALL_KEYS_BUT_TIME
    wall = wall or next((_stamp(fields[key]) for key in walls if fields.get(key)), None)
    caller = str(fields["caller"]).strip() if fields.get("caller") else None
    host = next((name for key in _HOST_KEYS if (name := _name(fields.get(key)))), None)
    framed = bool(since_boot or wall or host)
    return [Record(index, line, wall, since_boot, caller, framed, kernel, host) for line in message.split("\n")]


def _name(value: Any) -> str | None:
    """A host's name, which Elastic keeps in an object."""
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) and value else None


def _stamp(value: Any) -> str:
    text = str(value)
    epoch = _EPOCH.fullmatch(text)
    return epoch[1] if epoch else text


def _text(value: Any) -> str:
    """A message; journald writes it as a list of bytes when it is not printable UTF-8, others as a list of lines."""
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return "\n".join(value)
        try:
            return bytes(value).decode(errors="replace")
        except (TypeError, ValueError):
            return ""
    return value if isinstance(value, str) else str(value)
