"""What the dead host was: its zones with watermarks and free lists, vm.min_free_kbytes, its name."""
from __future__ import annotations

from nopage.vmcore.state.read import read_state
from nopage.vmcore.state.utsname import hostname_of

__all__ = [
    "hostname_of",
    "read_state",
]
