"""Page tables of an x86_64 kernel, and the lines of VMCOREINFO without which makedumpfile refuses a core."""
from __future__ import annotations

import struct

from cores.kernel import Core

# kernel/vmcore_info.c, for a machine with one flat mem_map; the values do not matter to --dump-dmesg
_FLAT_MEMORY = {
    "SIZE(page)": 64, "OFFSET(page.flags)": 0, "OFFSET(page._refcount)": 52, "OFFSET(page.mapping)": 24,
    "OFFSET(page.lru)": 8, "OFFSET(page._mapcount)": 48, "OFFSET(page.private)": 40, "SIZE(pglist_data)": 4096,
    "OFFSET(pglist_data.node_start_pfn)": 8, "OFFSET(pglist_data.node_spanned_pages)": 16,
    "OFFSET(pglist_data.nr_zones)": 24, "OFFSET(pglist_data.node_mem_map)": 32, "OFFSET(pglist_data.node_id)": 40,
    "OFFSET(pglist_data.node_zones)": 48, "SIZE(zone)": 64, "SIZE(free_area)": 24, "SIZE(list_head)": 16,
    "SIZE(nodemask_t)": 8, "OFFSET(zone.free_area)": 0, "OFFSET(zone.vm_stat)": 0, "OFFSET(zone.spanned_pages)": 0,
    "OFFSET(free_area.free_list)": 0, "OFFSET(list_head.next)": 0, "OFFSET(list_head.prev)": 8,
    "LENGTH(zone.free_area)": 11, "LENGTH(free_area.free_list)": 5, "NUMBER(NR_FREE_PAGES)": 0, "NUMBER(PG_lru)": 5,
    "NUMBER(PG_private)": 11, "NUMBER(PG_swapcache)": 16,
}


def put_page_tables(core: Core) -> None:
    """Three tables that map the first GiB at the kernel's address in pages of 2 MiB (Intel SDM vol. 3, 4.5)."""
    virtual = core.machine.virtual
    large = b"".join(struct.pack("<Q", number << 21 | 0x1E3) for number in range(512))
    middle = core.put(large, 4096) - virtual
    upper = core.put(bytes(510 * 8) + struct.pack("<QQ", middle | 0x63, 0), 4096) - virtual
    top = core.put(bytes(511 * 8) + struct.pack("<Q", upper | 0x63), 4096)
    for name in ("init_level4_pgt", "swapper_pg_dir"):
        core.info[f"SYMBOL({name})"] = f"{top:x}"
    core.info["SYMBOL(mem_map)"] = f"{core.symbols['_stext']:x}"
    for key, value in _FLAT_MEMORY.items():
        core.info.setdefault(key, str(value))
