"""One step of the plan, and the plan."""
from __future__ import annotations

from nopage.diagnosis.remedy.commands import sysctl_command
from nopage.diagnosis.remedy.values import ZoneChange
from nopage.diagnosis.remedy.what_if import Effect
from nopage.kernel.frozen import dataclass
from nopage.kernel.message import NOTHING, Message, say

PARAGRAPH = "remedy.paragraph"


@dataclass(frozen=True, slots=True)
class Stage:
    """A further value of a setting, for when the one before was not enough: `value` in the setting's own unit."""

    value: int
    words: Message


@dataclass(frozen=True, slots=True)
class Persist:
    """How a setting is made to last.

    `file` is the one that wins at boot (sysctl.d(5)), `line` the line in it to change (None: a new one), `text` what
    stands there then, `commands` what to type, `words` why this file.
    """

    file: str = ""
    text: str = ""
    commands: tuple[str, ...] = ()
    line: int | None = None
    words: Message = NOTHING


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, with the exact value (None where there is none or it cannot be computed), why, and its risk.

    `setting` is the sysctl it sets and `before` the value it has now, None where that was not collected. `commands` are
    what to type now, `way_back` what undoes that, both () where no line can say it; `way_back_words` is for people.
    `effect` is what the printed state says of the failed request under it, `zones` the resulting marks in pages.
    `findings` are the keys of what it is for. `maintenance`: nothing is urgent, with the next update is soon enough.
    `driver_fix`: an update that mends the driver that asked.

    Of a new min_free_kbytes also: its share of memory in percent, the most in kB and in percent, the sentences that led
    to it, and where the present value comes from ("default", "thp", "user", "unknown"; "" where nobody knows).
    """

    action: str
    value: int | str | Message | None
    reason: Message
    risk: Message = NOTHING
    setting: str | None = None
    before: int | str | None = None
    commands: tuple[str, ...] = ()
    persist: Persist = Persist()
    way_back: tuple[str, ...] = ()
    way_back_words: Message = NOTHING
    effect: Effect | None = None
    zones: tuple[ZoneChange, ...] = ()
    stages: tuple[Stage, ...] = ()
    findings: tuple[str, ...] = ()
    maintenance: bool = False
    driver_fix: bool = False
    percent_of_ram: float | None = None
    cap_kb: int | None = None
    cap_percent: int | None = None
    derivation: tuple[Message, ...] = ()
    provenance: str = ""
    provenance_words: Message = NOTHING


@dataclass(frozen=True, slots=True)
class DoNot:
    """What would harm, or cost much and help nothing, here."""

    action: str
    setting: str | None
    reason: Message
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostPlan:
    """What to do on one host.

    `steps` in order; one value a setting. `later` are the steps for when it comes back, where nothing needs doing now.
    `do_not` shares no action with either. `verdict` says what the plan comes to, `article` where the article's remedy
    does not help here.
    """

    steps: tuple[Step, ...] = ()
    later: tuple[Step, ...] = ()
    do_not: tuple[DoNot, ...] = ()
    verdict: Message = NOTHING
    article: Message = NOTHING

    def numbers(self, finding: str) -> tuple[int, ...]:
        """The places, from 1, of the steps that are for a finding."""
        return tuple(number for number, step in enumerate(self.steps, 1) if finding in step.findings)

    def of(self, finding: str) -> tuple[Step, ...]:
        """The steps that are for a finding."""
        return tuple(step for step in self.steps if finding in step.findings)


def paragraph(*sentences: Message) -> Message:
    """The sentences one after the other; those that say nothing are left out, a paragraph's own are taken out of it."""
    said: list[Message] = []
    for one in sentences:
        inner = one.named.get("sentences") if one.id == PARAGRAPH else None
        said += [part for part in inner if isinstance(part, Message)] if isinstance(inner, tuple) else [one]
    said = list(dict.fromkeys(sentence for sentence in said if sentence))
    if len(said) < 2:
        return said[0] if said else NOTHING
    return say("remedy.paragraph", "{sentences:join }", sentences=tuple(said))


def sysctl_step(
    action: str, setting: str, value: int | str, before: int | str | None, reason: Message, risk: Message = NOTHING
) -> Step:
    """A step that is one sysctl; `before` None where it was not collected."""
    back = sysctl_command(setting, before)
    return Step(
        action, value, reason, risk, setting=setting, before=before, commands=(sysctl_command(setting, value),),
        way_back=(back,) if back else (), way_back_words=way_back(setting, before),
    )


def way_back(name: str, before: int | str | None) -> Message:
    """How to undo it, now and for the next boot."""
    command = sysctl_command(name, before)
    if not command:
        return say("remedy.way_back.boot", "Remove the line of {setting} again and boot.", setting=name)
    return say("remedy.way_back.now", "{command}, and remove the line of {setting} again.", command=command,
               setting=name)
