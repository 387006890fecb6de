"""Kept -> collections: which top folders are hosts, and what is known of each."""
from __future__ import annotations

import posixpath
from collections.abc import Mapping

from nopage.intake.hosts.allowance import note
from nopage.intake.hosts.coverage import coverage
from nopage.intake.hosts.keep import Kept
from nopage.intake.hosts.record import Host
from nopage.intake.model import Collection
from nopage.intake.sources import SOS_NAME
from nopage.intake.streams import printable


def judged(kept: Kept) -> list[Collection]:
    """One collection for each host, sorted by top folder; none where nothing was found."""
    by_top = kept.hosts.by_top
    strong = {top for top, host in by_top.items() if host.marks or _has_sos_name(top)}
    hosts = {top: by_top[top] for top in sorted(by_top) if _counts(top, by_top[top], strong)}
    if strong or (hosts and not kept.loose and not kept.dumps):
        kind, alone = kept.kind, len(hosts) == 1
        return [_collection(kept, top, host, kind, alone=alone) for top, host in hosts.items()]
    one = _as_one(kept, hosts)
    if not one.streams:
        return []
    if not hosts and not kept.dumps:
        kept.warnings.append("is no sosreport: only its logs were searched")
    return [_collection(kept, "", one, "crashdir" if kept.dumps else kept.kind, alone=True)]


def _has_sos_name(top: str) -> bool:
    return SOS_NAME.match(posixpath.basename(top)) is not None


def _counts(top: str, host: Host, strong: set[str]) -> bool:
    """The folder is a host of its own: it looks like a collected one, or like any where none does.

    Beside collected hosts, other files count where their logs have hits; inside one (a container's) they do not.
    """
    if top in strong or not strong:
        return bool(host.streams)
    return "" not in strong and any(stream.windows for stream in host.streams.values())


def _as_one(kept: Kept, hosts: Mapping[str, Host]) -> Host:
    """No host's own folder was found: everything that was is one host's."""
    one = Host()
    for top, host in hosts.items():
        for (spec, name), stream in host.streams.items():
            path = posixpath.join(top, name)
            one.streams[spec, path] = stream.named(printable(path))
        one.skipped += host.skipped
        one.cut += host.cut
    for path, stream in kept.loose.items():
        one.streams["kernel_log", path] = stream
        if stream.cut is not None:
            one.cut.append(f"{stream.name}: {stream.cut}")
    for stream in kept.dumps:
        one.streams[stream.spec, stream.name] = stream
    return one


def within(top: str, path: str) -> str:
    """A path, or a remark that begins with one, as the host itself has it: the same in an archive and unpacked."""
    return path.removeprefix(posixpath.join(top, "")) if top else path


def _collection(kept: Kept, top: str, host: Host, kind: str, *, alone: bool) -> Collection:
    """`kind` is that of a host which does not look like a collected one."""
    names = {posixpath.join(top, name) for _, name in host.streams}
    skipped = list(host.skipped)
    for link, target in host.links.items():
        if target not in names and link not in names:
            link = within(top, link)
            target = posixpath.relpath(target, top) if top and not target.startswith("/") else target
            note(skipped, f"{printable(link)}: a link to {printable(target)}, which was not read")
    for core in kept.cores:
        if core.startswith(posixpath.join(top, "")):
            skipped.append(f"{printable(within(top, core))}: a crash dump is read when its own path is given")
    streams = tuple(sorted(host.streams.values(), key=lambda stream: (stream.spec, stream.name)))
    if host.marks:
        kind = "sosreport" if any(mark.startswith("sos_") for mark in host.marks) else "insights"
    elif _has_sos_name(top):
        kind = "sosreport"
    return Collection(
        path=kept.path if alone or not top else kept.inside(printable(top)),
        kind=kind,
        complete=kept.complete,
        warnings=tuple(dict.fromkeys(within(printable(top) if alone else "", warning) for warning in kept.warnings)),
        streams=streams,
        coverage=coverage(
            streams, skipped=skipped, cut=host.cut, timed_out=host.timed_out, filtered=kind == "insights"
        ),
    )
