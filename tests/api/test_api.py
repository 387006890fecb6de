"""The public door: what each function takes, what it gives, and what it says to what it does not take."""
from __future__ import annotations

import doctest
import io
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

import nopage
import nopage.api
from nopage.cli.hostfiles import OF_ONE_HOST
from nopage.result import SourceKind, to_json

HEADER = b"swapper: page allocation failure. order:1, mode:0x20\n"
MAGICS = (
    b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\x00", b"BZh9", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"KDUMP   ",
    b"makedumpfile",
)  # fmt: skip
LADDER = "docs/example/sosreport-example-rhel6"


class Stdin:
    """A standard input with these bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.fixture
def archive(samples: Path) -> bytes:
    """A sosreport as the bytes of a tar.gz."""
    return packed(samples / "atomic_allocation_failure" / "rhel7" / "sosreport", "sosreport-web1-20140214")


def packed(folder: Path, top: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        tar.add(folder, top)
    return out.getvalue()


def opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        yield from nopage.diagnose(file)


WAYS: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: nopage.diagnose(str(path)),
    "pathlib": lambda path: nopage.diagnose(path),
    "bytes": lambda path: nopage.diagnose(path.read_bytes()),
    "bytearray": lambda path: nopage.diagnose(bytearray(path.read_bytes())),
    "memoryview": lambda path: nopage.diagnose(memoryview(path.read_bytes())),
    "BytesIO": lambda path: nopage.diagnose(io.BytesIO(path.read_bytes())),
    "open file": opened,
    "unbuffered file": lambda path: nopage.diagnose(path.open("rb", buffering=0)),
    "URL": lambda path: nopage.diagnose(path.as_uri()),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_log_and_an_archive_give_the_same_by_every_way(way: str, archive: bytes, tmp_path: Path) -> None:
    log, sos = tmp_path / "messages", tmp_path / "sos.tar.gz"
    log.write_bytes(HEADER)
    sos.write_bytes(archive)
    (of_log,) = WAYS[way](log)
    assert (of_log.source.kind, of_log.source.complete, of_log.source.warnings) == (SourceKind.LOG, True, ())
    assert [(one.order, one.gfp_mask, one.atomic) for one in of_log.failures] == [(1, "0x20", True)]
    (of_archive,) = WAYS[way](sos)
    (wanted,) = nopage.diagnose(str(sos))
    assert of_archive.source.kind == SourceKind.SOSREPORT
    assert (of_archive.failures, of_archive.findings, of_archive.plan) == (
        wanted.failures, wanted.findings, wanted.plan,
    )  # fmt: skip


@pytest.mark.parametrize("compress", [lambda data: data, zstandard.ZstdCompressor().compress], ids=["plain", "zstd"])
def test_a_crash_dump_needs_no_file_of_its_own(cores: Any, compress: Callable[[bytes], bytes]) -> None:
    core = cores.elf_core(cores.make_core("printk_ringbuffer", [cores.Record(HEADER.decode().strip(), 9)]))
    for source in (compress(core), io.BytesIO(compress(core))):
        (result,) = nopage.diagnose(source, name="vmcore")
        assert (result.source.kind, result.source.path) == (SourceKind.VMCORE, "vmcore")
        assert [one.order for one in result.failures] == [1]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(HEADER))
    (result,) = nopage.diagnose("-")
    assert (result.source.path, [one.order for one in result.failures]) == ("-", [1])


@pytest.mark.parametrize("stdin", [None, io.StringIO("text")])
def test_a_standard_input_without_bytes(monkeypatch: pytest.MonkeyPatch, stdin: Any) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    (result,) = nopage.diagnose("-")
    assert result.source.warnings == ("standard input gives no bytes here",)
    assert not result.source.internal_error


def test_a_file_is_left_open_and_may_be_in_the_middle(archive: bytes) -> None:
    file = io.BytesIO(b"before" + archive)
    file.seek(6)
    (result,) = nopage.diagnose(file)
    assert result.source.kind == SourceKind.SOSREPORT
    assert not file.closed


@pytest.mark.parametrize(
    ("source", "name", "called"),
    [(HEADER, None, "bytes"), (HEADER, "web1.log", "web1.log"), (io.BytesIO(HEADER), None, "file")],
)
def test_what_it_is_called(source: Any, name: str | None, called: str) -> None:
    (result,) = nopage.diagnose(source, name=name)
    assert result.source.path == called


def test_a_file_is_called_by_its_name(tmp_path: Path) -> None:
    log = tmp_path / "messages"
    log.write_bytes(HEADER)
    with log.open("rb") as file:
        (result,) = nopage.diagnose(file)
    assert result.source.path == str(log)


def test_a_collection_of_archives_is_a_result_each(archive: bytes, tmp_path: Path) -> None:
    for name in ("one.tar.gz", "two.tar.gz"):
        (tmp_path / name).write_bytes(archive)
    for source in (tmp_path, packed(tmp_path, "hosts")):
        results = list(nopage.diagnose(source))
        assert [result.source.path[-10:] for result in results] == ["one.tar.gz", "two.tar.gz"]
        assert [result.source.kind for result in results] == [SourceKind.SOSREPORT] * 2


def test_nothing_is_read_before_it_is_asked_for() -> None:
    file = io.BytesIO(HEADER)
    results = nopage.diagnose(file)
    assert file.tell() == 0
    assert next(results).failures
    assert next(results, None) is None


def test_limits(archive: bytes) -> None:
    (result,) = nopage.diagnose(archive, limits=nopage.Limits(members=3))
    assert not result.source.complete
    assert "3" in " ".join(result.source.warnings)


def test_this_host() -> None:
    (result,) = nopage.diagnose(None)
    assert result.source.kind == SourceKind.HOST
    assert not result.source.internal_error


class Broken(io.RawIOBase):
    """A file that fails in its own way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read(self, size: int = -1) -> NoReturn:  # type: ignore[override]
        raise self.error


