"""Which files of a source feed which spec: sos archives of all ages, insights archives, plain host trees.

Adding a file is adding a pattern: a path below the report's own top folder, `*` within one component, `**` across them.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from nopage.kernel.bounds import BOUNDS

FACT = "fact"  # kept whole, up to a cap
LOG = "log"  # searched; windows are kept
META = "meta"  # what the collecting tool says of its own work
SAR = "sar"  # a fact of which parts are kept: a day of a large host is tens of megabytes


class Source(NamedTuple):
    """One spec: its name, what is done with its files, and where they stand."""

    spec: str
    kind: str
    patterns: tuple[str, ...]


def _fact(spec: str, *patterns: str) -> Source:
    return Source(spec, FACT, patterns)


def _command(spec: str, *names: str, plugins: str = "*", also: Iterable[str] = ()) -> Source:
    """A command's output: under any sos plugin, at the root of old sosreports, in insights archives."""
    places = [f"{root}{name}" for name in names for root in (f"sos_commands/{plugins}/", "insights_commands/", "")]
    return Source(spec, FACT, (*places, *also))


# Logs in order of trust: where the same report stands in several, the earlier place is named first.
KERNEL_LOG = Source(
    "kernel_log",
    LOG,
    (
        "sos_commands/*/dmesg*",  # kernel since sos 3, general before, boot and hardware in old ones
        "insights_commands/dmesg*",
        "dmesg*",
        "var/log/dmesg*",
        "var/log/messages*",
        "var/log/kern*",
        "var/log/syslog*",
        "var/log/kernel*",
        "var/log/debug*",
        "var/log/warn*",  # SUSE
        "var/log/boot.log*",
        "var/log/console*",
        "var/log/*netconsole*",
        "var/log/netconsole/**",
        "var/log/journal/**",
        "var/log/dump/**/*dmesg*",
        "var/log/remote/**",
        "sos_commands/*/journalctl*",
        "insights_commands/journalctl*",
        "insights_commands/*messages*",
        "var/crash/**/*dmesg*",
        "var/crash/**/*.txt",
        "var/crash/**/*.log",
        "var/spool/abrt/**/dmesg*",
        "var/spool/abrt/**/backtrace",
        "var/tmp/abrt/**/dmesg*",
        "var/tmp/abrt/**/backtrace",
        "sys/fs/pstore/**",
        "var/lib/systemd/pstore/**",
        "sos_commands/*/*pstore*",
        "sos_strings/**/*messages*",
        "sos_strings/**/*dmesg*",
        "sos_strings/**/*kern*",
        "sos_strings/**/*syslog*",
        "sos_strings/**/*journal*",
        "vmcore-dmesg*",
    ),
)
# Names of the above that hold no kernel log: lists of boots, of units, of disk use.
NO_LOG = re.compile(r"list-boots|--list|--header|--disk-usage|--verify|--fields|--field|--usage")

CORE_NAME = re.compile(r"(?:vmcore|core\.kdump|dump\.\d{12})(?:[.-](?:flat|incomplete|elf|gz|xz|zst|bz2|\d+))*\Z")

# Names of logs, of exports and of mails in a source that is no sosreport.
LOOSE_LOG = re.compile(
    r"[^/]*(?:messages|dmesg|syslog|kern|journal|console|boot|crash|oops|trace|screenlog)[^/]*\Z"
    r"|[^/]+\.(?:log|txt|out|text|syslog|json|jsonl|ndjson|csv|tsv|eml|mbox|html?)(?:[.-][\d.-]+)?(?:\.(?:gz|xz|bz2|zst|lzma))?\Z",
    re.IGNORECASE,
)

