"""Crash dumps: the kernel log and the memory state of a dead kernel, with or without debuginfo."""
from __future__ import annotations

from nopage.vmcore.container import is_core
from nopage.vmcore.core import read_core, read_core_fd, read_split_core
from nopage.vmcore.crashdir import is_crash_directory, read_crash_directory
from nopage.vmcore.facts import CoreError, CoreFacts, CoreLimits, ReadFault
from nopage.vmcore.opener import Opener

__all__ = [
    "CoreError",
    "CoreFacts",
    "CoreLimits",
    "Opener",
    "ReadFault",
    "is_core",
    "is_crash_directory",
    "read_core",
    "read_core_fd",
    "read_crash_directory",
    "read_split_core",
]
