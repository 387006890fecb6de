"""Synthetic cores for every layout, from the generator in bench/, and one way to read them."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nopage.vmcore import CoreFacts, CoreLimits, read_core


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., CoreFacts]:
    """read_core() over bytes."""

    def reading(data: bytes, **options: Any) -> CoreFacts:
        path = tmp_path / "vmcore"
        path.write_bytes(data)
        return read_core(str(path), **{"limits": CoreLimits(), **options})

    return reading


@pytest.fixture(scope="session")
def log_lines() -> Callable[[CoreFacts], list[str]]:
    """All lines of a core's log."""
    return lambda facts: [line for window in facts.windows for line in window.lines]


@pytest.fixture(scope="session")
def records(cores: ModuleType) -> list[Any]:
    """More records than any ring of the tests holds, of all lengths."""
    return [cores.Record(f"line {number} " + "x" * (number * 7 % 90), number * 12_345_678) for number in range(600)]


@pytest.fixture(scope="session")
def printed() -> Callable[[Sequence[Any]], list[str]]:
    """What dmesg prints of records: the time as the kernel's print_time() writes it, and the text."""
    return lambda records: [
        f"[{record.nanoseconds // 10**9:5d}.{record.nanoseconds % 10**9 // 1000:06d}] {record.data.decode()}"
        for record in records
    ]


@pytest.fixture(scope="session")
def two_nodes(cores: ModuleType) -> list[list[Any]]:
    """A host with two nodes; the second one has memory above 4 GiB only."""
    zone = cores.ZoneSpec
    blocks = (2, 3, 12, 3, 4, 3, 1, 3, 1, 2, 17)
    lists = ("UM", "UME", *("M",) * 9)
    return [
        [
            zone("DMA", 1, 4095, 3840, (34, 42, 50), (0, 109, 900, 900, 900), counts=(0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 3),
                 letters=("", "", "", "", "", "U", "U", "U", "", "M", "M")),
            zone("DMA32", 4096, 600_000, 500_000, (249, 311, 373), (0, 0, 500, 500, 500), counts=blocks, letters=lists,
                 highatomic=512, free_highatomic=7),
            zone("Normal", 1 << 20, 700_000, 690_000, (649, 811, 973), counts=blocks, letters=lists, boost=512,
                 highatomic=1024),
        ],
        [
            zone("DMA", 0, 0, 0, (0, 0, 0)),
            zone("DMA32", 0, 0, 0, (0, 0, 0)),
            zone("Normal", 1_748_576, 900_000, 890_000, (700, 900, 1100)),
        ],
    ]


@pytest.fixture(scope="session")
def shared_core(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The path of one of the cores beside the checkout, unpacked."""
    import zstandard

    folder = tmp_path_factory.mktemp("cores")

    def unpacked(name: str) -> str:
        path = folder / f"{name}.elf"
        if not path.exists():
            packed = (shared / "cores" / f"{name}.elf.zst").read_bytes()
            path.write_bytes(zstandard.ZstdDecompressor().decompressobj().decompress(packed))
        return str(path)

    return unpacked
