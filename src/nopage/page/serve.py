"""The page on this machine's loopback: the files that nopage made, with the headers that keep it alone; no others."""
from __future__ import annotations

import os
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote, urlsplit

from nopage.page.build import HEADERS
from nopage.page.folder import INDEX, made_files

HOST: Final = "127.0.0.1"
# Who is asked for under another name is asked by another site's page, whose name was made to lead here.
NAMES: Final = frozenset({HOST, "localhost", "[::1]"})
IDLE_SECONDS: Final = 30


class Files(SimpleHTTPRequestHandler):
    """One request; nothing is logged, folders are not listed."""

    server_version, sys_version = "nopage", ""
    timeout = IDLE_SECONDS
    extensions_map = {  # noqa: RUF012 - as in the base class
        "": "application/octet-stream",
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".wasm": "application/wasm",
        ".zip": "application/zip",
        ".whl": "application/zip",
    }

    def __init__(self, *args: Any, names: frozenset[str], **kwargs: Any) -> None:
        self._names = names
        super().__init__(*args, **kwargs)

    def send_head(self) -> Any:
        """The file that is asked for, opened; what is not the page's own is not there."""
        if not is_loopback(self.headers.get("Host", "")):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "this page answers as 127.0.0.1 and localhost only")
            return None
        self.path = "/" + (asked_name(self.path) or INDEX)
        if self.path[1:] not in self._names or Path(self.directory, self.path[1:]).is_symlink():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: IO[bytes]) -> None:  # type: ignore[override]
        try:
            super().copyfile(source, outputfile)
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the browser has what it wanted

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Serves until it is ended; a fault of one request is one line."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        fault = sys.exc_info()[1]
        if not isinstance(fault, ConnectionError | TimeoutError):
            print(f"nopage: a request failed: {type(fault).__name__}", file=sys.stderr)


def is_loopback(host: str) -> bool:
    """The request's `Host` names this machine's loopback, by whatever port."""
    name, colon, port = host.strip().lower().rpartition(":")
    return (name if colon and port.isdigit() else host.strip().lower()) in NAMES


def asked_name(path: str) -> str:
    """What a request's target names, below the page's folder."""
    return unquote(urlsplit("http://x/" + path.lstrip("/")).path).lstrip("/")


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the page in the folder, not started yet; port 0 is any free one."""
    return Server((HOST, port), partial(Files, directory=str(folder), names=made_files(folder)))
