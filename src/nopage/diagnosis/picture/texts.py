"""The texts of one host that are no logs: what a file says, by the name of the spec that it feeds.

A row a kind of file. A reader gets the file's path inside the source, where a part of what it says may stand, and its
text; None is that it says nothing.
"""
from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from nopage.kernel import procfs, sysctl
from nopage.kernel.facts import Zone
from nopage.kernel.release import find_release
from nopage.klog.framing import iso_time

Reader = Callable[[str, str], Any]
Said = Mapping[str, Sequence[Any]]  # by spec, what each of its files says, in their order

RELEASE_LINES: Final = 50
DATE_LINES: Final = 20
LONGEST_CMDLINE: Final = 4096


def named(path: str, text: str) -> tuple[str, str]:
    """The text with the path that tells what it is."""
    return path, text


def named_lines(path: str, text: str) -> tuple[str, str]:
    """The same, its lines ended alike."""
    return path, "\n".join(text.splitlines())


def release(_path: str, text: str) -> str | None:
    """The first kernel release that is named: `uname -a`, /proc/version."""
    return next((found for line in text.splitlines()[:RELEASE_LINES] if (found := find_release(line))), None)


def hostname(_path: str, text: str) -> str | None:
    """The first word."""
    return next(iter(" ".join(text.splitlines()[:1]).split()), None)


def date(_path: str, text: str) -> str | None:
    """What `date` said: ISO 8601 with year, with the offset where the command tells it."""
    for line in text.splitlines()[:DATE_LINES]:
        found = iso_time(line.strip())
        if found and found[:4].isdigit() and found[4:5] == "-":
            return found
    return None


def uptime(_path: str, text: str) -> float | None:
    """Seconds since boot."""
    return procfs.uptime_seconds(" ".join(text.splitlines()[:1]))


def settings(_path: str, text: str) -> dict[str, str] | None:
    """`sysctl -a` by name; of more settings than are kept those of `vm.` stay."""
    return sysctl.printed(text.splitlines()) or None


def vm_setting(path: str, text: str) -> tuple[str, str]:
    """One file of /proc/sys/vm: the setting without "vm.", and its value."""
    return posixpath.basename(path), "\n".join(text.splitlines()).strip()


def zones(_path: str, text: str) -> tuple[Zone, ...] | None:
    """The zones of /proc/zoneinfo; sizes in pages, no free lists."""
    return procfs.zoneinfo(text.splitlines()) or None


def free_blocks(_path: str, text: str) -> dict[tuple[int, str], tuple[int, ...]] | None:
    """/proc/buddyinfo by node and zone name, one count an order from 0."""
    return procfs.buddyinfo(text.splitlines()) or None


def counters(_path: str, text: str) -> dict[str, int] | None:
    """/proc/vmstat by name, since boot."""
    return procfs.counters("\n".join(text.splitlines())) or None


def huge_pages(path: str, text: str) -> tuple[int | None, int, int] | None:
    """One nr_hugepages of /sys: node (None: the host), size in kB, count."""
    return procfs.huge_page_file(path, "\n".join(text.splitlines()[:1]))


def node_meminfo(_path: str, text: str) -> dict[int, dict[str, int]]:
    """sys/devices/system/node/node*/meminfo by node and key; KiB, HugePages_* in pages."""
    return {node: keys for node, keys in procfs.node_meminfo(text.splitlines()).items() if node is not None}


def modules(_path: str, text: str) -> tuple[str, ...]:
    """Loaded modules."""
    return procfs.modules(text.splitlines())


def cmdline(_path: str, text: str) -> str | None:
    """The kernel's command line."""
    return " ".join(text.splitlines()[:1]).strip()[:LONGEST_CMDLINE] or None


READERS: Final[Mapping[str, Reader]] = MappingProxyType({
    "uname": release,
    "proc_version": release,
    "hostname": hostname,
    "date": date,
    "proc_uptime": uptime,
    "cmdline": cmdline,
    "sysctl": settings,
    "sysctl_vm": vm_setting,
    "sysctl_conf": lambda path, text: (path, sysctl.assignments(path, "\n".join(text.splitlines()))),
    "tuned": named_lines,
    "zoneinfo": zones,
    "buddyinfo": free_blocks,
    "meminfo": lambda _path, text: procfs.meminfo(text.splitlines()),  # KiB, HugePages_* in pages
    "node_meminfo": node_meminfo,
    "node_vmstat": named_lines,
    "numastat": named_lines,
    "hugepages": huge_pages,
    "thp": named_lines,
    "vmstat": counters,
    "pagetypeinfo": lambda _path, text: (procfs.pages_per_block("\n".join(text.splitlines()[:20])),),
    "slabinfo": lambda _path, text: procfs.slab_pages(text.splitlines()),
    "lsmod": modules,
    "modules": modules,
    "lspci": lambda _path, text: procfs.pci_nodes(text.splitlines()),
    "net_class": named_lines,
    "sar": named,  # read when it is known which days matter
    "ethtool": named,
    "ifconfig": named,
    "ip_addr": named,
    "ip_s_link": named,
    "net_dev": named,
    "net_netstat": named,
    "net_snmp": named,
    "netstat_s": named,
    "softnet_stat": named,
})  # fmt: skip


def read_texts(texts: Iterable[tuple[str, str, str]]) -> tuple[Said, tuple[str, ...]]:
    """What texts say, each given as spec, path and text; and those that could not be read, one line each."""
    said: dict[str, list[Any]] = {}
    damaged = []
    for spec, path, text in texts:
        reader = READERS.get(spec)
        if reader is None:
            continue
        try:
            found = reader(path, text)
        except Exception as error:  # a text is hostile; the others are read all the same
            damaged.append(f"{spec}: {type(error).__name__}: {error}")
            continue
        if found is not None:
            said.setdefault(spec, []).append(found)
    return said, tuple(damaged)
