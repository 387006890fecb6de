"""The lines between header and call trace: who ran, on which kernel and hardware (dump_stack, KERNEL.md 2.3).

The release is the token after the taint letters, whatever the column: RHEL pads with blanks and dashes.
"""
from __future__ import annotations

import re
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.pattern import later

# Lower-case letters are Red Hat's own flags: "G                 ---------r-  - 4.18.0-240.el8.x86_64"; "?" stands for
# one without a letter. Whatever they are, the release is the token that looks like one, and ends them.
_RELEASE_TOKEN: Final = r"[2-9]\.\d{1,3}(?:\.\d{1,4}|\.[xX*]{1,3})?[\w.+~*-]*"
_TAINT: Final = (
    r"(?P<taint>Not tainted|Tainted:(?:[^\d\n]{0,120}?(?=[\s(]" + _RELEASE_TOKEN + r")"
    r"|(?:[A-Z? \t-]|(?<![a-z])[a-z](?![a-z])){0,80}))"
)
_RELEASE: Final = r"(?:\s{0,8}\(?(?P<release>" + _RELEASE_TOKEN + r"))?"
_SINCE_3_10: Final = re.compile(
    r"CPU: ?(?P<cpu>\d{1,5}) {1,8}(?:UID: ?\d{1,10} {1,4})?PID: ?(?P<pid>\d{1,10}) {1,4}Comm: ?(?P<comm>.{1,32}?)"
    r"(?= (?:Kdump|Not\b|Tainted)|$)(?: Kdump: loaded)?(?:\s{1,4}" + _TAINT + _RELEASE + r")?"
)
_UNTIL_3_9: Final = re.compile(
    r"Pid: ?(?P<pid>\d{1,10}), comm: ?(?P<comm>.{1,32}?)(?= (?:Not\b|Tainted)|$)(?:\s{1,4}" + _TAINT + _RELEASE + r")?"
)
_BARE_CPU: Final = later(r"CPU: ?(?P<cpu>\d{1,5}) {1,8}" + _TAINT + _RELEASE)  # s390, ARM before 3.10
_PROCESS: Final = later(r"Process (?P<comm>.{1,16}?) \(pid: (?P<pid>\d{1,10}), task")  # s390
_PATTERNS: Final = (_SINCE_3_10, _UNTIL_3_9, _BARE_CPU, _PROCESS)
_BANNER: Final = re.compile(r"Linux version ([2-9]\.\d{1,3}[\w.+~-]*)")


@dataclass(frozen=True, slots=True)
class Prelude:
    """What a `Pid:` or `CPU:` line says. `taint`: the letters, empty for "Not tainted", None when not printed."""

    comm: str | None = None
    pid: int | None = None
    cpu: int | None = None
    taint: str | None = None
    release: str | None = None

    @property
    def whole(self) -> bool:
        """The line went as far as the release, so nothing of it was wrapped."""
        return self.release is not None

    def joined(self, other: Prelude) -> Prelude | None:
        """Both lines as one; None where `other` contradicts this line or says nothing that it lacks.

        s390's dump_stack() until 3.9 prints `CPU:` with the release, then `Process` with comm and pid.
        """
        if self.release and other.release:
            return None
        pairs = (
            (self.comm, other.comm), (self.pid, other.pid), (self.cpu, other.cpu), (self.taint, other.taint),
        )  # fmt: skip
        if any(mine is not None and its is not None and mine != its for mine, its in pairs):
            return None
        both = Prelude(
            comm=other.comm if self.comm is None else self.comm,
            pid=other.pid if self.pid is None else self.pid,
            cpu=other.cpu if self.cpu is None else self.cpu,
            taint=other.taint if self.taint is None else self.taint,
            release=self.release or other.release,
        )
        return both if both != self else None


def is_prelude(text: str) -> bool:
    """Cheap test before `read_prelude`."""
    return "omm: " in text or ("ainted" in text and "CPU" in text) or text.startswith("Process ")


def read_prelude(text: str) -> Prelude | None:
    """The `Pid: .. comm: ..` (until 3.9) or `CPU: .. PID: .. Comm: ..` line."""
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match is not None:
            found = match.groupdict()
            return Prelude(
                comm=found["comm"].strip() if found.get("comm") else None,
                pid=int(found["pid"]) if found.get("pid") else None,
                cpu=int(found["cpu"]) if found.get("cpu") else None,
                taint=taint_letters(found.get("taint")),
                release=_trimmed(found.get("release")),
            )
    return None


def taint_letters(printed: str | None) -> str | None:
    """`Tainted: P           ---------------` -> `P`."""
    if printed is None:
        return None
    return "" if printed.startswith("Not") else "".join(letter for letter in printed[8:] if letter.isalpha())


def banner_release(text: str) -> str | None:
    """The release of the boot banner "Linux version ..."."""
    match = _BANNER.search(text)
    return _trimmed(match[1]) if match else None


def _trimmed(release: str | None) -> str | None:
    return release.rstrip(".,-~") or None if release else None
