"""later"""
from __future__ import annotations
from typing import Any
from insights.core.plugins import make_info, rule
from nopage.combiners.memory import Memory
@rule(Memory)
def report(memory: Memory) -> Any:
    return None
