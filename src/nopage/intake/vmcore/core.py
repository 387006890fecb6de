"""read_core(): one crash dump -> its kernel log and memory state, as far as it can tell them."""
from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from nopage.intake.reader import Damage, Reader
from nopage.intake.vmcore.containers import open_image
from nopage.intake.vmcore.debuginfo import DRGN_ARCHES, Debuginfo, DrgnMemory, open_debuginfo
from nopage.intake.vmcore.facts import CoreError, CoreFacts, CoreLimits, Progress, ReadFault
from nopage.intake.vmcore.image import Image
from nopage.intake.vmcore.log import CoreLog, read_log
from nopage.intake.vmcore.memory import KernelMemory
from nopage.intake.vmcore.paging import paging_for
from nopage.intake.vmcore.raw import FileBytes
from nopage.intake.vmcore.search import Found, search_image
from nopage.intake.vmcore.state import read_state
from nopage.intake.vmcore.unwrap import file_reader, in_memory, wrapping
from nopage.intake.vmcore.utsname import hostname_of
from nopage.intake.vmcore.vmcoreinfo import VmcoreInfo
from nopage.kernel.window import Window


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
    return read_split_core([path], vmlinux=vmlinux, limits=limits, progress=progress)


def read_split_core(
    paths: Sequence[str],
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
) -> CoreFacts:
    """read_core() of a dump that `makedumpfile --split` wrote into several files; the first names the result."""
    path = paths[0]
    options = _Options(limits or CoreLimits(), vmlinux, progress)
    with ExitStack() as stack:
        fds: list[int] = []
        try:
            for part in paths:
                fd = os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                stack.callback(os.close, fd)
                fds.append(stack.enter_context(in_memory(file_reader(fd), options.limits, options.warnings))
                           if wrapping(fd) else fd)
        except OSError as error:
            raise CoreError(path, error.strerror or str(error)) from None
        except (ReadFault, Damage) as fault:
            raise CoreError(path, str(fault)) from None
        return _read(fds, path, options)


def read_core_stream(
    reader: Reader,
    name: str,
    *,
    vmlinux: str | None = None,
    limits: CoreLimits | None = None,
    progress: Progress | None = None,
) -> CoreFacts:
    """read_core() of a core inside an archive, which is unpacked into memory (and nowhere else)."""
    options = _Options(limits or CoreLimits(), vmlinux, progress)
    try:
        with in_memory(reader, options.limits, options.warnings) as fd:
            return _read([fd], name, options)
    except (ReadFault, Damage) as fault:
        raise CoreError(name, str(fault)) from None


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
