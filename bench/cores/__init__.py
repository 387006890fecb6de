"""Small crash dumps in every layout, made for the tests and the fuzzer by the kernel's own rules of writing.

    core = make_core("printk_ringbuffer", [Record("hello", 1_000_000)])
    Path("vmcore").write_bytes(elf_core(core))

A core holds VMCOREINFO, one log and, when asked for, nodes with zones, the kernel's types (BTF) and its symbol table.
The writers follow the kernel's store functions, not the reader that they are there to test.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from cores.files import elf_core, flatten, kdump_core, split_core
from cores.kernel import MACHINES, Core, Machine
from cores.logs import WRITERS, Record, stamp
from cores.paging import put_page_tables
from cores.state import ZoneSpec, put_btf, put_kallsyms, put_nodes

__all__ = ["LAYOUTS", "MACHINES", "Core", "Machine", "Record", "ZoneSpec", "elf_core", "flatten", "kdump_core",
           "make_core", "split_core", "stamp"]

LAYOUTS = tuple(WRITERS)
RELEASES = {"log_buf": "2.6.32-754.el6", "struct log": "3.10.0-327.el7", "printk_log": "4.18.0-553.el8",
            "printk_ringbuffer": "5.14.0-427.el9", "none": "2.6.18-419.el5"}


def make_core(
    layout: str,
    records: Sequence[Record],
    *,
    machine: Machine = MACHINES["x86_64"],
    release: str = "",
    size: int = 1 << 14,
    exact_fit: bool = False,
    zones: Sequence[Sequence[ZoneSpec]] = (),
    prefix: Sequence[str] = ("boost", "highatomic"),
    types: bool = False,
    kallsyms: str = "",
    page_tables: bool = False,
    changes: Mapping[str, str | None] | None = None,
) -> Core:
    """A core with a log ring of `size` bytes; `core.kept` are the records that the ring still holds.

    `zones` are given per node, `prefix` names what struct zone holds between watermarks and lowmem_reserve; `types`
    adds BTF, `kallsyms` a symbol table in the form "base" or "place" (named by VMCOREINFO) or "found" (not named),
    `page_tables` those of x86_64 and what else makedumpfile asks for. `exact_fit` stores ringbuffer blocks that end
    with the ring as the newest kernels do. `changes` replaces lines of VMCOREINFO, None drops one.
    """
    core = Core(machine, release or f"{RELEASES[layout]}.{machine.arch}")
    core.info["OSRELEASE"] = core.release
    core.info["PAGESIZE"] = "4096"
    core.symbol("_stext", b"\x90" * 64)
    uts = b"Linux".ljust(65, b"\0") + b"crashed.example".ljust(65, b"\0") + core.release.encode().ljust(65, b"\0")
    core.symbol("init_uts_ns", core.u32(1) + uts + bytes(3 * 65))
    if machine.arch == "x86_64":
        core.info["NUMBER(phys_base)"] = "0"
    if machine.arch == "aarch64":
        core.info["NUMBER(kimage_voffset)"] = f"0x{machine.virtual:x}"
    core.kept = list(WRITERS[layout](core, records, size, exact_fit))
    if zones:
        put_nodes(core, zones, prefix)
    if types:
        put_btf(core, prefix)
    if kallsyms:
        put_kallsyms(core, kallsyms)
    if page_tables:
        put_page_tables(core)
    core.info["CRASHTIME"] = "1392402600"
    for key, value in (changes or {}).items():
        if value is None:
            core.info.pop(key, None)
        else:
            core.info[key] = value
    core.put(bytes(64), 4096)
    core.memory += bytes(-len(core.memory) % 4096)
    return core
