"""The server as an assistant has it: `nopage mcp` in a process of its own, the official SDK's client over stdio."""
from __future__ import annotations

import gzip
import json
import os
import sys
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import nopage
from nopage.kernel.plain import plain
from nopage.result import to_json
from nopage.result.brief import brief

pytest.importorskip("mcp", reason="pip install 'nopage[mcp]'")

import anyio
import jsonschema
from mcp import Client, StdioServerParameters, stdio_client

from nopage.result.ladders import watermarks_schema
from nopage.result.schema import schema

ROOT = Path(__file__).parents[2]
EXAMPLE = "sosreport-example-rhel6"
BRIEF_MOST = 64 << 10
LINE = "swapper: page allocation failure. order:1, mode:0x20"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """root/ is served: reports good, hostile, cut, absent, many in one; outside/ is not."""
    tree = tmp_path_factory.mktemp("served")
    root, outside = tree / "root", tree / "outside"
    root.mkdir()
    outside.mkdir()
    with tarfile.open(root / "good.tar.gz", "w:gz") as made:
        made.add(ROOT / "docs/example" / EXAMPLE, EXAMPLE)
    with tarfile.open(root / "many.tar", "w") as made:
        for name in "abcde":
            made.add(root / "good.tar.gz", f"{name}.tar.gz")
    whole = (root / "good.tar.gz").read_bytes()
    (root / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (outside / "secret.log").write_text(f"kernel: {LINE}\n", encoding="ascii")
    (root / "out.log").symlink_to(outside / "secret.log")
    (root / "garbage.bin").write_bytes(bytes(range(256)) * 16)
    (root / "hostile").mkdir()
    (root / "hostile" / os.fsdecode(b"messages\x1b[31m\xe2\x80\xae\xff.log")).write_text(
        f"Feb 14 18:26:56 web1 kernel: \x1b]0;owned\x07ev\u202eil{LINE}\n", encoding="utf-8"
    )
    (root / "bomb.log.gz").write_bytes(gzip.compress(f"kernel: {LINE}\n".encode() + bytes(96 << 20), 1))
    (root / "storm.log").write_text(
        "".join(f"kernel: [{second}.5] {LINE.replace('swapper', f'task{second}')}\n" for second in range(300)),
        encoding="ascii",
    )
    os.mkfifo(root / "pipe")
    return tree


@asynccontextmanager
async def client_of(tree: Path, *options: str) -> AsyncIterator[Client]:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "nopage", "mcp", "--root", str(tree / "root"), *options],
        env=dict(os.environ), cwd=str(tree),
    )
    async with Client(stdio_client(server)) as client:
        yield client


def asking(tree: Path, ask: Callable[[Client], Any], *options: str) -> Any:
    """What `ask` gives, with a client of a server of its own."""

    async def run() -> Any:
        with anyio.fail_after(120):
            async with client_of(tree, *options) as client:
                return await ask(client)

    return anyio.run(run)


def called(tree: Path, *calls: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> list[Any]:
    """The results of calls, one after the other; each is text and object alike, within its bound, without controls."""

    async def ask(client: Client) -> list[Any]:
        await client.list_tools()  # from here on the client holds answers against the declared schemas
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    results: list[Any] = asking(tree, ask, *options)
    for result in results:
        text = result.content[0].text
        assert text.isprintable()
        if result.is_error:
            assert result.structured_content is None
        else:
            assert json.loads(text) == result.structured_content
    return results


FULL = {"full": True}
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "brief": ("diagnose", {"path": "good.tar.gz"}),
    "whole": ("diagnose", {"path": "good.tar.gz"} | FULL),
    "storm": ("diagnose", {"path": "storm.log"}),
    "storm whole": ("diagnose", {"path": "storm.log"} | FULL),
    "mask": ("explain", {"text": "0x20", "kernel": "6.4"}),
    "names": ("explain", {"text": "GFP_ATOMIC"}),
    "line": ("explain", {"text": LINE, "kernel": "2.6.32-358.el6.x86_64"}),
    "marks": ("watermarks", {"path": "good.tar.gz", "min_free_kbytes": 180224}),
    "marks whole": ("watermarks", {"path": "good.tar.gz", "min_free_kbytes": 180224} | FULL),
    "hostile": ("diagnose", {"path": "hostile"}),
    "hostile whole": ("diagnose", {"path": "hostile"} | FULL),
    "cut": ("diagnose", {"path": "cut.tar.gz"}),
}


