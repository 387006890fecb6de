"""How each format is written: each result as soon as it is ready, where the format allows it.

A fault of nopage in showing one result is told on standard error and takes no other result along. A writer returns how
many results could not be shown.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, TextIO, TypeAlias

from nopage.cli.complaint import tell_fault, tell_warnings
from nopage.cli.hostfiles import Refused, several_hosts

if TYPE_CHECKING:
    from rich.console import Console

    from nopage.report.view import View
    from nopage.result import Result

Writer: TypeAlias = "Callable[[Iterator[Result], TextIO, int, View], int]"
DOCUMENTS = ("html", "markdown", "case", "ansible", "sysctl")


def write_text(results: Iterator[Result], out: TextIO, sources: int, view: View) -> int:
    """The first screen of one source; of many a line each as it comes, and a table of them all at the end."""
    from nopage.report.screen import Many
    from nopage.report.text import console, print_line, print_lines, print_result

    shown = console(out, view.width, view.color)
    unshown, several = 0, sources > 1
    many = Many(view.speak)
    held: list[Result] = []  # the first result of the only source: told whole where no other comes

    def line(one: Result, on: Console) -> None:
        print_line(one, on, view)
        many.add(one)

    for result in results:
        tell_warnings(result)
        held.append(result)
        several = several or len(held) > 1
        if several:
            for one in held:
                unshown += not printed(line, one, shown)
            out.flush()
            held.clear()
    if several:
        print_lines(many.lines(view.width or shown.width), shown)
    return unshown + sum(not printed(lambda one, on: print_result(one, on, view), one, shown) for one in held)


def printed(show: Callable[[Result, Console], None], result: Result, shown: Console) -> bool:
    """Show a result whole and return True; or nothing of it, and say why."""
    try:
        with shown.capture() as text:
            show(result, shown)
    except OSError:  # rich writes an empty text at the end: a closed pipe, a full disk
        raise
    except Exception as error:
        tell_fault(error, result)
        return False
    shown.file.write(text.get())
    return True


def write_json(results: Iterator[Result], out: TextIO, sources: int, _view: View) -> int:
    """One object for one source; several come as JSON lines, each as soon as it is ready."""
    from nopage.result import json_pieces

    unshown, many = 0, sources > 1
    held: list[Result] = []
    for result in results:
        held.append(result)
        many = many or len(held) > 1
        if many:
            unshown += sum(not packed(json_pieces, one, out) for one in held)
            held.clear()
    return unshown + sum(not packed(lambda one: json_pieces(one, indent=2), one, out) for one in held)


def write_jsonl(results: Iterator[Result], out: TextIO, _sources: int, _view: View) -> int:
    """One object a line, always."""
    from nopage.result import json_pieces

    return sum(not packed(json_pieces, result, out) for result in results)


def write_brief(results: Iterator[Result], out: TextIO, _sources: int, _view: View) -> int:
    """One small object a line."""
    from nopage.result import to_json
    from nopage.result.brief import brief

    return sum(not packed(lambda one: iter([to_json(brief(one))]), result, out) for result in results)


def packed(pack: Callable[[Result], Iterator[bytes]], result: Result, out: TextIO) -> bool:
    """Write a result as JSON; where that fails, one that says so: there is an object for every source.

    Nothing of it is written before all of it could be packed, which is done twice rather than held.
    """
    from nopage.engine.assemble import unreadable
    from nopage.engine.faults import fault_words

    try:
        pieces = pack(result)
        first = list(islice(pieces, 2))
        if len(first) > 1:
            for _ in pieces:
                pass
            pieces = pack(result)
            first.clear()
        good = True
    except Exception as error:
        tell_fault(error, result)
        pieces, first = pack(unreadable(result.source.path, fault_words(error), internal_error=True)), []
        good = False
    out.flush()
    for piece in chain(first, pieces, [b"\n"]):
        out.buffer.write(piece)  # UTF-8, whatever the locale
    out.buffer.flush()  # a reader has it at once
    return good


def write_document(name: str) -> Writer:
    """A writer for one of the formats that make a document of all results."""

    def write(results: Iterator[Result], out: TextIO, _sources: int, view: View) -> int:
        from nopage.report.documents import SeveralHosts, render

        gathered: list[Result] = []
        for result in results:
            tell_warnings(result)
            gathered.append(result)
        shown = gathered
        try:
            text = render(name, gathered, view.speak)
        except SeveralHosts as error:
            raise Refused(several_hosts(name, len(gathered))) from error
        except Exception:
            shown = [result for result in gathered if rendered(name, result, view)]
            text = render(name, shown, view.speak)
        out.write(text)
        return len(gathered) - len(shown)

    return write


def rendered(name: str, result: Result, view: View) -> bool:
    """Whether a document can be made of this result; if not, it is told why."""
    from nopage.report.documents import render

    try:
        render(name, [result], view.speak)
    except Exception as error:
        tell_fault(error, result)
        return False
    return True


WRITERS: dict[str, Writer] = {
    "text": write_text,
    "json": write_json,
    "jsonl": write_jsonl,
    "brief": write_brief,
    **{name: write_document(name) for name in DOCUMENTS},
}
