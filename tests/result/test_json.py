"""JSON of the contract: in pieces or whole it is the same, and nothing in it steers a terminal."""
from __future__ import annotations

import json

import msgspec
import pytest

from nopage import diagnose_text
from nopage.result import Result, json_pieces, to_json

HEADER = "[  {at}.5] {comm}: page allocation failure: order:{order}, mode:0x20\n"


def result(count: int = 1, comm: str = "swapper/0") -> Result:
    text = "".join(HEADER.format(at=at + 1, comm=comm, order=at % 5) for at in range(count))
    return diagnose_text(text)


@pytest.mark.parametrize("indent", [0, 2])
@pytest.mark.parametrize("count", [1, 99, 100, 101, 300])
def test_in_pieces_it_is_what_the_library_makes(count: int, indent: int) -> None:
    one = result(count)
    whole = msgspec.json.encode(one)
    assert len(one.failures) == count
    assert to_json(one, indent=indent) == (msgspec.json.format(whole, indent=indent) if indent else whole)


def test_a_long_list_is_not_held_whole() -> None:
    one = result(1000)
    assert max(map(len, json_pieces(one, indent=2))) * 20 < len(to_json(one, indent=2))


@pytest.mark.parametrize(
    "steering",
    ["\u202eevil\u2066", "a\x9bb\x85c", "\u2028x\u2029", "\U000e0041tag", "z\u200bw\ufeff", "del\x7f", "\x1b[31m"],
)
def test_what_steers_is_a_code(steering: str) -> None:
    one = msgspec.structs.replace(result(), host=f"{steering} \u65e5\u672c \u00e9 \U0001f600")
    packed = to_json(one, indent=2)
    text = packed.decode()
    assert all(char.isprintable() or char == "\n" for char in text)
    assert json.loads(text)["host"] == one.host
    assert "\u65e5\u672c \u00e9 \U0001f600" in text
