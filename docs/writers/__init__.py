"""What docs/generate.py writes, one subject a file."""
from __future__ import annotations
