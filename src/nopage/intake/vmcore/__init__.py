"""Crash dumps: the kernel log and the memory state of a dead kernel, with or without debuginfo."""
from __future__ import annotations

from nopage.intake.vmcore.containers import is_core
from nopage.intake.vmcore.core import read_core, read_core_stream, read_split_core
from nopage.intake.vmcore.crashdir import is_crash_directory, read_crash_directory
from nopage.intake.vmcore.facts import CoreError, CoreFacts, CoreLimits

__all__ = [
    "CoreError",
    "CoreFacts",
    "CoreLimits",
    "is_core",
    "is_crash_directory",
    "read_core",
    "read_core_stream",
    "read_crash_directory",
    "read_split_core",
]
