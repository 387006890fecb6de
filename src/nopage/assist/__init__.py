"""For assistants: diagnose, explain and watermarks as tools of the Model Context Protocol."""
from __future__ import annotations
