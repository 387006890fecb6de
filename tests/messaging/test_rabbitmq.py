"""The consumer against a real broker: archive in, findings out; what is bad, hangs, kills or cannot be sent."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nopage

pytest.importorskip("insights_messaging", reason="pip install 'nopage[messaging]'")
pytest.importorskip("pika", reason="pip install 'nopage[messaging]'")

from nopage.messaging import RabbitMQ, RabbitMQPublisher, Sources

CONFIG = Path(__file__).parents[2] / "docs/recipes/rabbitmq.yaml"
QUORUM = {
    "x-queue-type": "quorum", "x-delivery-limit": 3,
    "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "nopage.dead",
}


def test_the_configuration_of_the_manual(
    broker: Any, archives: Path, run_consumer: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Good and bad in one queue: every message is answered or in the dead letters, and the consumer lives on."""
    os.mkfifo(archives / "pipe")
    (archives / "out").symlink_to("/etc/hostname")
    bodies: list[object] = [
        {"url": str(archives / "garbage.tar.gz")},
        b"no JSON at all \xff",
        {"url": str(archives / "good.tar.gz"), "case": 4711},
        {"no": "url"},
        {"url": "/etc/hostname"},
        {"url": str(archives / "out")},
        {"url": str(archives / "pipe")},
        {"url": str(archives / "not\nthere\x1b[31m")},
        {"path": str(archives / "cut.tar.gz")},
        b"[" * 100_000,
        {"path": "good.log"},
    ]
    broker.send("nopage.archives", *bodies, arguments=QUORUM)
    consumer = run_consumer(CONFIG, NOPAGE_ROOT=archives, NOPAGE_AMQP=broker.url)
    results = broker.take("nopage.results", 3)
    answered = {properties.correlation_id: body for properties, body in results}
    assert {properties.type for properties, _ in results} == {"nopage/1"}
    assert answered.keys() == {"m2", "m8", "m10"}
    whole, cut, log = (nopage.load(answered[name]) for name in ("m2", "m8", "m10"))
    assert (whole.host, whole.source.complete) == ("stor1.example.com", True)
    assert whole.findings[0].key == "ATOMIC_ALLOCATION_FAILURE"
    assert whole.source.path == str(archives / "good.tar.gz")
    assert not cut.source.complete, "it says that it is partial"
    assert [failure.order for failure in log.failures] == [1]
    errors = {p.correlation_id: json.loads(body) for p, body in broker.take("nopage.errors", 8)}
    expected = {
        "m0": "", "m1": "the message is no JSON", "m3": "names no source", "m4": "is not below what may be read",
        "m5": "is not below what may be read", "m6": "is a device, socket or pipe", "m7": "No such file",
        "m9": "bytes long",
    }
    assert {name: words in errors[name]["error"] for name, words in expected.items()} == dict.fromkeys(expected, True)
    assert all(one["schema"] == "nopage-error/1" and one["error"].isprintable() for one in errors.values())
    assert "\n" not in errors["m7"]["url"]
    dead = {properties.message_id for properties, _ in broker.take("nopage.dead", 8)}
    assert dead == expected.keys()
    assert consumer.poll() is None
    assert not (archives.parent / "tmp").exists()
    consumer.send_signal(signal.SIGTERM)
    assert consumer.wait(30) == 0, "it ends cleanly"


def test_one_that_kills_what_reads_it(
    broker: Any, archives: Path, run_consumer: Callable[..., subprocess.Popen[bytes]], misbehaving: str, tmp_path: Path
) -> None:
    """In a child it costs itself; where it takes the whole consumer down, the broker gives it up after a few times."""
    (archives / "dies.log").write_bytes((archives / "good.log").read_bytes())
    text = CONFIG.read_text(encoding="utf-8").replace("nopage.messaging.BriefFormat", misbehaving)
    text = text.replace("nopage.results", "kills.results").replace("nopage.errors", "kills.errors")
    text = text.replace("nopage.dead", "kills.dead")
    for isolated, queue, ends in ((True, "kills.child", 0), (False, "kills.all", 4)):
        config = tmp_path / f"{queue}.yaml"
        config.write_text(text.replace("memory_limit_mb: 1024", f"isolated: {isolated}"), encoding="utf-8")
        arguments = QUORUM | {"x-dead-letter-routing-key": "kills.dead"}
        broker.send(queue, {"path": "dies.log"}, {"path": "good.log"}, arguments=arguments)
        variables = {"NOPAGE_ROOT": archives, "NOPAGE_AMQP": broker.url, "NOPAGE_QUEUE": queue}
        for _ in range(ends):
            assert run_consumer(config, **variables).wait(60) == -signal.SIGKILL
        consumer = run_consumer(config, **variables)
        ((answer, _),) = broker.take("kills.results", 1)
        ((dead, _),) = broker.take("kills.dead", 1)
        assert (answer.correlation_id, dead.message_id) == ("m1", "m0")
        assert consumer.poll() is None
        consumer.terminate()
        consumer.wait(30)
    ((_, error),) = broker.take("kills.errors", 1)
    assert "ended the process that read it (SIGKILL)" in json.loads(error)["error"]


