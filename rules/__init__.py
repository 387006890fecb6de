"""insights rules: the host's picture to findings."""

from __future__ import annotations
