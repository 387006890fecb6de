"""One remedy, and how a setting is made to last and taken back."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nopage.diagnosis.remedy.reserve_value import ZoneChange
from nopage.kernel.release import Release

DROP_IN = "/etc/sysctl.d/90-nopage.conf"
ONE_FILE = "/etc/sysctl.conf"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, with the exact value (None where there is none or it cannot be computed), why, and its risk.

    `setting` is the sysctl it sets and `before` the value it has now, None where that was not collected; `persistent`
    the text of the file that makes it last, `file` that file's name, `way_back` how to undo it. `zones` are the
    resulting marks in pages, `replay` what the printed state would say under them.
    """

    action: str
    value: int | str | None
    reason: str
    risk: str
    setting: str | None = None
    before: int | str | None = None
    way_back: str = ""
    persistent: str = ""
    details: Mapping[str, int | float | str] = field(default_factory=dict)
    zones: tuple[ZoneChange, ...] = ()
    replay: str = ""
    file: str = ""


def sysctl_file(release: Release | None) -> str:
    """RHEL 4 to 6, and other distributions of their time, read one file at boot, later ones a directory of drop-ins."""
    old = release is not None and release.generation in ("el4", "el5", "el6")
    return ONE_FILE if old else DROP_IN


def persistent_form(release: Release | None, name: str, value: int | str, before: int | str | None) -> str:
    """The lines for sysctl's file, with the way back as a comment."""
    file = sysctl_file(release)
    was = f"# before: {name} = {before}\n" if before is not None else ""
    load = "sysctl -p" if file == ONE_FILE else f"sysctl -p {DROP_IN}"
    return f"# {file}; load with: {load}\n{was}{name} = {value}\n"


def way_back(name: str, before: int | str | None) -> str:
    """How to undo it, now and for the next boot."""
    if before is None:
        return f"Remove the line of {name} again and boot."
    value = f'"{before}"' if isinstance(before, str) else before
    return f"sysctl -w {name}={value}, and remove the line of {name} again."
