"""Facts apart from words: what is said is a message with its id, its template and parameters that carry their units."""
from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from nopage.kernel.message import fields_of
from nopage.report.catalogue import Said, collect_messages, sources_of
from nopage.result import Result
from nopage.result import Said as Told

ROOT = Path(__file__).resolve().parents[2]
ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")

# Floors that say nothing by themselves. `knowledge` reads YAML that people write: what it says, it says to them.
SILENT = ("kernel", "klog", "diagnosis", "result", "parsers", "combiners", "rules")
TO_AUTHORS = ("rules/knowledge/",)
WORD = re.compile(r"(?<!\S)[a-z]{2,}[,.;:!?)]*(?!\S)")
A_SENTENCE = 3  # words with blanks around them
HOLE = "\0"


def room_of(name: str) -> str:
    return name.removeprefix("src/nopage/").split("/")[0]


def sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of each f-string, or text that is formatted or joined, that reads as a sentence.

    What is raised is for programmers, and so is `__repr__`.
    """
    apart = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) or (isinstance(node, ast.FunctionDef) and node.name == "__repr__")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in apart:
            continue
        parts: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr):
            parts = node.values
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            parts = [node.func.value]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
            parts = [node.left, node.right]
        text = "".join(
            one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else HOLE for one in parts
        )
        if len(WORD.findall(text)) >= A_SENTENCE and not is_pattern(text):
            yield node.lineno, text


def is_pattern(text: str) -> bool:
    """A regular expression, which quotes the kernel."""
    return "(?" in text or "\\s" in text


@pytest.mark.parametrize("room", SILENT)
def test_no_sentence_is_put_together_below_the_report(room: str) -> None:
    found = [
        f"{name}:{line}: {text[:80]}"
        for path, name in sources_of(ROOT)
        if room_of(name) == room and not name.startswith(TO_AUTHORS)
        for line, text in sentences(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == [], "say() it"


@pytest.mark.parametrize(
    "code",
    [
        'f"{n} pages are free now"', 'f"there is {n} no memory"', '"there is no {} left".format(n)',
        '"there is no %s left" % n', '"there is no memory in " + zone', 'print(f"{n}: cannot be read, sorry.")',
    ],
)  # fmt: skip
def test_a_sentence_is_seen(code: str) -> None:
    assert list(sentences(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'f"Node {n} {zone}"', 'f"vm.{name} = {value}"', 'f"sysctl -w {name}={value}"', '"/".join(parts)', "a + b",
        'f"page{GAP}allocation{GAP}failure"',
        'raise ValueError(f"{n} is no number of pages")', 'say("a.b", "there is no memory left")',
        'def __repr__(self):\n    return f"a zone with {n} free pages"',
    ],
)  # fmt: skip
def test_a_name_is_none(code: str) -> None:
    assert not list(sentences(ast.parse(code)))


def test_the_messages_are_found() -> None:
    ids = {one.id for one in collect_messages(ROOT)}
    assert len(ids) > 400
    assert {"cause.exhausted.pages", "verdict.lost", "remedy.update_kernel.risk", "summary.failures"} <= ids


def test_every_id_is_a_dotted_name() -> None:
    assert [one.place for one in collect_messages(ROOT) if not ID.fullmatch(one.id)] == []


def by(messages: Sequence[Said], one: str, other: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        found[getattr(message, one)].add(getattr(message, other))
    return {name: values for name, values in found.items() if len(values) > 1}


def test_one_id_has_one_template_and_one_template_one_id() -> None:
    assert by(collect_messages(ROOT), "id", "template") == {}
    assert by(collect_messages(ROOT), "template", "id") == {}


def test_what_is_given_is_what_the_template_shows() -> None:
    """No parameter is lacking, none is given for nothing, none comes by a mapping that nobody can look into."""
    assert [one.place for one in collect_messages(ROOT) if one.more] == []
    wrong = {one.place: sorted(one.given ^ fields_of(one.template)) for one in collect_messages(ROOT)}
    assert {place: names for place, names in wrong.items() if names} == {}


# What stands behind a parameter, and how the name of a number that stands there ends.
UNIT_WORDS = {
    "kB": "_kb", "MB": "_mb", "GB": "_gb", "KiB": "_kib", "pages": "_pages", "page": "_pages", "bytes": "_bytes",
    "%": "_percent", "Mbit/s": "mbps", "MHz": "_mhz",
}  # fmt: skip
BEFORE_A_UNIT = re.compile(r"\{([a-z0-9_]+)(?::[^{}|]*)?\} (%|[A-Za-z/]+)(?![\w/])")
IN_A_FORM = re.compile(r"\{([a-z0-9_]+):[^{}]*# (kB|MB|GB|pages?|bytes|%)[|}]")
NAMES = ("counter",)  # "its free pages": no number


@pytest.mark.parametrize("pattern", [BEFORE_A_UNIT, IN_A_FORM], ids=["behind it", "in its forms"])
def test_a_parameter_is_named_after_the_unit_that_stands_behind_it(pattern: re.Pattern[str]) -> None:
    wrong = [
        f"{one.place}: {one.id}: {name} ({unit})"
        for one in collect_messages(ROOT)
        for name, unit in pattern.findall(one.template)
        if unit in UNIT_WORDS and not name.endswith(UNIT_WORDS[unit]) and name not in NAMES
    ]
    assert wrong == []


UNITS = (
    "_pages", "_kb", "_mb", "_gb", "_kib", "_bytes", "_percent", "_s", "_per_hour", "mbps", "order", "orders",
    "seconds", "minutes", "hours", "days",
)  # fmt: skip
# Numbers that count, name or compare; `value` is that of a setting, in the setting's own unit.
COUNTS = frozenset((
    "blocks", "boots", "bursts", "count", "descriptors", "events", "failures", "fields", "gfp_mask",
    "having_zones", "held_back", "line",
    "listed_zones", "messages", "network_failures", "number", "packets", "queues", "ratio_now", "ratio_then", "reports",
    "share_denominator", "share_numerator", "suppressed", "tasks", "times", "value", "zones",
))  # fmt: skip


DATA = ("command", "comm", "counter")  # of a shell, of a process, of a driver


def told_in(value: object) -> Iterator[Told]:
    """Every message in a result, nested ones included."""
    if isinstance(value, Told):
        yield value
        for one in value.params.values():
            yield from told_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from told_in(one)
    elif hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            yield from told_in(getattr(value, name))


@pytest.fixture(scope="module")
def told(diagnosed: Callable[[Path], tuple[Result, ...]], samples: Path, root: Path) -> list[Told]:
    shared = root.parent / "shared"
    paths = [path.parent for path in samples.glob("*/*/expected.json")]
    paths += [path for folder in ("cases/*.tar.xz", "faults/hosts/*", "corpus/*.log") for path in shared.glob(folder)]
    results: list[Result] = [result for path in sorted(paths) for result in diagnosed(path)]
    return [one for result in results for one in told_in(result)]


def values(one: Told) -> Iterator[tuple[str, object]]:
    for name, value in one.params.items():
        yield from ((name, inner) for inner in (value if isinstance(value, list) else [value]))


def test_every_number_carries_its_unit_in_its_name(told: list[Told]) -> None:
    bare = {
        f"{one.id}: {name}"
        for one in told
        for name, value in values(one)
        if isinstance(value, int | float) and not name.endswith(UNITS) and name not in COUNTS
    }
    assert bare == set()


def test_no_parameter_is_a_sentence(told: list[Told]) -> None:
    """Words that are given are messages, so that they can be put in another language. Names are data, commands too."""
    words = {
        f"{one.id}: {name}: {value}"
        for one in told
        for name, value in values(one)
        if isinstance(value, str) and len(WORD.findall(value)) >= A_SENTENCE and name not in DATA
    }
    assert words == set()


def test_what_is_told_is_in_the_catalogue(told: list[Told]) -> None:
    known = {one.id for one in collect_messages(ROOT)}
    assert {one.id for one in told if one.id not in known and not one.id.startswith("knowledge.")} == set()
