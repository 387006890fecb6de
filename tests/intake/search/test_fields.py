"""Large exports with a field on each line: as many lines belong to a report as its messages take."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nopage.engine.run import diagnose
from nopage.intake.search.fields import MOST_LINES, lines_of_a_message

DATA = Path(__file__).resolve().parents[2] / "data" / "atomic_allocation_failure"
LOGS = {"rhel6_before_358": "messages", "rhel9": "dmesg", "rhel5": "messages"}
NOISE = [f"request number {at} served in {at % 97} ms with status 200" for at in range(400)]
Fields = dict[str, Any]


def fields(number: int, message: str, more: int) -> Fields:
    return {
        "__CURSOR": f"s=abc;i={number:x};b=01;m={number:x};t=5f;x=1",
        "__REALTIME_TIMESTAMP": str(1_700_000_000_000_000 + number),
        "_BOOT_ID": "0123456789abcdef0123456789abcdef", **{f"_FIELD_{at}": f"value {at}" for at in range(more)},
        "_TRANSPORT": "kernel", "PRIORITY": "4", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": message, "_HOSTNAME": "web1",
    }  # fmt: skip


def verbose(one: Fields) -> str:
    told = "".join(f"    {key}={value}\n" for key, value in one.items() if not key.startswith("__"))
    return f"Wed 2024-01-10 10:00:00.000001 UTC [{one['__CURSOR']}]\n{told}"


def hit(one: Fields) -> Fields:
    """As Elastic keeps it."""
    source = {"@timestamp": "2024-01-10T10:00:00Z", "host": {"name": "web1"}, "message": one["MESSAGE"]}
    return {"_index": "logs", "_id": one["__CURSOR"], "_source": {**source, "log": {"syslog": {"priority": 4}}}}


FORMS: dict[str, Callable[[list[Fields]], str]] = {
    "journalctl -o export": lambda all: "\n".join(
        "".join(f"{key}={value}\n" for key, value in one.items()) for one in all
    ),
    "journalctl -o verbose": lambda all: "".join(map(verbose, all)),
    "journalctl -o json-pretty": lambda all: "\n".join(json.dumps(one, indent="\t") for one in all),
    "jq -s": lambda all: json.dumps(all, indent=2),
    "hits of Elastic": lambda all: json.dumps({"hits": {"hits": list(map(hit, all))}}, indent=2),
    "dmesg -J": lambda all: json.dumps(
        {"dmesg": [{"pri": 4, "time": 1.5, "msg": one["MESSAGE"]} for one in all]}, indent=3
    ),
}


def told(path: Path) -> list[tuple[object, ...]]:
    (result,) = diagnose(str(path))
    return [(one.comm, one.order, one.gfp_mask, one.cause, one.zones, one.call_trace) for one in result.failures]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("host", LOGS)
@pytest.mark.parametrize(("more", "newest_first"), [(0, False), (20, False), (20, True)])
def test_each_report_is_whole(form: str, host: str, more: int, newest_first: bool, tmp_path: Path) -> None:
    (log, *_) = (DATA / host / "sosreport").glob(f"**/{LOGS[host]}")
    lines = [line.split("kernel: ", 1)[-1].partition("] ")[2] or line.split("kernel: ", 1)[-1]
             for line in log.read_text().splitlines()]  # fmt: skip
    plain = tmp_path / "plain"
    plain.write_text("".join(f"{line}\n" for line in [*NOISE, *lines, *NOISE]))
    expected = told(plain)
    assert any(zones for *_, zones, _trace in expected)
    every = [fields(at, line, more) for at, line in enumerate([*NOISE, *lines, *NOISE])]
    packed = FORMS[form](every[::-1] if newest_first else every)
    assert len(packed) > 80_000
    plain.write_text(packed)
    assert told(plain) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['{"a": 1}'] * 50, 1), (["Jan  1 00:00:00 web1 kernel: a=b c=d"] * 50, 1), ([""] * 50, 1), ([], 1),
        (["__CURSOR=s", "A=1", "MESSAGE=x", ""] * 50, 5), (["{", '"a": 1,', '"message": "x"', "},"] * 50, 5),
        (["Wed 2024 [s=1]", "    A=1", "    B=2", "    MESSAGE=x"] * 50, 5),
        (["{", *[f'"a{at}": 1,' for at in range(200)], "},"] * 50, MOST_LINES),
        (["Node 0 DMA free:1kB", "PATH=/bin"] * 50, 1),
    ],
)  # fmt: skip
def test_lines_of_a_message(lines: list[str], expected: int) -> None:
    assert lines_of_a_message("".join(f"{line}\n" for line in lines).encode()) == expected
