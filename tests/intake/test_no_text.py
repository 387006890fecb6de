"""What is not understood is never clean: no text, no archive, packed or encrypted in ways that are not read."""
from __future__ import annotations

import base64
import binascii
import gzip
import json
import lzma
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from nopage.intake.collect import collect
from nopage.intake.model import SourceError
from nopage.intake.streams import is_text

DICE = random.Random(3)
NOISE = DICE.randbytes(5000)
LOG = b"Feb 14 10:00:00 web1 kernel: all is well\n" * 100
REPORT = b"swapper: page allocation failure. order:1, mode:0x20\n"


def damaged(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def hexdump(data: bytes) -> bytes:
    return b"".join(
        f"{at:08x}  {data[at : at + 8].hex(' ')}  {data[at + 8 : at + 16].hex(' ')}  |{data[at : at + 16]!r}\n".encode()
        for at in range(0, len(data), 16)
    )


def xxd(data: bytes) -> bytes:
    return b"".join(
        f"{at:08x}: {data[at : at + 16].hex(' ', 2)}  {data[at : at + 16]!r}\n".encode()
        for at in range(0, len(data), 16)
    )


def od(data: bytes) -> bytes:
    shown = {10: "\\n"}
    return b"".join(
        f"{at:07o} {' '.join(shown.get(one, chr(one)).rjust(3) for one in data[at : at + 16])}\n".encode()
        for at in range(0, len(data), 16)
    )


REFUSED = {
    "random bytes": (NOISE, "no text"),
    "few random bytes": (b"\x01\x02\x8f\x90\x04\x05abc\x06\x07\x0e", "no text"),
    "zeros": (bytes(5000), "no text"),
    "lzip": (b"LZIP\x01" + NOISE, "lzip -d"),
    "compress": (b"\x1f\x9d\x90" + NOISE, "uncompress"),
    "lzop": (b"\x89LZO\0\r\n\x1a\n" + NOISE, "lzop -d"),
    "lz4": (b"\x04\x22\x4d\x18" + NOISE, "lz4 -d"),
    "openssl": (b"Salted__" + NOISE, "openssl enc -d"),
    "openssl in base64": (base64.encodebytes(b"Salted__" + NOISE), "openssl enc -d"),
    "gpg": (b"-----BEGIN PGP MESSAGE-----\n", "gpg --decrypt"),
    "base64": (base64.encodebytes(NOISE), "base64 -d"),
    "gzip, damaged magic": (damaged(gzip.compress(NOISE)), "no text"),
    "xz, damaged magic": (damaged(lzma.compress(NOISE), 2), "no text"),
    "a hex dump": (hexdump(LOG), "is a hex dump"),
    "a hex dump of xxd": (xxd(LOG + REPORT), "xxd -r"),
    "hex": (LOG.hex().encode(), "xxd -r -p"),
    "a dump of od": (od(LOG), "dump of od"),
    "uuencoded": (
        b"begin 644 messages\n" + b"".join(binascii.b2a_uu(LOG[at : at + 45]) for at in range(0, 900, 45)), "uudecode"
    ),
    "URL-encoded": (b"log=" + quote(LOG).encode(), "URL-encoded"),
    "a database": (b"SQLite format 3\0" + bytes(200), "is a database"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_refused_with_what_to_do(name: str, packed: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data, says = REFUSED[name]
    path = tmp_path / "messages.log"
    path.write_bytes(packed(data))
    with pytest.raises(SourceError) as told:
        list(collect(str(path)))
    assert says in told.value.reason
    assert "\n" not in told.value.reason


LOGS = {
    "plain": LOG,
    "one line": b"hello",
    "latin-1": "gr\xfc\xdfe\n".encode("latin-1") * 50,
    "koi8": "\u043f\u0440\u0438\u0432\u0435\u0442\n".encode("koi8-r") * 50,
    "utf-16": LOG.decode().encode("utf-16"),
    "colours": b"\x1b[31mred\x1b[0m line\n" * 30,
    "NULs in front": bytes(5000) + LOG,
    "NULs inside": LOG[:500] + bytes(300) + LOG,
}


@pytest.mark.parametrize("name", LOGS)
def test_texts_are_logs(name: str, tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    path.write_bytes(LOGS[name])
    (found,) = collect(str(path))
    assert found.complete
    assert found.kind == "log"


def test_a_report_in_what_is_no_text_is_shown_and_not_wholly_read(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(NOISE + b"\n" + REPORT + NOISE)
    (found,) = collect(str(path))
    assert not found.complete
    assert found.streams[0].windows
    assert "no text as a whole" in found.warnings[0]


@pytest.mark.parametrize(
    ("held", "told"), [(LOG, True), (NOISE, False), (b"\x30\x82" + NOISE, False)], ids=["a log", "a picture", "a key"]
)
def test_a_field_that_holds_a_log_in_base64_is_said(held: bytes, told: bool, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"InstanceId": "i-0", "Output": base64.b64encode(held).decode()}, indent=4))
    (found,) = collect(str(path))
    assert found.complete is not told
    assert any("base64" in warning for warning in found.warnings) is told


def test_a_report_behind_a_hex_dump_is_read(tmp_path: Path) -> None:
    path = tmp_path / "messages.log"
    path.write_bytes(hexdump(LOG[:64]) + REPORT)
    (found,) = collect(str(path))
    assert found.streams[0].windows


@pytest.mark.parametrize("form", ["archive", "directory"])
def test_a_log_of_a_host_that_is_no_text(
    form: str, tree: dict[str, bytes], pack: Callable[..., bytes], unpack: Callable[..., Path], tmp_path: Path
) -> None:
    files = {**tree, "var/log/messages-20240101.lz": b"LZIP\x01" + NOISE}
    path = unpack(files) if form == "directory" else tmp_path / "a.tar"
    if form == "archive":
        path.write_bytes(pack(files))
    (found,) = collect(str(path))
    assert not found.complete
    assert any("messages-20240101.lz: is no text" in warning for warning in found.warnings)
    assert any(stream.windows for stream in found.streams)


@pytest.mark.parametrize(
    ("head", "text"),
    [(b"", True), (b"a", True), (bytes(100), False), (b"\0\0abc\n", True), (b"a\0b\0", False), (NOISE[:1024], False),
     (b"\x7f\x01ab", False), (b"abc\x01" * 4, False), (b"a long line with one \x01\n" * 3, True)],
)  # fmt: skip
def test_what_may_be_text(head: bytes, text: bool) -> None:
    assert is_text(head) == text
