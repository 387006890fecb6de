"""The public door: what `import nopage` offers.

Nothing global is changed by importing or calling it: no fork, no signal handler, no logger's level, no exit. Bad input
never raises: a source that cannot be read is a result that says so. Only an argument of a wrong type raises TypeError.
"""
from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from nopage.kernel.gfp import GfpDecoded
from nopage.kernel.gfp import decode as decode_mask
from nopage.kernel.release import parse_release
from nopage.result import Result
from nopage.result import load as load_result

if TYPE_CHECKING:
    from nopage.engine.ladders import HostLadder
    from nopage.intake.model import Limits

FORMATS = ("text", "json", "jsonl", "html", "markdown", "case", "ansible", "sysctl")
LANGUAGES = ("en", "ko", "ja", "zh")
LARGEST_MASK = 1 << 64
# insights-core imports itself in circles: of two threads that begin at once one could see half of a module.
_importing = threading.Lock()


def diagnose(
    source: str | os.PathLike[str] | bytes | BinaryIO | None, *, limits: Limits | None = None, name: str | None = None
) -> Iterator[Result]:
    """The diagnosis of a source, one `Result` a host.

    `source` is a path (archive, directory, log, vmcore), a URL that fsspec opens, "-" for standard input, the bytes of
    a file, an open binary file, or None for this host. `name` is what bytes and files are called in the result.
    `limits` bounds what is read (`nopage.Limits`).

    >>> import nopage
    >>> log = b"swapper: page allocation failure. order:1, mode:0x20\\n"
    >>> [(one.order, one.atomic) for result in nopage.diagnose(log) for one in result.failures]
    [(1, True)]
    """
    _must_be_limits("diagnose", limits)
    if name is not None:
        _must_be(str, "diagnose", "name", name)
    if source is None or isinstance(source, str | os.PathLike):
        return _diagnose_path(None if source is None else os.fsdecode(source), limits)
    if isinstance(source, bytes | bytearray | memoryview):
        return _diagnose_file(io.BytesIO(source), name or "bytes", limits)
    if callable(getattr(source, "read", None)) and not _gives_text(source):
        return _diagnose_file(source, name or str(getattr(source, "name", "file")), limits)
    raise TypeError(
        f"diagnose() takes a path, bytes, an open binary file or None, not {type(source).__name__}; "
        "use diagnose_text() for text"
    )


def diagnose_text(text: str, kernel: str | None = None) -> Result:
    """The diagnosis of a pasted text. `kernel` is the release that it came from, where the text does not say.

    >>> import nopage
    >>> result = nopage.diagnose_text("swapper: page allocation failure. order:1, mode:0x20", "2.6.32-358.el6.x86_64")
    >>> result.failures[0].gfp_name
    'GFP_ATOMIC'
    >>> result.kernel.rhel
    '6.4'
    """
    _must_be(str, "diagnose_text", "text", text)
    if kernel is not None:
        _must_be(str, "diagnose_text", "kernel", kernel)
    _load_engine()
    from nopage.engine.run import results_of, text_collection

    return next(results_of("text", iter([text_collection(text, kernel)])))


def decode(mask: int | str, kernel: str | None = None) -> GfpDecoded | None:
    """What a gfp_mask asks for, in the numbering of `kernel`; inferred from the mask where no kernel is named.

    `mask` is a number or as printed ("0x20", "mode:0x20"). None where a text holds no mask.

    >>> import nopage
    >>> nopage.decode(0x20, "2.6.32-358.el6.x86_64").name
    'GFP_ATOMIC'
    >>> nopage.decode("0x20", "5.14.0-427.el9.x86_64").atomic
    True
    """
    if isinstance(mask, bool) or not isinstance(mask, int | str):
        raise TypeError(f"decode() takes a number or a text such as '0x20', not {type(mask).__name__}")
    if kernel is not None:
        _must_be(str, "decode", "kernel", kernel)
    number = mask if isinstance(mask, int) else _number_of(mask)
    if number is None or not 0 <= number < LARGEST_MASK:
        return None
    return decode_mask(number, parse_release(kernel) if kernel else None)


