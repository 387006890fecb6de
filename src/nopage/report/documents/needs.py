"""What to ask the host's owner for: exactly the files and commands that this collection lacks, for this release.

One row of a table a lack: when it is one, what it is for, and how the release is asked for it.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from nopage.kernel.frozen import dataclass
from nopage.kernel.message import Message, say
from nopage.result import Failure, Finding, Path, Result, SeriesKind, SourceKind

OLD: Final = ("el4", "el5", "el6")
BEFORE_SOS_REPORT: Final = (*OLD, "el7")
INTERFACES_MOST: Final = 3
FILES_MOST: Final = 3
INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}", re.ASCII)
# An archive names the commands that took too long: none but these, which only read, is given to anybody to type.
HARMLESS: Final = re.compile(
    r"(?:ethtool(?: -[Sgikac])? [A-Za-z0-9][A-Za-z0-9_.-]{0,14}|ip -s link|sysctl -a|lspci|numactl --hardware|numastat"
    r"|dmesg|cat /proc/[a-z/_]{1,40})",
    re.ASCII,
)
ON_NETWORK: Final = (Path.NETWORK_RECEIVE, Path.NETWORK_TRANSMIT)
UNCOUNTED: Final = ("drops.no_counters.", "drops.own_not_collected")
EVERY_INTERFACE: Final = "for i in /sys/class/net/*; do ethtool -S ${i##*/}; done > /var/tmp/nic.txt"
WATCH: Final = "while sleep 10; do date; cat {files}; done >> /var/tmp/memory.log"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to ask for: why, and what to type; no command where a file is to be sent."""

    what: Message
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rows look at."""

    result: Result
    finding: Finding | None
    failure: Failure | None

    @property
    def generation(self) -> str:
        return self.result.kernel.generation or ""

    @property
    def found(self) -> tuple[str, ...]:
        return self.result.source.coverage.found

    @property
    def is_host(self) -> bool:
        """It is the collection of a host; a log alone, or a crash, holds less by its nature."""
        return self.result.source.kind not in (SourceKind.LOG, SourceKind.TEXT, SourceKind.VMCORE, SourceKind.CRASHDIR)

    def lacks(self, prefix: str) -> bool:
        """The shown report lacks something whose id begins so."""
        return self.failure is not None and any(one.id.startswith(prefix) for one in self.failure.missing_said)


def sos(generation: str) -> str:
    """How a sosreport is made."""
    return "sosreport" if generation in BEFORE_SOS_REPORT else "sos report"


def kernel_log(generation: str) -> tuple[str, ...]:
    """How the whole kernel log is got."""
    if generation in OLD:
        return ("dmesg > /var/tmp/dmesg.txt", "tar czf /var/tmp/messages.tar.gz /var/log/messages*")
    return ("journalctl -k --no-pager > /var/tmp/kernel.log", "tar czf /var/tmp/messages.tar.gz /var/log/messages*")


def unreadable(asked: Asked) -> Need | None:
    source = asked.result.source
    if source.kind is SourceKind.UNREADABLE or (not source.complete and asked.is_host):
        return Need(say("need.again", "the archive again: this one could not be read wholly"), (sos(asked.generation),))
    return None


def host(asked: Asked) -> Need | None:
    if asked.is_host:
        return None
    return Need(say("need.sosreport", "a sosreport of this host: this is no more than a log"), (sos(asked.generation),))


def no_log(asked: Asked) -> Need | None:
    if not asked.is_host or "kernel_log" in asked.found or asked.result.source.kind is SourceKind.UNREADABLE:
        return None
    return Need(say("need.kernel_log", "the kernel's log, which the archive lacks"), kernel_log(asked.generation))


def filtered(asked: Asked) -> Need | None:
    if not asked.result.source.coverage.filtered:
        return None
    return Need(
        say("need.filtered", "a sosreport: the logs of this archive hold only some of the lines"),
        (sos(asked.generation),),
    )


def release(asked: Asked) -> Need | None:
    if asked.result.kernel.release is not None:
        return None
    return Need(say("need.release", "the kernel's release"), ("uname -a", "cat /etc/redhat-release"))


def memory_files(asked: Asked) -> Need | None:
    missing = asked.result.memory.missing if asked.result.memory is not None else ()
    if not missing or not asked.is_host:
        return None
    files = [name for name in missing if name.startswith("/proc/")]
    commands = [f"cat {' '.join(files)} > /var/tmp/memory.txt"] if files else []
    commands += [f"{name} > /var/tmp/sysctl.txt" for name in missing if name == "sysctl -a"]
    return Need(say("need.memory", "the state of memory and its settings, which the archive lacks"), tuple(commands))


def suppressed_state(asked: Asked) -> Need | None:
    if not asked.lacks("missing.mem_info."):
        return None
    files = "/proc/buddyinfo /proc/meminfo" if asked.generation == "el4" else "/proc/buddyinfo /proc/zoneinfo"
    if asked.lacks("missing.mem_info.interrupt") or asked.lacks("missing.mem_info.rate_limited"):
        what = say(
            "need.watch",
            "free memory at the time of a failure, which this kernel does not print then: let this run until the next "
            "one",
        )
        return Need(what, (WATCH.format(files=files),))
    what = say("need.whole_report", "the whole report of the kernel, with its Mem-Info")
    return Need(what, kernel_log(asked.generation))


def whole_log(asked: Asked) -> Need | None:
    cut = asked.result.source.coverage.cut[:FILES_MOST]
    if cut and asked.is_host:
        return Need(say("need.cut", "whole files in place of those that are cut: {files}", files=cut))
    if asked.lacks("missing.trace.") and not asked.lacks("missing.mem_info."):
        return Need(say("need.whole_trace", "the whole call trace of a failure"), kernel_log(asked.generation))
    return None


def counters(asked: Asked) -> Need | None:
    """Whether packets were lost, where nothing collected tells."""
    if not asked.is_host or asked.finding is None or asked.finding.path not in ON_NETWORK:
        return None
    if not any(one.id.startswith(UNCOUNTED) for one in asked.finding.matters_said):
        return None
    interfaces = asked.result.network.interfaces if asked.result.network is not None else ()
    of_driver = [one.name for one in interfaces if one.driver == asked.finding.driver and not one.has_statistics]
    names = [name for name in of_driver if INTERFACE.fullmatch(name)][:INTERFACES_MOST]
    commands = [f"ethtool -{option} {name}" for name in names for option in ("S", "g")] or [EVERY_INTERFACE]
    if not {"ip_s_link", "ifconfig", "net_dev"} & set(asked.found):
        commands.append("ifconfig -a" if asked.generation in OLD else "ip -s link")
    if "softnet_stat" not in asked.found:
        commands.append("cat /proc/net/softnet_stat")
    what = say("need.counters", "the counters of the interfaces, to tell whether packets were lost")
    return Need(what, tuple(commands))


def gave_up(asked: Asked) -> Need | None:
    timed_out = tuple(one for one in asked.result.source.coverage.timed_out if HARMLESS.fullmatch(one))[:FILES_MOST]
    if not timed_out:
        return None
    return Need(say("need.timed_out", "the output of what took too long when the archive was made"), timed_out)


def traffic(asked: Asked) -> Need | None:
    timeline = asked.result.timeline
    if timeline is None or timeline.kind not in (SeriesKind.RECURRING, SeriesKind.STORM):
        return None
    if not asked.is_host or "sar" in asked.found:
        return None
    return Need(
        say("need.sar", "what sysstat measured on the days of the failures"),
        ("tar czf /var/tmp/sa.tar.gz /var/log/sa",),
    )


ROWS: Final[tuple[Callable[[Asked], Need | None], ...]] = (
    unreadable, host, no_log, filtered, release, suppressed_state, whole_log, memory_files, counters, gave_up, traffic,
)  # fmt: skip


def needs(result: Result, finding: Finding | None, failure: Failure | None) -> list[Need]:
    """What is lacking, the most useful first."""
    asked = Asked(result, finding, failure)
    found = [need for row in ROWS if (need := row(asked)) is not None]
    told: dict[tuple[str, ...], Need] = {}
    for need in found:  # one command is asked for once
        told.setdefault(need.commands or (str(need.what),), need)
    return list(told.values())
