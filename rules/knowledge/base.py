"""The knowledge behind each finding: words, links and thresholds, one YAML file a key in `rules/knowledge/`.

`knowledge("ATOMIC_ALLOCATION_FAILURE")` reads the file at its first use and keeps it; `Knowledge.row(release)` picks
what is true of one kernel release. The words are data, the choice of a row is made here.
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from nopage.diagnosis.cause import CAUSES
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message
from nopage.kernel.release import RHEL_BASE
from nopage.rules.knowledge.reader import (
    InvalidKnowledge,
    KnowledgeError,
    KnowledgeUnknownField,
    KnowledgeValueError,
    Reader,
)

if TYPE_CHECKING:
    import yaml

    from nopage.kernel.release import Release

FOLDER = Path(__file__).resolve().parent
RESOLUTION_URL = "NOPAGE_RESOLUTION_URL"
"""Environment variable with the operator's own URL of the resolution; it wins over the knowledge file."""

ACTIONS = (
    "update_kernel",
    "raise_min_free_kbytes",
    "lower_min_free_kbytes",
    "raise_extra_free_kbytes",
    "raise_watermark_scale_factor",
    "raise_lowmem_reserve",
    "lower_order",
    "compact_memory",
    "add_memory",
    "none_needed",
)
GENERATIONS = (*RHEL_BASE.values(), "other")
TYPES = ("fail", "info")
ROLES = ("resolution", "related")


@dataclass(frozen=True, slots=True)
class ReleaseRange:
    """The kernels something holds for: these generations, from build `at_least` on and below build `below`."""

    generations: tuple[str, ...] = ()
    at_least: str | None = None
    below: str | None = None

    def holds(self, release: Release | None) -> bool:
        """Whether `release` lies in the range; a kernel that is no RHEL build, or None, lies in "other" only."""
        if release is None or not release.exact:
            return not self.generations or "other" in self.generations
        if self.generations and release.generation not in self.generations:
            return False
        if self.at_least is not None and not release.at_least(self.at_least):
            return False
        return self.below is None or not release.at_least(self.below)


@dataclass(frozen=True, slots=True)
class RemedyWords:
    """One action of a remedy, in words; `command` shows how, where one command does it."""

    action: str
    words: str
    command: str | None = None
    range: ReleaseRange = ReleaseRange()


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """What is true of one range of releases: environment, what the article says, what the source says, the remedy.

    `narrower` says where the kernel source is narrower than the article; both are None where the article is silent.
    """

    id: str
    name: str
    range: ReleaseRange
    environment: str
    remedy: tuple[RemedyWords, ...]
    says: str | None = None
    narrower: str | None = None

    def actions(self, release: Release | None) -> tuple[RemedyWords, ...]:
        """The remedies that exist on exactly this release, in order."""
        return tuple(action for action in self.remedy if release is None or action.range.holds(release))


@dataclass(frozen=True, slots=True)
class Risk:
    """What can go wrong with the remedy, or what it cannot do."""

    topic: str
    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text worth reading. `url` is None where no public address is known: then it is found by its title."""

    title: str
    role: str
    url: str | None = None
    where: str | None = None
    search: str | None = None

    @property
    def href(self) -> str | None:
        """The address, else a search for the exact title, else None."""
        if self.url is not None or self.search is None:
            return self.url
        return self.search + quote_plus(f'"{self.title}"')


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is said of one finding key, the same for every host."""

    key: str
    title: str
    type: str
    tags: tuple[str, ...]
    meaning: str
    impact: str
    diagnosis: tuple[str, ...]
    rows: tuple[ReleaseRow, ...]
    risks: tuple[Risk, ...]
    links: tuple[Link, ...]
    causes: Mapping[str, str]
    thresholds: Mapping[str, int]
    path: str

    def row(self, release: Release | None) -> ReleaseRow | None:
        """The first row that holds for `release`; None only where the file has no row for it."""
        return next((row for row in self.rows if row.range.holds(release)), None)

    def said(self, name: str, text: str | None = None) -> Message:
        """One of its texts as a message: its own ("impact"), or `text` of a row ("releases.rhel4.update_kernel")."""
        return Message(f"knowledge.{self.key.lower()}.{name}", getattr(self, name) if text is None else text)

    @property
    def resolution(self) -> Link | None:
        """The resolution that the finding links to."""
        return next((link for link in self.links if link.role == "resolution"), None)


