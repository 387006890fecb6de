"""What of a result is shown as text, how wide, in which language."""
from __future__ import annotations

from dataclasses import field

from nopage.kernel.frozen import dataclass
from nopage.report.speaker import Speaker

AUTO, ALWAYS, NEVER = "auto", "always", "never"


@dataclass(frozen=True, slots=True)
class View:
    """The first screen, and below it what is True here; `width` None is the terminal's.

    `more`: options that show more are named, where the command has them.
    """

    why: bool = False
    log: bool = False
    links: bool = False
    more: bool = True
    width: int | None = None
    color: str = AUTO
    speak: Speaker = field(default_factory=Speaker)


WHOLE_ANSWER = View()
