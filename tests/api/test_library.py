"""A guest in somebody else's process: nothing global changes, and threads and processes may use it as they like."""
from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import nopage

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted(str(path.parent) for path in ROOT.glob("tests/data/*/*/expected.json"))
EXAMPLE = "docs/example/sosreport-example-rhel6"
HEADER = "swapper: page allocation failure. order:1, mode:0x20"

STATE = """
import gc, locale, logging, os, signal, sys, threading, warnings
def state():
    umask = os.umask(0)
    os.umask(umask)
    return {
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals() if number not in (9, 19)},
        "blocked signals": signal.pthread_sigmask(signal.SIG_BLOCK, []),
        "timers": [signal.getitimer(one) for one in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)],
        "loggers": {
            name: (one.level, list(one.handlers), one.disabled, one.propagate)
            for name in ("", "insights", "insights.core", "nopage", "fsspec") for one in [logging.getLogger(name)]
        },
        "logging": (logging.root.manager.disable, logging.raiseExceptions, logging.getLogRecordFactory()),
        "umask": umask,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "import": (list(sys.path), list(sys.meta_path), list(sys.path_hooks)),
        "collector": (gc.get_threshold(), gc.isenabled(), gc.get_freeze_count(), list(gc.callbacks)),
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook, sys.gettrace()),
        "limits": (sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits()),
        "threads": threading.active_count(),
        "locale": locale.setlocale(locale.LC_ALL),
        "warnings": list(warnings.filters),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "descriptors": sorted(os.listdir("/proc/self/fd")),
    }
"""
GUEST = """
before = state()
def forbidden(*_):
    raise AssertionError("forked or ended")
os.fork = os.forkpty = os._exit = forbidden
import nopage
results = [result for path in sys.argv[1:] for result in nopage.diagnose(path)]
for name in nopage.api.FORMATS:
    for result in results:
        nopage.render(result, name)
results += nopage.diagnose(b"\\x1f\\x8b damage")
results += [nopage.diagnose_text("swapper: page allocation failure. order:1, mode:0x20")]
nopage.decode(0x20)
list(nopage.watermarks(sys.argv[1], min_free_kbytes=180224))
assert nopage.load(nopage.render(results[0], "json")) == results[0]
assert not any(result.source.internal_error for result in results)
assert len(results) >= len(sys.argv) + 1
after = state()
for name in before:
    if before[name] != after[name]:
        print(name, before[name], after[name], sep="\\n    ")
"""
POOL = """
import multiprocessing, sys
import nopage

def diagnosed(path):
    return list(nopage.diagnose(path))

if __name__ == "__main__":
    here = [diagnosed(path) for path in sys.argv[2:]]
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        there = pool.map(diagnosed, sys.argv[2:])
    assert there == here
    assert [nopage.render(one, "jsonl") for one in there] == [nopage.render(one, "jsonl") for one in here]
    print(sum(map(len, there)))
"""


def python(code: str, *arguments: str) -> str:
    """What a Python of its own prints for the code, or for the script of that name."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, *([code] if code.endswith(".py") else ["-c", code]), *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, env=environment, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The example as tar.gz: unpacked in a thread of its own."""
    import tarfile

    path = tmp_path_factory.mktemp("archive") / "example.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(ROOT / EXAMPLE, "sosreport-example-rhel6")
    return str(path)


def test_importing_it_imports_nothing_else_of_it() -> None:
    code = "import sys; before = set(sys.modules); import nopage; print(*sorted(set(sys.modules) - before))"
    loaded = set(python(code).split())
    assert {name for name in loaded if name.startswith("nopage")} == {"nopage", "nopage.version"}
    assert not loaded & {"typing", "re", "insights", "msgspec", "logging", "rich", "jinja2"}


def test_a_mask_is_decoded_without_the_rule_engine() -> None:
    loaded = python("import sys, nopage; nopage.decode(0x20); print(*sys.modules)").split()
    assert not {"insights", "rich", "jinja2", "yaml", "logging"} & set(loaded)


@pytest.mark.parametrize("rich", [True, False], ids=["archive", "directory"])
def test_nothing_global_changes(archive: str, rich: bool) -> None:
    assert python(STATE + GUEST, archive if rich else EXAMPLE, *SAMPLES[:3]) == ""


def test_nothing_global_changes_for_a_crash_dump(cores: object, tmp_path: Path) -> None:
    core = tmp_path / "vmcore"
    core.write_bytes(cores.elf_core(cores.make_core("printk_ringbuffer", [cores.Record(HEADER, 9)])))  # type: ignore[attr-defined]
    assert python(STATE + GUEST, str(core), EXAMPLE) == ""


def test_the_rule_engine_is_the_real_one() -> None:
    run = "list(nopage.diagnose(b'x'))"
    code = f"import nopage, sys; {run}; one = sys.modules['insights']; print(one.__file__, one.run)"
    assert "insights" in python(code)
    asked = "import insights; print(insights.run.__module__, type(insights).__name__, '__getattr__' in vars(insights))"
    assert python(f"import nopage; {run}; {asked}") == python(asked)


def test_a_text_needs_no_rule_engine() -> None:
    code = f"import nopage, sys; nopage.diagnose_text({HEADER!r}); print('insights' in sys.modules)"
    assert python(code) == "False\n"


def test_the_readers_of_another_order_of_imports_find_the_same() -> None:
    """A program that has the rule runner already gives what one gives that has not."""
    told = "print(nopage.render(nopage.diagnose('tests/data/atomic_allocation_failure/rhel7'), 'jsonl'))"
    assert python(f"import nopage; {told}") == python(f"import insights, logging; import nopage; {told}")


def test_threads_give_what_one_after_the_other_gives() -> None:
    def told(path: str) -> str:
        return nopage.render(nopage.diagnose(path), "jsonl")

    wanted = [told(path) for path in SAMPLES]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(told, SAMPLES * 2)) == wanted * 2


def test_threads_may_begin_at_once() -> None:
    """The first use imports the rest, and looks into the types: eight threads do so at one time."""
    code = """
import sys, threading
sys.setswitchinterval(1e-5)  # so that they do get into each other's way
import nopage
begin = threading.Barrier(8)
got = {}
def told(path):
    begin.wait()
    got[path] = nopage.render(nopage.diagnose(path), "jsonl")
threads = [threading.Thread(target=told, args=(path,)) for path in sys.argv[1:9]]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(got), all('"internal_error":false' in text for text in got.values()))
"""
    assert python(code, *SAMPLES[:8]) == "8 True\n"


@pytest.mark.parametrize("way", ["spawn", "forkserver", "fork"])
def test_processes_give_what_this_one_gives(way: str, tmp_path: Path) -> None:
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    assert python(str(script), way, *SAMPLES[:4]) == "4\n"