class Answers:
    """An engine that does what a source's name says."""

    def __init__(self) -> None:
        self.watchers: list[Any] = []

    def process(self, broker: Any, path: str) -> str:
        if "slow" in path:
            time.sleep(5)
        if "large" in path:
            return "x" * 2000
        return "{}\n"


def consumer_of(broker: Any, archives: Path, name: str, engine: Any, **publisher: Any) -> RabbitMQ:
    """A consumer in this process, on queues named after the test."""
    connection = {"host": "127.0.0.1", "port": broker.port, "heartbeat": 2}
    return RabbitMQ(
        RabbitMQPublisher(f"{name}.out", connection, errors=f"{name}.errors", **publisher),
        Sources([str(archives)]), engine, name, connection,
        auth={"username": "guest", "password": "guest"}, dead_letters=f"{name}.dead",
    )


@pytest.fixture
def running() -> Any:
    """Runs a consumer in a thread until the test ends."""
    begun: list[tuple[RabbitMQ, threading.Thread]] = []

    def run(consumer: RabbitMQ) -> None:
        thread = threading.Thread(target=consumer.run)
        thread.start()
        begun.append((consumer, thread))

    yield run
    for consumer, thread in begun:
        consumer.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_heartbeats_go_on_while_a_source_is_read(broker: Any, archives: Path, running: Any) -> None:
    """A source that takes longer than two heartbeats is answered once, and by the connection that took it."""
    (archives / "slow.log").touch()
    running(consumer_of(broker, archives, "beats", Answers()))
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "beats.dead"}
    broker.send("beats", {"path": "slow.log"}, {"path": "good.log"}, arguments=arguments)
    assert [p.correlation_id for p, _ in broker.take("beats.out", 2, 30)] == ["m0", "m1"]
    time.sleep(1)
    assert broker.count("beats.out") == broker.count("beats.dead") == 0


def test_a_result_that_no_queue_takes_is_an_error(broker: Any, archives: Path, running: Any) -> None:
    (archives / "large.log").touch()
    running(consumer_of(broker, archives, "sizes", Answers(), most_bytes=1000))
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "sizes.dead"}
    broker.send("sizes", {"path": "large.log"}, {"path": "good.log"}, arguments=arguments)
    assert len(broker.take("sizes.out", 1)) == 1
    ((_, error),) = broker.take("sizes.errors", 1)
    assert "brief format" in json.loads(error)["error"]


def test_a_broker_that_goes_and_comes_back(broker: Any, archives: Path, running: Any) -> None:
    """Durable messages are answered after it is there again."""
    running(consumer_of(broker, archives, "away", Answers()))
    arguments = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "away.dead"}
    broker.send("away", {"path": "good.log"}, arguments=arguments)
    assert len(broker.take("away.out", 1)) == 1
    broker.stop()
    time.sleep(1)
    broker.start()
    broker.send("away", {"path": "good.log"}, arguments=arguments)
    assert len(broker.take("away.out", 1)) == 1


def test_a_queue_declared_otherwise_ends_the_consumer(broker: Any, archives: Path) -> None:
    """What lasts is raised, not tried for ever."""
    from pika.exceptions import ChannelClosedByBroker

    broker.send("other", {})
    with pytest.raises(ChannelClosedByBroker, match="inequivalent arg"):
        consumer_of(broker, archives, "other", Answers()).run()
