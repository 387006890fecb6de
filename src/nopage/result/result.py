"""The result of one source: everything that every output format is made from."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from nopage.result.base import SCHEMA, Fact, Severity, decoder_of
from nopage.result.failure import Failure, Group, Slub, Timeline
from nopage.result.finding import Finding
from nopage.result.memory import Memory
from nopage.result.network import Network
from nopage.result.plan import Plan
from nopage.result.said import Said
from nopage.result.source import ContextLine, Kernel, Source


class Result(Fact, frozen=True):
    """The diagnosis of one source."""

    schema: Annotated[Literal["nopage/1"], Meta(description="always nopage/1", examples=[SCHEMA])]
    source: Annotated[Source, Meta(description="what was read")]
    host: Annotated[
        str | None,
        Meta(
            description="name of the host; null where it was not collected",
            examples=["stor1.example.com"],
        ),
    ]
    kernel: Annotated[Kernel, Meta(description="the kernel of the host")]
    failures: Annotated[tuple[Failure, ...], Meta(description="every event once, in order of time")] = ()
    groups: Annotated[tuple[Group, ...], Meta(description="failures of one kind, the commonest first")] = ()
    suppressed: Annotated[int, Meta(description="messages that a rate limit swallowed", ge=0, examples=[37])] = 0
    suppressed_exact: Annotated[
        bool,
        Meta(
            description="every one of them was a failure; on RHEL 4 to 6 it counts all messages",
            examples=[False],
        ),
    ] = True
    slub: Annotated[
        tuple[Slub, ...], Meta(description="SLUB's own reports that came without a page allocation failure")
    ] = ()
    memory: Annotated[
        Memory | None, Meta(description="the memory state at collection; null when nothing was collected")
    ] = None
    network: Annotated[Network | None, Meta(description="the interfaces; null when nothing was collected")] = None
    findings: Annotated[tuple[Finding, ...], Meta(description="what was found, the most important first")] = ()
    nopage: Annotated[str, Meta(description="version of nopage that made it", examples=["0.1.0"])] = ""
    severity: Annotated[
        Severity, Meta(description="how soon to act: that of the most severe finding", examples=["important"])
    ] = Severity.NONE
    verdict: Annotated[
        str,
        Meta(
            description="the whole result in a sentence or two",
            examples=["Packets were lost: mlx4_en got no memory 3 times, because ... It was one burst."],
        ),
    ] = ""
    verdict_said: Annotated[tuple[Said, ...], Meta(description="the sentence of verdict as id and parameters")] = ()
    timeline: Annotated[Timeline | None, Meta(description="the failures over time; null without one")] = None
    context: Annotated[tuple[ContextLine, ...], Meta(description="log lines from before the first failure")] = ()
    plan: Annotated[Plan, Meta(description="what to do, in order")] = Plan()


def load(text: str | bytes) -> Result:
    """A result from its JSON; fields it does not know are passed over.

    msgspec.ValidationError (a ValueError) says with its place what is no `nopage/1`.
    """
    return decoder_of(Result).decode(text)
