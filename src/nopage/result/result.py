"""The result of one source: everything that every output format is made from."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from nopage.kernel.pattern import later
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


# What steers: controls that JSON leaves as they are, formats (categories Cc, Cf, Zl and Zp of Unicode).
STEERING = later(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001-\U000e007f]"
)


def to_json(result: Fact, *, indent: int = 0) -> bytes:
    """A result, or another part of the contract, as JSON: UTF-8, one line, or indented by so many blanks.

    What steers a terminal, or turns the direction of writing, stands as its code (\\u202e): a JSON is looked at, too.
    """
    try:
        packed = msgspec.json.encode(result)
    except UnicodeEncodeError:  # half a surrogate pair, from JSON inside a log or from the name of a file
        packed = msgspec.json.encode(whole_characters(msgspec.to_builtins(result)))
    if not packed.isascii() or b"\x7f" in packed:
        packed = STEERING.sub(as_code, packed.decode()).encode()
    return msgspec.json.format(packed, indent=indent) if indent else packed


def as_code(match: re.Match[str]) -> str:
    """A character as JSON's code of it."""
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def whole_characters(value: Any) -> Any:
    """The same with what is no character of Unicode written as its code."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(one) for name, one in value.items()}
    return [whole_characters(one) for one in value] if isinstance(value, list | tuple) else value


def load(text: str | bytes) -> Result:
    """A result from its JSON; fields it does not know are passed over.

    msgspec.ValidationError (a ValueError) says with its place what is no `nopage/1`.
    """
    return decoder_of(Result).decode(text)
