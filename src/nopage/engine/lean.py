"""insights-core without its front: `import insights` loads formats, archives and a template engine that no run needs.

The package stands there with its path only, so that its modules can be imported one by one. Whoever asks it for
anything else gets that: from the module that defines it, or by loading the front after all.
"""
from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

# What modules of insights-core ask the front for while they are loaded, and where it has that from.
HOMES = {
    "insights.core": ("CommandParser", "Parser", "LegacyItemAccess", "LogFileOutput", "Syslog", "dr", "taglang"),
    "insights.core.plugins": ("combiner", "condition", "datasource", "fact", "incident", "parser", "rule"),
    "insights.parsers": ("get_active_lines",),
}
# Those that nopage derives its own from (nopage.parsers.host_facts).
PARSERS = ("insights.parsers.buddyinfo", "insights.parsers.meminfo", "insights.parsers.sysctl")


def import_lean() -> None:
    """Put the package there, unless it is loaded already (as in `insights run`) or cannot be found."""
    if "insights" in sys.modules:
        return
    spec = importlib.util.find_spec("insights")
    if spec is None or spec.loader is None:
        return
    package = importlib.util.module_from_spec(spec)
    loader = spec.loader
    loading = threading.RLock()
    homes = {name: home for home, names in HOMES.items() for name in names}

    def missing(name: str) -> Any:
        if name in homes:
            return getattr(importlib.import_module(homes[name]), name)
        if name.startswith("__") and name not in ("__all__", "__doc__"):
            raise AttributeError(name)
        if not name.startswith("__") and importlib.util.find_spec(f"insights.{name}"):
            return importlib.import_module(f"insights.{name}")
        with loading:
            if package.__dict__.get("__getattr__") is missing:
                package.__dict__["__getattr__"] = nothing
                try:
                    loader.exec_module(package)
                except BaseException:
                    package.__dict__["__getattr__"] = missing
                    raise
        return package.__dict__[name] if name in package.__dict__ else nothing(name)

    def nothing(name: str) -> Any:
        """While the front is loaded, and afterwards: other threads wait for it."""
        with loading:
            if name in package.__dict__:
                return package.__dict__[name]
        raise AttributeError(f"module 'insights' has no attribute {name!r}")

    package.__dict__["__getattr__"] = missing  # PEP 562
    sys.modules["insights"] = package
    for home in HOMES:
        importlib.import_module(home)
    load_parsers()


def load_parsers() -> None:
    """insights-core's own parsers of PARSERS, without its nine hundred specs, which take as long as our rules do.

    They are loaded against specs of their own, made as they ask for them; ours feed what we derive from these parsers.
    Whoever imports `insights.specs` afterwards gets the real one.
    """
    if "insights.specs" in sys.modules:
        return
    from insights.core.spec_factory import RegistryPoint

    class AsAsked(type):
        def __getattr__(cls, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            point = RegistryPoint()
            point.__name__ = name
            setattr(cls, name, point)
            return point

    stand_in = ModuleType("insights.specs")
    stand_in.__dict__["Specs"] = AsAsked("Specs", (), {"__module__": "insights.specs"})
    sys.modules["insights.specs"] = stand_in
    try:
        for name in PARSERS:
            importlib.import_module(name)
    finally:
        del sys.modules["insights.specs"]
        sys.modules["insights"].__dict__.pop("specs", None)
