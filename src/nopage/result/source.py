"""What was read, and how completely."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from nopage.result.base import Fact, KernelFrom, SourceKind


class Place(Fact, frozen=True):
    """Where a fact stands."""

    file: Annotated[str, Meta(description="name inside the source", examples=["var/log/messages"])]
    line: Annotated[int, Meta(description="line number, from 1", ge=1, examples=[4])]


class ContextLine(Fact, frozen=True):
    """A log line from before the first failure that is no kernel report: what was started, what was stopped."""

    file: Annotated[str, Meta(description="name inside the source", examples=["var/log/messages"])]
    line: Annotated[int, Meta(description="line number, from 1", ge=1, examples=[2])]
    text: Annotated[
        str,
        Meta(
            description="the line as it stands, cut at 400 characters",
            examples=["Feb 14 18:26:01 stor1 CROND[9310]: (root) CMD (backup)"],
        ),
    ]


class Coverage(Fact, frozen=True):
    """How complete the collection is."""

    found: Annotated[
        tuple[str, ...], Meta(description="kinds of files that were there", examples=[["kernel_log", "zoneinfo"]])
    ] = ()
    skipped: Annotated[
        tuple[str, ...],
        Meta(
            description="files that were recognised but not read, with the reason",
            examples=[["var/log/messages: is a link"]],
        ),
    ] = ()
    cut: Annotated[
        tuple[str, ...], Meta(description="files that are only partly there", examples=[["var/log/messages"]])
    ] = ()
    timed_out: Annotated[
        tuple[str, ...],
        Meta(
            description="commands that the collecting tool gave up on",
            examples=[["ethtool -S eth0"]],
        ),
    ] = ()
    filtered: Annotated[
        bool,
        Meta(
            description="the collecting tool keeps only some lines of the logs (insights archives)",
            examples=[False],
        ),
    ] = False
    oldest_log_time: Annotated[
        str | None, Meta(description="time of the oldest log line, ISO 8601", examples=["2012-02-14T18:20:01"])
    ] = None
    newest_log_time: Annotated[
        str | None, Meta(description="time of the newest log line, ISO 8601", examples=["2012-02-14T18:30:01"])
    ] = None
    other_events: Annotated[
        dict[str, int],
        Meta(
            description="what else the logs tell, by kind and how often: oom_kill, memcg_oom_kill, soft_lockup, "
            "hard_lockup, rcu_stall, hung_task, vmalloc_failure, allocation_stall; an event that several logs hold "
            "counts once",
            examples=[{"oom_kill": 2}],
        ),
    ] = field(default_factory=dict)


class Source(Fact, frozen=True):
    """One source: an archive, directory, log, crash dump or live host."""

    path: Annotated[
        str,
        Meta(
            description="as it was named on the command line; inside a collection of archives the member too",
            examples=["sosreport-web1.tar.xz"],
        ),
    ]
    kind: Annotated[SourceKind, Meta(description="what it is", examples=["sosreport"])]
    complete: Annotated[bool, Meta(description="everything wanted could be read", examples=[True])]
    warnings: Annotated[
        tuple[str, ...],
        Meta(
            description="what could not be read, one line each",
            examples=[["is cut off after 12 MB"]],
        ),
    ] = ()
    collected_at: Annotated[
        str | None,
        Meta(description="when it was made, ISO 8601; null where it does not say", examples=["2012-02-14T18:40:02"]),
    ] = None
    internal_error: Annotated[
        bool,
        Meta(description="a fault of nopage itself ended the diagnosis; warnings say which", examples=[False]),
    ] = False
    coverage: Annotated[
        Coverage, Meta(description="how complete the collection is; empty lists for an unreadable source")
    ] = Coverage()


class Kernel(Fact, frozen=True):
    """The kernel of the host."""

    release: Annotated[str | None, Meta(description="as printed", examples=["2.6.32-358.el6.x86_64"])]
    generation: Annotated[
        str | None, Meta(description="el4 to el10; the nearest one when exact is false", examples=["el6"])
    ]
    rhel: Annotated[str | None, Meta(description="major.minor", examples=["6.4"])]
    exact: Annotated[bool | None, Meta(description="it is a RHEL build, not only near one", examples=[True])] = None
    source: Annotated[KernelFrom, Meta(description="what named it", examples=["uname"])] = KernelFrom.NONE
