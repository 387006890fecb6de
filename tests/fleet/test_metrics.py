"""Prometheus's own parser reads what is exported, whatever the logs named their drivers."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import nopage
from nopage.fleet.export import MOST_SERIES, metrics
from nopage.fleet.store import Folder, Packed, Row, Store, Writer, row_of

parser = pytest.importorskip("prometheus_client.parser", reason="pip install prometheus-client")

HOSTILE = (
    'a"b', "back\\slash", "back\\nslash", "new\nline", "tab\tcr\r", "\x1b[31m", "\u202eltr", "nul\0", "} 7 # HELP", "",
    "x" * 5000, "\u2028", "{a=\"b\"}", "\\", '"', "é", "\udc80",
)


def stored(folder: Path, rows: Iterator[Row]) -> Store:
    writer = Writer(Folder(str(folder)))
    writer.add([Packed(row=row) for row in rows])
    writer.flush()
    writer.close()
    return Store.open(str(folder))


def failing(drivers: list[str]) -> Iterator[Row]:
    """A host a driver, as a scan would store it."""
    (result,) = nopage.diagnose(str(Path(__file__).parents[2] / "docs/example/sosreport-example-rhel6"))
    row = row_of(result, "x", "x")
    for number, driver in enumerate(drivers):
        yield replace(row, source=f"/srv/{number}.tar", driver=driver.encode(errors="replace").decode())


def samples(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """By metric and labels; a series that is there twice is an error of the format."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in parser.text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            series = found.setdefault(sample.name, {})
            assert tuple(sample.labels.values()) not in series, "twice"
            series[tuple(sample.labels.values())] = sample.value
    return found


def test_hostile_labels(tmp_path: Path) -> None:
    text = metrics(stored(tmp_path / "store", failing([*HOSTILE, *HOSTILE])))
    found = samples(text)
    assert found["nopage_fleet_hosts"] == {(): 2 * len(HOSTILE)}
    failing_hosts = found["nopage_fleet_hosts_failing"]
    assert sum(failing_hosts.values()) == 2 * len(HOSTILE)
    drivers = {driver for _, driver, _ in failing_hosts}
    assert {'a"b', "back\\slash", "new\\nline", "\\x1b[31m", "", "é", "\\", '"', '{a="b"}'} <= drivers
    assert all(driver.isprintable() and len(driver) <= 100 for driver in drivers)
    assert all(line.isprintable() for line in text.splitlines())
    assert found["nopage_fleet_hosts_by_severity"].keys() == {
        ("urgent",), ("important",), ("moderate",), ("low",), ("none",)
    }
    (scanned,) = found["nopage_fleet_scanned_timestamp_seconds"].values()
    assert scanned >= 0


def test_values_that_look_alike_when_escaped_are_one_series(tmp_path: Path) -> None:
    found = samples(metrics(stored(tmp_path / "store", failing(["a\n", "a\\n", "a\\n"]))))
    assert [number for (_, driver, _), number in found["nopage_fleet_hosts_failing"].items() if driver == "a\\n"] == [3]


def test_series_have_an_end(tmp_path: Path) -> None:
    """As many drivers as hosts: the commonest stay, the rest is counted together."""
    names = [f"made_up{number}" for number in range(2 * MOST_SERIES)] + ["mlx4_en"] * 9
    series = samples(metrics(stored(tmp_path / "store", failing(names))))["nopage_fleet_hosts_failing"]
    assert len(series) == MOST_SERIES + 1
    assert sum(series.values()) == len(names)
    assert [number for (_, driver, _), number in series.items() if driver == "mlx4_en"] == [9]
    assert series["other", "other", "other"] == MOST_SERIES + 1


def test_an_empty_store(tmp_path: Path) -> None:
    from nopage.cli.main import main

    (tmp_path / "nothing").mkdir()
    main(["fleet", "scan", str(tmp_path / "nothing"), "--out", str(tmp_path / "store"), "--workers", "1"])
    found = samples(metrics(Store.open(str(tmp_path / "store"))))
    assert found["nopage_fleet_sources"] == {(): 0}
    assert found["nopage_fleet_failures"] == {(): 0}
