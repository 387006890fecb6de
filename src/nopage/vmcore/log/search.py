"""Images that name no log (2.6.18 and before, broken VMCOREINFO): searched page by page for the needles."""
from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from nopage.kernel.window import Window
from nopage.vmcore.container import Image
from nopage.vmcore.facts import CoreLimits, Progress, ReadFault

_BLOCK = 4 << 20
_OVERLAP = 128
_BEFORE = 64 << 10
_STEP = 256 << 10
_REGION = 4 << 20
_HIT = b"page allocation failure"
# Real reports only: the kernel's own format string has "order:%d" there.
_REAL = re.compile(rb"page allocation failure[.:] ?order:[0-9]")
_BANNER = re.compile(rb"Linux version ([0-9]+\.[0-9]+\.[0-9][\x21-\x7e]{0,63}) ")
_NOTE = b"VMCOREINFO\0\0OSRELEASE="
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]{6,}")
_GAP = 512  # record headers and dictionaries stand between the texts; more is another thing's memory


@dataclass(slots=True)
class Found:
    """What a search brought: log windows, the release its banner names, a VMCOREINFO that no note points to."""

    windows: list[Window]
    warnings: list[str]
    release: str | None = None
    vmcoreinfo: bytes = b""


def search_image(
    image: Image, name: str, limits: CoreLimits, progress: Progress | None = None, *, seek_vmcoreinfo: bool = False
) -> Found:
    """All of the image, once, in bounded pieces; stops early at a VMCOREINFO when that is sought."""
    found = Found([], [])
    ranges = list(image.ranges())
    total = sum(length for _, length in ranges)
    done, done_to = 0, -1
    kept = 0
    stop = time.monotonic() + limits.search_seconds
    for address, block in _blocks(image, ranges, found):
        done += len(block)
        if seek_vmcoreinfo and (at := block.find(_NOTE)) >= 0:
            found.vmcoreinfo = _vmcoreinfo(image, address + at + 12)
            return found
        if found.release is None and (banner := _BANNER.search(block)):
            found.release = banner.group(1).decode("ascii")
        at = block.find(_HIT)
        while at >= 0:
            if address + at >= done_to and kept <= limits.window_bytes and _REAL.match(block, at):
                window, done_to = _region(image, name, address + at)
                found.windows.append(window)
                kept += sum(map(len, window.lines))
            at = block.find(_HIT, at + 1)
        if progress is not None:
            progress(min(done, total), total)
        reason = _bounded(found, done, stop, limits)
        if kept > limits.window_bytes:
            reason = f"with {limits.window_bytes >> 20} MiB of text found"
        if reason:
            found.warnings.append(f"the search ended {reason}, {done >> 20} of {total >> 20} MiB were searched")
            break
    return found


def _bounded(found: Found, done: int, stop: float, limits: CoreLimits) -> str:
    if len(found.windows) >= limits.search_windows:
        return f"with {limits.search_windows} places found"
    if done >= limits.search_bytes:
        return f"at its limit of {limits.search_bytes >> 20} MiB"
    if time.monotonic() > stop:
        return f"at its limit of {limits.search_seconds:.0f} s"
    return ""


def _blocks(image: Image, ranges: list[tuple[int, int]], found: Found) -> Iterator[tuple[int, bytes]]:
    """(physical address, bytes), overlapping inside a range so that no needle falls between two blocks."""
    unread = 0
    for start, length in ranges:
        at = start
        while at < start + length:
            take = min(_BLOCK, start + length - at)
            try:
                block = image.read_physical(at, take)
            except ReadFault:
                block = b"".join(_pages(image, at, take))
                unread += take - len(block)
            yield at, block
            at += take
            if at < start + length and take > _OVERLAP:
                at -= _OVERLAP
    if unread:
        found.warnings.append(f"{unread} bytes of the image could not be read")


def _pages(image: Image, address: int, length: int) -> Iterator[bytes]:
    for at in range(address, address + length, 4096):
        take = min(4096, address + length - at)
        try:
            yield image.read_physical(at, take)
        except ReadFault:
            yield bytes(take)


def _around(image: Image, start: int, stop: int) -> bytes:
    """Memory from `start` on, up to `stop` or the first page that is not there."""
    parts: list[bytes] = []
    while start < stop:
        take = min(4096 - start % 4096, stop - start)
        try:
            parts.append(image.read_physical(start, take))
        except ReadFault:
            break
        start += take
    return b"".join(parts)


def _region(image: Image, name: str, hit: int) -> tuple[Window, int]:
    """The text around a hit as lines, and the physical address up to which it was taken."""
    start = hit - hit % 4096
    while start > 0 and hit - start < _BEFORE and _around(image, start - 4096, start - 4095):
        start -= 4096
    data = _around(image, start, hit)
    begin = 0
    last = 0
    for match in _TEXT.finditer(data):
        if match.start() - last > _GAP:
            begin = match.start()
        last = match.end()
    if len(data) - last > _GAP:
        begin = len(data)
    text = bytearray(data[begin:])
    end = hit
    while len(text) < _REGION:
        more = _around(image, end, end + _STEP)
        text += more
        end += len(more)
        if len(more) < _STEP or _HIT not in more[-(64 << 10) :]:
            break
    pieces: list[bytes] = []
    last = hit - start - begin
    for match in _TEXT.finditer(text):
        if match.start() > hit - start - begin and match.start() - last > _GAP:
            break
        pieces.append(match.group())
        last = match.end()
    lines = b"\n".join(pieces).decode("utf-8", "backslashreplace").replace("\r", "").split("\n")
    window = Window(f"{name} (found by search)", 1, start + begin, tuple(line for line in lines if line))
    return window, start + begin + last


def _vmcoreinfo(image: Image, address: int) -> bytes:
    return _around(image, address, address + (64 << 10)).partition(b"\0")[0]