@pytest.fixture(scope="module")
def answers(tree: Path) -> dict[str, Any]:
    """The answers to CALLS, of one server."""
    return dict(zip(CALLS, called(tree, *CALLS.values()), strict=True))


def test_the_tools_are_listed(tree: Path) -> None:
    async def ask(client: Client) -> Any:
        return await client.list_tools()

    tools = {tool.name: tool for tool in asking(tree, ask).tools}
    assert tools.keys() == {"diagnose", "explain", "watermarks"}
    for tool in tools.values():
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.annotations.read_only_hint
        assert len(tool.model_dump_json()) < 4000, "a listing costs an assistant room"


@pytest.mark.parametrize(("name", "source", "full"), [
    ("brief", "good.tar.gz", False), ("whole", "good.tar.gz", True),
    ("storm", "storm.log", False), ("storm whole", "storm.log", True),
])
def test_diagnose_is_the_same_as_the_library_says(
    name: str, source: str, full: bool, answers: dict[str, Any], tree: Path
) -> None:
    """Brief where not asked otherwise."""
    (expected,) = nopage.diagnose(str(tree / "root" / source))
    wanted = expected if full else brief(expected)
    (told,) = answers[name].structured_content["results"]
    assert told == json.loads(to_json(wanted))
    assert nopage.load(json.dumps(told)) == wanted
    jsonschema.validate(told, schema())


def test_an_answer_is_bounded(answers: dict[str, Any]) -> None:
    """Of a log whose whole result has more than 100 KB too."""
    assert len(answers["storm whole"].content[0].text) > 100_000
    assert all(
        len(answer.content[0].text) < BRIEF_MOST for name, answer in answers.items() if not name.endswith("whole")
    )


def test_many_hosts_are_paged(tree: Path) -> None:
    """Five hosts of 40 kB each: as many an answer as fit."""

    async def ask(client: Client) -> list[Any]:
        offset, pages = 0, []
        while offset is not None:
            told = await client.call_tool("diagnose", {"path": "many.tar", "offset": offset})
            assert len(told.content[0].text) < BRIEF_MOST + 1000
            pages.append(told.structured_content)
            offset = told.structured_content["next_offset"]
        past = await client.call_tool("diagnose", {"path": "many.tar", "offset": 5})
        assert past.is_error
        assert past.content[0].text == "offset 5: there are 5 hosts"
        return pages

    pages = asking(tree, ask)
    assert len(pages) > 1
    assert [page["hosts"] for page in pages] == [5] * len(pages)
    paths = [result["source"]["path"] for page in pages for result in page["results"]]
    assert len(set(paths)) == 5


def test_explain(answers: dict[str, Any]) -> None:
    assert answers["mask"].structured_content["masks"]["masks"][0]["name"] == "GFP_ATOMIC"
    assert len(answers["names"].structured_content["masks"]["masks"]) > 3, "in each numbering"
    result = nopage.load(json.dumps(answers["line"].structured_content["result"]))
    assert [(one.order, one.gfp_name) for one in result.failures] == [(1, "GFP_ATOMIC")]


@pytest.mark.parametrize("name", ["marks", "marks whole"])
def test_watermarks(name: str, answers: dict[str, Any]) -> None:
    (host,) = answers[name].structured_content["results"]
    jsonschema.validate({"schema": "nopage-watermarks/1", "nopage": "x", "hosts": [host]}, watermarks_schema())
    normal = next(zone for zone in host["states"][0]["zones"] if zone["name"] == "Node 0 Normal")
    assert (normal["now"]["min_pages"], normal["then"]["min_pages"]) == (9847, 19695)