def closed_file() -> io.BytesIO:
    file = io.BytesIO(HEADER)
    file.close()
    return file


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "is empty"),
        (bytes(600), "is neither an archive nor a log"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\x03\xed", "gzip"),
        ("", "No such file"),
        ("no\0such", "NUL"),
        ("no-such-file", "No such file"),
        ("nosuch://host/file", "cannot be opened"),
        (closed_file(), "closed file"),
        (Broken(OSError(5, "Input/output error")), "Input/output error"),
    ],
    ids=["empty", "zeros", "gzip", "no path", "NUL", "no file", "no URL", "closed", "broken"],
)
def test_what_cannot_be_read_is_a_result_that_says_so(source: Any, said: str) -> None:
    (result,) = nopage.diagnose(source)
    assert result.source.kind == SourceKind.UNREADABLE
    assert not result.source.complete
    assert not result.source.internal_error
    assert said in " ".join(result.source.warnings)
    assert result.findings == ()


@settings(deadline=None, max_examples=80)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", HEADER, *MAGICS, b'{"MESSAGE":"' + HEADER.strip()]),
)
def test_damage_never_raises(data: bytes, head: bytes) -> None:
    for result in nopage.diagnose(head + data):
        assert not result.source.internal_error, result.source.warnings
        assert nopage.load(to_json(result)).source.kind == result.source.kind


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1 << 16), st.integers(1, 255), st.data())
def test_a_damaged_archive_never_raises(place: int, change: int, data: st.DataObject) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=data.draw(st.sampled_from(["w", "w:gz", "w:bz2", "w:xz"]))) as tar:
        member = tarfile.TarInfo("sosreport-x/sos_commands/kernel/dmesg")
        member.size = len(HEADER)
        tar.addfile(member, io.BytesIO(HEADER))
    broken = bytearray(out.getvalue())
    broken[place % len(broken)] ^= change
    for result in nopage.diagnose(broken):
        assert not result.source.internal_error, result.source.warnings


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300), st.sampled_from([None, "2.6.32-358.el6.x86_64", "windows", ""]))
def test_any_text_is_diagnosed(text: str, kernel: str | None) -> None:
    for one in (text, HEADER.decode() + text, text + HEADER.decode()):
        result = nopage.diagnose_text(one, kernel)
        assert (result.source.kind, result.source.internal_error) == (SourceKind.TEXT, False)


