from __future__ import annotations

import re
from pathlib import Path

import pytest

from nopage.kernel.gfp.decode import decode, layout_for
from nopage.kernel.release.parse import find_release, parse_release


# KERNEL.md 1.3: with no release known, what the number itself can mean.
@pytest.mark.parametrize(
    ("mask", "layout", "atomic"),
    [
        (0x20, "el6", True), (0x4020, "el6", True), (0xD0, "el6", False), (0x280DA, "el6", False), (0x0, "el6", True),
        (0x8D0, "el6", False), (0x204020, "el7", True), (0x2040D0, "el7", False), (0x104020, "el7", True),
        (0x2080020, "v4.9", True), (0x24201CA, "v4.9", False), (0x1080020, "v4.14", True), (0x14004C0, "v4.14", False),
        (0x480020, "el8", True), (0x480030, "el8", True), (0x6000C0, "el8", False), (0x600840, "el8", False),
        (0xA20, "el9.0", True), (0xCC0, "el9.0", False), (0x40820, "el9.5", True), (0x2800, "el10", True),
    ],
)  # fmt: skip
def test_without_a_release_the_number_tells(mask: int, layout: str, atomic: bool) -> None:
    found = decode(mask)
    assert (found.layout, found.layout_from, found.atomic) == (layout, "inferred", atomic)


@pytest.mark.parametrize(
    ("mask", "printed", "atomic", "name", "layout"),
    [
        (0x480020, "GFP_ATOMIC", True, "GFP_ATOMIC", "el8"),
        (0xA20, "GFP_ATOMIC", True, "GFP_ATOMIC", "el9.0"),
        (0x820, "GFP_ATOMIC", True, "GFP_ATOMIC", "el9.5"),
        (0x2800, "GFP_NOWAIT", True, "GFP_NOWAIT", "el10"),
        (0x2800, "GFP_NOWAIT|__GFP_NOWARN", True, "GFP_NOWAIT|__GFP_NOWARN", "el9.0"),
        (0x2080020, "GFP_ATOMIC", True, "GFP_ATOMIC", "v4.9"),
        (0x100, "__GFP_ZERO", True, "__GFP_ZERO", "el9.0"),
        (0x0, "", True, "0x0", "el9.0"),
        (0xC04, "GFP_NOIO|GFP_DMA32", False, "GFP_NOIO|GFP_DMA32", "el9.0"),
        (0x101CCA, "GFP_HIGHUSER_MOVABLE|__GFP_WRITE", False, "GFP_HIGHUSER_MOVABLE|__GFP_WRITE", "el9.0"),
        (0x10000CC0, "GFP_KERNEL|0x10000000", False, "GFP_KERNEL|0x10000000", "el9.0"),
        # cut: the number decides what the names no longer say
        (0xCC4, "GFP_", False, "GFP_KERNEL|GFP_DMA32", "el9.0"),
        (0x40A20, "GFP_ATOMIC|__GFP_CO", True, "GFP_ATOMIC|__GFP_COMP", "el9.0"),
        (0x40A20, "GFP_ATOMIC|", True, "GFP_ATOMIC|__GFP_COMP", "el9.0"),
        # a name of some later kernel
        (0xCC0, "GFP_KERNEL|__GFP_WHATEVER", False, "GFP_KERNEL", "el9.0"),
    ],
)
def test_printed_names_win(mask: int, printed: str, atomic: bool, name: str, layout: str) -> None:
    found = decode(mask, None, printed)
    assert (found.atomic, found.name, found.layout) == (atomic, name, layout)


def test_printed_names_win_over_a_release_that_numbers_otherwise() -> None:
    # 2.6.32 in a signature or a virtual machine's own log, a newer kernel's report beside it
    layout, source = layout_for(parse_release("2.6.32-642.6.2.el6.x86_64"), mask=0x480020, printed="GFP_ATOMIC")
    assert (layout.key, source) == ("el8", "inferred")
    assert layout_for(parse_release("4.18.0-240.el8.x86_64"), mask=0x480020, printed="GFP_ATOMIC")[1] == "exact"


def test_names_decide_over_a_number_that_no_layout_agrees_with() -> None:
    found = decode(0xCC0, parse_release("5.14.0-70.30.1.el9_0.x86_64"), "GFP_ATOMIC")
    assert (found.atomic, found.uses_reserve, found.name) == (True, True, "GFP_ATOMIC")


PRINTED = re.compile(r"(?:mode:|gfp_mask=|gfp=)(0x[0-9a-f]+)\(([A-Z_|0-9a-fx]+)\)")


@pytest.mark.corpus
def test_names_that_kernels_printed_are_those_we_give(shared: Path) -> None:
    """The table against genuine kernels: number and names of one line, and the release where the log names it."""
    checked = 0
    for log in sorted((shared / "corpus").glob("*.log")):
        text = log.read_text(errors="replace")
        token = next((name for line in text.splitlines() if (name := find_release(line.lstrip("> ")))), None)
        release = parse_release(token) if token else None
        for number, names in PRINTED.findall(text):
            found = decode(int(number, 16), release, names)
            assert found.name == names
            assert (log.name, found.layout_from) == (log.name, "inferred") or release is not None
            if release is not None and found.layout_from != "inferred":
                assert (log.name, decode(int(number, 16), release).name) == (log.name, names)
                checked += 1
    assert checked >= 25
