"""nopage: why the Linux kernel printed 'page allocation failure', and what to do about it."""
from __future__ import annotations

from nopage.version import __version__

__all__ = ["__version__"]