@settings(deadline=None)
@given(st.one_of(st.integers(), st.text(max_size=30)), st.sampled_from([None, "2.6.32-358.el6.x86_64", "6.1.0", "x"]))
def test_any_mask_is_decoded_or_none(mask: int | str, kernel: str | None) -> None:
    decoded = nopage.decode(mask, kernel)
    assert decoded is None or isinstance(decoded.name, str)


@pytest.mark.parametrize(
    ("mask", "kernel", "name"),
    [
        (0x20, "2.6.32-358.el6.x86_64", "GFP_ATOMIC"),
        ("0x20", "2.6.32-358.el6.x86_64", "GFP_ATOMIC"),
        ("mode:0x4020", "2.6.32-358.el6.x86_64", "GFP_ATOMIC|__GFP_COMP"),
        ("gfp_mask=0x480020(GFP_ATOMIC)", None, "GFP_ATOMIC"),
        ("32", "2.6.32-358.el6.x86_64", "GFP_ATOMIC"),
    ],
)
def test_masks(mask: int | str, kernel: str | None, name: str) -> None:
    decoded = nopage.decode(mask, kernel)
    assert decoded is not None
    assert decoded.name == name


@pytest.mark.parametrize("mask", [-1, 1 << 64, "", "GFP_ATOMIC", "0x", "0x" + "f" * 30, "1" * 5_000, "-5"])
def test_what_is_no_mask(mask: int | str) -> None:
    assert nopage.decode(mask) is None


@pytest.mark.parametrize("as_path", [str, Path])
def test_watermarks(root: Path, as_path: Callable[[Path], Any]) -> None:
    (host,) = nopage.watermarks(as_path(root / LADDER), min_free_kbytes=180_224)
    assert host.complete
    assert host.ladder is not None
    normal = next(row for row in host.ladder.rows if row.name == "Node 0 Normal")
    assert normal.then is not None
    assert (normal.now.min_pages, normal.then.min_pages) == (9_847, 19_695)


@pytest.mark.parametrize("source", ["no-such-file", "", "a\0b"])
def test_watermarks_of_what_cannot_be_read(source: str) -> None:
    (host,) = nopage.watermarks(source)
    assert (host.ladder, host.complete, host.internal_error) == (None, False, False)
    assert host.warnings


@pytest.mark.parametrize("value", [-1, 0, 1, 1 << 40, 1 << 80])
def test_watermarks_refuses_in_words_or_answers(root: Path, value: int) -> None:
    for name in ("min_free_kbytes", "extra_free_kbytes", "watermark_scale_factor"):
        (host,) = nopage.watermarks(str(root / LADDER), **{name: value})
        assert not host.internal_error, host.warnings
        assert host.ladder is not None


@pytest.mark.parametrize("format", nopage.api.FORMATS)
def test_every_format_is_rendered_for_one_and_none(format: str) -> None:
    result = nopage.diagnose_text(HEADER.decode(), "2.6.32-358.el6.x86_64")
    one = nopage.render(result, format)
    assert one == nopage.render([result], format)
    assert len(one) > 10
    assert isinstance(nopage.render([], format), str)


@pytest.mark.parametrize("format", [name for name in nopage.api.FORMATS if name not in OF_ONE_HOST])
def test_many_are_all_there(format: str) -> None:
    release = "2.6.32-358.el6.x86_64"
    results = (nopage.diagnose_text(HEADER.decode(), release) for _ in range(2))
    assert nopage.render(results, format).count(release) >= 2 or format == "text"


@pytest.mark.parametrize("format", OF_ONE_HOST)
def test_what_a_host_obeys_is_of_one_host(format: str) -> None:
    result = nopage.diagnose_text(HEADER.decode(), "2.6.32-358.el6.x86_64")
    with pytest.raises(ValueError, match="of one host"):
        nopage.render(iter([result, result]), format)


