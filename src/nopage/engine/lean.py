"""insights-core without its front: `import insights` loads formats, archives and a template engine that no run needs.

The package stands there with its path only, so that its modules can be imported one by one. Whoever asks it for
anything else gets that: from the module that defines it, or by loading the front after all.
"""
from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

HOMES = ("insights.core", "insights.core.plugins", "insights.parsers")  # where the front's names come from


def import_lean() -> None:
    """Put the package there, unless it is loaded already (as in `insights run`) or cannot be found."""
    if "insights" in sys.modules:
        return
    spec = importlib.util.find_spec("insights")
    if spec is None or spec.loader is None:
        return
    package = importlib.util.module_from_spec(spec)
    loader = spec.loader

    def missing(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if importlib.util.find_spec(f"insights.{name}"):
            return importlib.import_module(f"insights.{name}")
        for home in HOMES:
            found = getattr(sys.modules.get(home), name, None)
            if found is not None:
                return found
        if package.__dict__.pop("__getattr__", None):
            loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = missing  # PEP 562
    sys.modules["insights"] = package
