"""Sources and store on S3: a server of moto on loopback, the command as it is typed, its children, Dask workers."""
from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from nopage.fleet.engine import Cluster, Job, scan_one
from nopage.fleet.sources import find
from nopage.fleet.store import Store

ROOT = Path(__file__).parents[2]
LINE = "Feb 14 18:26:56 {host} kernel: swapper: page allocation failure. order:{order}, mode:0x20\n"


class Bucket:
    """A bucket, the options that reach it, and the command with them."""

    def __init__(self, endpoint: str) -> None:
        self.options: dict[str, Any] = {"endpoint_url": endpoint}
        s3fs = pytest.importorskip("s3fs", reason="pip install s3fs")
        self.fs = s3fs.S3FileSystem(**self.options, use_listings_cache=False, skip_instance_cache=True)
        self.fs.mkdir("pile")

    def put(self, name: str, text: str | bytes) -> None:
        self.fs.pipe_file(f"pile/{name}", text if isinstance(text, bytes) else text.encode())

    def nopage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Secrets stand in the environment, the address is an option."""
        storage = ("--storage", f"endpoint_url={self.options['endpoint_url']}")
        return subprocess.run(
            [sys.executable, "-m", "nopage", "fleet", *arguments, *storage],
            capture_output=True, text=True, timeout=120, check=False,
        )

    def scan(
        self, *arguments: str, out: str = "s3://pile/fleet", workers: int = 2
    ) -> subprocess.CompletedProcess[str]:
        return self.nopage("scan", *arguments, "--out", out, "--workers", str(workers))

    def rows(self, columns: str = "source, host, error", store: str = "s3://pile/fleet") -> dict[str, tuple[Any, ...]]:
        found = Store.open(store, self.options).ask(f"SELECT {columns} FROM rows ORDER BY source").rows
        return {row[0].removeprefix("s3://pile/in/"): tuple(row[1:]) for row in found}


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    moto_server = pytest.importorskip("moto.server", reason="pip install 'moto[s3]' flask flask-cors")
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # servers of one process share it
        made = Bucket(endpoint)
        for number in range(6):
            made.put(f"in/2026/host{number}.log", LINE.format(host=f"host{number}", order=number % 4))
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            archive.add(ROOT / "docs/example/sosreport-example-rhel6", "sosreport-example-rhel6")
        made.put("in/stor1.tar.gz", packed.getvalue())
        made.put("in/garbage.tar.gz", bytes(range(256)))
        made.put("in/stor1.tar.gz.md5", "no source")
        yield made
    finally:
        server.stop()


def test_sources_and_store_on_s3(bucket: Bucket) -> None:
    """Scanned, asked, gone on with: what has another ETag is scanned anew, nothing else."""
    ended = bucket.scan("s3://pile/in/")
    assert ended.returncode == 3, ended.stderr
    rows = bucket.rows("source, host, error, etag, size_bytes, scanned_at")
    assert rows.keys() == {*(f"2026/host{number}.log" for number in range(6)), "stor1.tar.gz", "garbage.tar.gz"}
    assert rows["stor1.tar.gz"][0] == "stor1.example.com"
    assert [name for name, row in rows.items() if row[1]] == ["garbage.tar.gz"]
    for name, (_, _, etag, size, _) in rows.items():
        told = bucket.fs.info(f"pile/in/{name}")
        assert (etag, size) == (told["ETag"].strip('"'), told["size"])

    asked = bucket.nopage("query", "s3://pile/fleet", "SELECT count(*) AS n FROM rows", "--format", "json")
    assert json.loads(asked.stdout) == [{"n": 8}]
    exported = bucket.nopage("export", "s3://pile/fleet", "--format", "jsonl")
    assert {json.loads(line)["host"] for line in exported.stdout.splitlines()} >= {"stor1.example.com"}

    again = bucket.scan("s3://pile/in/")
    assert again.returncode in (0, 1, 3), again.stderr
    assert bucket.rows("source, host, error, etag, size_bytes, scanned_at") == rows, "nothing is scanned twice"

    same_size = LINE.format(host="host0", order=3)
    assert len(same_size) == rows["2026/host0.log"][3]
    bucket.put("in/2026/host0.log", same_size)
    bucket.put("in/2026/host6.log", LINE.format(host="host6", order=0))
    bucket.fs.rm_file("pile/in/2026/host5.log")
    assert bucket.scan("s3://pile/in/").returncode in (1, 3)
    after = bucket.rows('source, host, error, etag, size_bytes, "order"')
    assert after["2026/host0.log"][2] != rows["2026/host0.log"][2]
    assert after["2026/host0.log"][4] == 3
    assert after.keys() == rows.keys() | {"2026/host6.log"}, "what has gone keeps its row"


@pytest.mark.parametrize(("named", "count"), [
    ("s3://pile/in/2026/*.log", 6), ("s3://pile/in/stor1.tar.gz", 1), ("s3://pile/in/2026/host1.log", 1),
])
def test_patterns_and_objects(named: str, count: int, bucket: Bucket, tmp_path: Path) -> None:
    """Into a store of this machine."""
    assert bucket.scan(named, out=str(tmp_path / "out"), workers=1).returncode == 1
    assert len(bucket.rows(store=str(tmp_path / "out"))) == count


@pytest.mark.parametrize(("arguments", "words"), [
    (("s3://absent/in/",), "absent"),
    (("s3://pile/in/nothing.tar.gz",), "is not there"),
])
def test_what_is_not_there_is_told(arguments: tuple[str, ...], words: str, bucket: Bucket, tmp_path: Path) -> None:
    ended = bucket.scan(*arguments, out=str(tmp_path / "out"), workers=1)
    assert ended.returncode == 3, ended.stderr
    assert words in ended.stderr + str(bucket.rows("source, error", store=str(tmp_path / "out")))
    assert "Traceback" not in ended.stderr


def test_dask_workers_get_the_options(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in their environment tells where the storage is, and who asks."""
    import distributed

    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    options = bucket.options | {"key": "testing", "secret": "testing"}
    targets = list(find(["s3://pile/in/2026/"], options))
    assert len(targets) == 6
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        engine = Cluster(Job(scan_one, storage=options), client=client)
        outcomes = [outcome for outcome in engine.run(iter(targets)) if outcome is not None]
        engine.close()
    assert [outcome.hosts[0].row.error for outcome in outcomes] == [""] * 6
    assert sorted(outcome.hosts[0].row.order or 0 for outcome in outcomes) == [0, 0, 1, 1, 2, 3]


def test_killed_and_gone_on_with(bucket: Bucket) -> None:
    """After SIGKILL at once the store on S3 still takes the next scan, and has every source once."""
    command = [
        sys.executable, "-m", "nopage", "fleet", "scan", "s3://pile/in/", "--out", "s3://pile/fleet", "--workers", "2",
        "--storage", f"endpoint_url={bucket.options['endpoint_url']}",
    ]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 60
    while not bucket.fs.exists("pile/fleet/nopage-fleet.lock") and time.monotonic() < until:
        time.sleep(0.1)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    ended = bucket.scan("s3://pile/in/")
    assert ended.returncode == 3, ended.stderr
    found = Store.open("s3://pile/fleet", bucket.options).ask("SELECT source FROM rows").rows
    sources = [row[0] for row in found]
    assert len(sources) == len(set(sources)) == 8