def test_rendered_json_comes_back() -> None:
    result = nopage.diagnose_text(HEADER.decode())
    for text in (nopage.render(result, "json"), nopage.render(result, "jsonl"), nopage.render(result, "json").encode()):
        assert nopage.load(text) == result


def wrapped_text() -> Any:
    """A file of characters that is no TextIOBase: tempfile wraps it."""
    return tempfile.NamedTemporaryFile("r")


WRONG: dict[str, Callable[[], Any]] = {
    "diagnose number": lambda: nopage.diagnose(7),  # type: ignore[arg-type]
    "diagnose list": lambda: nopage.diagnose(["a.tar"]),  # type: ignore[arg-type]
    "diagnose text file": lambda: nopage.diagnose(io.StringIO("text")),  # type: ignore[arg-type]
    "diagnose wrapped text file": lambda: nopage.diagnose(wrapped_text()),  # type: ignore[arg-type]
    "diagnose limits": lambda: nopage.diagnose(b"", limits=3),  # type: ignore[arg-type]
    "diagnose name": lambda: nopage.diagnose(b"", name=b"x"),  # type: ignore[arg-type]
    "diagnose_text bytes": lambda: nopage.diagnose_text(b"x"),  # type: ignore[arg-type]
    "diagnose_text none": lambda: nopage.diagnose_text(None),  # type: ignore[arg-type]
    "diagnose_text kernel": lambda: nopage.diagnose_text("x", 6),  # type: ignore[arg-type]
    "decode float": lambda: nopage.decode(1.5),  # type: ignore[arg-type]
    "decode bool": lambda: nopage.decode(True),
    "decode bytes": lambda: nopage.decode(b"0x20"),  # type: ignore[arg-type]
    "decode none": lambda: nopage.decode(None),  # type: ignore[arg-type]
    "decode kernel": lambda: nopage.decode(32, 6),  # type: ignore[arg-type]
    "watermarks bytes": lambda: nopage.watermarks(b"x"),  # type: ignore[arg-type]
    "watermarks value": lambda: nopage.watermarks("x", min_free_kbytes="1"),  # type: ignore[arg-type]
    "watermarks bool": lambda: nopage.watermarks("x", extra_free_kbytes=True),
    "watermarks limits": lambda: nopage.watermarks("x", limits={}),  # type: ignore[arg-type]
    "render text": lambda: nopage.render("x"),  # type: ignore[arg-type]
    "render none": lambda: nopage.render(None),  # type: ignore[arg-type]
    "render list": lambda: nopage.render([{}]),  # type: ignore[list-item]
    "render format": lambda: nopage.render(nopage.diagnose_text(""), "xml"),
    "render format type": lambda: nopage.render(nopage.diagnose_text(""), []),  # type: ignore[arg-type]
    "load number": lambda: nopage.load(1),  # type: ignore[arg-type]
    "load dict": lambda: nopage.load({}),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_type_is_a_type_error_with_a_sentence_at_once(call: str) -> None:
    with pytest.raises(TypeError) as caught:
        WRONG[call]()
    said = str(caught.value)
    function = call.split()[0]
    assert said.startswith(f"{function}()")
    assert ", not " in said
    assert len(said.split()) >= 5


def test_the_examples_of_the_docstrings_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    done = doctest.testmod(nopage.api)
    assert done.failed == 0
    assert done.attempted >= 12


def test_every_public_function_has_an_example_and_types() -> None:
    functions = [getattr(nopage, name) for name in nopage.__all__ if callable(getattr(nopage, name))]
    told = [one for one in functions if not isinstance(one, type)]
    assert {one.__name__ for one in told} == {"decode", "diagnose", "diagnose_text", "load", "render", "watermarks"}
    assert all(">>> " in (one.__doc__ or "") and "return" in one.__annotations__ for one in told)


def test_the_door_shows_what_it_has() -> None:
    assert set(nopage.__all__) <= set(dir(nopage))
    with pytest.raises(AttributeError, match="no attribute 'diagnos'"):
        nopage.diagnos  # type: ignore[attr-defined]  # noqa: B018
