#!/usr/bin/env python3
"""Run the commands and the Python shown in README and manual, and keep the output shown beside them current.

    python docs/examples.py            rewrite the output in ```console and ```pycon blocks
    python docs/examples.py --check    print what differs or fails, exit 1 if anything does

Each page is run in a folder of its own that holds copies of `docs/example/` and `docs/recipes/`; the blocks of one page
follow each other.
```sh blocks: the whole block is one script. ```console blocks: each line after "$ " is a command, the rest its output.
```python blocks: each is a module of its own, in a process of its own; its `test_` functions are called. A first line
"# name.py" names the module, and the blocks after it find it under that name.
```pycon blocks: one session each; what stands after ">>> " and "... " is typed, the rest is the output.
A command may end with status 0, or 1 where nopage has findings. Blocks of other kinds are not run.
"""
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nopage

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(sh|console|python|pycon)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MODULE = re.compile(r"# ([a-z]\w*)\.py\n")
# Imports the module by its name, as a rule runner or pytest does, and calls its tests.
RUN_MODULE = """
import importlib, sys
module = importlib.import_module(sys.argv[1])
for name, value in list(vars(module).items()):
    if name.startswith("test_"):
        value()
"""
# Types the session that stands in standard input, and prints it with the output that it has now.
RUN_SESSION = """
import doctest, sys
names = {"__name__": "__main__"}
for one in doctest.DocTestParser().get_examples(sys.stdin.read()):
    first, *more = one.source.splitlines()
    print(">>> " + first, *("... " + line if line else "..." for line in more), sep="\\n")
    exec(compile(one.source, "session", "single"), names)
"""
SECONDS = 120
FAILED = ".failed"
# Status 1 says that something was found. A higher one is kept, since in the middle of a script it would be lost.
WRAPPER = """#!/bin/sh
"{python}" -m nopage "$@"
status=$?
[ $status -le 1 ] || echo "nopage $*: status $status" >>"{failed}"
exit $status
"""


def pages() -> list[Path]:
    """The pages whose commands are run."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]


@contextmanager
def sandbox() -> Iterator[Path]:
    """A folder with the example and nothing else of the checkout."""
    with tempfile.TemporaryDirectory(prefix="nopage-docs-") as folder:
        here = Path(folder)
        shutil.copytree(ROOT / "docs" / "example", here / "docs" / "example", symlinks=True)
        shutil.copytree(ROOT / "docs" / "recipes", here / "docs" / "recipes")
        (here / ".bin").mkdir()
        command = here / ".bin" / "nopage"
        command.write_text(WRAPPER.format(python=sys.executable, failed=here / FAILED), encoding="utf-8")
        command.chmod(0o755)
        activate = here / ".venv" / "bin" / "activate"  # README enters the environment that ./dev made
        activate.parent.mkdir(parents=True)
        activate.touch()
        yield here


def run(script: str, here: Path) -> str:
    """The output of one script; RuntimeError when a command in it fails or writes to standard error."""
    done = started(["sh", "-c", script], here)
    failed = here / FAILED
    told = done.stderr.strip() or (failed.read_text(encoding="utf-8").strip() if failed.exists() else "")
    if told or done.returncode > 1:
        raise RuntimeError(f"{script.strip()}\nended with status {done.returncode}: {told}")
    return done.stdout


def run_python(code: str, here: Path) -> None:
    """Import one block as a module and call its tests; RuntimeError when it raises."""
    named = MODULE.match(code)
    name = named[1] if named else "block"
    (here / f"{name}.py").write_text(code, encoding="utf-8")
    done = started([sys.executable, "-B", "-c", RUN_MODULE, name], here)
    if done.returncode:
        raise RuntimeError(f"{code.strip()}\nended with status {done.returncode}: {done.stderr.strip()}")


def session(code: str, here: Path) -> str:
    """One session with its output as it is now; RuntimeError when something in it raises."""
    done = started([sys.executable, "-B", "-c", RUN_SESSION], here, typed=code)
    if done.returncode:
        raise RuntimeError(f"{code.strip()}\nended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def started(command: Sequence[str], here: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The command in its folder and a settled environment, ended."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NOPAGE_")}
    environment.update(
        PATH=os.pathsep.join([str(here / ".bin"), str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        PYTHONPATH=str(Path(nopage.__file__).resolve().parent.parent),
        HOME=str(here),
        COLUMNS="100",
        NO_COLOR="1",
    )
    return subprocess.run(
        command,
        cwd=here,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def renewed(text: str, here: Path) -> str:
    """`text` with the output of its commands as it is now; raises RuntimeError for a command that fails."""

    def block(found: re.Match[str]) -> str:
        kind, body = found[1], found[2]
        if kind == "sh":
            run(body, here)
            return found[0]
        if kind == "python":
            run_python(body, here)
            return found[0]
        if kind == "pycon":
            return f"```pycon\n{shown(session(body, here))}```"
        commands = re.findall(r"^\$ (.+)$", body, re.MULTILINE)
        return "```console\n" + "".join(f"$ {one}\n{shown(run(one, here))}" for one in commands) + "```"

    return BLOCK.sub(block, text)


def shown(output: str) -> str:
    """Output as it stands in a page: no blanks at line ends, no empty line at the end."""
    return "".join(line.rstrip() + "\n" for line in output.rstrip().splitlines())


def main(arguments: Sequence[str]) -> int:
    """Renew or check all pages; returns the exit status."""
    made = argparse.ArgumentParser(description="Run the commands shown in the manual.")
    made.add_argument("--check", action="store_true", help="change nothing; exit 1 where a page differs")
    wish = made.parse_args(arguments)
    status = 0
    for path in pages():
        text = path.read_text(encoding="utf-8")
        if not BLOCK.search(text):
            continue
        try:
            with sandbox() as here:
                now = renewed(text, here)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"{path.relative_to(ROOT)}: {error}")
            status = 1
            continue
        if now != text:
            print(f"{path.relative_to(ROOT)}: " + ("output differs" if wish.check else "renewed"))
            if wish.check:
                status = 1
            else:
                path.write_text(now, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