SOURCES = (
    KERNEL_LOG,
    _command("uname", "uname_-a", "uname"),
    _command("sysctl", "sysctl_-a", "sysctl"),
    _fact("sysctl_vm", "proc/sys/vm/*"),
    _fact("sysctl_kernel", "proc/sys/kernel/osrelease", "proc/sys/kernel/printk*", "proc/sys/kernel/tainted"),
    _fact("sysctl_net", "proc/sys/net/core/*"),
    _fact(
        "sysctl_conf",
        "etc/sysctl.conf",
        *(f"{folder}/sysctl.d/*" for folder in ("etc", "run", "usr/local/lib", "usr/lib", "lib")),
    ),
    _fact("buddyinfo", "proc/buddyinfo"),
    _fact("zoneinfo", "proc/zoneinfo"),
    _fact("meminfo", "proc/meminfo"),
    _fact("pagetypeinfo", "proc/pagetypeinfo"),
    _fact("vmstat", "proc/vmstat"),
    _fact("slabinfo", "proc/slabinfo"),
    _fact("node_meminfo", "sys/devices/system/node/node*/meminfo"),
    _fact("node_vmstat", "sys/devices/system/node/node*/vmstat", "sys/devices/system/node/node*/numastat"),
    _fact(
        "thp",
        *(
            f"sys/kernel/mm/{folder}/{leaf}"
            for folder in ("transparent_hugepage", "redhat_transparent_hugepage")  # the latter: RHEL 6
            for leaf in ("enabled", "defrag", "khugepaged/defrag", "hpage_pmd_size")
        ),
    ),
    _fact(
        "hugepages",
        "sys/kernel/mm/hugepages/hugepages-*/nr_hugepages",
        "sys/devices/system/node/node*/hugepages/hugepages-*/nr_hugepages",
    ),
    _fact("extfrag", "sys/kernel/debug/extfrag/*"),
    _fact("proc_version", "proc/version"),
    _fact("cmdline", "proc/cmdline"),
    _fact("cpuinfo", "proc/cpuinfo"),
    _fact("modules", "proc/modules"),
    _fact("swaps", "proc/swaps"),
    _fact("interrupts", "proc/interrupts"),
    _fact("softirqs", "proc/softirqs"),
    _fact("softnet_stat", "proc/net/softnet_stat"),
    _fact("net_dev", "proc/net/dev"),
    _fact("net_netstat", "proc/net/netstat"),
    _fact("net_snmp", "proc/net/snmp"),
    _fact("net_sockstat", "proc/net/sockstat"),
    _fact("bonding", "proc/net/bonding/*"),
    _command("hostname", "hostname", "hostname_-f", also=("etc/hostname",)),
    _command("date", "date", "date_*"),
    _command("uptime", "uptime", "uptime_*"),
    _fact("proc_uptime", "proc/uptime"),
    _command("lsmod", "lsmod"),
    _command("netstat_s", "netstat_-s*"),
    _command("ip_s_link", "ip_-s_link", "ip_-s_-d_link", "ip_-d_-s_link"),
    _command("ip_addr", "ip_addr", "ip_address", "ip_-d_address", "ip_-o_addr", "ip_addr_show", "ip_-4_-o_a"),
    _command("ifconfig", "ifconfig", "ifconfig_-a"),
    _command("ethtool", "ethtool_*"),
    _fact("ifcfg", "etc/sysconfig/network-scripts/ifcfg-*", "etc/sysconfig/network/ifcfg-*"),
    _fact("net_class", *(f"sys/class/net/*/{leaf}" for leaf in ("mtu", "speed", "duplex", "device/numa_node"))),
    _fact(
        "redhat_release",
        *(f"etc/{name}-release" for name in ("redhat", "centos", "oracle", "rocky", "almalinux", "system", "fedora")),
    ),
    _fact("os_release", "etc/os-release", "usr/lib/os-release", "etc/SuSE-release", "etc/debian_version"),
    _command("lspci", "lspci*"),
    _command("free", "free", "free_*"),
    _command(
        "tuned",
        "tuned-adm_active",
        "tuned-adm_list",
        also=(
            "etc/tuned/active_profile",
            "etc/tuned/tuned-main.conf",
            "etc/tune-profiles/active-profile",  # RHEL 6
            "etc/tune-profiles/*/sysctl.ktune",
            *(f"{root}/tuned/{deeper}*/tuned.conf" for root in ("etc", "usr/lib") for deeper in ("", "profiles/")),
        ),
    ),
    Source(
        SAR,
        FACT,
        (
            "sos_commands/sar/sar*",
            "sos_commands/sar/*.json",
            "sos_commands/sar/*.csv",
            "sos_commands/sar/sadf*",
            "var/log/sa/sar*",
            "var/log/sysstat/sar*",  # Debian
        ),
    ),
    _command("dmidecode", "dmidecode"),
    _command("numactl", "numactl_--hardware", "numactl_-H"),
    _command("numastat", "numastat"),
    _fact("modprobe", "etc/modprobe.conf", "etc/modprobe.d/*"),
    _fact("fstab", "etc/fstab"),
    Source(
        "collector",
        META,
        ("sos_logs/sos.log", "sos_logs/ui.log", "version.txt", "insights_archive.txt", "branch_info", "egg_release"),
    ),
)
SPECS = tuple(source.spec for source in SOURCES)

# Nothing that is looked for stands deeper, or in a folder with a longer name.
DEEPEST = 40
LONGEST = BOUNDS.name_bytes
FOLDERS = 1024  # remembered; a source has its files folder by folder

