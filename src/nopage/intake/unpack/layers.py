"""Compression taken off until there is none: a whole source's, and a member's own inside its archive."""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.intake.reader import Budget, Damage, Metered, OwnDamage, Peeked, Reader, Timed
from nopage.intake.unpack.forms import sniff, unpacked

if TYPE_CHECKING:
    from nopage.intake.unpack.pump import Pump


def plain_source(source: Peeked, budget: Budget, nesting: int, *, outermost: bool) -> tuple[Peeked, Pump | None]:
    """The stream below all compression, `nesting` layers at most, and the thread that unpacks it, to be closed.

    Of an `outermost` source all plain bytes are counted; one inside another was counted as that was unpacked.
    """
    pump = None
    if outermost and sniff(source.head) is None:
        return Peeked(Metered(source, budget)), pump
    for _ in range(nesting):
        form = sniff(source.head)
        if form is None:
            break
        reader: Reader = unpacked(Timed(source, budget), form, budget.windows)
        if pump is None and outermost and budget.threads:
            from nopage.intake.unpack.pump import Pump

            reader = pump = Pump(reader)
        try:
            source = Peeked(Metered(reader, budget))
        except BaseException:
            if pump is not None:
                pump.close()
            raise
    return source, pump


def member_text(reader: Reader, budget: Budget, nesting: int) -> Reader:
    """What to read a member's text from, below its own compression, whose damage is `OwnDamage`."""
    source = Peeked(reader, 16)
    for _ in range(nesting):
        form = sniff(source.head)
        if form is None:
            break
        source = Peeked(Metered(_Own(unpacked(Timed(source, budget), form, budget.windows)), budget), 16)
    return source


class _Own:
    """A member's own decompressor."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self) -> bytes:
        try:
            return self._reader.read()
        except Damage as fault:
            if fault.origin is self._reader:
                raise OwnDamage(fault.reason, self) from fault
            raise
