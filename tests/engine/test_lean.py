"""The runner's own package is not loaded whole for one diagnosis, and whole for those who ask for more."""
from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest


@cache
def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


LEAN = "from nopage.engine.lean import import_lean; import_lean()"
COMMAND = "from nopage.cli.main import main; import io; sys.stdout = io.StringIO(); main([{sample!r}])"
NEEDLESS = {"jinja2", "requests", "insights.formats", "insights.specs.default", "insights.client"}


def test_a_diagnosis_loads_no_template_engine_and_no_default_specs(samples: Path) -> None:
    command = COMMAND.format(sample=str(samples / "atomic_allocation_failure" / "rhel7"))
    for way in (f"{LEAN}; import nopage.engine.run", command):
        loaded = python(f"import sys; {way}; print(*sys.modules, file=sys.__stdout__)").split()
        assert "insights.core.dr" in loaded
        assert not NEEDLESS & set(loaded)


@pytest.mark.parametrize(
    "code",
    [
        "import insights; print(insights.run.__module__)",
        "from insights import run; print(run.__module__)",
        "from insights import dr, rule; print(dr is sys.modules['insights.core.dr'] and rule.__module__)",
        "import insights.formats.text; print('insights.formats.text' in sys.modules)",
        "import insights.formats._json, insights.formats.html, insights.formats.template; print(len(sys.modules) > 9)",
        "from insights import log; print(log.name)",
        "from insights import *; print(rule.__module__, make_fail.__module__)",
        "import insights; print(insights.parser.__module__, insights.Parser.__module__)",
        "import insights\ntry:\n    insights.no_such_name\nexcept AttributeError as error:\n    print(error)",
        "from insights.parsers.uname import Uname; print(Uname.__mro__)",
        "import insights.specs.default as d; print(d.DefaultSpecs.__mro__)",
    ],
)
@pytest.mark.parametrize("ready", [LEAN, f"{LEAN}; import nopage.engine.run"])
def test_what_is_asked_for_is_there_as_without_it(code: str, ready: str) -> None:
    assert python(f"import sys; {ready}\n{code}") == python(f"import sys\nimport insights\n{code}")


def test_a_loaded_package_is_left_alone() -> None:
    assert python(f"import insights; {LEAN}; print(hasattr(insights, '__getattr__'))").strip() == "False"


def test_many_threads_may_ask_at_once() -> None:
    code = f"""
{LEAN}
import threading
names = ["run", "get_pool", "apply_configs", "load_packages", "load_default_plugins", "get_nvr", "package_info"]
got = []
begin = threading.Barrier(len(names))
def ask(name):
    begin.wait()
    exec("from insights import " + name)
    got.append(name)
threads = [threading.Thread(target=ask, args=(name,)) for name in names]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(got))
"""
    assert python(code) == "7\n"
