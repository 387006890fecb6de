"""The log up to Linux 3.4: a ring of characters (kernel/printk.c: log_buf, log_end, logged_chars)."""
from __future__ import annotations

from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import CoreLimits, ReadFault
from nopage.vmcore.log.parts import CoreLog, require

LAYOUT = "log_buf"
_LARGEST = 1 << 31  # kernel/printk.c: LOG_BUF_LEN_MAX of later kernels


def read_char_ring(memory: KernelMemory, limits: CoreLimits, joined: bool = True) -> CoreLog:
    """The text as it stands in the ring, with its <N> levels.

    `logged_chars` counts what `dmesg -c` left; like vmcore-dmesg and crash this reads what came before it as well.
    """
    symbols = memory.info.symbols
    require(memory.info.lacks(symbols=("log_buf", "log_end", "log_buf_len")), LAYOUT)
    size = memory.u32(symbols["log_buf_len"])
    if not 0 < size <= _LARGEST:
        raise ReadFault(f"log_buf_len is {size}: not believable")
    address = memory.word(symbols["log_buf"])
    end = memory.u32(symbols["log_end"])
    length = min(end, size)
    if end < size and "logged_chars" in symbols:
        try:  # log_end is an unsigned int that wraps after 4 GiB; logged_chars stays at the ring's size then
            if memory.u32(symbols["logged_chars"]) >= size:
                length = size
        except ReadFault:
            pass
    warnings: list[str] = []
    most = limits.log_bytes // 4  # these kernels keep 2 MiB; as lines they take more
    if length > most:
        warnings.append(f"the log has {length} bytes: the newest {most} are read")
        length = most
    start = (end - length) % size
    first = min(length, size - start)
    text, absent = memory.read_around(address + start, first)
    if length > first:
        rest, more = memory.read_around(address, length - first)
        text, absent = text + rest, absent + more
    if absent >= length > 0:
        raise ReadFault("the pages of the log buffer are not in the core")
    if absent:
        warnings.append(f"{absent} of {length} bytes of the log are not in the core")
    lines = text.replace(b"\0", b"").decode("utf-8", "backslashreplace").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return CoreLog(LAYOUT, lines, tuple(warnings))