class _KnowledgeReader(Reader):
    """The schema of a knowledge file."""

    REQUIRED = ("key", "title", "type", "tags", "meaning", "impact", "diagnosis", "releases", "risks", "links")

    def knowledge(self) -> Knowledge:
        top = self.fields(self.root, "a knowledge file", self.REQUIRED, ("causes", "thresholds"))
        key = self.text(top.get("key"), "key")
        stem = Path(self.path).stem
        if key and key != stem.upper():
            self.fault(KnowledgeValueError, f"key is {key!r}; the file name asks for {stem.upper()!r}", top["key"])
        causes = self.names(top.get("causes"), "causes", CAUSES)
        thresholds = self.names(top.get("thresholds"), "thresholds")
        links = self.each(top.get("links"), "links", self.link)
        if "links" in top and sum(link.role == "resolution" for link in links) > 1:
            self.fault(KnowledgeValueError, "only one link can be the resolution", top["links"])
        return Knowledge(
            key=key,
            title=self.text(top.get("title"), "title"),
            type=self.text(top.get("type"), "type", TYPES),
            tags=self.texts(top.get("tags"), "tags"),
            meaning=self.text(top.get("meaning"), "meaning"),
            impact=self.text(top.get("impact"), "impact"),
            diagnosis=self.texts(top.get("diagnosis"), "diagnosis"),
            rows=self.rows(top.get("releases")),
            risks=self.each(top.get("risks"), "risks", self.risk),
            links=links,
            causes=MappingProxyType({name: self.text(node, f"cause {name}") for name, node in causes.items()}),
            thresholds=MappingProxyType({n: self.number(node, f"threshold {n}") for n, node in thresholds.items()}),
            path=self.path,
        )

    def rows(self, node: yaml.Node | None) -> tuple[ReleaseRow, ...]:
        rows: list[ReleaseRow] = []
        for item in self.items(node, "releases"):
            row = self.row(item)
            if row.id and any(row.id == other.id for other in rows):
                self.fault(KnowledgeUnknownField, f"release row {row.id!r} stands twice", item)
            rows.append(row)
        return tuple(rows)

    def row(self, node: yaml.Node) -> ReleaseRow:
        required = ("id", "name", "generations", "environment", "remedy")
        at = self.fields(node, "a release row", required, ("from", "below", "says", "narrower"))
        return ReleaseRow(
            id=self.text(at.get("id"), "id"),
            name=self.text(at.get("name"), "name"),
            range=replace(
                self.range(at), generations=self.texts(at.get("generations"), "generations", GENERATIONS)
            ),
            environment=self.text(at.get("environment"), "environment"),
            remedy=self.each(at.get("remedy"), "remedy", self.remedy),
            says=self.optional_text(at.get("says"), "says"),
            narrower=self.optional_text(at.get("narrower"), "narrower"),
        )

    def range(self, at: Mapping[str, yaml.Node]) -> ReleaseRange:
        builds: dict[str, str | None] = {}
        for name in ("from", "below"):
            builds[name] = self.optional_text(at.get(name), name)
            build = builds[name]
            if build is not None and not (build[:1].isdigit() and "-" in build):
                self.fault(KnowledgeValueError, f"{name} is {build!r}; it must look like 2.6.32-358", at[name])
        return ReleaseRange(at_least=builds["from"], below=builds["below"])

    def remedy(self, node: yaml.Node) -> RemedyWords:
        at = self.fields(node, "a remedy", ("action", "words"), ("command", "from", "below"))
        return RemedyWords(
            action=self.text(at.get("action"), "action", ACTIONS),
            words=self.text(at.get("words"), "words"),
            command=self.optional_text(at.get("command"), "command"),
            range=self.range(at),
        )

    def risk(self, node: yaml.Node) -> Risk:
        at = self.fields(node, "a risk", ("topic", "words"))
        return Risk(self.text(at.get("topic"), "topic"), self.text(at.get("words"), "words"))

    def link(self, node: yaml.Node) -> Link:
        at = self.fields(node, "a link", ("title", "role"), ("url", "where", "search"))
        link = Link(
            title=self.text(at.get("title"), "title"),
            role=self.text(at.get("role"), "role", ROLES),
            url=self.optional_text(at.get("url"), "url"),
            where=self.optional_text(at.get("where"), "where"),
            search=self.optional_text(at.get("search"), "search"),
        )
        for name, value in (("url", link.url), ("search", link.search)):
            if value is not None and not value.startswith("https://"):
                self.fault(KnowledgeValueError, f"{name} must begin with https://", at[name])
        return link


def read_knowledge(path: Path | str, text: str) -> Knowledge:
    """Knowledge from the text of one file; InvalidKnowledge carries every fault found, each with its place."""
    reader = _KnowledgeReader(path, text)
    found = reader.knowledge() if reader.root is not None else None
    if reader.errors or found is None:
        raise InvalidKnowledge(reader.errors)
    return found


@cache
def _from_file(path: Path) -> Knowledge:
    return read_knowledge(path, path.read_text(encoding="utf-8"))


def knowledge_path(key: str) -> Path:
    """The knowledge file of a finding key."""
    return FOLDER / f"{key.lower()}.yaml"


def keys() -> tuple[str, ...]:
    """All finding keys that have knowledge, sorted."""
    return tuple(sorted(path.stem.upper() for path in FOLDER.glob("*.yaml")))


def knowledge(key: str) -> Knowledge:
    """The knowledge of a finding key, read once a process. KeyError where there is none, InvalidKnowledge for faults.

    The operator's own resolution URL in NOPAGE_RESOLUTION_URL is used where it is set.
    """
    path = knowledge_path(key)
    try:
        found = _from_file(path)
    except FileNotFoundError:
        raise KeyError(key) from None
    url = os.environ.get(RESOLUTION_URL, "").strip()
    if not url.startswith(("https://", "http://")):
        return found  # unset, or no address that a page may link to
    links = tuple(replace(link, url=url) if link.search is not None else link for link in found.links)
    return replace(found, links=links)


def validate() -> tuple[KnowledgeError, ...]:
    """The faults of all knowledge files together."""
    errors: list[KnowledgeError] = []
    for key in keys():
        try:
            _from_file(knowledge_path(key))
        except InvalidKnowledge as invalid:
            errors.extend(invalid.errors)
    return tuple(errors)
