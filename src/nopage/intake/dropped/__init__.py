"""Files without folders, as somebody drops them somewhere: what each is, and one host out of all of them.

An archive or a crash dump is nothing for this: `NeedsCommand` says so.
"""
from __future__ import annotations

from nopage.intake.dropped.host import NeedsCommand, one_host

__all__ = ["NeedsCommand", "one_host"]
