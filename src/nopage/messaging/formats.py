"""What an engine makes of a host's broker: a line of JSON, the whole result or its brief form."""
from __future__ import annotations

from insights.formats import Formatter

from nopage.engine.run import result_from
from nopage.result import Result, to_json
from nopage.result.brief import brief


class Format(Formatter):
    """The whole result as a line of JSON, `nopage/1`."""

    def postprocess(self) -> None:
        """Called when the rules have run."""
        self.stream.write(to_json(self.shown(result_from(self.broker))).decode() + "\n")

    def shown(self, result: Result) -> Result:
        """What of the result is written."""
        return result


class BriefFormat(Format):
    """The same under 64 kB."""

    def shown(self, result: Result) -> Result:
        """What of the result is written."""
        return brief(result)
