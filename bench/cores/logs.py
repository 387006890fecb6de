"""The four ways in which kernels have kept their log, as they write it. Each writer returns the records still held."""
from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cores.kernel import Core

_INFO_BYTES = 88
_EMPTY_LINE = 3  # printk_ringbuffer.h: EMPTY_LINE_LPOS


@dataclass(frozen=True)
class Record:
    """One printk call. `flags` are the log_flags of Linux 3.5 to 4.9 (NEWLINE 2, PREFIX 4, CONT 8).

    `text` None makes a record without data; `state` is its descriptor's in a printk_ringbuffer (2: finalized).
    """

    text: str | bytes | None
    nanoseconds: int = 0
    level: int = 4
    flags: int = 2
    dictionary: bytes = b""
    state: int = 2

    @property
    def data(self) -> bytes:
        return self.text.encode("utf-8") if isinstance(self.text, str) else self.text or b""


def stamp(record: Record) -> bytes:
    """As the kernel's own print_time() writes it."""
    return b"[%5d.%06d] " % (record.nanoseconds // 10**9, record.nanoseconds % 10**9 // 1000)


def chars(records: Sequence[Record]) -> bytes:
    """The text that kernels up to 3.4 keep."""
    return b"".join(b"<%d>%s%s\n" % (record.level, stamp(record), record.data) for record in records)


def write_log_buf(core: Core, records: Sequence[Record], size: int, _exact: bool) -> Sequence[Record]:
    """2.6.32 kernel/printk.c, emit_log_char(): LOG_BUF(log_end) = c; log_end++; logged_chars up to the size."""
    text = chars(records)
    ring = bytearray(size)
    for at in range(max(len(text) - size, 0), len(text)):
        ring[at % size] = text[at]
    core.symbol("log_buf", core.word(core.put(bytes(ring))))
    core.symbol("log_end", core.u32(len(text)))
    core.symbol("log_buf_len", core.u32(size))
    core.symbol("logged_chars", core.u32(min(len(text), size)))
    return records


def write_unnamed(core: Core, records: Sequence[Record], size: int, _exact: bool) -> Sequence[Record]:
    """2.6.18: the same ring, and nothing that tells of it."""
    core.put(chars(records)[-size:].ljust(size, b"\0"), 4096)
    return records


def write_records(core: Core, records: Sequence[Record], size: int, name: str) -> Sequence[Record]:
    """3.10 kernel/printk.c, log_store(): a header of zeros where a record does not fit before the end."""
    order = core.machine.order
    ring = bytearray(size)
    live: deque[tuple[int, int, Record]] = deque()
    at = 0
    for record in records:
        used = 16 + len(record.data) + len(record.dictionary)
        used += -used % 8
        if at + used + 16 > size:
            ring[at : at + 16] = bytes(16)
            live = deque(entry for entry in live if entry[0] < at)
            at = 0
        while live and at <= live[0][0] < at + used:
            live.popleft()
        flags = record.flags | record.level << 5 if order == "<" else record.flags << 3 | record.level
        header = struct.pack(
            order + "QHHHBB", record.nanoseconds, used, len(record.data), len(record.dictionary), 0, flags)
        ring[at : at + used] = (header + record.data + record.dictionary).ljust(used, b"\0")
        live.append((at, used, record))
        at += used
    core.symbol("log_buf", core.word(core.put(bytes(ring))))
    core.symbol("log_buf_len", core.u32(size))
    core.symbol("log_first_idx", core.u32(live[0][0] if live else 0))
    core.symbol("log_next_idx", core.u32(at))
    core.info[f"SIZE({name})"] = "16"
    for field_name, offset in (("ts_nsec", 0), ("len", 8), ("text_len", 10), ("dict_len", 12)):
        core.info[f"OFFSET({name}.{field_name})"] = str(offset)
    return [entry[2] for entry in live]


def write_ringbuffer(core: Core, records: Sequence[Record], size: int, exact: bool) -> Sequence[Record]:
    """5.10 kernel/printk/printk_ringbuffer.c, prb_reserve() and data_alloc().

    A data block begins with its descriptor's id; where it would end in the next round of the ring it is stored at the
    ring's start. Ending exactly with the ring counts as the next round, but not for `exact` (the newest kernels).
    """
    word, order = core.machine.word, core.machine.order
    count = max(size // 64, 16)
    mask = (1 << 8 * word - 2) - 1
    ring, descs, infos = bytearray(size), bytearray(3 * word * count), bytearray(_INFO_BYTES * count)
    head = start = -(count + 1) & mask  # DESC0_ID: the first ids run into the wrap of the id
    index = head % count
    descs[index * 3 * word : (index + 1) * 3 * word] = core.words(head | 3 << 8 * word - 2, 1, 1)  # reusable, no data
    position = 0
    live: deque[tuple[int, int, Record]] = deque()
    for record in records:
        head = (head + 1) & mask
        begin = end = _EMPTY_LINE
        if record.text is not None:
            used = word + len(record.data)
            used += -used % word
            begin, end = position, position + used
            if begin // size != (end - int(exact)) // size:
                end = (begin // size + 1) * size + used
            at = (end - used) % size
            ring[at : at + word + len(record.data)] = core.word(head) + record.data
            position = end
        index = head % count
        descs[index * 3 * word : (index + 1) * 3 * word] = core.words(
            head | record.state << 8 * word - 2, begin, end)
        struct.pack_into(order + "QQHBBI", infos, index * _INFO_BYTES, 0, record.nanoseconds, len(record.data), 0,
                         record.level << 5, 0)
        live.append((index, begin if record.text is not None else position, record))
        while len(live) > count or live[0][1] < position - size:
            gone = live.popleft()[0]
            if gone != index:  # desc_make_reusable()
                state = int.from_bytes(descs[gone * 3 * word : gone * 3 * word + word],
                                       "little" if order == "<" else "big") | 3 << 8 * word - 2
                descs[gone * 3 * word : gone * 3 * word + word] = core.word(state)
    tail = start if len(records) < count else (head - count + 1) & mask
    bits = core.u32(count.bit_length() - 1).ljust(word, b"\0")
    desc_ring = bits + core.words(core.put(bytes(descs)), core.put(bytes(infos)), head, tail)
    bits = core.u32(size.bit_length() - 1).ljust(word, b"\0")
    text_ring = bits + core.words(core.put(bytes(ring)), position, max(position - size, 0))
    core.symbol("prb", core.word(core.put(desc_ring + text_ring + core.word(0))))
    _tell_ringbuffer(core, word)
    return [record for _, _, record in live if record.state in (1, 2)]


def _tell_ringbuffer(core: Core, word: int) -> None:
    """kernel/printk/printk.c, log_buf_vmcoreinfo_setup()."""
    for name, value in {
        "SIZE(printk_ringbuffer)": 10 * word, "OFFSET(printk_ringbuffer.desc_ring)": 0,
        "OFFSET(printk_ringbuffer.text_data_ring)": 5 * word, "OFFSET(printk_ringbuffer.fail)": 9 * word,
        "SIZE(prb_desc_ring)": 5 * word, "OFFSET(prb_desc_ring.count_bits)": 0, "OFFSET(prb_desc_ring.descs)": word,
        "OFFSET(prb_desc_ring.infos)": 2 * word, "OFFSET(prb_desc_ring.head_id)": 3 * word,
        "OFFSET(prb_desc_ring.tail_id)": 4 * word, "SIZE(prb_desc)": 3 * word, "OFFSET(prb_desc.state_var)": 0,
        "OFFSET(prb_desc.text_blk_lpos)": word, "SIZE(prb_data_blk_lpos)": 2 * word,
        "OFFSET(prb_data_blk_lpos.begin)": 0, "OFFSET(prb_data_blk_lpos.next)": word,
        "SIZE(printk_info)": _INFO_BYTES, "OFFSET(printk_info.seq)": 0, "OFFSET(printk_info.ts_nsec)": 8,
        "OFFSET(printk_info.text_len)": 16, "OFFSET(printk_info.caller_id)": 20, "OFFSET(printk_info.dev_info)": 24,
        "SIZE(prb_data_ring)": 4 * word, "OFFSET(prb_data_ring.size_bits)": 0, "OFFSET(prb_data_ring.data)": word,
        "OFFSET(prb_data_ring.head_lpos)": 2 * word, "OFFSET(prb_data_ring.tail_lpos)": 3 * word,
        "SIZE(atomic_long_t)": word, "OFFSET(atomic_long_t.counter)": 0,
    }.items():
        core.info[name] = str(value)


WRITERS: dict[str, Callable[[Core, Sequence[Record], int, bool], Sequence[Record]]] = {
    "log_buf": write_log_buf,
    "struct log": lambda core, records, size, _: write_records(core, records, size, "log"),
    "printk_log": lambda core, records, size, _: write_records(core, records, size, "printk_log"),
    "printk_ringbuffer": write_ringbuffer,
    "none": write_unnamed,
}