@pytest.mark.parametrize(("tool", "arguments", "words"), [
    ("diagnose", {"path": "../outside/secret.log"}, "has '..' in it"),
    ("diagnose", {"path": "{}/outside/secret.log"}, "is not below what may be read here"),
    ("diagnose", {"path": "out.log"}, "is not below what may be read here"),
    ("diagnose", {"path": "/etc/passwd"}, "is not below what may be read here"),
    ("diagnose", {"path": "/dev/zero"}, "is not below what may be read here"),
    ("diagnose", {"path": "file:///etc/passwd"}, "is not below what may be read here"),
    ("diagnose", {"path": "http://127.0.0.1:1/"}, "is not below what may be read here"),
    ("watermarks", {"path": "/proc/zoneinfo"}, "is not below what may be read here"),
    ("diagnose", {"path": "-"}, "No such file"),
    ("diagnose", {"path": "pipe"}, "is a device, socket or pipe"),
    ("diagnose", {"path": "absent\n\x1b[2J"}, "absent\\n\\x1b[2J: cannot be read: No such file or directory"),
    ("diagnose", {"path": "garbage.bin"}, "garbage.bin: "),
    ("watermarks", {"path": "garbage.bin"}, "garbage.bin: "),
    ("diagnose", {}, "'path' is a required property"),
    ("diagnose", {"path": 7}, "path: 7 is not of type 'string'"),
    ("diagnose", {"path": "good.tar.gz", "offset": -1}, "offset: -1 is less than the minimum"),
    ("diagnose", {"path": "good.tar.gz", "command": "rm"}, "Additional properties are not allowed"),
    ("watermarks", {"path": "good.tar.gz", "min_free_kbytes": True}, "min_free_kbytes: True is not of type 'integer'"),
    ("explain", {"text": "hello"}, "no 'page allocation failure'"),
    ("explain", {"text": "0x20", "kernel": "\x1b[31m"}, "kernel: "),
    ("explain", {"text": "GFP_NOTHING"}, "no such flag on any RHEL"),
    ("remove", {}, "there is no tool 'remove'; there are diagnose, explain, watermarks"),
])
def test_what_cannot_be_answered_is_one_line(
    tool: str, arguments: dict[str, Any], words: str, errors: Callable[[str, dict[str, Any]], str]
) -> None:
    text = errors(tool, arguments)
    assert words in text
    assert text.isprintable()
    assert len(text) <= 1000
    assert "secret" not in text or ".." in text or "outside" in str(arguments)


@pytest.fixture(scope="module")
def errors(tree: Path) -> Callable[[str, dict[str, Any]], str]:
    """Calls whose answers are errors; all of one server, begun once."""
    mark = next(one for one in test_what_cannot_be_answered_is_one_line.pytestmark if one.name == "parametrize")
    asked = [(tool, _in(tree, arguments)) for tool, arguments, _ in mark.args[1]]

    async def ask(client: Client) -> list[Any]:
        return [await client.call_tool(tool, arguments) for tool, arguments in asked]

    told = list(zip(asked, asking(tree, ask), strict=True))

    def find(tool: str, arguments: dict[str, Any]) -> str:
        (result,) = [result for one, result in told if one == (tool, _in(tree, arguments))]
        assert result.is_error
        (content,) = result.content
        return str(content.text)

    return find


def _in(tree: Path, arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value.format(tree) if isinstance(value, str) else value for name, value in arguments.items()}


@pytest.mark.parametrize("name", ["hostile", "hostile whole"])
def test_hostile_names_and_texts_are_escaped(name: str, answers: dict[str, Any]) -> None:
    """Escapes, a right-to-left override and a byte that is no UTF-8, in a member's name and in a log."""
    (told,) = answers[name].structured_content["results"]
    assert told["failures"], "it is read"
    texts = json.dumps(told, ensure_ascii=False)
    assert texts == plain(texts)
    assert "\\x1b[31m" in str(told)
    assert "\\xff" in str(told)


def test_limits_hold(tree: Path) -> None:
    """A bomb is read up to the limit, and what was found by then is told."""
    (bomb,) = called(tree, ("diagnose", {"path": "bomb.log.gz"}), options=("--max-unpacked", "8M"))
    (told,) = bomb.structured_content["results"]
    assert not told["source"]["complete"]
    assert "more than 8 MiB unpacked" in " ".join(told["source"]["warnings"])
    assert len(told["failures"]) == 1


def test_a_cut_archive_is_told_as_partial(answers: dict[str, Any]) -> None:
    assert not answers["cut"].structured_content["results"][0]["source"]["complete"]
