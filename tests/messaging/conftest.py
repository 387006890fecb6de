"""A RabbitMQ of the tests' own on loopback, archives good and bad, and the consumer as it is run."""
from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # where Debian has the one that needs no other user
LOG = "Feb 14 18:26:{second:02} {host} kernel: swapper: page allocation failure. order:1, mode:0x20\n"

# A formatter for children: what a source's name says happens to the process that reads it.
MISBEHAVING = '''
import os, signal, time
from nopage.messaging import BriefFormat
from nopage.parsers.collection import IntakeContext

class Misbehaving(BriefFormat):
    def postprocess(self):
        name = os.path.basename(self.broker[IntakeContext].collected.path)
        if name.startswith("dies"):
            os.kill(os.getpid(), signal.SIGKILL)
        if name.startswith("hangs"):
            time.sleep(600)
        if name.startswith("grows"):
            bytearray(2 << 30)
        if name.startswith("raises"):
            raise RuntimeError("no such luck")
        super().postprocess()
'''


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Broker:
    """A running rabbitmq-server. Each test takes queues of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._folder = folder
        epmd, dist = free_port(), free_port()
        (folder / "rabbitmq.conf").write_text("", encoding="ascii")
        (folder / "env.conf").write_text("", encoding="ascii")
        (folder / "plugins").write_text("[].", encoding="ascii")
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "nopage@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(dist),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-start_epmd false +S 1:1",
        }
        self._begin(["epmd", "-port", str(epmd), "-address", "127.0.0.1"])
        self.start()

    def _begin(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / "out").open("ab") as out:
            process = subprocess.Popen(command, env=self._env, cwd=self._folder, stdout=out, stderr=out)
        self._processes.append(process)
        return process

    def start(self) -> None:
        """Begin, and wait until it answers."""
        self.server = self._begin([str(SERVER)])
        until = time.monotonic() + 90
        while time.monotonic() < until:
            assert self.server.poll() is None, (self._folder / "out").read_text()
            with suppress(Exception), closing(self.connect()):
                return
            time.sleep(0.3)
        raise AssertionError((self._folder / "out").read_text())

    def stop(self) -> None:
        """End it as an operator would; what is durable stays."""
        self.server.terminate()
        self.server.wait(60)

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2f"

    def connect(self) -> Any:
        import pika

        return pika.BlockingConnection(pika.URLParameters(self.url))

    def send(self, queue: str, *bodies: object, arguments: dict[str, object] | None = None) -> None:
        """Publish each, as JSON where it is no bytes, numbered by message_id."""
        import pika

        with closing(self.connect()) as connection:
            channel = connection.channel()
            channel.queue_declare(queue, durable=True, arguments=arguments)
            for number, body in enumerate(bodies):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                properties = pika.BasicProperties(message_id=f"m{number}", delivery_mode=2)
                channel.basic_publish("", queue, data, properties)

    def take(self, queue: str, count: int, seconds: float = 60) -> list[tuple[Any, bytes]]:
        """`count` messages of a queue: their properties and bodies."""
        found: list[tuple[Any, bytes]] = []
        until = time.monotonic() + seconds
        with closing(self.connect()) as connection:
            channel = connection.channel()
            channel.queue_declare(queue, durable=True)
            while len(found) < count and time.monotonic() < until:
                method, properties, body = channel.basic_get(queue, auto_ack=True)
                if method is None:
                    connection.sleep(0.1)
                else:
                    found.append((properties, body))
        assert len(found) == count, f"{queue}: {len(found)} of {count} messages"
        return found

    def count(self, queue: str) -> int:
        with closing(self.connect()) as connection:
            channel = connection.channel()
            return int(channel.queue_declare(queue, durable=True, passive=True).method.message_count)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    pytest.importorskip("pika", reason="pip install 'nopage[messaging]'")
    pytest.importorskip("insights_messaging", reason="pip install 'nopage[messaging]'")
    if not SERVER.exists() or shutil.which("epmd") is None:
        pytest.skip("no rabbitmq-server here: apt-get install rabbitmq-server")
    made = Broker(tmp_path_factory.mktemp("rabbitmq"))
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    """Logs, and a packed report with a failure: good.log, good.tar.gz; cut.tar.gz; garbage.tar.gz."""
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / "good.log").write_text(LOG.format(second=1, host="web1"), encoding="utf-8")
    with tarfile.open(folder / "good.tar.gz", "w:gz") as made:
        made.add(Path(__file__).parents[2] / "docs/example/sosreport-example-rhel6", "sosreport-example-rhel6")
    whole = (folder / "good.tar.gz").read_bytes()
    (folder / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "garbage.tar.gz").write_bytes(os.urandom(4096))
    return folder


@pytest.fixture
def run_consumer(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Runs `python -m insights_messaging CONFIG` with the variables given."""
    begun: list[subprocess.Popen[bytes]] = []

    def run(config: Path, **variables: object) -> subprocess.Popen[bytes]:
        environment = os.environ | {name: str(value) for name, value in variables.items()}
        with (tmp_path / "consumer.log").open("ab") as out:
            begun.append(subprocess.Popen(
                [sys.executable, "-m", "insights_messaging", str(config)],
                cwd=tmp_path, env=environment, stdout=out, stderr=out,
            ))
        return begun[-1]

    yield run
    for process in begun:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    sys.stderr.write((tmp_path / "consumer.log").read_text(errors="replace"))


@pytest.fixture
def misbehaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a formatter that children can import."""
    module = f"misbehaving_{tmp_path.name}"
    (tmp_path / f"{module}.py").write_text(MISBEHAVING, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    return f"{module}.Misbehaving"
