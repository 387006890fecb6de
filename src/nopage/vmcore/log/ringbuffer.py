"""The log from Linux 5.10 on: descriptors, infos and a text ring (kernel/printk/printk_ringbuffer.h)."""
from __future__ import annotations

import struct

from nopage.kernel.frozen import dataclass
from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import CoreLimits, ReadFault
from nopage.vmcore.log.parts import CoreLog, Lines, Ring, printable, require, stamp

LAYOUT = "printk_ringbuffer"
_COUNT_BITS = 26
_SIZE_BITS = 31
_COMMITTED, _FINALIZED, _REUSABLE = 1, 2, 3  # enum desc_state: the two top bits of state_var


@dataclass(frozen=True, slots=True)
class _Rings:
    head: int
    tail: int
    count: int
    descs: Ring
    infos: Ring
    text: Ring


def read_ringbuffer(memory: KernelMemory, limits: CoreLimits, joined: bool = True) -> CoreLog:
    """All records from tail_id to head_id that were committed.

    Records without data (lpos odd: FAILED_LPOS, EMPTY_LINE_LPOS) are empty lines, as vmcore-dmesg prints them;
    a continued line is one record here, so `joined` changes nothing.
    """
    rings = _open(memory)
    info, word = memory.info, memory.word_bytes
    desc_bytes, info_bytes = info.sizes["prb_desc"], info.sizes["printk_info"]
    state_at = info.offsets["prb_desc.state_var"] + info.offsets.get("atomic_long_t.counter", 0)
    block_at = info.offsets["prb_desc.text_blk_lpos"]
    begin_at = block_at + info.offsets["prb_data_blk_lpos.begin"]
    next_at = block_at + info.offsets["prb_data_blk_lpos.next"]
    time_at, length_at = info.offsets["printk_info.ts_nsec"], info.offsets["printk_info.text_len"]
    if max(state_at, begin_at, next_at) + word > desc_bytes or max(time_at + 8, length_at + 2) > info_bytes:
        raise ReadFault("VMCOREINFO gives printk_ringbuffer fields outside their structures")
    long = struct.Struct(memory.order + ("Q" if word == 8 else "I"))
    time, short = struct.Struct(memory.order + "Q"), struct.Struct(memory.order + "H")
    id_mask = (1 << 8 * word - 2) - 1
    lines, warnings = Lines(limits.log_bytes), list[str]()
    identity, left = rings.tail & id_mask, ((rings.head - rings.tail) & id_mask) + 1
    if left > rings.count:
        warnings.append(f"the log claims {left} records in room for {rings.count}: the last {rings.count} are read")
        identity, left = (rings.head - rings.count + 1) & id_mask, rings.count
    if left > limits.records:
        warnings.append(f"the log has {left} records: the newest {limits.records} are read")
        identity, left = (rings.head - limits.records + 1) & id_mask, limits.records
    unread = 0
    for _ in range(left):
        index = identity % rings.count
        desc = rings.descs.read(index * desc_bytes, desc_bytes)
        state = long.unpack_from(desc, state_at)[0]
        kind = state >> 8 * word - 2
        if state & id_mask != identity or kind not in (_COMMITTED, _FINALIZED):
            unread += kind != _REUSABLE  # its text was overwritten since: gone in the kernel's own view too
        else:
            header = rings.infos.read(index * info_bytes, info_bytes)
            begin, end = long.unpack_from(desc, begin_at)[0], long.unpack_from(desc, next_at)[0]
            text = _text(rings.text, begin, end, short.unpack_from(header, length_at)[0], word)
            lines.add(stamp(time.unpack_from(header, time_at)[0]) + printable(text))
        identity = identity + 1 & id_mask
    absent = rings.descs.absent + rings.infos.absent + rings.text.absent
    if unread == left and absent:
        raise ReadFault("the pages of the log buffer are not in the core")
    if absent:
        warnings.append(f"{absent} bytes of the log buffer are not in the core")
    if unread > 1:  # one, the record in the making, is normal
        warnings.append(f"{unread} log records were not committed or are lost")
    if lines.dropped:
        warnings.append(f"the oldest {lines.dropped} lines of the log were left out")
    return CoreLog(LAYOUT, lines.lines(), tuple(warnings))


def _text(ring: Ring, begin: int, end: int, length: int, word: int) -> bytes:
    """The text of one record; the block begins with its descriptor's id (struct prb_data_block).

    A block that does not fit before the end of the ring lies at its start. One that ends exactly with the ring
    has next % size == 0: kernels before 6.18 never made such blocks, later ones do.
    """
    if begin == end or (begin & 1 and end & 1):
        return b""
    start, stop = begin % ring.size, end % ring.size
    if stop == 0:
        stop = ring.size
    elif start >= stop:
        start = 0
    start += word
    return ring.read(start, min(length, max(stop - start, 0)))


def _open(memory: KernelMemory) -> _Rings:
    info = memory.info
    require(
        info.lacks(
            symbols=("prb",),
            sizes=("prb_desc", "printk_info"),
            offsets=("printk_ringbuffer.desc_ring", "printk_ringbuffer.text_data_ring", "prb_desc_ring.count_bits",
                     "prb_desc_ring.descs", "prb_desc_ring.infos", "prb_desc_ring.head_id", "prb_desc_ring.tail_id",
                     "prb_desc.state_var", "prb_desc.text_blk_lpos", "prb_data_blk_lpos.begin",
                     "prb_data_blk_lpos.next", "printk_info.ts_nsec", "printk_info.text_len",
                     "prb_data_ring.size_bits", "prb_data_ring.data"),
        ),
        LAYOUT,
    )
    offsets, counter = info.offsets, info.offsets.get("atomic_long_t.counter", 0)
    prb = memory.word(info.symbols["prb"])
    desc_ring = prb + offsets["printk_ringbuffer.desc_ring"]
    text_ring = prb + offsets["printk_ringbuffer.text_data_ring"]
    count_bits = memory.u32(desc_ring + offsets["prb_desc_ring.count_bits"])
    size_bits = memory.u32(text_ring + offsets["prb_data_ring.size_bits"])
    if not 0 < count_bits <= _COUNT_BITS or not 3 <= size_bits <= _SIZE_BITS:
        raise ReadFault(f"the log ring says 2^{count_bits} records and 2^{size_bits} bytes: not believable")
    desc_bytes, info_bytes = info.sizes["prb_desc"], info.sizes["printk_info"]
    if not (0 < desc_bytes <= 4096 and 0 < info_bytes <= 4096):
        raise ReadFault(f"VMCOREINFO gives records of {desc_bytes} and {info_bytes} bytes: not believable")
    count = 1 << count_bits
    return _Rings(
        head=memory.word(desc_ring + offsets["prb_desc_ring.head_id"] + counter),
        tail=memory.word(desc_ring + offsets["prb_desc_ring.tail_id"] + counter),
        count=count,
        descs=Ring(memory, memory.word(desc_ring + offsets["prb_desc_ring.descs"]), count * desc_bytes),
        infos=Ring(memory, memory.word(desc_ring + offsets["prb_desc_ring.infos"]), count * info_bytes),
        text=Ring(memory, memory.word(text_ring + offsets["prb_data_ring.data"]), 1 << size_bits),
    )
