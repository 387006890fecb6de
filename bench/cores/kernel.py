"""The memory of a kernel in the making."""
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Machine:
    """An architecture; the kernel's map begins at `virtual` with physical address 0."""

    arch: str
    elf_machine: int
    word: int
    order: str
    virtual: int


MACHINES = {
    "x86_64": Machine("x86_64", 62, 8, "<", 0xFFFF_FFFF_8000_0000),
    "i386": Machine("i386", 3, 4, "<", 0xC000_0000),
    "ppc64": Machine("ppc64", 21, 8, ">", 0xC000_0000_0000_0000),
    "ppc": Machine("ppc", 20, 4, ">", 0xC000_0000),
    "aarch64": Machine("aarch64", 183, 8, "<", 0xFFFF_8000_0800_0000),
    "s390x": Machine("s390x", 22, 8, ">", 0),
}


@dataclass
class Core:
    """Kernel memory from physical address 16 MiB on, and the VMCOREINFO that describes it."""

    machine: Machine
    release: str
    start: int = 16 << 20
    memory: bytearray = field(default_factory=bytearray)
    info: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)

    @property
    def here(self) -> int:
        """The kernel address of the next byte."""
        return self.machine.virtual + self.start + len(self.memory)

    def put(self, data: bytes, align: int = 64) -> int:
        """Place bytes; returns their kernel address."""
        self.memory += bytes(-len(self.memory) % align)
        address = self.here
        self.memory += data
        return address

    def at(self, address: int) -> int:
        """Where in `memory` a kernel address lies."""
        return address - self.machine.virtual - self.start

    def word(self, value: int) -> bytes:
        size = self.machine.word
        return struct.pack(self.machine.order + ("Q" if size == 8 else "I"), value & (1 << 8 * size) - 1)

    def words(self, *values: int) -> bytes:
        return b"".join(self.word(value) for value in values)

    def u32(self, value: int) -> bytes:
        return struct.pack(self.machine.order + "I", value & 0xFFFF_FFFF)

    def symbol(self, name: str, data: bytes, *, told: bool = True) -> int:
        """A variable of the kernel; `told` puts it into VMCOREINFO."""
        address = self.put(data)
        self.symbols[name] = address
        if told:
            self.info[f"SYMBOL({name})"] = f"{address:x}"
        return address

    @property
    def vmcoreinfo(self) -> bytes:
        return "".join(f"{key}={value}\n" for key, value in self.info.items()).encode()
