"""ELF cores: /proc/vmcore copies, makedumpfile -E, QEMU's dump-guest-memory; 32 and 64 bit, both byte orders."""
from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from nopage.kernel.bounds import BOUNDS
from nopage.vmcore.container.elf_notes import vmcoreinfo_note
from nopage.vmcore.container.image import Image, Segment
from nopage.vmcore.container.raw import Bytes
from nopage.vmcore.facts import CoreLimits, ReadFault

ELF_MAGIC = b"\x7fELF"
ET_CORE = 4
_NARROW = frozenset(("i386", "ppc", "arm"))
_PT_LOAD = 1
_PT_NOTE = 4
_PN_XNUM = 0xFFFF
_SEGMENTS = BOUNDS.core_segments
_ENTRY_BYTES = 256  # of one program header; they have 32 or 56
# elf.h: e_machine
_MACHINES = {3: "i386", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 50: "ia64", 62: "x86_64",
             183: "aarch64", 243: "riscv64", 258: "loongarch64"}


class ElfImage(Image):
    """The PT_LOAD segments of a core as physical memory, and its VMCOREINFO note."""

    def __init__(self, source: Bytes, limits: CoreLimits) -> None:
        super().__init__()
        self._source = source
        self.kind = "elf"
        ident = source.read(0, 64)
        if len(ident) < 52:
            raise ReadFault("the file ends inside the ELF header")
        wide = {1: False, 2: True}.get(ident[4])
        order = {1: "<", 2: ">"}.get(ident[5])
        if wide is None or order is None:
            raise ReadFault(f"not an ELF file of a known class and byte order ({ident[4]}, {ident[5]})")
        self._wide, self.order = wide, order
        kind, machine = struct.unpack_from(order + "HH", ident, 16)
        if kind != ET_CORE:
            raise ReadFault(f"an ELF file, but no core (e_type {kind})")
        self.arch = _MACHINES.get(machine)
        # kexec describes the memory of 32-bit kernels in 64-bit ELF files too: it may lie above 4 GiB
        self.word_bytes = 8 if wide and self.arch not in _NARROW else 4
        if self.arch == "ppc64" and order == "<":
            self.arch = "ppc64le"
        if self.arch is None:
            self.warnings.append(f"unknown machine {machine} in the ELF header")
        self._load(self._headers(ident), limits)

    def _headers(self, ident: bytes) -> Iterator[tuple[int, int, int, int, int, int]]:
        """(type, offset, virtual, physical, bytes in the file, bytes in memory) of each program header."""
        if self._wide:
            if len(ident) < 64:
                raise ReadFault("the file ends inside the ELF header")
            table, sections = struct.unpack_from(self.order + "QQ", ident, 32)
            entry, count = struct.unpack_from(self.order + "HH", ident, 54)
            form, least = struct.Struct(self.order + "IIQQQQQQ"), 56
        else:
            table, sections = struct.unpack_from(self.order + "II", ident, 28)
            entry, count = struct.unpack_from(self.order + "HH", ident, 42)
            form, least = struct.Struct(self.order + "IIIIIIII"), 32
        if count == _PN_XNUM:  # elf(5): the true count is in sh_info of section 0
            header = self._source.read(sections, 64 if self._wide else 40)
            at = 44 if self._wide else 28
            if len(header) >= at + 4:
                (count,) = struct.unpack_from(self.order + "I", header, at)
        if not least <= entry <= _ENTRY_BYTES:
            raise ReadFault(f"program headers of {entry} bytes: the ELF header is damaged")
        if count > _SEGMENTS:
            self.warnings.append(f"{count} program headers: only the first {_SEGMENTS} are read")
            count = _SEGMENTS
        data = self._source.read(table, entry * count)
        if len(data) < entry * count:
            self.warnings.append(f"the file ends inside its program headers: {len(data) // entry} of {count} read")
        for at in range(0, len(data) - entry + 1, entry):
            if self._wide:
                kind, _, offset, virtual, physical, filled, memory, _ = form.unpack_from(data, at)
            else:
                kind, offset, virtual, physical, filled, memory, _, _ = form.unpack_from(data, at)
            yield kind, offset, virtual, physical, filled, memory

    def _load(self, headers: Iterator[tuple[int, int, int, int, int, int]], limits: CoreLimits) -> None:
        loads: list[tuple[int, int, int]] = []
        notes: list[tuple[int, int]] = []
        top = 1 << 8 * self.word_bytes
        cut = absurd = 0
        for kind, offset, virtual, physical, filled, memory in headers:
            if kind == _PT_NOTE:
                notes.append((offset, filled))
            elif kind == _PT_LOAD and memory:
                if physical + memory > 1 << 64 or offset + filled > 1 << 63:
                    absurd += 1
                    if absurd == 1:
                        text = f"a segment at {physical:#x} of {memory:#x} bytes is not believable: left out"
                        self.warnings.append(text)
                    continue
                filled = min(filled, memory)
                if offset + filled > self._source.size:
                    cut += 1
                    filled = max(self._source.size - offset, 0)
                if filled:
                    loads.append((physical, filled, offset))
                if virtual and virtual + memory <= top:
                    self.virtual.append(Segment(virtual, memory, physical))
        if cut:
            size = self._source.size
            self.warnings.append(f"the file is cut: {cut} memory segments reach beyond its end ({size} bytes)")
        if absurd > 1:
            self.warnings.append(f"{absurd} segments in all are not believable")
        self._keep(loads)
        self.vmcoreinfo, process = vmcoreinfo_note(self._notes(notes, limits), self.order)
        if process and not self.vmcoreinfo:
            raise ReadFault("the core of a process, not of a kernel")

    def _notes(self, places: Sequence[tuple[int, int]], limits: CoreLimits) -> bytes:
        """The notes, one behind the other, within the limit for all of them; each part of the file once."""
        parts: list[bytes] = []
        left = limits.notes_bytes
        places = tuple(dict.fromkeys(places))
        for offset, size in places[: BOUNDS.core_notes]:
            if left <= 0:
                break
            parts.append(self._source.read(offset, min(size, left)))
            left -= len(parts[-1])
            if len(parts[-1]) < size and left > 0:
                self.warnings.append("the file ends inside its notes")
                break
        claimed = sum(size for _, size in places)
        if claimed > limits.notes_bytes or len(places) > BOUNDS.core_notes:
            self.warnings.append(f"{len(places)} notes of {claimed} bytes: the first {limits.notes_bytes} were read")
        return b"".join(parts)

    def _keep(self, loads: Sequence[tuple[int, int, int]]) -> None:
        """Sort by physical address; where segments overlap (kernel text, mapped twice) the first one serves."""
        self._loads: list[tuple[int, int, int]] = []
        end = -1
        for physical, size, offset in sorted(loads, key=lambda load: (load[0], -load[1])):
            if physical < end:
                skip = end - physical
                if skip >= size:
                    continue
                physical, size, offset = end, size - skip, offset + skip
            self._loads.append((physical, size, offset))
            end = physical + size
        self._starts = [load[0] for load in self._loads]

    def read_physical(self, address: int, length: int) -> bytes:
        out = b""
        index = bisect_right(self._starts, address) - 1
        while index >= 0:
            physical, size, offset = self._loads[index]
            at = address + len(out)
            if not physical <= at < physical + size:
                break
            take = min(length - len(out), physical + size - at)
            out += self._source.read(offset + at - physical, take)
            if len(out) == length:
                return out
            index += 1
            if index == len(self._loads):
                break
        raise ReadFault(f"physical address {address + len(out):#x} is not in the core")

    def ranges(self) -> Iterator[tuple[int, int]]:
        for physical, size, offset in self._loads:
            for start, length in self._source.data_ranges(offset, size):
                yield physical + start - offset, length
