"""Results leave the process and come back as they were; the same source gives the same bytes."""
from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import unicodedata
from copy import copy, deepcopy
from pathlib import Path

import pytest
from msgspec import ValidationError
from msgspec.structs import replace

import nopage
from nopage.result import Result, load, to_json

SOURCES = (
    "docs/example/sosreport-example-rhel6", "tests/data/atomic_allocation_failure/rhel7",
    "tests/data/atomic_reserve_at_risk/rhel7_exhausted", "tests/data/min_free_kbytes_too_low/rhel7_below_default",
    "tests/data/no-such-source",
)  # fmt: skip
STEERS = ("Cc", "Cf", "Zl", "Zp")  # what Unicode calls it
DIAGNOSE = """
import sys, nopage
for source in sys.argv[1:]:
    for result in nopage.diagnose(source):
        sys.stdout.write(nopage.render(result, "jsonl"))
"""


def test_every_result_comes_back(everything: list[tuple[str, Result]]) -> None:
    for name, result in everything:
        packed = to_json(result)
        assert load(packed) == load(packed.decode()) == result, name
        assert to_json(load(packed)) == packed, name
        assert json.loads(to_json(result, indent=2)) == json.loads(packed), name


@pytest.mark.parametrize("char", ["\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\ufeff", "\U000e0041"])
def test_what_steers_stands_as_its_code(char: str) -> None:
    result = replace(nopage.diagnose_text("swapper: page allocation failure. order:1"), host=f"w\u00e9b{char}1")
    for indent in (0, 2):
        packed = to_json(result, indent=indent).decode()
        assert "w\u00e9b\\u" in packed
        assert char not in packed
        assert load(packed) == result


def test_all_that_steers_is_known() -> None:
    every = "".join(chr(code) for code in range(0x7F, 0x110000) if unicodedata.category(chr(code)) in STEERS)
    packed = to_json(replace(nopage.diagnose_text(""), host=every)).decode()
    assert not [char for char in packed if unicodedata.category(char) in STEERS]


def test_every_result_is_pickled_and_copied(everything: list[tuple[str, Result]]) -> None:
    for name, result in everything:
        for protocol in (2, pickle.HIGHEST_PROTOCOL):
            assert pickle.loads(pickle.dumps(result, protocol)) == result, name
        assert copy(result) == deepcopy(result) == result, name


def test_a_result_is_frozen() -> None:
    result = nopage.diagnose_text("")
    with pytest.raises(AttributeError):
        result.host = "other"  # type: ignore[misc]


def test_a_result_of_a_later_version_is_read() -> None:
    """Fields are added: what this version does not know is passed over."""
    plain = json.loads(to_json(nopage.diagnose_text("")))
    later = {**plain, "later": 1, "kernel": {**plain["kernel"], "later": []}}
    assert load(json.dumps(later)) == load(json.dumps(plain))


def test_a_result_of_the_first_version_is_read() -> None:
    """What 0.1.0 had no field for gets its default."""
    first = {
        "schema": "nopage/1",
        "source": {"path": "x", "kind": "log", "complete": True, "warnings": []},
        "host": None,
        "kernel": {"release": None, "generation": None, "rhel": None},
        "failures": [],
        "suppressed": 0,
        "findings": [],
    }
    assert load(json.dumps(first)).verdict == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "truncated"),
        ("{", "truncated"),
        ("[]", "Expected `object`"),
        ("{}", "missing required field"),
        ('{"schema": "nopage/2"}', "$.schema"),
    ],
)
def test_what_is_no_result_is_a_value_error_that_says_where(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        load(text)


def test_a_wrong_field_is_told_with_its_place() -> None:
    plain = json.loads(to_json(nopage.diagnose_text("swapper: page allocation failure. order:1, mode:0x20")))
    plain["failures"][0]["order"] = "one"
    with pytest.raises(ValidationError, match=r"\$\.failures\[0\]\.order"):
        load(json.dumps(plain))


def test_half_a_surrogate_pair_is_written_as_its_code() -> None:
    """Names of files that are no UTF-8 have them, and JSON inside journals."""
    (result,) = nopage.diagnose(b"", name="log\udcff\ud800")
    packed = to_json(result)
    assert json.loads(packed)["source"]["path"] == "log\\udcff\\ud800"
    assert load(packed).verdict == result.verdict


def test_the_same_bytes_each_time(root: Path) -> None:
    for source in SOURCES:
        one, other = ([to_json(result) for result in nopage.diagnose(str(root / source))] for _ in range(2))
        assert one == other


def test_the_same_bytes_in_every_process(root: Path) -> None:
    """Neither the seed of the hashes nor the order of a set shows."""
    told = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-c", DIAGNOSE, *SOURCES]
        done = subprocess.run(command, capture_output=True, check=True, cwd=root, env=environment)
        assert done.stderr == b""
        told.add(done.stdout)
    assert len(told) == 1
    assert told.pop().count(b"\n") == len(SOURCES)
