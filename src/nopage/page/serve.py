"""The page on this machine's loopback: a folder of files, with the headers that keep it alone."""
from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from nopage.page.build import HEADERS

HOST = "127.0.0.1"


class Files(SimpleHTTPRequestHandler):
    """One request; nothing is logged, folders are not listed."""

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

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of the folder, not started yet; port 0 is any free one."""
    return ThreadingHTTPServer((HOST, port), partial(Files, directory=str(folder)))
