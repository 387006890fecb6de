"""Small texts of /proc, /sys, lsmod and lspci."""
from __future__ import annotations

import pytest

from nopage.kernel.procfs import (
    bracketed,
    huge_page_file,
    huge_page_sizes_kb,
    modules,
    pages_per_block,
    pci_nodes,
    slab_pages,
    uptime_seconds,
)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("always madvise [never]\n", "never"),
        ("always defer [defer+madvise] madvise never", "defer+madvise"),
        ("[yes] no", "yes"),  # khugepaged/defrag of RHEL 6
        ("1\n", None),
        ("x" * 1_000 + "[never]", None),
    ],
)
def test_the_word_in_brackets(text: str, word: str | None) -> None:
    assert bracketed(text) == word


def test_modules_of_lsmod_and_proc() -> None:
    lines = ["Module      Size  Used by", "vmw-balloon  7199  0", "ixgbe 290193 0 - Live 0xffff (OE)", "odd"]
    assert modules(lines) == ("vmw_balloon", "ixgbe")


def test_page_blocks() -> None:
    assert pages_per_block("Page block order: 9\nPages per block:  512\n\nFree pages count") == 512
    assert pages_per_block("Pages per block: many") is None


def test_slabs_by_pages() -> None:
    lines = [
        "slabinfo - version: 2.1",
        "# name <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables ...",
        "dentry   900 1000 192 21 1 : tunables 0 0 0 : slabdata 48 48 0",
        "TCP       10   20 1920 16 8 : tunables 0 0 0 : slabdata 2 3 0",
        "cut      900 1000 192 21",
    ]
    assert slab_pages(lines) == {"dentry": 48, "TCP": 24}


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "512\n", (None, 2048, 512)),
        ("sys/devices/system/node/node1/hugepages/hugepages-1048576kB/nr_hugepages", "16", (1, 1048576, 16)),
        ("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "", None),
        ("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "5", None),
    ],
)
def test_number_of_hugepages(path: str, text: str, found: tuple[int | None, int, int] | None) -> None:
    assert huge_page_file(path, text) == found


def test_sizes_on_the_command_line() -> None:
    assert huge_page_sizes_kb("ro hugepagesz=1G hugepages=16 hugepagesz=2M hugepagesz=1g") == (1048576, 2048)


@pytest.mark.parametrize(("text", "seconds"), [("864000.25 1.0\n", 864000.25), ("", None), ("up 3 days", None)])
def test_uptime(text: str, seconds: float | None) -> None:
    assert uptime_seconds(text) == seconds


def test_pci_devices_by_node() -> None:
    lines = ["04:00.0 Ethernet controller: X", "\tNUMA node: 1", "0001:05:00.1 Ethernet: Y", "\tNUMA node: 0"]
    assert pci_nodes(lines) == {"0000:04:00.0": 1, "0001:05:00.1": 0}
