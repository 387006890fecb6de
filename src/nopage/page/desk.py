"""What the page's worker runs: texts in, an answer out, as JSON; what was given last stays here for what-if questions.

No file, no network, no thread, no insights-core: the pure functions that the command's components call too.
"""
from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from nopage.diagnosis.picture import Picture
from nopage.engine.faults import fault_words
from nopage.engine.masks import is_mask, masks_of
from nopage.engine.texts import told_of
from nopage.intake.dropped import NeedsCommand, one_host
from nopage.intake.model import Collection, Limits, SourceError
from nopage.kernel.message import Message, say
from nopage.kernel.release import release_named
from nopage.page.marks import Marks, marks_of
from nopage.page.sliders import sliders_of
from nopage.report.answers import mask_lines, masks_table
from nopage.report.documents import render
from nopage.report.speaker import Speaker, speaker
from nopage.result import Result, to_json

LIMITS = Limits(threads=False, seconds=18.0, unpacked_bytes=1 << 30)
PASTED = "pasted text"
LONGEST_MASK = 4096
DOCUMENTS = ("case", "sysctl", "ansible")


class Desk:
    """One visitor's: the host that was given last, and the language that is spoken."""

    def __init__(self) -> None:
        self._collected: Collection | None = None
        self._picture: Picture | None = None
        self._speak: Speaker = speaker()

    def answer(self, files: Iterable[tuple[str, bytes]], release: str = "", language: str = "en") -> str:
        """The answer to what was pasted and dropped, as JSON: `kind` tells what else is in it."""
        self._speak = speaker(language)
        self._collected = self._picture = None
        try:
            return json.dumps(self._answer(list(files), release.strip()))
        except NeedsCommand as error:
            told = say(
                "browser.archive",
                "{name} is an archive or a crash dump. A browser is no place for it; use the command:",
                name=error.path,
            )
            return self._told("archive", told, command=f"nopage {shlex.quote(error.path)}")
        except SourceError as error:
            told = say("browser.nothing", "{name} {reason}", name=error.path, reason=error.reason)
            return self._told("nothing", told)
        except Exception as error:  # told in one line, as by the command
            return self._told("nothing", fault_words(error))

    def what_if(self, asked: Mapping[str, int]) -> str:
        """The ladder of the host that was given last, under other settings, as JSON."""
        if self._collected is None or self._picture is None:
            return self._told("nothing", say("browser.gone", "what was pasted is no longer here; diagnose it again"))
        try:
            found = marks_of(self._collected, self._picture, asked, self._speak)
        except Exception as error:
            return self._told("nothing", fault_words(error))
        return json.dumps({"kind": "marks", **self._shown(found)} if found else {"kind": "none"})

    def answer_buffers(self, files: Any, release: str, language: str) -> str:
        """`answer`, given the browser's own arrays and buffers."""
        return self.answer([(str(one[0]), bytes(one[1].to_py())) for one in files], release, language)

    def what_if_json(self, asked: str) -> str:
        """`what_if`, given JSON."""
        return self.what_if(json.loads(asked))

    def _answer(self, files: list[tuple[str, bytes]], asked_release: str) -> dict[str, Any]:
        release = release_named(asked_release) if asked_release else None
        if asked_release and release is None:
            return self._fields("nothing", say(
                "browser.release",
                "{release} is no kernel release such as 2.6.32-358.el6.x86_64 and no known RHEL such as 6.4",
                release=asked_release))
        if len(files) == 1 and len(files[0][1]) <= LONGEST_MASK:
            asked = files[0][1].decode("utf-8", "replace").strip()
            if is_mask(asked):
                masks = masks_of(asked, release).masks
                lines = (mask_lines(masks[0], self._speak) if len(masks) == 1 else
                         masks_table(masks, self._speak) if masks else [])
                return {"kind": "mask", "lines": [line.text for line in lines]} if lines else self._fields(
                    "nothing", say("browser.no_flag", "{asked}: no kernel has such a flag", asked=asked))
        collected = one_host(files, LIMITS)
        picture, result = told_of(collected, release.text if release else None)
        self._collected, self._picture = collected, picture
        return {"kind": "result", **self._documents(result), "sliders": sliders_of(picture, self._speak)}

    def _documents(self, result: Result) -> dict[str, Any]:
        """The result in every form that the page shows."""
        return {
            "html": render("html", [result], self._speak),
            "documents": {
                **{name: render(name, [result], self._speak) for name in DOCUMENTS},
                "json": to_json(result, indent=2).decode() + "\n",
            },
        }

    def _shown(self, found: Marks) -> dict[str, Any]:
        return {"html": found.html, "words": list(found.words), "zones": list(found.zones)}

    def _told(self, kind: str, words: Message | str, **more: str) -> str:
        return json.dumps(self._fields(kind, words, **more))

    def _fields(self, kind: str, words: Message | str, **more: str) -> dict[str, Any]:
        return {"kind": kind, "sentence": self._speak(words) if isinstance(words, Message) else words, **more}
