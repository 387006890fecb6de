"""One remedy, and how a setting is made to last and taken back."""
from __future__ import annotations

from dataclasses import dataclass

from nopage.diagnosis.remedy.commands import sysctl_command
from nopage.diagnosis.remedy.zone_change import ZoneChange
from nopage.kernel.message import NOTHING, Message, say
from nopage.kernel.release import Release

DROP_IN = "/etc/sysctl.d/90-nopage.conf"
ONE_FILE = "/etc/sysctl.conf"
PARAGRAPH = "remedy.paragraph"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, with the exact value (None where there is none or it cannot be computed), why, and its risk.

    `setting` is the sysctl it sets and `before` the value it has now, None where that was not collected; `persistent`
    the text of the file that makes it last, `file` that file's name, `way_back` how to undo it. `command` is what to
    type now and `way_back_command` what undoes that, both "" where no line can say it. `zones` are the resulting marks
    in pages, `replay` what the printed state would say under them.

    Of a new min_free_kbytes also: its share of memory in percent, the cap in kB and in percent, the sentences that led
    to it, and where the present value comes from ("default", "thp", "user", "unknown"; "" where nobody knows).
    """

    action: str
    value: int | str | Message | None
    reason: Message
    risk: Message = NOTHING
    setting: str | None = None
    before: int | str | None = None
    way_back: Message = NOTHING
    persistent: str = ""
    zones: tuple[ZoneChange, ...] = ()
    replay: Message = NOTHING
    file: str = ""
    command: str = ""
    way_back_command: str = ""
    percent_of_ram: float | None = None
    cap_kb: int | None = None
    cap_percent: int | None = None
    derivation: tuple[Message, ...] = ()
    provenance: str = ""
    provenance_words: Message = NOTHING


def paragraph(*sentences: Message) -> Message:
    """The sentences one after the other; those that say nothing are left out."""
    said = tuple(sentence for sentence in sentences if sentence)
    if len(said) < 2:
        return said[0] if said else NOTHING
    return say("remedy.paragraph", "{sentences:join }", sentences=said)


def contains(whole: Message, part: Message) -> bool:
    """Whether `part` is said in `whole`, at any depth."""
    if whole == part:
        return True
    inner = (one for _, value in whole.params for one in (value if isinstance(value, tuple) else (value,)))
    return any(isinstance(one, Message) and contains(one, part) for one in inner)


def sysctl_remedy(
    release: Release | None, action: str, setting: str, value: int | str, before: int | str | None, reason: Message,
    risk: Message,
) -> Remedy:
    """A remedy that is one sysctl; `before` None where it was not collected."""
    return Remedy(
        action, value, reason, risk, setting=setting, before=before, way_back=way_back(setting, before),
        persistent=persistent_form(release, setting, value, before), file=sysctl_file(release),
        command=sysctl_command(setting, value), way_back_command=sysctl_command(setting, before),
    )


def sysctl_file(release: Release | None) -> str:
    """RHEL 4 to 6, and other distributions of their time, read one file at boot, later ones a directory of drop-ins."""
    old = release is not None and release.generation in ("el4", "el5", "el6")
    return ONE_FILE if old else DROP_IN


def persistent_form(release: Release | None, name: str, value: int | str, before: int | str | None) -> str:
    """The lines for sysctl's file, with the way back as a comment."""
    file = sysctl_file(release)
    was = f"# before: {name} = {before}\n" if before is not None else ""
    return f"# {file}; load with: {load_command(file)}\n{was}{name} = {value}\n"


def load_command(file: str) -> str:
    """What makes sysctl read the file now; "" for no file."""
    return "sysctl -p" if file == ONE_FILE else f"sysctl -p {file}" if file else ""


def way_back(name: str, before: int | str | None) -> Message:
    """How to undo it, now and for the next boot."""
    command = sysctl_command(name, before)
    if not command:
        return say("remedy.way_back.boot", "Remove the line of {setting} again and boot.", setting=name)
    return say("remedy.way_back.now", "{command}, and remove the line of {setting} again.", command=command,
               setting=name)
