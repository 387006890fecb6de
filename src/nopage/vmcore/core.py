"""read_core(): one crash dump -> its kernel log and memory state, as far as it can tell them."""
from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from nopage.kernel.window import Window
from nopage.vmcore.address import KernelMemory, VmcoreInfo, paging_for
from nopage.vmcore.container import FileBytes, Image, open_image
from nopage.vmcore.facts import CoreError, CoreFacts, CoreLimits, Progress, ReadFault
from nopage.vmcore.log import CoreLog, Found, read_log, search_image
from nopage.vmcore.opener import Opener
from nopage.vmcore.state import hostname_of, read_state
from nopage.vmcore.symbols import DRGN_ARCHES, Debuginfo, DrgnMemory, open_debuginfo


def read_core(
    path: str,
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
    opener: Opener | None = None,
) -> CoreFacts:
    """The log and the memory state of the core at `path`; CoreError when nothing of it can be read.

    Reads the pages it needs only, whatever the size; an image that names no log is searched whole, with `progress`.
    """
    return read_split_core([path], vmlinux=vmlinux, limits=limits, progress=progress, opener=opener)


def read_split_core(
    paths: Sequence[str],
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
    opener: Opener | None = None,
) -> CoreFacts:
    """read_core() of a dump that `makedumpfile --split` wrote into several files; the first names the result."""
    path = paths[0]
    options = _Options(limits or CoreLimits(), vmlinux, progress)
    opener = opener or Opener()
    with ExitStack() as stack:
        fds: list[int] = []
        try:
            for part in paths:
                fd = os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                stack.callback(os.close, fd)
                fds.append(stack.enter_context(opener.opened(fd, options.warnings)))
        except OSError as error:
            raise CoreError(path, error.strerror or str(error)) from None
        except ReadFault as fault:
            raise CoreError(path, str(fault)) from None
        return _read(fds, path, options)


def read_core_fd(
    fd: int,
    name: str,
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
    warnings: Sequence[str] = (),
) -> CoreFacts:
    """read_core() of an open file, which stays the caller's; `warnings` are what is known to be wrong with it."""
    return _read([fd], name, _Options(limits or CoreLimits(), vmlinux, progress, list(warnings)))


@dataclass(slots=True)
class _Options:
    limits: CoreLimits
    vmlinux: str | None
    progress: Progress | None
    warnings: list[str] = field(default_factory=list)


def _read(fds: Sequence[int], path: str, options: _Options) -> CoreFacts:
    try:
        image = open_image([FileBytes(fd) for fd in fds], options.limits)
    except ReadFault as fault:
        raise CoreError(path, str(fault)) from None
    return _Reading(image, path, options, fds[0]).facts()


class _Reading:
    """One pass over one image."""

    def __init__(self, image: Image, path: str, options: _Options, fd: int) -> None:
        self.image = image
        self.fd = fd
        self.path = path
        self.name = os.path.basename(path) or path
        self.limits = options.limits
        self.progress = options.progress
        self.warnings = options.warnings + image.warnings
        self.missing: list[str] = []
        self.debuginfo: Debuginfo | None = None
        if options.vmlinux is not None:
            self._open_debuginfo(options.vmlinux)

    def _open_debuginfo(self, vmlinux: str | None) -> Debuginfo:
        self.debuginfo = open_debuginfo(self.fd, vmlinux)
        self.warnings += self.debuginfo.warnings
        return self.debuginfo

    def facts(self) -> CoreFacts:
        info = VmcoreInfo(self.image.vmcoreinfo)
        self.warnings += info.warnings
        memory = self._memory(info)
        found = Found([], [])
        log = None
        if info.symbols:
            memory, log = self._log(memory)
        if log is None:
            found, memory, log = self._search(memory)
            info = memory.info
        windows = tuple(found.windows)
        if log is not None:
            windows = (Window(f"{self.name} (kernel log)", 1, 0, log.lines),)
            self.warnings += log.warnings
        release = info.release or self.image.release or found.release
        if log is None and not windows and release is None:
            self.warnings.append("neither a log nor a release was found in it: it is damaged, or of no Linux kernel")
        state = read_state(memory, release, self.debuginfo)
        page_bytes = info.page_bytes or self.image.page_bytes or 4096
        return CoreFacts(
            path=self.path,
            kind=self.image.kind,
            release=release,
            arch=self.image.arch,
            hostname=self.image.hostname or hostname_of(memory),
            page_kb=page_bytes >> 10,
            crash_time=info.crash_time,
            log_layout=log.layout if log else "search" if windows else None,
            windows=windows,
            mem_info=state.mem_info,
            min_free_kbytes=state.min_free_kbytes,
            missing=(*self.missing, *state.missing),
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    def _memory(self, info: VmcoreInfo) -> KernelMemory:
        return KernelMemory(self.image, self.debuginfo.tell(info) if self.debuginfo else info)

    def _search(self, memory: KernelMemory) -> tuple[Found, KernelMemory, CoreLog | None]:
        """No log by the symbols: look for a VMCOREINFO that no note points to, and for reports in the raw image."""
        nameless = memory.info.empty
        found = search_image(self.image, self.name, self.limits, self.progress, seek_vmcoreinfo=nameless)
        if found.vmcoreinfo:
            self.warnings.append("no note of the file holds VMCOREINFO: it was found by searching the image")
            memory = self._memory(VmcoreInfo(found.vmcoreinfo))
            memory, log = self._log(memory)
            if log is not None:
                return found, memory, log
            found = search_image(self.image, self.name, self.limits, self.progress)
        self.warnings += found.warnings
        places = len(found.windows)
        held = f"it holds text around reports in {places} place{'s' * (places != 1)}" if places else "it holds none"
        self.missing.append(f"the kernel log as a whole: the image was searched for failure reports, {held}")
        return found, memory, None

    def _log(self, memory: KernelMemory) -> tuple[KernelMemory, CoreLog | None]:
        """The log, and the memory it was read through: drgn's where the page tables are not known here."""
        try:
            return memory, read_log(memory, self.limits)
        except ReadFault as fault:
            reason = str(fault)
        if paging_for(self.image.arch, memory.info) is None and self.image.arch in DRGN_ARCHES:
            program = (self.debuginfo or self._open_debuginfo(None)).program
            if program is not None:
                through = DrgnMemory(program, self.image, memory.info)
                try:
                    return through, read_log(through, self.limits)
                except ReadFault:
                    pass
        self.warnings.append(f"the kernel log cannot be read: {reason}")
        return memory, None
