"""Makes sentences of what the result says: in English or another language, whole or short, numbers for people."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, Param, fill, render
from nopage.report.short import SHORT
from nopage.result import Finding, Said

ENGLISH = "en"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\uac00-\ud7a3])|(?<=[;:])\s+|(?<=[。；：])")
STOPS = ".;:。；："
WITHOUT_BLANKS = frozenset(("ja", "zh"))  # no blank between two sentences
BETWEEN = {"ja": "、", "zh": "；"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks one language. `templates` are its sentences by id; what it lacks is said in English."""

    language: str = ENGLISH
    templates: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, told: Said | Message) -> str:
        """What was said, whole."""
        if isinstance(told, Message):
            return render(told, lambda id, english: self.templates.get(id, english))
        template = self.templates.get(told.id)
        return told.text if template is None else fill(template, self._named(told))

    def each(self, told: Iterable[Said | Message]) -> list[str]:
        """Several, one by one."""
        return [self(one) for one in told]

    def row(self, cells: Iterable[str | Message]) -> tuple[str, ...]:
        """Cells of a table: messages spoken, names as they are."""
        return tuple(one if isinstance(one, str) else self(one) for one in cells)

    def short(self, told: Said) -> str:
        """The same in a few words: by its short template, else its first clause."""
        template = SHORT.get(told.id)
        if template is not None:
            template = self.templates.get(f"short.{told.id}", template)
            return fill(template, {**self._named(told), **self._in_short(told)})
        return SENTENCE_END.split(self(told), maxsplit=1)[0].rstrip(STOPS)

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return "。" if self.language in WITHOUT_BLANKS else "."

    def together(self, told: Iterable[Said | Message]) -> str:
        """Several sentences, one after the other."""
        return self.joined(self.each(told))

    def joined(self, sentences: Iterable[str]) -> str:
        """Sentences one after the other, as the language writes them."""
        return ("" if self.language in WITHOUT_BLANKS else " ").join(sentences)

    @property
    def between(self) -> str:
        """What stands between parts of a sentence, or of a list whose parts may hold commas."""
        return BETWEEN.get(self.language, "; ")

    def capital(self, text: str) -> str:
        """The text as a sentence begins; a path, a setting or another name stays as it is written."""
        first = text.partition(" ")[0].rstrip(",;:.")
        return text[:1].upper() + text[1:] if self.language == ENGLISH and first.isalpha() else text

    @property
    def colon(self) -> str:
        """What stands between a label and its text."""
        return "：" if self.language == "zh" else ": "

    def sentence(self, text: str) -> str:
        """The text with a stop at its end."""
        return text if not text or text[-1] in STOPS else text + self.stop

    def known(self, finding: Finding, name: str, english: str | None) -> str:
        """What the knowledge says of a finding on every host: "title", or "says" and "narrower" of its row."""
        key = f"knowledge.{finding.key.lower()}"
        ids = (f"{key}.{name}", f"{key}.releases.{finding.knowledge_row}.{name}")
        return next((self.templates[id] for id in ids if id in self.templates), english or "")

    def _in_short(self, told: Said) -> dict[str, Param]:
        return {name: self.short(value) for name, value in told.params.items() if isinstance(value, Said)}

    def _named(self, told: Said) -> dict[str, Param]:
        return {name: self._plain(value) for name, value in told.params.items()}

    def _plain(self, value: object) -> Param:
        if isinstance(value, Said):
            return self(value)
        if isinstance(value, list):
            return tuple(self._plain(one) for one in value)
        return value if isinstance(value, str | int | float) else None


def speaker(language: str = ENGLISH) -> Speaker:
    """The speaker of one of LANGUAGES; ValueError for any other."""
    if language == ENGLISH:
        return Speaker()
    from nopage.report.languages import templates

    return Speaker(language, templates(language))


def grouped(number: int) -> str:
    """12345 as "12,345"."""
    return f"{number:,}"


def size_of(kb: float) -> str:
    """A size in kB for people: "512 kB", "48 MB", "1.5 GB"; MB and GB of 1024."""
    for unit, factor in (("TB", 1 << 30), ("GB", 1 << 20), ("MB", 1 << 10)):
        if abs(kb) >= factor:
            value = kb / factor
            return f"{value:.1f} {unit}" if abs(value) < 10 else f"{value:,.0f} {unit}"
    return f"{kb:,.0f} kB"


def quantity(pages: int, page_kb: int) -> str:
    """So many pages as a size."""
    return size_of(pages * page_kb)
