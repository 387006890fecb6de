"""The notes that VMCOREINFO stands in."""
from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nopage.vmcore.container.elf_notes import vmcoreinfo_note


def note(order: str, name: bytes, kind: int, text: bytes, claimed: int | None = None) -> bytes:
    return (
        struct.pack(order + "III", len(name), len(text) if claimed is None else claimed, kind)
        + name.ljust(len(name) + 3 & ~3, b"\0")
        + text.ljust(len(text) + 3 & ~3, b"\0")
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_vmcoreinfo_behind_other_notes(order):
    blob = note(order, b"CORE\0", 1, bytes(336)) + note(order, b"QEMU\0", 0, bytes(440))
    assert vmcoreinfo_note(blob + note(order, b"VMCOREINFO\0", 0, b"OSRELEASE=1\n"), order) == (b"OSRELEASE=1\n", False)


@pytest.mark.parametrize("claimed", [0, 1 << 31, 0xFFFFFFFF])
def test_vmcoreinfo_behind_a_damaged_note(claimed):
    blob = note("<", b"CORE\0", 1, bytes(336), claimed) + note("<", b"VMCOREINFO\0", 0, b"OSRELEASE=1\n")
    assert vmcoreinfo_note(blob, "<")[0].startswith(b"OSRELEASE=1\n")


def test_notes_of_a_process():
    blob = note("<", b"CORE\0", 1, bytes(336)) + note("<", b"CORE\0", 3, bytes(136))
    assert vmcoreinfo_note(blob, "<") == (b"", True)


@given(st.binary(max_size=300), st.sampled_from("<>"))
def test_any_notes(blob, order):
    text, process = vmcoreinfo_note(blob, order)
    assert text in blob
    assert not (text and process)
