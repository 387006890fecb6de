"""drgn (extra `nopage[vmcore]`): types and symbols of a vmlinux, and the page tables that the reader here cannot walk.

The only place that imports drgn, and only when one of the two is asked for.
"""
from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

from nopage.vmcore.address import KernelMemory, VmcoreInfo
from nopage.vmcore.container import Image
from nopage.vmcore.facts import ReadFault
from nopage.vmcore.symbols.btf import Btf, Member

INSTALL = "pip install 'nopage[vmcore]'"
DRGN_ARCHES = frozenset(("s390x", "ppc64", "ppc64le", "riscv64", "arm"))
_STRUCTS = ("zone", "free_area", "pglist_data", "printk_log", "log")
_ENUMS = ("migratetype",)
_SYMBOLS = ("min_free_kbytes", "node_data", "contig_page_data", "log_buf", "log_end", "log_buf_len", "logged_chars",
            "log_first_idx", "log_next_idx")


class Debuginfo:
    """What drgn brings: `types` and `symbols` of a vmlinux, and `program` where it opened the core."""

    def __init__(self) -> None:
        self.types: Btf | None = None
        self.symbols: dict[str, int] = {}
        self.warnings: list[str] = []
        self.program: Any = None

    def tell(self, info: VmcoreInfo) -> VmcoreInfo:
        """Add the symbols of the debuginfo to those of VMCOREINFO."""
        for name, address in self.symbols.items():
            info.symbols.setdefault(name, address)
        return info


class DrgnMemory(KernelMemory):
    """Kernel addresses through drgn, which walks the page tables of s390x, ppc64, riscv64 and arm."""

    def __init__(self, program: Any, image: Image, info: VmcoreInfo) -> None:
        super().__init__(image, info)
        self._program = program

    def read(self, address: int, length: int) -> bytes:
        import drgn

        if not 0 <= length <= 1 << 31:
            raise ReadFault(f"{length} bytes at {address:#x}: not believable")
        try:
            return bytes(self._program.read(address, length))
        except (drgn.FaultError, ValueError, OverflowError, OSError) as error:
            raise ReadFault(_line(error)) from None


def open_debuginfo(fd: int, vmlinux: str | None) -> Debuginfo:
    """drgn over the core in `fd`, with the debuginfo in `vmlinux`. What it refuses is said in `warnings`."""
    found = Debuginfo()
    try:
        import drgn
    except ImportError:
        what = f"{vmlinux} is not used: reading debuginfo" if vmlinux else "reading kernel addresses of this machine"
        found.warnings.append(f"{what} needs drgn: {INSTALL}")
        return found
    log = logging.getLogger("drgn")  # says its warnings on standard error otherwise
    log.addHandler(logging.NullHandler())
    log.propagate = False
    program = drgn.Program()
    try:
        program.set_core_dump(os.dup(fd))  # drgn closes the descriptor that it is given
    except Exception as error:  # drgn raises many kinds, and OSError, LookupError, ValueError of its own
        found.warnings.append(f"drgn cannot open the core: {_line(error)}")
        return found
    found.program = program
    if vmlinux is not None:
        try:
            program.load_debug_info([vmlinux])
            types = _types(program)
            if "zone" in types.structs:
                found.symbols, found.types = dict(_symbols(program)), types
            else:
                found.warnings.append(f"{vmlinux} is not used: it is not this kernel's, or holds no debuginfo")
        except Exception as error:
            found.warnings.append(f"{vmlinux} is not used: {_line(error)}")
    return found


def _symbols(program: Any) -> Iterator[tuple[str, int]]:
    for name in _SYMBOLS:
        try:
            yield name, int(program.symbol(name).address)
        except LookupError:
            continue


def _types(program: Any) -> Btf:
    """The layouts in the form that the kernel's own type information comes in."""
    import drgn

    out = Btf("the debuginfo")
    for name in _STRUCTS:
        try:
            found = program.type(f"struct {name}")
        except LookupError:
            continue
        members: dict[str, Member] = {}
        for member in found.members or ():
            kind = member.type
            while kind.kind == drgn.TypeKind.TYPEDEF:
                kind = kind.type
            count = kind.length if kind.kind == drgn.TypeKind.ARRAY else None
            if member.name is not None:
                members[member.name] = Member(member.bit_offset // 8, count)
        out.structs[name] = (found.size or 0, members)
    for name in _ENUMS:
        try:
            out.enums[name] = {entry.name: entry.value for entry in program.type(f"enum {name}").enumerators or ()}
        except LookupError:
            continue
    return out


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
