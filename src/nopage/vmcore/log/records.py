"""The log of Linux 3.5 to 5.9: records in a byte ring (struct log, from 3.11 on struct printk_log)."""
from __future__ import annotations

import struct

from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import CoreLimits, ReadFault
from nopage.vmcore.log.parts import CoreLog, Lines, Ring, printable, require, stamp

_LARGEST = 1 << 31
_HEADER = 4096
# kernel/printk.c 3.5 to 4.9: enum log_flags
_NEWLINE, _PREFIX, _CONT = 2, 4, 8


def read_records(memory: KernelMemory, limits: CoreLimits, joined: bool = True) -> CoreLog:
    """All records from log_first_idx to log_next_idx.

    A record of length 0 says "go on at the start of the buffer". vmcore-dmesg prints it as an empty line of time 0, in
    the midst of what may be a report; this does so only where its output is asked for (`joined` False).
    """
    info = memory.info
    name = "printk_log" if "printk_log" in info.sizes else "log"
    layout = "printk_log" if name == "printk_log" else "struct log"
    fields = (f"{name}.ts_nsec", f"{name}.len", f"{name}.text_len")
    require(info.lacks(symbols=("log_buf", "log_buf_len", "log_first_idx", "log_next_idx"),
                       sizes=(name,), offsets=fields), layout)
    header_bytes = info.sizes[name]
    ts_at, len_at, text_at = (info.offsets[field] for field in fields)
    if not max(ts_at + 8, len_at + 2, text_at + 2) <= header_bytes <= _HEADER:
        raise ReadFault(f"VMCOREINFO gives a {layout} of {header_bytes} bytes with fields outside of it")
    size = memory.u32(info.symbols["log_buf_len"])
    if not header_bytes < size <= _LARGEST:
        raise ReadFault(f"log_buf_len is {size}: not believable")
    at = memory.u32(info.symbols["log_first_idx"])
    end = memory.u32(info.symbols["log_next_idx"])
    ring = Ring(memory, memory.word(info.symbols["log_buf"]), size)
    flags_at = info.offsets.get(f"{name}.dict_len", -1)
    join = _Join(memory.order, flags_at + 3 if joined and _continues(info.release) and flags_at > 0 else -1)
    time, short = struct.Struct(memory.order + "Q"), struct.Struct(memory.order + "H")
    lines, warnings = Lines(limits.log_bytes), list[str]()
    wrapped = False
    for _ in range(limits.records):
        if at == end:
            break
        header = ring.read(at, header_bytes)
        if len(header) < header_bytes:
            warnings.append(f"a log record at {at} lies outside the buffer of {size} bytes: the log is damaged there")
            break
        (length,), (text_length,) = short.unpack_from(header, len_at), short.unpack_from(header, text_at)
        if length and length < header_bytes + text_length:
            warnings.append(f"the log record at {at} says {length} bytes but holds more: the log is damaged there")
            break
        if length or not joined:
            text = printable(ring.read(at + header_bytes, text_length))
            join.put(lines, stamp(time.unpack_from(header, ts_at)[0]), text, header)
        if length:
            at += length
            continue
        if wrapped:
            warnings.append("the records of the log run in a circle: what was read up to there is kept")
            break
        at, wrapped = 0, True
    else:
        warnings.append(f"the log has more than {limits.records} records: the rest is left out")
    if ring.absent:
        warnings.append(f"{ring.absent} bytes of the log buffer are not in the core")
    if lines.dropped:
        warnings.append(f"the oldest {lines.dropped} lines of the log were left out")
    if ring.absent >= size:
        raise ReadFault("the pages of the log buffer are not in the core")
    return CoreLog(layout, lines.lines(), tuple(warnings))


class _Join:
    """Prints records as msg_print_text() of Linux 3.5 to 4.9 did, where `flags_at` is known; else each on a line."""

    def __init__(self, order: str, flags_at: int) -> None:
        self._flags_at = flags_at
        self._big = order == ">"
        self._before = 0
        self._open = False

    def put(self, lines: Lines, time: str, text: str, header: bytes) -> None:
        if not 0 <= self._flags_at < len(header):
            lines.add(time + text)
            return
        byte = header[self._flags_at]
        flags = byte >> 3 if self._big else byte & 0x1F  # u8 flags:5, level:3
        prefix = newline = True
        if self._before & _CONT and not flags & _PREFIX:
            prefix = False
        if flags & _CONT:
            if self._before & _CONT and not self._before & _NEWLINE:
                prefix = False
            newline = bool(flags & _NEWLINE)
        if prefix or not self._open:
            lines.add(time + text)
        else:
            lines.join(text)
        self._open = not newline
        self._before = flags


def _continues(release: str | None) -> bool:
    """Flags of one record speak of the next one up to 4.9 (4.10: "printk: remove games with previous record flags")."""
    parts = (release or "").split(".")
    try:
        return (int(parts[0]), int(parts[1].split("-")[0])) < (4, 10)
    except (ValueError, IndexError):
        return False
