"""The host's name in the dead kernel's utsname."""
from __future__ import annotations

from nopage.vmcore.address import KernelMemory
from nopage.vmcore.facts import ReadFault

_FIELD = 65  # include/uapi/linux/utsname.h: struct new_utsname
_NAMES_AT = (0, 4, 8)  # in struct uts_namespace: behind a kref up to Linux 5.10, first since 5.11


def hostname_of(memory: KernelMemory) -> str | None:
    """`nodename` of init_uts_ns; None where it is not in the core, or was never set."""
    address = memory.info.symbols.get("init_uts_ns") or memory.info.symbols.get("system_utsname")
    if address is None:
        return None
    known = memory.info.offsets.get("uts_namespace.name")
    for at in _NAMES_AT if known is None else (known,):
        try:
            data = memory.read(address + at, 2 * _FIELD)
        except ReadFault:
            return None
        if data.startswith(b"Linux\0"):
            name = data[_FIELD:].partition(b"\0")[0].decode("ascii", "replace")
            return name if name.isprintable() and name not in ("", "(none)") else None
    return None
