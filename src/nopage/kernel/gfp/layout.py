"""What a layout of GFP bits consists of; the layouts themselves are in `tables`."""
from __future__ import annotations

from typing import NamedTuple


class Bit(NamedTuple):
    """One bit of a mask; it has this name from release `since` on, and below release `below` (empty: no bound).

    A kernel whose Red Hat build is not known takes the first row of a bit that has no upstream bound against it.
    `rare`: only in a configuration that is not shipped; without a release it is a reason to think of another layout.
    """

    value: int
    name: str
    since: str = ""
    below: str = ""
    rare: bool = False


class Composite(NamedTuple):
    """A GFP_XXX constant of gfp.h; names a mask that has none of the bits `clear`, where bit `needs` has that name."""

    name: str
    value: int
    clear: int = 0
    needs: str = ""


class Rule(NamedTuple):
    """True for a mask that has every bit of `needs` and none of `bars`."""

    needs: int
    bars: int

    def holds(self, mask: int) -> bool:
        return mask & self.needs == self.needs and not mask & self.bars


class Layout(NamedTuple):
    """One numbering of the GFP bits.

    `wait` is the bit without which a request cannot sleep: __GFP_WAIT, from 4.4 on __GFP_DIRECT_RECLAIM. `high` lets it
    use half of the min reserve. `harder` says which requests get a further quarter off in the min pass, `highatomic`
    which may use the high-atomic reserve for orders above 0 (None: the kernel has none).
    """

    key: str
    bits: tuple[Bit, ...]
    composites: tuple[Composite, ...]
    wait: int
    harder: Rule
    highatomic: Rule | None = None
    high: int = 0x20
    zone_mask: int = 0xF
    prints_names: bool = False
    aliases: tuple[tuple[str, int], ...] = ()

    def named(self, name: str) -> int:
        """All bits that ever had this name in the layout; 0 when none."""
        return sum({bit.value for bit in self.bits if bit.name == name})


class Implausible(NamedTuple):
    """What reported requests do not ask for; with it a number is rather of another layout. `waits` None: either way."""

    any_of: frozenset[str]
    waits: bool | None
    weight: int
    unless: frozenset[str] = frozenset()