# Folders and files that only a collected host's own top folder has.
STRONG = frozenset({"sos_commands", "sos_logs", "sos_reports", "sos_strings", "insights_commands", "meta_data"})
SOS_NAME = re.compile(r"^(?:sosreport|insights|soscleaner|sos)[-_.]", re.IGNORECASE)


class Match(NamedTuple):
    """A file that feeds a spec: the host's top folder inside the source, and the name below it."""

    top: str
    name: str
    source: Source


def classify(path: str) -> Match | None:
    """Which spec a file feeds; `path` is normal (no "..", no leading "/").

    The host's own files stand at the root, one folder down, or below a folder named like a sosreport or `data`.
    """
    folder, _, leaf = path.rpartition("/")
    if len(folder) > LONGEST:
        return None
    files = _files(folder)
    if files is NO_FILES or not (
        leaf in files.whole or leaf.startswith(files.begins) or any(part in leaf for part in files.holds)
    ):
        return None  # most files of most sources
    for pattern in files.patterns:
        if _fits(pattern.rest[0], leaf):
            if pattern.source.kind == LOG and NO_LOG.search(leaf):
                return None
            parts = path.split("/")
            inside = pattern.depth - 1 if pattern.depth and parts[pattern.depth - 1] == "data" else pattern.depth
            return Match("/".join(parts[:inside]), "/".join(parts[inside:]), pattern.source)
    return None


def leads_on(folder: str) -> bool:
    """Files that feed a spec may stand below a folder; `folder` is its path below the host's own top folder."""
    return folder == "data" or (len(folder) < LONGEST and bool(_live(folder, False)))


class _Live(NamedTuple):
    """A pattern that may still match below a folder: `rest` are its components from there on."""

    depth: int  # how many components stand before the host's own top folder
    rest: tuple[str, ...]
    source: Source


class _Files(NamedTuple):
    """The patterns of the files right in a folder, in the order they are tried; and a quick test for most names."""

    patterns: tuple[_Live, ...]
    whole: frozenset[str]
    begins: tuple[str, ...]
    holds: tuple[str, ...]


NO_FILES = _Files((), frozenset(), (), ())


@lru_cache(maxsize=FOLDERS)
def _files(folder: str) -> _Files:
    patterns = tuple(live for live in _live(folder, True) if len(live.rest) == 1)
    if not patterns:
        return NO_FILES
    names = {live.rest[0] for live in patterns}
    return _Files(
        patterns,
        frozenset(name for name in names if "*" not in name),
        tuple({name.split("*")[0] for name in names if "*" in name and not name.startswith("*")}),
        tuple({max(name.split("*"), key=len) for name in names if name.startswith("*")}),
    )


@lru_cache(maxsize=FOLDERS)
def _live(folder: str, anywhere: bool) -> tuple[_Live, ...]:
    """The patterns that lead into `folder`, the host's own top folder standing `anywhere` before it or at its root."""
    depth = folder.count("/") + 1 if folder else 0
    if depth > DEEPEST:
        return ()
    parent, _, name = folder.rpartition("/")
    entered: list[_Live] = []
    for live in _live(parent, anywhere) if folder else ():
        head = live.rest[0]
        if head == "**":
            entered.append(live)
            entered.append(live._replace(rest=live.rest[1:]))
        elif len(live.rest) > 1 and _fits(head, name):
            entered.append(live._replace(rest=live.rest[1:]))
            if live.rest[1] == "**":
                entered.append(live._replace(rest=live.rest[2:]))
    top = name == "data" or (anywhere and SOS_NAME.match(name))
    if not depth or (anywhere and depth == 1) or (top and depth < 8):
        entered += [_Live(depth, rest, source) for rest, source in _patterns()]
    return tuple(entered)


@cache
def _patterns() -> tuple[tuple[tuple[str, ...], Source], ...]:
    return tuple(
        (tuple(re.sub(r"\*\*\Z", "**/*", pattern).split("/")), source)
        for source in SOURCES
        for pattern in source.patterns
    )


def _fits(glob: str, name: str) -> bool:
    """`name` is one that `glob` stands for; `*` is any text. There are too few of each to be worth compiling."""
    begin, star, rest = glob.partition("*")
    if not star:
        return glob == name
    *middle, end = rest.split("*")
    if not name.startswith(begin) or not name.endswith(end) or len(name) < len(begin) + len(end):
        return False
    at, stop = len(begin), len(name) - len(end)
    for part in middle:
        at = name.find(part, at, stop) + len(part)
        if at < len(part):
            return False
    return True
