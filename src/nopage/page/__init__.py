"""The page that needs no install: what its worker runs in the browser, how its folder is made, and served."""
from __future__ import annotations
