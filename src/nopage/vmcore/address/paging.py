"""Kernel page tables, as data: one row per form that a core's architecture can have."""
from __future__ import annotations

from collections.abc import Callable

from nopage.kernel.frozen import dataclass
from nopage.vmcore.address.vmcoreinfo import VmcoreInfo
from nopage.vmcore.facts import ReadFault


@dataclass(frozen=True, slots=True)
class Paging:
    """How an entry is read: index widths from the top level down, the page offset width, and the entry's bits.

    `leaf_bit` set (or, with `leaf_clear`, clear) above the last level makes an entry a large page. `address_mask`
    cuts the physical address out of an entry.
    """

    index_bits: tuple[int, ...]
    offset_bits: int
    entry_bytes: int
    present_mask: int
    leaf_bit: int
    leaf_clear: bool
    address_mask: int

    def walk(self, root: int, address: int, read_entry: Callable[[int, int], int]) -> tuple[int, int]:
        """(physical address, bytes that follow it in the same page); ReadFault where nothing is mapped."""
        shift = self.offset_bits + sum(self.index_bits)
        table = root
        for level, bits in enumerate(self.index_bits):
            shift -= bits
            index = address >> shift & (1 << bits) - 1
            entry = read_entry(table + index * self.entry_bytes, self.entry_bytes)
            if not entry & self.present_mask:
                break
            last = level == len(self.index_bits) - 1
            if last or bool(entry & self.leaf_bit) != self.leaf_clear:
                within = address & (1 << shift) - 1
                return (entry & self.address_mask & ~((1 << shift) - 1)) + within, (1 << shift) - within
            table = entry & self.address_mask
        raise ReadFault(f"kernel address {address:#x} is not mapped")


_X86_MASK = 0x000F_FFFF_FFFF_F000
_X86_PRESENT = 1
_X86_LARGE = 1 << 7


def paging_for(arch: str | None, info: VmcoreInfo) -> tuple[str, Paging] | None:
    """(symbol of the root table, its form) where this reader knows the architecture's page tables.

    Intel SDM vol. 3 ch. 4; Arm ARM D8. x86_64: pgtable_l5_enabled tells four levels from five; i386:
    CONFIG_X86_PAE is a line of its own in VMCOREINFO.
    """
    if arch == "x86_64":
        levels = 5 if info.numbers.get("pgtable_l5_enabled") else 4
        mask = _X86_MASK & ~info.numbers.get("sme_mask", 0)
        roots = ("init_top_pgt", "init_level4_pgt", "swapper_pg_dir")
        root = next((name for name in roots if name in info.symbols), "")
        return root, Paging((9,) * levels, 12, 8, _X86_PRESENT, _X86_LARGE, False, mask)
    if arch == "i386":
        if info.values.get("CONFIG_X86_PAE") == "y":
            return "swapper_pg_dir", Paging((2, 9, 9), 12, 8, _X86_PRESENT, _X86_LARGE, False, _X86_MASK)
        return "swapper_pg_dir", Paging((10, 10), 12, 4, _X86_PRESENT, _X86_LARGE, False, 0xFFFF_F000)
    if arch == "aarch64":
        return _arm64(info)
    return None


def _arm64(info: VmcoreInfo) -> tuple[str, Paging] | None:
    page_bits = (info.page_bytes or 4096).bit_length() - 1
    size_bits = info.numbers.get("TCR_EL1_T1SZ")
    virtual_bits = 64 - size_bits if size_bits and 0 < size_bits < 64 else info.numbers.get("VA_BITS", 0)
    if not 36 <= virtual_bits <= 52:
        return None
    per_level = page_bits - 3
    left = virtual_bits - page_bits
    widths: list[int] = []
    while left > 0:
        widths.insert(0, min(per_level, left))
        left -= per_level
    return "swapper_pg_dir", Paging(
        tuple(widths), page_bits, 8, 1, 1 << 1, True, 0x0000_FFFF_FFFF_FFFF & ~((1 << page_bits) - 1)
    )
