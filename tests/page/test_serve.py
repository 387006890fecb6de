"""The page on loopback: its own files with their types and headers, for browsers that ask this machine, and no more."""
from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from nopage.cli.commands.page import main
from nopage.page.build import HEADERS, write_list, write_static
from nopage.page.serve import asked_name, is_loopback


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page without what has to be fetched, with files of others in it and beside it."""
    folder = tmp_path / "page"
    (folder / "engine").mkdir(parents=True)
    (folder / "engine" / "x.wasm").write_bytes(b"\0asm")
    (folder / "engine" / "x.mjs").write_text("0")
    write_static(folder, [])
    write_list(folder)
    (folder / "mine.txt").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.js").symlink_to(tmp_path / "secret.txt")
    (folder / "icon.svg").unlink()
    (folder / "icon.svg").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def address(page: Path, serving: Callable[[Path], AbstractContextManager[str]]) -> Iterator[str]:
    with serving(page) as found:
        yield found


def ask(address: str, request: bytes) -> bytes:
    """What the server says to these bytes, until it ends."""
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2].strip("/"))), timeout=20) as to:
        to.sendall(request)
        said = b""
        while piece := to.recv(1 << 16):
            said += piece
    return said


@pytest.mark.parametrize(
    ("name", "kind"),
    [("", "text/html; charset=utf-8"), ("app.js", "text/javascript; charset=utf-8"),
     ("app.js?x=1", "text/javascript; charset=utf-8"), ("page.css", "text/css; charset=utf-8"),
     ("engine/x.wasm", "application/wasm"), ("engine/x.mjs", "text/javascript; charset=utf-8")],
)  # fmt: skip
def test_what_is_served_has_its_type_and_the_headers(address: str, name: str, kind: str) -> None:
    with urllib.request.urlopen(address + name) as got:
        assert got.headers["Content-Type"] == kind
        assert {one: got.headers[one] for one in HEADERS} == HEADERS
        assert got.headers["Server"].strip() == "nopage"


@pytest.mark.parametrize("name", [
    "engine", "engine/", "no-such", "../secret.txt", "%2e%2e/secret.txt", "%2e%2e/%2e%2e/etc/passwd", "..%2fsecret.txt",
    "engine/../../secret.txt", "//etc/passwd", "mine.txt", "link.js", "icon.svg", "%00", "app.js%00.txt", "index.html/",
    "x" * 5000,
])  # fmt: skip
def test_nothing_else_is_served(address: str, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address + name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("host", "answered"),
    [("127.0.0.1", True), ("127.0.0.1:8765", True), ("localhost:1", True), ("LOCALHOST", True), ("[::1]:8765", True),
     ("rebound.example.com", False), ("rebound.example.com:8765", False), ("127.0.0.1.example.com", False),
     ("localhost.example.com:8765", False), ("", False), ("127.0.0.1:8765@example.com", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_only_who_asks_this_machine_is_answered(address: str, host: str, answered: bool) -> None:
    assert is_loopback(host) == answered
    said = ask(address, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert said.split(b"\r\n")[0].split(b" ")[1] == (b"200" if answered else b"421")
    assert (b"<title>nopage" in said) == answered


REFUSED = [
    (b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
    (b"DELETE /app.js HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
    (b"CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
    (b"GET / HTTP/1.1\r\n\r\n", b"421"),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", b"431"),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 500 + b"\r\n", b"431"),
    (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    (b"GET http://example.com/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"),
]


@pytest.mark.parametrize(("request_bytes", "status"), REFUSED, ids=[f"{one[:12]!r}-{two!r}" for one, two in REFUSED])
def test_other_requests_are_refused_in_silence(
    address: str, request_bytes: bytes, status: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        said = ask(address, request_bytes)
    except ConnectionResetError:  # refused before all of it was read
        said = b"HTTP/1.0 " + status
    assert said.split(b"\r\n")[0].split(b" ")[1] == status
    with urllib.request.urlopen(address) as got:
        assert got.status == 200
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", ""), ("/a/b.js", "a/b.js"), ("/a.js?b#c", "a.js"), ("//host/a", "host/a"), ("/%61.js", "a.js"), ("*", "*")],
)
def test_what_is_asked_for(path: str, name: str) -> None:
    assert asked_name(path) == name


@pytest.mark.parametrize("port", ["-1", "65536", "taken"])
def test_a_port_that_cannot_be_had_is_one_line(page: Path, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        asked = str(other.getsockname()[1]) if port == "taken" else port
        (page / "icon.svg").unlink()
        (page / "icon.svg").write_text("<svg/>")
        assert main(["--dir", str(page), "--port", asked]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nopage: --port {asked}: ")


def test_it_ends_in_one_line(page: Path) -> None:
    (page / "icon.svg").unlink()
    (page / "icon.svg").write_text("<svg/>")
    command = [sys.executable, "-m", "nopage", "page", "--dir", str(page), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("http://127.0.0.1:")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert out == ""
    assert len(err.splitlines()) <= 1
    assert "Traceback" not in err
