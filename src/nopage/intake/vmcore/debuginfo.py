"""drgn (extra `nopage[vmcore]`): types and symbols of a vmlinux, and cores that the reader here does not take.

The only place that imports drgn, and only when one of the two is asked for.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nopage.intake.vmcore.btf import Btf, Member
from nopage.intake.vmcore.facts import ReadFault
from nopage.intake.vmcore.image import Image
from nopage.intake.vmcore.memory import KernelMemory
from nopage.intake.vmcore.vmcoreinfo import VmcoreInfo

INSTALL = "pip install 'nopage[vmcore]'"
_STRUCTS = ("zone", "free_area", "pglist_data", "printk_log", "log")
_ENUMS = ("migratetype",)
_SYMBOLS = ("min_free_kbytes", "node_data", "contig_page_data", "log_buf", "log_end", "log_buf_len", "logged_chars",
            "log_first_idx", "log_next_idx")


class Debuginfo:
    """What drgn brings: `types` and `symbols` of a vmlinux, and `image` where drgn opened the core."""

    def __init__(self) -> None:
        self.types: Btf | None = None
        self.symbols: dict[str, int] = {}
        self.image: Image | None = None
        self.warnings: list[str] = []
        self.program: Any = None

    def memory(self, image: Image, info: VmcoreInfo) -> KernelMemory:
        """Kernel memory with the symbols of the debuginfo beside those of VMCOREINFO."""
        for name, address in self.symbols.items():
            info.symbols.setdefault(name, address)
        if image is self.image:
            return DrgnMemory(self.program, image, info)
        return KernelMemory(image, info)


class DrgnImage(Image):
    """A core that drgn reads; its memory is taken by kernel address only."""

    def __init__(self, program: Any) -> None:
        import drgn

        super().__init__()
        self._program = program
        self.kind = "drgn"
        platform = program.platform
        if platform is not None:
            self.arch = platform.arch.name.lower()
            self.word_bytes = 8 if drgn.PlatformFlags.IS_64_BIT in platform.flags else 4
            self.order = "<" if drgn.PlatformFlags.IS_LITTLE_ENDIAN in platform.flags else ">"
        self.vmcoreinfo = bytes(program["VMCOREINFO"].string_())

    def read_physical(self, address: int, length: int) -> bytes:
        return _read(self._program, address, length, physical=True)

    def ranges(self) -> Iterator[tuple[int, int]]:
        return iter(())


class DrgnMemory(KernelMemory):
    """Kernel addresses through drgn's own page table walkers."""

    def __init__(self, program: Any, image: Image, info: VmcoreInfo) -> None:
        super().__init__(image, info)
        self._program = program

    def read(self, address: int, length: int) -> bytes:
        if not 0 <= length <= 1 << 31:
            raise ReadFault(f"{length} bytes at {address:#x}: not believable")
        return _read(self._program, address, length, physical=False)


def open_debuginfo(fd: int, vmlinux: str | None) -> Debuginfo | None:
    """drgn over the core in `fd`, with the debuginfo in `vmlinux`; None where drgn is not installed.

    What drgn refuses is said in `warnings`; the reading goes on without it.
    """
    try:
        import drgn
    except ImportError:
        if vmlinux is None:
            return None
        found = Debuginfo()
        found.warnings.append(f"{vmlinux} is not used: reading debuginfo needs drgn: {INSTALL}")
        return found
    found = Debuginfo()
    found.program = program = drgn.Program()
    try:
        program.set_core_dump(fd)
        found.image = DrgnImage(program)
    except Exception as error:  # drgn raises many kinds, and OSError, LookupError, ValueError of its own
        found.warnings.append(f"drgn cannot open the core: {_line(error)}")
        return found
    if vmlinux is not None:
        try:
            program.load_debug_info([vmlinux])
            found.symbols = dict(_symbols(program))
            found.types = _types(program)
        except Exception as error:
            found.types = None
            found.warnings.append(f"{vmlinux} is not used: {_line(error)}")
    return found


def _read(program: Any, address: int, length: int, *, physical: bool) -> bytes:
    import drgn

    try:
        return bytes(program.read(address, length, physical))
    except (drgn.FaultError, ValueError, OverflowError, OSError) as error:
        raise ReadFault(_line(error)) from None


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
