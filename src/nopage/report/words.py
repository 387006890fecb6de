"""Phrases that every output format shares: one wording of a result, made from its JSON object."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.result import Kernel, Link, Place, Result


def plural(count: int, word: str) -> str:
    """'1 report', '3 reports'."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def host_line(result: Result) -> str:
    """Which host and kernel: 'web1, kernel 2.6.32-358.el6.x86_64 (RHEL 6.4)'."""
    kernel = result.kernel
    host = result.host or "host name not collected"
    if kernel.release is None:
        return f"{host}, kernel release not found"
    return f"{host}, kernel {kernel.release}{generation_words(kernel)}"


def generation_words(kernel: Kernel) -> str:
    """' (RHEL 6.4)'; for a kernel that is no RHEL build ' (read with the rules of RHEL 9)'."""
    if kernel.rhel:
        return f" (RHEL {kernel.rhel})"
    if kernel.generation is None:
        return " (unknown: no rules for it)"
    number = kernel.generation.removeprefix("el")
    return f" (RHEL {number})" if kernel.exact else f" (no RHEL build; the rules of RHEL {number} are nearest)"


def source_line(result: Result, name: str = "") -> str:
    """What was read, under this name or its path, and whether wholly."""
    source = result.source
    state = "read wholly" if source.complete else "NOT read wholly"
    return f"{name or source.path} ({source.kind}, {state})"


def one_line(result: Result) -> str:
    """The whole result in one line, for many sources."""
    source = result.source
    name = result.host or source.path
    prefix = f"{source.path}: " if name != source.path else ""
    if source.kind == "unreadable":
        return f"{source.path}: could not be read: {'; '.join(source.warnings)}"
    partly = "" if source.complete else " (source read partly)"
    if not result.findings:
        return f"{prefix}{name}: no finding{partly}"
    said = "; ".join(f"{finding.key}: {finding.summary}" for finding in result.findings)
    return f"{prefix}{name}: {said}{partly}"


def size_words(order: int, page_kb: int = 4) -> str:
    """'order 1 (2 contiguous pages, 8 kB)'."""
    if not 0 <= order < 64:
        return f"order {order}"
    pages = 1 << order
    kb = f"{pages * page_kb} kB"
    return f"order 0 (1 page, {kb})" if order == 0 else f"order {order} ({pages} contiguous pages, {kb})"


def place_words(places: Sequence[Place], most: int = 3) -> str:
    """'sos_commands/kernel/dmesg:12, var/log/messages:880 and 4 more'."""
    shown = ", ".join(f"{place.file}:{place.line}" for place in places[:most])
    return shown + (f" and {len(places) - most} more" if len(places) > most else "")


def link_words(link: Link) -> str:
    """A link as 'title <url>', or its title alone where no URL is known."""
    return f"{link.title} <{link.url}>" if link.url else link.title
