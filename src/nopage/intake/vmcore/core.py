"""read_core(): one crash dump -> its kernel log and memory state, as far as it can tell them."""
from __future__ import annotations

import os

from nopage.intake.vmcore.containers import open_image
from nopage.intake.vmcore.facts import CoreError, CoreFacts, CoreLimits, Progress, ReadFault
from nopage.intake.vmcore.image import Image
from nopage.intake.vmcore.log import CoreLog, read_log
from nopage.intake.vmcore.memory import KernelMemory
from nopage.intake.vmcore.raw import FileBytes
from nopage.intake.vmcore.search import search_image
from nopage.intake.vmcore.state import read_state
from nopage.intake.vmcore.vmcoreinfo import VmcoreInfo
from nopage.kernel.facts import Window


def read_core(
    path: str,
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
) -> CoreFacts:
    """The log and the memory state of the core at `path`; CoreError when nothing of it can be read.

    Reads the pages it needs only, whatever the size; an image that names no log is searched whole, with `progress`.
    """
    limits = limits or CoreLimits()
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CoreError(path, error.strerror or str(error)) from None
    try:
        return read_core_fd(fd, path, vmlinux=vmlinux, limits=limits, progress=progress)
    finally:
        os.close(fd)


def read_core_fd(
    fd: int, path: str, *, vmlinux: str | None = None, limits: CoreLimits, progress: Progress | None = None
) -> CoreFacts:
    """read_core() over an open file descriptor of a regular file; `path` is its name in the result."""
    try:
        image = open_image(FileBytes(fd), limits)
    except ReadFault as fault:
        raise CoreError(path, str(fault)) from None
    return _Reading(image, path, limits, progress).facts()


class _Reading:
    """One pass over one image."""

    def __init__(self, image: Image, path: str, limits: CoreLimits, progress: Progress | None) -> None:
        self.image = image
        self.path = path
        self.name = os.path.basename(path) or path
        self.limits = limits
        self.progress = progress
        self.warnings: list[str] = []
        self.missing: list[str] = []
        self.release: str | None = None

    def facts(self) -> CoreFacts:
        info = VmcoreInfo(self.image.vmcoreinfo)
        log, windows = None, tuple[Window, ...]()
        memory = KernelMemory(self.image, info)
        if not info.empty:
            log = self._log(memory)
        if log is None:
            found = search_image(self.image, self.name, self.limits, self.progress, seek_vmcoreinfo=info.empty)
            if found.vmcoreinfo:
                self.warnings.append("no note points to VMCOREINFO: it was found by searching the image")
                info = VmcoreInfo(found.vmcoreinfo)
                memory = KernelMemory(self.image, info)
                log = self._log(memory)
                if log is None:
                    found = search_image(self.image, self.name, self.limits, self.progress)
            self.release = found.release
            windows = tuple(found.windows)
            if log is None:
                self.warnings += found.warnings
                self.missing.append("the kernel log: no log symbols, so the image was searched for reports")
        if log is not None:
            windows = (Window(f"{self.name} (kernel log)", 1, 0, log.lines),)
            self.warnings += log.warnings
        self.warnings[:0] = self.image.warnings + info.warnings
        release = info.release or self.image.release or self.release
        state = read_state(memory, release)
        self.missing += state.missing
        page_bytes = info.page_bytes or self.image.page_bytes or 4096
        return CoreFacts(
            path=self.path,
            kind=self.image.kind,
            release=release,
            arch=self.image.arch,
            hostname=self.image.hostname,
            page_kb=page_bytes >> 10,
            crash_time=info.crash_time,
            log_layout=log.layout if log else "search",
            windows=windows,
            mem_info=state.mem_info,
            min_free_kbytes=state.min_free_kbytes,
            missing=tuple(self.missing),
            warnings=tuple(self.warnings),
        )

    def _log(self, memory: KernelMemory) -> CoreLog | None:
        try:
            return read_log(memory, self.limits)
        except ReadFault as fault:
            self.warnings.append(f"the kernel log cannot be read: {fault}")
            return None
