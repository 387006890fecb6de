"""One source in, one result out: the only caller of insights-core's runner."""
from __future__ import annotations
