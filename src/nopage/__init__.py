"""nopage: why the Linux kernel printed 'page allocation failure', and what to do about it.

    import nopage

    for result in nopage.diagnose("sosreport-web1.tar.xz"):
        print(result.verdict)

The functions are described in docs/api.md; the types of the result in `nopage.result`.
"""
from __future__ import annotations

from nopage.version import __version__

TYPE_CHECKING = False  # as typing has it, which takes longer to import than all the rest of a small command
if TYPE_CHECKING:
    from typing import Any

    from nopage.api import decode, diagnose, diagnose_text, load, render, watermarks
    from nopage.intake.model import Limits
    from nopage.result import Result

__all__ = [
    "Limits",
    "Result",
    "__version__",
    "decode",
    "diagnose",
    "diagnose_text",
    "load",
    "render",
    "watermarks",
]
HOMES = {"Limits": "nopage.intake.model", "Result": "nopage.result"}


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first asked for: `import nopage` itself costs nothing (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(HOMES.get(name, "nopage.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
