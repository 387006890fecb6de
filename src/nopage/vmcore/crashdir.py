"""Crash directories: what kdump (/var/crash/127.0.0.1-2014-02-14-18:30) and abrt (/var/spool/abrt/*) leave behind."""
from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Sequence
from dataclasses import replace

from nopage.kernel.bounds import BOUNDS
from nopage.kernel.window import Window
from nopage.vmcore.container import core_kind
from nopage.vmcore.core import read_split_core
from nopage.vmcore.facts import CoreError, CoreFacts, CoreLimits, Progress, ReadFault
from nopage.vmcore.opener import Opener

_CORE = re.compile(r"(?:vmcore|dump|core)[\w.:-]*|.+\.(?:vmcore|kdump|dump|elf)(?:\.(?:gz|xz|bz2|zst))?", re.IGNORECASE)
_SPLIT = re.compile(r"(.*?)[._-]?(\d{1,3})")
# best first: kdump's own, then what the second kernel and abrt wrote
_LOGS = ("vmcore-dmesg.txt", "vmcore-dmesg-incomplete.txt", "dmesg", "dmesg.txt", "backtrace", "kexec-dmesg.log")
_ENTRIES = 4096


def is_crash_directory(path: str, opener: Opener | None = None) -> bool:
    """Whether the directory itself holds a core or the log that kdump takes out of one."""
    names = _names(path)
    return any(name in names for name in _LOGS[:2]) or bool(_cores(path, names, opener or Opener()))


def read_crash_directory(
    path: str,
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
    opener: Opener | None = None,
) -> CoreFacts:
    """The core of a crash directory, with the texts beside it where the core does not tell its own log.

    Parts of a split dump are read together. CoreError when there is neither a core nor a log that can be read.
    """
    limits = limits or CoreLimits()
    opener = opener or Opener()
    names = _names(path)
    cores = _cores(path, names, opener)
    warnings: list[str] = []
    facts: CoreFacts | None = None
    for group in cores:
        try:
            paths = [os.path.join(path, name) for name in group]
            facts = read_split_core(paths, vmlinux=vmlinux, limits=limits, progress=progress, opener=opener)
            break
        except CoreError as error:
            warnings.append(f"{group[0]}: {error.reason}")
    if facts is not None and facts.log_layout not in (None, "search"):
        return replace(facts, path=path, warnings=(*warnings, *facts.warnings))
    windows = _texts(path, names, warnings)
    if facts is None and not windows:
        raise CoreError(path, "; ".join(warnings) or "holds neither a core nor a log of one")
    if facts is None:
        facts = CoreFacts(path, "crash directory", missing=("the core: there is none that can be read",))
    missing = facts.missing
    if windows:
        missing = tuple(text for text in missing if not text.startswith("the kernel log"))
    return replace(
        facts,
        path=path,
        release=facts.release or _fact(path, "kernel"),
        arch=facts.arch or _fact(path, "architecture"),
        hostname=facts.hostname or _fact(path, "hostname"),
        log_layout="text" if windows else facts.log_layout,
        windows=windows or facts.windows,
        missing=missing,
        warnings=(*warnings, *facts.warnings),
    )


def _names(path: str) -> Sequence[str]:
    try:
        with os.scandir(path) as entries:
            found = [entry.name for _, entry in zip(range(_ENTRIES), entries, strict=False) if _is_plain(entry)]
    except OSError as error:
        raise CoreError(path, error.strerror or str(error)) from None
    return sorted(found)


def _is_plain(entry: os.DirEntry[str]) -> bool:
    """A file itself: a link may lead to any file of this host, and a FIFO waits for ever."""
    try:
        return entry.is_file(follow_symlinks=False)
    except OSError:
        return False


def _open(path: str) -> int:
    """A descriptor of a regular file that is no link. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "is no regular file")
    return fd


def _cores(path: str, names: Sequence[str], opener: Opener) -> list[list[str]]:
    """Files that begin like a core, `vmcore` first, the parts of a split one in a list together."""
    found = [name for name in names if _CORE.fullmatch(name) and _begins_like_core(os.path.join(path, name), opener)]
    groups: dict[str, list[str]] = {}
    for name in found:
        part = _SPLIT.fullmatch(name)
        groups.setdefault(part[1] if part else name, []).append(name)
    return sorted(groups.values(), key=lambda group: (not group[0].startswith("vmcore"), len(group[0]), group[0]))


def _begins_like_core(path: str, opener: Opener) -> bool:
    try:
        fd = _open(path)
    except OSError:
        return True  # named like one: the reader says why it cannot be read
    try:
        return core_kind(opener.head(fd)) is not None
    except ReadFault:
        return os.path.basename(path).startswith("vmcore")
    except OSError:
        return False
    finally:
        os.close(fd)


def _texts(path: str, names: Sequence[str], warnings: list[str]) -> tuple[Window, ...]:
    """The first log that is there; abrt's backtrace and the second kernel's log only where there is no other."""
    for name in _LOGS:
        if name not in names:
            continue
        try:
            with open(_open(os.path.join(path, name)), "rb") as file:
                data = file.read(BOUNDS.core_text_bytes + 1)
        except OSError as error:
            warnings.append(f"{name}: {error.strerror}")
            continue
        if len(data) > BOUNDS.core_text_bytes:
            warnings.append(f"{name}: only its first {BOUNDS.core_text_bytes} bytes are read")
            data = data[: BOUNDS.core_text_bytes]
        lines = data.replace(b"\0", b"").decode("utf-8", "backslashreplace").split("\n")
        if any(lines):
            return (Window(name, 1, 0, tuple(lines if lines[-1] else lines[:-1])),)
    return ()


def _fact(path: str, name: str) -> str | None:
    """One of abrt's one-line files."""
    try:
        with open(_open(os.path.join(path, name)), encoding="ascii", errors="replace") as file:
            text = file.readline(256).strip()
    except OSError:
        return None
    return text if text and text.isprintable() else None
