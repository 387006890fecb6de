"""The results of every source that is known: samples of the project, texts, damage, and the shared data beside it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import nopage
from nopage.result import Result

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
HEADER = "swapper: page allocation failure. order:1, mode:0x20\n"
SLUB = (
    "SLUB: Unable to allocate memory on node -1 (gfp=0x20)\n"
    "  cache: kmalloc-256(12:docker-abc), object size: 256, buffer size: 256, default order: 1, min order: 0\n"
)
TEXTS = {
    "one line": HEADER,
    "no failure": "eth0: link up\n",
    "nothing": "",
    "slub": SLUB,
    "sleeping": "cp: page allocation failure. order:4, mode:0xd0\n",
    "hostile": "\x1b[31m<b>: page allocation failure. order:1, mode:0x20\nPid: 4, comm: \ufffd\u202e 2.6.32-358.el6\n",
}
BYTES = {
    "empty": b"",
    "zeros": bytes(600),
    "cut gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xed",
    "log": HEADER.encode(),
    "latin-1": b"caf\xe9 \xff\x00" + HEADER.encode(),
}
TREES = {
    "insights archive": {"insights_commands/uname_-a": "Linux web 2.6.32-279.el6.x86_64 #1\n",
                         "insights_commands/dmesg": HEADER},
    "logs of a crash": {"vmcore-dmesg.txt": f"Linux version 2.6.32-279.el6.x86_64 (mockbuild@x86) #1 SMP\n{HEADER}"},
    "nothing of a host": {"notes.txt": "hello\n"},
}  # fmt: skip


def shared_sources() -> list[Path]:
    """Cases, made hosts, logs of the field; none where they do not stand beside this checkout."""
    folders = ("cases/*.tar.xz", "faults/hosts/*.tar.xz", "faults/logs/**/*", "corpus/**/*", "cores/*")
    return [path for folder in folders for path in sorted(SHARED.glob(folder)) if path.is_file()]


def results_of_all(
    folder: Path, core: bytes, diagnosed: Callable[[Path], tuple[Result, ...]]
) -> Iterator[tuple[str, Result]]:
    """Name and result, several for a source of several hosts; `folder` is for what must stand in files."""
    for name, text in TEXTS.items():
        yield f"text: {name}", nopage.diagnose_text(text, "2.6.32-358.el6.x86_64")
    for name, data in BYTES.items():
        yield from ((f"bytes: {name}", one) for one in nopage.diagnose(data))
    for name, files in TREES.items():
        for file, text in files.items():
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        yield from ((f"tree: {name}", one) for one in nopage.diagnose(folder / name))
    crash = folder / "127.0.0.1-2014-02-14-18:30"
    crash.mkdir()
    (crash / "vmcore").write_bytes(core)
    (crash / "vmcore-dmesg.txt").write_text(HEADER)
    yield from ((f"core: {path.name}", one) for path in (crash, crash / "vmcore") for one in nopage.diagnose(path))
    yield from (("missing", one) for one in nopage.diagnose(folder / "missing"))
    samples = sorted(path.parent for path in ROOT.glob("tests/data/*/*/expected.json"))
    for path in [*samples, ROOT / "tests" / "data", *shared_sources()]:
        yield from ((str(path), one) for one in diagnosed(path))


@pytest.fixture(scope="session")
def everything(
    tmp_path_factory: pytest.TempPathFactory, cores: ModuleType, diagnosed: Callable[[Path], tuple[Result, ...]]
) -> list[tuple[str, Result]]:
    core = cores.elf_core(cores.make_core("printk_ringbuffer", [cores.Record(HEADER.strip(), 9)]))
    return list(results_of_all(tmp_path_factory.mktemp("trees"), core, diagnosed))
