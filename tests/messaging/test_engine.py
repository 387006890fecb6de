"""The engine: what the command says, in a child that may die; several hosts; bounds; watchers; other rules."""
from __future__ import annotations

import gzip
import json
import os
import signal
import tarfile
from pathlib import Path
from typing import Any

import pytest

import nopage
from nopage.intake.model import SourceError

pytest.importorskip("insights_messaging", reason="pip install 'nopage[messaging]'")
pytest.importorskip("pebble", reason="pip install 'nopage[messaging]'")

from insights import dr
from insights_messaging.appbuilder import AppBuilder
from insights_messaging.watchers import EngineWatcher

from nopage.messaging import BriefFormat, Engine, Format, Kafka

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("isolated", [True, False])
def test_the_same_as_the_command_says(archives: Path, isolated: bool) -> None:
    path = str(archives / "good.tar.gz")
    engine = Engine(Format, isolated=isolated)
    (result,) = nopage.diagnose(path)
    assert nopage.load(engine.process(dr.Broker(), path)) == result
    engine.close()


def test_several_hosts_are_a_line_each(tmp_path: Path, archives: Path) -> None:
    with tarfile.open(tmp_path / "many.tar", "w") as made:
        for name in ("a", "b"):
            made.add(archives / "good.tar.gz", f"{name}.tar.gz")
    text = Engine(BriefFormat, isolated=False).process(dr.Broker(), str(tmp_path / "many.tar"))
    assert [nopage.load(line).host for line in text.splitlines()] == ["stor1.example.com"] * 2


@pytest.mark.parametrize(("name", "words"), [
    ("dies.log", "ended the process that read it (SIGKILL)"),
    ("hangs.log", "did not end within 1 s and was ended"),
    ("grows.log", "needs more memory than 512 MiB"),
    ("raises.log", "internal error: RuntimeError: no such luck"),
    ("empty.log", ""),
])
def test_what_kills_a_child_is_an_error_of_its_own(
    name: str, words: str, archives: Path, misbehaving: str
) -> None:
    (archives / name).write_bytes((archives / "good.log").read_bytes() if words else b"")
    engine = Engine(
        dr.get_component(misbehaving), extract_timeout=1 if "hangs" in name else 60, memory_limit_mb=512
    )
    try:
        with pytest.raises(SourceError) as told:
            engine.process(dr.Broker(), str(archives / name))
        assert words in told.value.reason
        assert len(nopage.load(engine.process(dr.Broker(), str(archives / "good.log"))).failures) == 1, "and goes on"
    finally:
        engine.close()


def test_a_size_limit_gives_what_was_read_and_says_so(archives: Path) -> None:
    """A bomb of 64 MB behind a failure."""
    bomb = archives / "bomb.log.gz"
    bomb.write_bytes(gzip.compress((archives / "good.log").read_bytes() + bytes(64 << 20), 1))
    engine = Engine(Format, unpacked_archive_size_limit=4 << 20, isolated=False)
    result = nopage.load(engine.process(dr.Broker(), str(bomb)))
    assert len(result.failures) == 1
    assert not result.source.complete
    assert "more than 4 MiB unpacked" in " ".join(result.source.warnings)


class Watching(EngineWatcher):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.brokers: list[Any] = []

    def watch_broker(self, broker: Any) -> None:
        self.brokers.append(broker)

    def pre_extract(self, broker: Any, archive: str) -> None:
        self.told.append("begun")

    def on_engine_success(self, broker: Any, result: str) -> None:
        self.told.append("read")

    def on_engine_failure(self, broker: Any, ex: Exception) -> None:
        self.told.append("failed")

    def on_engine_complete(self, broker: Any) -> None:
        self.told.append("done")


def test_watchers_see_it_all(archives: Path) -> None:
    engine, watching = Engine(Format, isolated=False), Watching()
    watching.watch(engine)
    engine.process(dr.Broker(), str(archives / "good.log"))
    with pytest.raises(SourceError):
        engine.process(dr.Broker(), str(archives / "absent"))
    assert watching.told == ["begun", "read", "done", "begun", "failed", "done"]
    assert any("atomic_allocation_failure" in dr.get_name(one) for one in watching.brokers[0].instances)


def test_other_rules_run_beside_ours(archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With insights-core's own formatter, as with the library's own engine."""
    (tmp_path / "another_rule.py").write_text(
        "from insights import make_info, rule\nfrom nopage.combiners.kernel import Kernel\n"
        "@rule(Kernel)\ndef report(kernel):\n    return make_info('KERNEL_SEEN', release=kernel.text)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    engine = AppBuilder({
        "plugins": {"packages": ["nopage.rules", "another_rule"]},
        "service": {
            "engine": {"name": "nopage.messaging.Engine", "kwargs": {"isolated": False}},
            "format": "insights.formats._json.JsonFormat",
            "target_components": ["another_rule"],
            "logging": {"version": 1, "disable_existing_loggers": False},
        },
    }).build_app().engine
    told = json.loads(engine.process(dr.Broker(), str(archives / "good.tar.gz")))
    assert {"KERNEL_SEEN"} <= {one["key"] for one in told["info"]}
    assert {"ATOMIC_ALLOCATION_FAILURE"} <= {one["key"] for one in told["reports"]}


def test_isolated_with_other_rules_is_refused() -> None:
    from nopage.rules.catalogue import RULES

    with pytest.raises(ValueError, match="isolated: false"):
        Engine(Format, target_components=dr.get_dependency_graph(RULES[0]))


def test_kafka_is_configured_as_the_manual_says(tmp_path: Path) -> None:
    """No broker answers: what is tested is that the configuration builds the consumer, and how it reads messages."""
    pytest.importorskip("confluent_kafka")
    before = signal.getsignal(signal.SIGTERM)
    os.environ["NOPAGE_ROOT"] = str(tmp_path)
    try:
        config = (ROOT / "docs/recipes/kafka.yaml").read_text(encoding="utf-8")
        consumer = AppBuilder(config).build_app()
    finally:
        del os.environ["NOPAGE_ROOT"]
        signal.signal(signal.SIGTERM, before)
    assert isinstance(consumer, Kafka)
    assert consumer.get_url(consumer.deserialize(b'{"url": "/srv/a"}')) == "/srv/a"
    consumer.consumer.close()
