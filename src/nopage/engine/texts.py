"""Texts in, one result out, by pure functions alone: what a page in a browser runs, and `diagnose_text`.

The insights components of the floors below call the same functions, each its own; here they are called in a row.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

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


def told_of(collected: Collection, release: str | None = None) -> tuple[Picture, Result]:
    """One collected host: its picture, and the result made of that; of the kernel `release` where no text names one."""
    picture, damaged = picture_of(collected)
    if release and (picture.kernel is None or picture.kernel.release is None):
        named = Stream("uname", "kernel", text=f"Linux host {release}\n")
        collected = replace(collected, streams=(*collected.streams, named))
        picture, damaged = picture_of(collected)
    findings, faults = findings_of(picture)
    return picture, assembled(collected, picture, findings, damaged, faults)


def result_of_texts(collected: Collection, release: str | None = None) -> Result:
    """The result of one collected host."""
    return told_of(collected, release)[1]


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


def text_collection(text: str) -> Collection:
    """A pasted text as a source."""
    stream = Stream(LOG, "text", windows=(Window("text", 1, 0, tuple(text.splitlines())),))
    return Collection("text", "text", streams=(stream,))


def result_of_text(text: str, release: str | None = None) -> Result:
    """The result of a pasted text; `release` is the kernel that it came from, where the text does not say."""
    return next(each_result("text", iter([text_collection(text)]), partial(result_of_texts, release=release)))
