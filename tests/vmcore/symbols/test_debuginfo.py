"""--vmlinux: what cannot be used is said, and the core is read without it."""
from __future__ import annotations

import sys

import pytest


@pytest.fixture
def core_bytes(cores, records, two_nodes):
    core = cores.make_core("printk_ringbuffer", records, zones=two_nodes, types=True, kallsyms="base")
    return cores.elf_core(core)


def test_without_drgn(monkeypatch, read, core_bytes):
    monkeypatch.setitem(sys.modules, "drgn", None)
    facts = read(core_bytes, vmlinux="vmlinux-5.14.0")
    assert facts.warnings == (
        "vmlinux-5.14.0 is not used: reading debuginfo needs drgn: pip install 'nopage[vmcore]'",
    )
    plain = read(core_bytes)
    assert (facts.windows, facts.mem_info, facts.min_free_kbytes) == (plain.windows, plain.mem_info, 67584)


def test_machine_whose_page_tables_only_drgn_knows(monkeypatch, cores, read, records):
    monkeypatch.setitem(sys.modules, "drgn", None)
    changes = {"SYMBOL(prb)": "9000000000000000"}
    core = cores.make_core("printk_ringbuffer", records, machine=cores.MACHINES["ppc64"], changes=changes)
    facts = read(cores.elf_core(core))
    assert any("reading kernel addresses of this machine needs drgn" in text for text in facts.warnings)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x7fELF\x02\x01\x01" + bytes(57)])
def test_vmlinux_that_is_none(tmp_path, read, core_bytes, content):
    path = tmp_path / "vmlinux"
    path.write_bytes(content)
    facts = read(core_bytes, vmlinux=str(path))
    assert len(facts.warnings) == 1
    plain = read(core_bytes)
    assert (facts.windows, facts.mem_info, facts.min_free_kbytes) == (plain.windows, plain.mem_info, 67584)


def test_a_core_needs_no_drgn(monkeypatch, read, core_bytes):
    """Reading a core imports drgn only when debuginfo is given."""
    monkeypatch.delitem(sys.modules, "drgn", raising=False)
    read(core_bytes)
    assert "drgn" not in sys.modules
