"""Files that somebody drops somewhere, without folders: told by what stands in them, else by their names; one host.

An archive or a crash dump is nothing for this: `NeedsCommand` says so.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nopage.intake.archive import members_of
from nopage.intake.cores import is_core
from nopage.intake.hosts import coverage
from nopage.intake.model import Collection, Limits, SourceError, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, Peeked
from nopage.intake.single import bare_facts, single
from nopage.intake.sources import FACT, SAR, classify
from nopage.intake.streams import printable, read_fact
from nopage.intake.unpack import plain_source

NICS_MOST = 64
PLACES = ("", "proc/", "sos_commands/kernel/")
INTERFACE = re.compile(r"(?:\A|[_\W])(?!ethtool)((?:eth|en[ospx]|em|ib|p\d+p|bond)\w{0,24}?)(?=[_\W]|\Z)")


class Shown(NamedTuple):
    """A kind of file by what its beginning shows: the spec, and the name that it has in a sosreport.

    `{nic}` is the interface: the group of the pattern, else of the file's own name.
    """

    spec: str
    name: str
    pattern: re.Pattern[bytes]


def _shown(spec: str, name: str, pattern: bytes) -> Shown:
    return Shown(spec, name, re.compile(pattern, re.MULTILINE))


SHOWN = (
    _shown("meminfo", "proc/meminfo", rb"\AMemTotal: +\d+ kB"),
    _shown("sysctl", "sysctl_-a", rb"\A(?:(?:sysctl|error): .*\n)*(?:[a-z0-9_]+\.)+[\w/:.-]+ = "),
    _shown("vmstat", "proc/vmstat", rb"\Anr_\w+ \d+$"),
    _shown("pagetypeinfo", "proc/pagetypeinfo", rb"\APage block order: \d"),
    _shown("slabinfo", "proc/slabinfo", rb"\Aslabinfo - version"),
    _shown("lsmod", "lsmod", rb"\AModule +Size +Used by"),
    _shown("uname", "uname_-a", rb"\ALinux \S+ \d+\.\d+\.\d+\S* #"),
    _shown("ethtool", "ethtool_-S_{nic}", rb"\ANIC statistics:"),
    _shown("ethtool", "ethtool_-i_{nic}", rb"\Adriver: \S+\s*\nversion:"),
    _shown("ethtool", "ethtool_-g_{nic}", rb"\ARing parameters for ([\w.@-]{1,32}):"),
    _shown("ethtool", "ethtool_-k_{nic}", rb"\A(?:Features|Offload parameters) for ([\w.@-]{1,32}):"),
    _shown("ethtool", "ethtool_{nic}", rb"\ASettings for ([\w.@-]{1,32}):"),
    _shown("ip_s_link", "ip_-s_-d_link", rb"\A\d+: [\w.@-]{1,32}: <[A-Z_,-]+> mtu \d"),
    _shown("ifconfig", "ifconfig_-a", rb"\A[\w.:-]{1,32}(?: +Link encap:|: flags=\d+<)"),
    _shown("net_netstat", "proc/net/netstat", rb"\ATcpExt: Syncookies"),
    _shown("netstat_s", "netstat_-s", rb"\AIp:\s*\n\s+(?:Forwarding: |\d+ total packets)"),
    _shown("net_dev", "proc/net/dev", rb"\AInter-\| +Receive"),
    _shown("net_snmp", "proc/net/snmp", rb"\AIp: Forwarding DefaultTTL"),
    _shown("softnet_stat", "proc/net/softnet_stat", rb"\A(?:[0-9a-f]{8} ){8,}[0-9a-f]{8} ?$"),
    _shown("sar", "sos_commands/sar/sar", rb"\ALinux \S+ \(\S+\)\s+\d"),
)  # fmt: skip


class NeedsCommand(SourceError):
    """What was dropped is an archive or a crash dump."""


class Kind(NamedTuple):
    """Which specs a file feeds, () for a log, under which name; `{nic}` stands there where it tells no interface."""

    specs: tuple[str, ...]
    name: str


def one_host(files: Iterable[tuple[str, bytes]], release: str | None, limits: Limits) -> Collection:
    """The files as one host's. `release` is its kernel, where no file says it.

    Raises SourceError where one cannot be read, NeedsCommand for an archive.
    """
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds, limits.threads)
    streams: list[Stream] = []
    warnings: list[str] = []
    skipped: list[str] = []
    given = list(files)
    for name, data in given:
        try:
            found, remarks = read(name, data, limits, budget)
        except NeedsCommand:
            raise
        except SourceError as error:
            if len(given) > 1:
                skipped.append(f"{printable(name)}: {error.reason}")
                continue
            raise
        streams += found
        warnings += remarks
    streams = with_interfaces(streams)
    if release:
        streams.append(Stream("uname", "kernel", text=f"Linux host {release}\n"))
    path = given[0][0] if len(given) == 1 else f"{len(given)} files"
    ordered = tuple(sorted(streams, key=lambda stream: (stream.spec, stream.name)))
    if not ordered:
        raise SourceError(path, "; ".join(skipped) or "is empty")
    return Collection(
        printable(path), "log" if len(given) == 1 else "directory", not warnings and not skipped,
        tuple(dict.fromkeys((*warnings, *skipped))), ordered,
        coverage(ordered, skipped=skipped, cut=warnings), budget.deadline,
    )


class Held:
    """A reader of bytes that are all there."""

    def __init__(self, data: bytes, block: int = 256 << 10) -> None:
        self._data, self._at, self._block = data, 0, block

    def read(self) -> bytes:
        """The next block."""
        piece = self._data[self._at : self._at + self._block]
        self._at += len(piece)
        return piece


def read(name: str, data: bytes, limits: Limits, budget: Budget) -> tuple[list[Stream], list[str]]:
    """The streams of one file, and what could not be read of it."""
    try:
        source, _ = plain_source(Peeked(Held(data), 4096), budget, limits.nesting, outermost=True)
        if not source.head:
            raise SourceError(name, "is empty")
        if members_of(source, None, budget) is not None or is_core(source.head):
            raise NeedsCommand(name, "is an archive or a crash dump")
        kind = kind_of(name, source.head)
        if not kind.specs:
            one = single(name, printable(name), source, limits, budget, plain=False)
            return list(one.streams), list(one.warnings)
        taken = read_fact(kind.specs[0], kind.name, source, limits, budget)
    except (Damage, LimitReached) as fault:
        raise SourceError(name, fault.reason) from fault
    first = taken.stream
    if first is None:
        raise SourceError(name, taken.skipped or "is empty")
    streams = [first, *(Stream(spec, kind.name, text=first.text) for spec in kind.specs[1:])]
    return streams, [f"{printable(name)}: {first.cut}"] if first.cut else []


def kind_of(name: str, head: bytes) -> Kind:
    """What a file is."""
    zones = bare_facts(head)
    if zones:
        return Kind(zones, printable(name))
    begin = head.lstrip()
    for one in SHOWN:
        found = one.pattern.search(begin)
        if found:
            told = found[1].decode("ascii", "replace") if one.pattern.groups else interface_in(name)
            return Kind((one.spec,), one.name.replace("{nic}", told or "{nic}"))
    plain = name.rpartition("/")[2].rpartition("\\")[2]
    for stem in dict.fromkeys((plain, plain.rpartition(".")[0])):
        for place in PLACES:
            match = classify(place + stem) if stem else None
            if match is not None and match.source.kind in (FACT, SAR):
                return Kind((match.source.spec,), printable(match.name))
    return Kind((), printable(name))


def interface_in(name: str) -> str | None:
    """The network interface that a file is named after."""
    found = INTERFACE.search(name.rpartition("/")[2])
    return found[1] if found else None


def with_interfaces(streams: list[Stream]) -> list[Stream]:
    """Outputs of ethtool that tell no interface are of the only one that is told, else of one without a name."""
    told = {stream.name.rpartition("_")[2] for stream in streams
            if stream.spec == "ethtool" and not stream.name.endswith("{nic}")}
    only = told.pop() if len(told) == 1 else "nic"
    named: list[Stream] = []
    seen: set[tuple[str, str]] = set()
    for stream in streams:
        name = base = stream.name.replace("{nic}", only)
        for number in range(2, NICS_MOST):
            if (stream.spec, name) not in seen:
                break
            name = f"{base}{number}" if stream.spec == "ethtool" else f"{base} ({number})"
        seen.add((stream.spec, name))
        named.append(stream.named(name))
    return named
