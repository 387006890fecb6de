"""The live host: its kernel log and the state of memory and network, by commands with a time limit and from /proc."""
from __future__ import annotations

import glob
import os
import shutil
import subprocess
import time

from nopage.intake.archive import OpenFile
from nopage.intake.hosts import coverage
from nopage.intake.model import Collection, Limits, Stream
from nopage.intake.reader import Budget, Damage, LimitReached, Reader
from nopage.intake.sources import FACT, SOURCES
from nopage.intake.streams import read_fact, read_log

# spec, command, and the name that sos gives its output
COMMANDS = (
    ("kernel_log", ("dmesg",), "sos_commands/kernel/dmesg"),
    ("kernel_log", ("journalctl", "-k", "--no-pager", "-b", "all"), "sos_commands/logs/journalctl_-k"),
    ("uname", ("uname", "-a"), "sos_commands/kernel/uname_-a"),
    ("sysctl", ("sysctl", "-a"), "sos_commands/kernel/sysctl_-a"),
    ("hostname", ("hostname",), "sos_commands/host/hostname"),
    ("ip_s_link", ("ip", "-s", "-d", "link"), "sos_commands/networking/ip_-s_-d_link"),
)
ETHTOOL = ("", "-i", "-k", "-S", "-g", "-c")
INTERFACES = 64
OWN_FACTS = (
    "redhat_release", "os_release", "tuned", "sysctl_vm", "sysctl_conf", "thp", "hugepages", "node_meminfo",
    "node_vmstat", "sar",
)  # fmt: skip


class CommandReader:
    """The output of a command, which is ended when it takes too long."""

    def __init__(self, command: tuple[str, ...], seconds: float) -> None:
        environment = {**os.environ, "LC_ALL": "C"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        assert self._process.stdout is not None
        self._fd = self._process.stdout.fileno()
        os.set_blocking(self._fd, False)
        self._deadline = time.monotonic() + seconds
        self._seconds = seconds

    def read(self) -> bytes:
        import select

        left = self._deadline - time.monotonic()
        if left <= 0 or not select.select([self._fd], [], [], left)[0]:
            raise Damage(f"took longer than {self._seconds:g} s", self)
        return os.read(self._fd, 1 << 18)

    def close(self) -> int:
        """End the command where it still runs; its exit status."""
        if self._process.poll() is None:
            try:
                self._process.wait(0.2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return self._process.wait()


def read_host(limits: Limits) -> Collection:
    """All streams of the live host. What is missing or refused is a warning; nothing is raised."""
    budget = Budget(limits.unpacked_bytes, limits.members, limits.seconds)
    streams: list[Stream] = []
    warnings: list[str] = []
    for spec, command, name in (*COMMANDS, *_ethtool()):
        _run(spec, command, name, streams, warnings, limits, budget)
    for source in SOURCES:
        if source.kind != FACT:
            continue
        for pattern in source.patterns:
            if pattern.startswith("proc/") or source.spec in OWN_FACTS or source.spec == "net_class":
                for path in sorted(glob.glob("/" + pattern)) if "**" not in pattern else ():
                    if os.path.isfile(path):
                        _file(source.spec, path, streams, limits, budget)
    streams.sort(key=lambda stream: (stream.spec, stream.name))
    if not any(stream.spec == "kernel_log" for stream in streams):
        warnings.append("no kernel log could be read: run as root, or allow dmesg (kernel.dmesg_restrict)")
    complete = any(stream.spec == "kernel_log" for stream in streams)
    return Collection("this host", "host", complete, tuple(warnings), tuple(streams), coverage(streams))


def _ethtool() -> list[tuple[str, tuple[str, ...], str]]:
    if shutil.which("ethtool") is None:
        return []
    found = []
    for path in sorted(glob.glob("/sys/class/net/*"))[:INTERFACES]:
        name = os.path.basename(path)
        if name == "lo" or not os.path.exists(f"{path}/device"):
            continue
        for option in ETHTOOL:
            command = ("ethtool", *([option] if option else []), name)
            found.append(("ethtool", command, f"sos_commands/networking/{'_'.join(command)}"))
    return found


def _run(
    spec: str,
    command: tuple[str, ...],
    name: str,
    streams: list[Stream],
    warnings: list[str],
    limits: Limits,
    budget: Budget,
) -> None:
    shown = " ".join(command)
    try:
        reader = CommandReader(command, limits.host_seconds)
    except OSError:
        if spec != "ethtool":
            warnings.append(f"{shown}: not installed")
        return
    try:
        taken = _taken(spec, name, reader, limits, budget)
    finally:
        status = reader.close()
    if taken is None:
        return
    if status > 0 and not taken.bytes_read:
        if spec != "ethtool":
            warnings.append(f"{shown}: refused (status {status})")
        return
    if taken.cut:
        warnings.append(f"{shown}: {taken.cut}")
    streams.append(taken)


def _file(spec: str, path: str, streams: list[Stream], limits: Limits, budget: Budget) -> None:
    taken = _taken(spec, path.lstrip("/"), _lenient(path), limits, budget)
    if taken is not None and taken.bytes_read:
        streams.append(taken)


def _lenient(path: str) -> Reader:
    real = os.path.realpath(path)  # /etc/redhat-release is a link on rebuilds
    return OpenFile(real)


def _taken(spec: str, name: str, reader: Reader, limits: Limits, budget: Budget) -> Stream | None:
    try:
        return (read_log if spec == "kernel_log" else read_fact)(spec, name, reader, limits, budget).stream
    except (Damage, LimitReached):
        return None
