"""Many sources, one answer: found, scanned on many cores or machines, and kept where they can be asked.

`sources` finds what there is to scan, `engine` scans it, `store` keeps what came out, `report` tells what it means;
`scan` leads through them.
"""
from __future__ import annotations
