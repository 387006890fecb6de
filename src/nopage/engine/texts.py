"""Texts in, one result out, by pure functions alone: what a page in a browser runs, and `diagnose_text`.

The insights components of the floors below call the same functions, each its own; here they are called in a row.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from nopage.diagnosis.picture import HostLog, Picture, host_log, pictured, read_texts
from nopage.engine.assemble import assembled, unreadable
from nopage.engine.faults import fault_words
from nopage.intake.model import Collection, SourceError, Stream
from nopage.kernel.window import Window
from nopage.result import Finding, Result
from nopage.rules.findings import FINDINGS, looked_for

LOG = "kernel_log"


def picture_of(collected: Collection) -> tuple[Picture, tuple[str, ...]]:
    """The picture of a collected host, and the files that could not be read, one line each."""
    said, damaged = read_texts(
        (stream.spec, stream.name, stream.text) for stream in collected.streams if stream.mem_info is None
    )
    logs = [log_of(stream, collected.deadline) for stream in collected.streams if stream.spec == LOG]
    core = next((stream.mem_info for stream in collected.streams if stream.mem_info is not None), None)
    return pictured(said, logs, core), damaged


def log_of(stream: Stream, deadline: float | None) -> HostLog:
    """One log."""
    return host_log(
        stream.name, stream.windows, storm=stream.counted, last_time=stream.last_time, until=deadline
    )


def findings_of(picture: Picture) -> tuple[list[Finding], list[str]]:
    """All that is found on a host, and the faults of nopage itself, one line each: the other findings are told."""
    found, faults = [], []
    for look in FINDINGS:
        try:
            one = looked_for(look, picture)
        except Exception as error:
            faults.append(fault_words(error))
        else:
            found += [one] if one is not None else []
    return found, faults


def told_of(collected: Collection) -> tuple[Picture, Result]:
    """One collected host: its picture, and the result made of that."""
    picture, damaged = picture_of(collected)
    findings, faults = findings_of(picture)
    return picture, assembled(collected, picture, findings, damaged, faults)


def result_of_texts(collected: Collection) -> Result:
    """The result of one collected host."""
    return told_of(collected)[1]


def each_result(
    name: str, reading: Iterator[Collection], result_of: Callable[[Collection], Result]
) -> Iterator[Result]:
    """A result a collection. Nothing is raised: what cannot be read, and a fault of our own, is a result too."""
    try:
        for collected in reading:
            try:
                result = result_of(collected)
            except Exception as error:  # the other hosts of the source are told all the same
                result = unreadable(collected.path, fault_words(error), internal_error=True)
            yield result
    except SourceError as error:
        yield unreadable(name, error.reason)
    except Exception as error:
        yield unreadable(name, fault_words(error), internal_error=True)


def text_collection(text: str, release: str | None = None) -> Collection:
    """A pasted text as a source; `release` is the kernel that it came from, where the text does not say."""
    lines = tuple(text.splitlines())
    streams = [Stream(LOG, "text", windows=(Window("text", 1, 0, lines),))]
    if release:
        streams.append(Stream("uname", "kernel", text=f"Linux host {release}\n"))
    return Collection("text", "text", streams=tuple(streams))


def result_of_text(text: str, release: str | None = None) -> Result:
    """The result of a pasted text."""
    return next(each_result("text", iter([text_collection(text, release)]), result_of_texts))