def watermarks(
    source: str | os.PathLike[str] | None,
    *,
    min_free_kbytes: int | None = None,
    extra_free_kbytes: int | None = None,
    watermark_scale_factor: int | None = None,
    limits: Limits | None = None,
) -> Iterator[HostLadder]:
    """Each host's zones with their marks as they are, and as they would be under the values asked about.

    >>> import nopage
    >>> (host,) = nopage.watermarks("docs/example/sosreport-example-rhel6", min_free_kbytes=180224)
    >>> row = next(row for row in host.ladder.rows if row.name == "Node 0 Normal")
    >>> row.now.min_pages, row.then.min_pages
    (9847, 19695)
    """
    if source is not None and not isinstance(source, str | os.PathLike):
        raise TypeError(f"watermarks() takes a path or None, not {type(source).__name__}")
    _must_be_limits("watermarks", limits)
    asked = {
        "min_free_kbytes": min_free_kbytes,
        "extra_free_kbytes": extra_free_kbytes,
        "watermark_scale_factor": watermark_scale_factor,
    }
    for setting, value in asked.items():
        if value is not None:
            _must_be(int, "watermarks", setting, value)
    _load_engine()
    from nopage.engine.ladders import memory_of

    path = None if source is None else os.fsdecode(source)
    return memory_of(path, {name: value for name, value in asked.items() if value is not None}, limits)


def render(result: Result | Iterable[Result], format: str = "text", lang: str = "en") -> str:
    """One result or several as text, in a format and a language of the command.

    text, json, jsonl, html, markdown, case, ansible or sysctl; en, ko, ja or zh.

    >>> import nopage
    >>> result = nopage.diagnose_text("swapper: page allocation failure. order:1, mode:0x20")
    >>> nopage.render(result, "json").splitlines()[1]
    '  "schema": "nopage/1",'
    """
    if format not in FORMATS:
        raise TypeError(f"render() knows the formats {', '.join(FORMATS)}, not {format!r}")
    if lang not in LANGUAGES:
        raise TypeError(f"render() knows the languages {', '.join(LANGUAGES)}, not {lang!r}")
    if not isinstance(result, Result | Iterable):
        raise TypeError(f"render() takes a Result or several of them, not {type(result).__name__}")
    results = [result] if isinstance(result, Result) else list(result)
    for one in results:
        _must_be(Result, "render", "result", one)
    from nopage.report.rendering import rendered

    return rendered(results, format, lang)


def load(text: str | bytes) -> Result:
    """A result from the JSON that nopage wrote. ValueError says with its place what is no `nopage/1`.

    >>> import nopage
    >>> result = nopage.diagnose_text("swapper: page allocation failure. order:1, mode:0x20")
    >>> nopage.load(nopage.render(result, "json")) == result
    True
    """
    if not isinstance(text, str | bytes | bytearray):
        raise TypeError(f"load() takes JSON as text or bytes, not {type(text).__name__}")
    return load_result(text)


def _load_engine() -> None:
    """Import what runs the rules, one thread at a time."""
    with _importing:
        import nopage.engine.ladders
        import nopage.engine.run  # noqa: F401


def _diagnose_path(path: str | None, limits: Limits | None) -> Iterator[Result]:
    _load_engine()
    from nopage.engine.run import diagnose

    yield from diagnose(path, limits)


def _diagnose_file(file: BinaryIO, name: str, limits: Limits | None) -> Iterator[Result]:
    _load_engine()
    from nopage.engine.run import results_of
    from nopage.intake.collect import collect_file

    yield from results_of(name, collect_file(file, name, limits))


def _number_of(text: str) -> int | None:
    text = text.strip().removeprefix("mode:").removeprefix("gfp_mask=").partition("(")[0]
    try:
        return int(text, 0) if len(text) <= 20 else None
    except ValueError:
        return None


def _gives_text(file: Any) -> bool:
    """An open file of characters, wrapped or not."""
    try:
        return isinstance(file, io.TextIOBase) or isinstance(file.read(0), str)
    except Exception:  # it says so again when it is read, where that is told in the result
        return False


def _must_be_limits(function: str, limits: Any) -> None:
    if limits is not None:
        from nopage.intake.model import Limits

        _must_be(Limits, function, "limits", limits)


def _must_be(kind: type, function: str, argument: str, value: Any) -> None:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{function}(): {argument} must be {kind.__name__}, not {type(value).__name__}")
