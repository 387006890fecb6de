"""A file of the host that is no log, as an insights parser: what it says is read by a pure function, by its spec."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from insights.core import Parser
from insights.core.exceptions import SkipComponent

from nopage.diagnosis.picture import READERS, Said
from nopage.parsers.collection import StreamContent


class FactFile(Parser):
    """One file.

    Attributes:
        path (str): inside the source; of a text that comes from elsewhere (a test, `insights run -b`) the name that
            this spec has in a sosreport, `NAMED`, unless that is empty: then the path has to tell.
        said (Any): what it says (`nopage.diagnosis.picture.READERS`).
    """

    SPEC: ClassVar[str]
    NAMED: ClassVar[str] = ""
    path: str
    said: Any

    def _handle_content(self, context: Any) -> None:
        if isinstance(context, StreamContent):
            self.path, text = context.collected.name, context.collected.text
        else:
            # insights archives hold the host's files below data/
            self.path = self.NAMED or str(context.relative_path or "").lstrip("/").removeprefix("data/")
            text = "\n".join(context.content)
        self.said = READERS[self.SPEC](self.path, text)
        if self.said is None:
            raise SkipComponent(f"{self.path}: says nothing")


def said_by(*parsed: Sequence[FactFile] | None) -> Said:
    """What several kinds of files say, by spec."""
    return {some[0].SPEC: [one.said for one in some] for some in parsed if some}
