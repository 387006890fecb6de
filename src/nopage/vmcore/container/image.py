"""What every kind of core offers: physical memory, VMCOREINFO, and what is known of the machine."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from nopage.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """`size` bytes of kernel virtual memory from `virtual` on lie at `physical`."""

    virtual: int
    size: int
    physical: int


class Image(ABC):
    """Physical memory of a dead machine.

    `order` is "<" or ">" (as struct has it), `word_bytes` the size of a long, `arch` as uname -m says it, `virtual`
    the mappings that the container states, `phys_base` what its own header says of it.
    """

    kind = ""
    order = "<"
    word_bytes = 8
    arch: str | None = None
    release: str | None = None
    hostname: str | None = None
    page_bytes: int | None = None
    phys_base: int | None = None

    def __init__(self) -> None:
        self.virtual: list[Segment] = []
        self.vmcoreinfo: bytes = b""
        self.warnings: list[str] = []

    @abstractmethod
    def read_physical(self, address: int, length: int) -> bytes:
        """Exactly `length` bytes; ReadFault where any of them is not in the core."""

    @abstractmethod
    def ranges(self) -> Iterator[tuple[int, int]]:
        """(physical address, length) of all memory that the core holds, in the order of the file."""
