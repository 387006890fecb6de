"""What several files say of one thing -> one fact of the host."""
from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nopage.diagnosis.host.facts import SettingSource
from nopage.kernel import sysctl
from nopage.kernel.facts import HugePages, Zone
from nopage.kernel.pattern import later
from nopage.kernel.procfs import huge_page_sizes_kb
from nopage.kernel.release import Release

BALLOONS: Final = ("vmw_balloon", "vmmemctl", "virtio_balloon", "hv_balloon", "xen_balloon")
LARGEST_BLOCK_PAGES: Final = 8192  # order 13, of arm64 with 64 kB pages (KERNEL.md 8.1)
MOST_CACHES: Final = 20
MOST_SOURCES: Final = 200
MOST_POOLS: Final = 4_096
GIGANTIC_KB: Final = 1 << 20
BUS: Final = re.compile(r"^bus-info:\s*(\S{1,32})\s*$", re.MULTILINE)
ETHTOOL_DRIVER: Final = re.compile(r"ethtool_-i_([^/]{1,64})$")
CLASS_NODE: Final = later(r"sys/class/net/([^/]{1,64})/device/numa_node$")
TUNED_CONF: Final = later(r"(etc|usr/lib)/tuned/(?:profiles/)?([^/]+)/tuned\.conf$")
KTUNE: Final = later(r"etc/tune-profiles/([^/]+)/sysctl\.ktune$")


def balloons(modules: Iterable[str]) -> tuple[str, ...]:
    """The balloon drivers among loaded modules."""
    loaded = set(modules)
    return tuple(name for name in BALLOONS if name in loaded)


def zones_kb(zones: Iterable[Zone], page_kb: int) -> int | None:
    """What the zones hold together: managed pages where the kernel counts them, else present ones."""
    sizes = [zone.size_pages for zone in zones if zone.size_pages]
    return sum(sizes) * page_kb if sizes else None


def huge_pages(
    meminfo: Mapping[str, int],
    nodes: Mapping[int, Mapping[str, int]],
    files: Iterable[tuple[int | None, int, int]],
    cmdline: str | None = None,
) -> tuple[HugePages, ...]:
    """Static hugepages: by node and size out of `files` (node, size, count); else out of meminfo.

    meminfo counts one size only; what Hugetlb holds beyond it (4.17 on) is of another, which the command line tells.
    """
    of_node: dict[tuple[int, int], int] = {}
    of_host: dict[int, int] = {}
    for node, size_kb, count in files:
        if node is None:
            of_host[size_kb] = count
        else:
            of_node[node, size_kb] = count
    size_kb = meminfo.get("Hugepagesize", 0)
    if size_kb and "HugePages_Total" in meminfo:
        of_host.setdefault(size_kb, meminfo["HugePages_Total"])
    if size_kb and not any(size == size_kb for _, size in of_node):
        of_node.update({(node, size_kb): keys.get("HugePages_Total", 0) for node, keys in nodes.items()})
    found: list[HugePages] = []
    for size in sorted({*of_host, *(size for _, size in of_node)}):
        parts = [HugePages(size, count, node) for (node, of), count in sorted(of_node.items()) if of == size and count]
        if sum(part.count for part in parts) == of_host.get(size, sum(part.count for part in parts)):
            found += parts
        elif of_host[size]:
            found.append(HugePages(size, of_host[size]))
    rest_kb = meminfo.get("Hugetlb", 0) - sum(pool.size_kb * pool.count for pool in found)
    if size_kb and rest_kb >= size_kb:
        others = [*huge_page_sizes_kb(cmdline or ""), GIGANTIC_KB, size_kb]
        size = next((one for one in others if one and rest_kb % one == 0 and one != size_kb), size_kb)
        found.append(HugePages(size, rest_kb // size))
    return tuple(found[:MOST_POOLS])


def pageblock_pages(
    per_block: int | None, pmd_size_bytes: int | None, meminfo: Mapping[str, int], page_kb: int
) -> int | None:
    """Pages of a pageblock: as pagetypeinfo prints, else of a huge page that the page tables can map at once.

    default_hugepagesz= may make Hugepagesize another one, so what is larger than any pageblock tells nothing.
    """
    huge_kb = [(pmd_size_bytes or 0) // 1024, meminfo.get("Hugepagesize", 0)]
    for pages in (per_block or 0, *(size // page_kb for size in huge_kb)):
        if 1 < pages <= LARGEST_BLOCK_PAGES and pages & (pages - 1) == 0:
            return pages
    return None


def slab_kb(pages: Mapping[str, int], page_kb: int) -> dict[str, int]:
    """The caches that hold most, in KiB, the largest first."""
    largest = sorted(pages.items(), key=lambda cache: (-cache[1], cache[0]))[:MOST_CACHES]
    return {name: count * page_kb for name, count in largest if count}


def nic_nodes(
    class_files: Iterable[tuple[str, str]], ethtool: Iterable[tuple[str, str]], pci: Mapping[str, int]
) -> dict[str, int]:
    """NUMA node by interface: of /sys, else by the card's PCI address (`ethtool -i`) in lspci."""
    found: dict[str, int] = {}
    for path, text in class_files:
        name = CLASS_NODE.search(path)
        if name and text.strip()[:8].isdecimal():
            found[name[1]] = int(text.strip()[:8])
    for path, text in ethtool:
        name, bus = ETHTOOL_DRIVER.search(path), BUS.search(text[:4096])
        if name and bus and bus[1].lower() in pci:
            found.setdefault(name[1], pci[bus[1].lower()])
    return found


def tuned_profile(files: Sequence[tuple[str, str]]) -> str | None:
    """The active profile, of (path, text) of tuned's files; "" where tuned says that there is none."""
    by_name = {posixpath.basename(path): text for path, text in files}
    return sysctl.active_profile(
        by_name.get("tuned-adm_active"), by_name.get("active_profile") or by_name.get("active-profile")
    )


def setting_sources(
    lines: Sequence[sysctl.Assignment], tuned: Sequence[tuple[str, str]], release: Release | None
) -> tuple[SettingSource, ...]:
    """Every line that sets a vm.* at boot, in the order it takes effect; see `nopage.kernel.sysctl` for the order."""
    major = release.major if release else None
    profiles: dict[str, sysctl.Profile] = {}
    for path, text in sorted(tuned, reverse=True):  # of two of one name that of /etc counts, which comes last
        conf, ktune = TUNED_CONF.search(path), KTUNE.search(path)
        if conf:
            profiles[conf[2]] = sysctl.profile(conf[2], path, text)
        elif ktune:
            profiles[ktune[1]] = sysctl.Profile(ktune[1], (), sysctl.assignments(path, text))
    active = tuned_profile(tuned)
    by_tuned = sysctl.profile_settings(active, profiles) if active else ()
    main_conf = next((text for path, text in tuned if path.endswith("tuned-main.conf")), None)
    found = sysctl.winners(
        lines,
        systemd=major is None or major >= 7,
        tuned=by_tuned,
        again=sysctl.reapplies(main_conf, release.rhel if release else None, major),
    )
    vm = [(one, wins) for one, wins in found if one.setting.startswith("vm.")][:MOST_SOURCES]
    return tuple(SettingSource(one.setting, one.value, one.file, one.line, wins) for one, wins in vm)
