"""`python -m nopage`; import-safe, because `insights run -p nopage` imports every module."""
from __future__ import annotations

from nopage.cli.main import run

if __name__ == "__main__":
    run()
