"""Compression comes off layer by layer; whose damage it is is told, and all that is unpacked is counted once."""
from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from nopage.intake.reader import Budget, Damage, FileReader, LimitReached, OwnDamage, Peeked, Reader
from nopage.intake.unpack import member_text, plain_source, sniff

Packers = dict[str, Callable[[bytes], bytes]]
TEXT = b"a line of text\n" * 5000
NESTING = 3


def reader(data: bytes) -> FileReader:
    return FileReader(io.BytesIO(data).read)


def whole(source: Reader) -> bytes:
    return b"".join(iter(source.read, b""))


def budget(most: int = 1 << 30) -> Budget:
    return Budget(most, 100, 60)


@pytest.mark.parametrize("forms", [(), ("gz",), ("xz", "gz"), ("zst", "bz2", "lzma")])
@pytest.mark.parametrize("outermost", [True, False])
def test_a_source_below_all_its_layers(forms: tuple[str, ...], outermost: bool, packers: Packers) -> None:
    data = TEXT
    for form in forms:
        data = packers[form](data)
    spent = budget()
    source, pump = plain_source(Peeked(reader(data)), spent, NESTING, outermost=outermost)
    assert whole(source) == TEXT
    assert (pump is not None) == (outermost and bool(forms))
    assert spent.unpacked >= (len(TEXT) if outermost or forms else 0)
    if pump is not None:
        pump.close()


def test_layers_beyond_the_limit_stay(packers: Packers) -> None:
    data = TEXT
    for _ in range(NESTING + 1):
        data = packers["gz"](data)
    assert sniff(whole(member_text(reader(data), budget(), NESTING))) == "gzip"


def test_a_member_s_own_damage_is_not_its_source_s(packers: Packers) -> None:
    with pytest.raises(OwnDamage):
        whole(member_text(reader(packers["gz"](TEXT)[:-20]), budget(), NESTING))

    class Broken:
        def __init__(self) -> None:
            self.parts = [packers["gz"](TEXT)[:-20]]

        def read(self) -> bytes:
            if self.parts:
                return self.parts.pop()
            raise Damage("the archive is cut", self)

    with pytest.raises(Damage) as caught:
        whole(member_text(Broken(), budget(), NESTING))
    assert not isinstance(caught.value, OwnDamage)


def test_what_a_member_unpacks_to_counts(packers: Packers) -> None:
    with pytest.raises(LimitReached):
        whole(member_text(reader(packers["gz"](TEXT)), budget(1000), NESTING))
