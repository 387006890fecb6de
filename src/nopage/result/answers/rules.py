"""What `nopage rules --format json` prints."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from nopage.result.base import Fact, FindingType
from nopage.result.finding import Link


class RuleRemedy(Fact, frozen=True):
    """One remedy of a finding on a range of releases."""

    action: Annotated[str, Meta(description="what to do, one of the design's words", examples=["update_kernel"])]
    words: Annotated[str, Meta(description="in a sentence", examples=["Update to 2.6.32-358 or later."])]
    command: Annotated[str | None, Meta(description="what to type; null where no one command does it")]
    at_least: Annotated[str | None, Meta(description="first build it exists on", examples=["2.6.32-220"])]
    below: Annotated[str | None, Meta(description="first build it no longer exists on", examples=["2.6.32-431"])]


class RuleRow(Fact, frozen=True):
    """What is true of one range of releases."""

    id: Annotated[str, Meta(description="row of the knowledge file", examples=["rhel6-before-358"])]
    name: Annotated[str, Meta(description="the range in words", examples=["RHEL 6.0 to 6.3"])]
    generations: Annotated[tuple[str, ...], Meta(description="el4 to el10, other", examples=[["el6"]])]
    at_least: Annotated[str | None, Meta(description="first build", examples=["2.6.32-71"])]
    below: Annotated[str | None, Meta(description="first build it does not hold for", examples=["2.6.32-358"])]
    says: Annotated[str | None, Meta(description="what the article says")]
    remedies: Annotated[tuple[RuleRemedy, ...], Meta(description="the most advisable first")]


class Rule(Fact, frozen=True):
    """One finding, the same for every host."""

    key: Annotated[str, Meta(description="its name", examples=["ATOMIC_ALLOCATION_FAILURE"])]
    type: Annotated[FindingType, Meta(description="fail is a problem, info worth knowing", examples=["fail"])]
    title: Annotated[str, Meta(description="in a few words")]
    tags: Annotated[tuple[str, ...], Meta(description="what it is about", examples=[["kernel", "memory"]])]
    meaning: Annotated[str, Meta(description="when it fires, and what it is")]
    impact: Annotated[str, Meta(description="what it does to a host")]
    causes: Annotated[dict[str, str], Meta(description="the causes it tells apart, in words")]
    thresholds: Annotated[dict[str, int], Meta(description="the numbers it goes by", examples=[{"percent": 5}])]
    exit_status: Annotated[bool, Meta(description="it makes the exit status 1 where --fail-on names nothing else")]
    releases: Annotated[tuple[RuleRow, ...], Meta(description="remedies by release")]
    links: Annotated[tuple[Link, ...], Meta(description="the resolution first")]


class Rules(Fact, frozen=True):
    """Everything that one command printed."""

    schema: Annotated[Literal["nopage-rules/1"], Meta(description="always nopage-rules/1")]
    nopage: Annotated[str, Meta(description="the version that wrote this", examples=["0.2.0"])]
    kernel: Annotated[str | None, Meta(description="release asked about; null for every release")]
    rules: Annotated[tuple[Rule, ...], Meta(description="in the order their findings are shown")]
