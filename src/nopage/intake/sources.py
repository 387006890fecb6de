"""Which files of a source feed which spec: sos archives of all ages, insights archives, plain host trees.

Adding a file is adding a pattern: a path below the report's own top folder, `*` within one component, `**` across them.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

FACT = "fact"  # kept whole, up to a cap
LOG = "log"  # searched; windows are kept
META = "meta"  # what the collecting tool says of its own work


@dataclass(frozen=True, slots=True)
class Source:
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

# Names of logs in a source that is no sosreport.
LOOSE_LOG = re.compile(
    r"[^/]*(?:messages|dmesg|syslog|kern|journal|console|boot|crash|oops|trace|screenlog)[^/]*\Z"
    r"|[^/]+\.(?:log|txt|out|text|syslog)(?:[.-][\d.-]+)?(?:\.(?:gz|xz|bz2|zst|lzma))?\Z",
    re.IGNORECASE,
)

SOURCES = (
    KERNEL_LOG,
    _command("uname", "uname_-a", "uname"),
    _command("sysctl", "sysctl_-a", "sysctl"),
    _fact("sysctl_vm", "proc/sys/vm/*"),
    _fact("sysctl_kernel", "proc/sys/kernel/osrelease", "proc/sys/kernel/printk*", "proc/sys/kernel/tainted"),
    _fact("sysctl_net", "proc/sys/net/core/*"),
    _fact("sysctl_conf", "etc/sysctl.conf", "etc/sysctl.d/*", "usr/lib/sysctl.d/*"),
    _fact("buddyinfo", "proc/buddyinfo"),
    _fact("zoneinfo", "proc/zoneinfo"),
    _fact("meminfo", "proc/meminfo"),
    _fact("pagetypeinfo", "proc/pagetypeinfo"),
    _fact("vmstat", "proc/vmstat"),
    _fact("slabinfo", "proc/slabinfo"),
    _fact("node_meminfo", "sys/devices/system/node/node*/meminfo"),
    _fact("node_vmstat", "sys/devices/system/node/node*/vmstat", "sys/devices/system/node/node*/numastat"),
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
    _fact("net_class", *(f"sys/class/net/*/{leaf}" for leaf in ("mtu", "speed", "duplex"))),
    _fact(
        "redhat_release",
        *(f"etc/{name}-release" for name in ("redhat", "centos", "oracle", "rocky", "almalinux", "system", "fedora")),
    ),
    _fact("os_release", "etc/os-release", "usr/lib/os-release", "etc/SuSE-release", "etc/debian_version"),
    _command("lspci", "lspci*"),
    _command("free", "free", "free_*"),
    _command("tuned", "tuned-adm_active", "tuned-adm_list", also=("etc/tuned/active_profile",)),
    _command("dmidecode", "dmidecode"),
    _command("numactl", "numactl_--hardware", "numactl_-H"),
    _fact("modprobe", "etc/modprobe.conf", "etc/modprobe.d/*"),
    _fact("fstab", "etc/fstab"),
    Source(
        "collector",
        META,
        ("sos_logs/sos.log", "sos_logs/ui.log", "version.txt", "insights_archive.txt", "branch_info", "egg_release"),
    ),
)
SPECS = tuple(source.spec for source in SOURCES)

# Folders and files that only a collected host's own top folder has.
STRONG = ("sos_commands", "sos_logs", "sos_reports", "sos_strings", "insights_commands", "meta_data")
SOS_NAME = re.compile(r"^(?:sosreport|insights|soscleaner|sos)[-_.]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """A file that feeds a spec: the host's top folder inside the source, and the name below it."""

    top: str
    name: str
    source: Source


def classify(path: str) -> Match | None:
    """Which spec a file feeds; `path` is normal (no "..", no leading "/").

    The host's own files stand at the root, one folder down, or below a folder named like a sosreport or `data`.
    """
    heads = _by_head()
    parts = path.split("/")
    for depth in range(min(len(parts), 8)):
        if depth > 1 and not (parts[depth - 1] == "data" or SOS_NAME.match(parts[depth - 1])):
            continue
        candidates = heads.get(parts[depth])
        if candidates is None:
            if depth + 1 < len(parts):
                continue
            candidates = heads["*"]
        rest = "/".join(parts[depth:])
        for pattern, source in candidates:
            if pattern.match(rest):
                if source.kind == LOG and NO_LOG.search(parts[-1]):
                    return None
                inside = depth - 1 if depth and parts[depth - 1] == "data" else depth
                return Match("/".join(parts[:inside]), "/".join(parts[inside:]), source)
    return None


@cache
def leads_on(folder: str) -> bool:
    """Files that feed a spec may stand below a folder; `folder` is its path below the host's own top folder."""
    parts = folder.removeprefix("data/").split("/")
    return parts == ["data"] or any(_enters(pattern.split("/")[:-1], parts) for pattern in _patterns())


def _enters(wanted: list[str], parts: list[str]) -> bool:
    for want, part in zip(wanted, parts, strict=False):
        if want == "**":
            return True
        if want != part and not ("*" in want and re.match(_regex(want), part)):
            return False
    return len(parts) <= len(wanted) or "**" in wanted


@cache
def _patterns() -> tuple[str, ...]:
    return tuple(re.sub(r"\*\*\Z", "**/*", pattern) for source in SOURCES for pattern in source.patterns)


@cache
def _by_head() -> dict[str, list[tuple[re.Pattern[str], Source]]]:
    """The patterns by their first component; those whose first component is a pattern itself under "*"."""
    grouped: dict[str, dict[str, list[str]]] = {"*": {}}
    for source in SOURCES:
        for pattern in source.patterns:
            head = pattern.split("/")[0]
            key = "*" if "*" in head else head
            grouped.setdefault(key, {}).setdefault(source.spec, []).append(pattern)
    by_spec = {source.spec: source for source in SOURCES}
    return {
        head: [(re.compile("|".join(map(_regex, globs)) or r"\b\B"), by_spec[spec]) for spec, globs in specs.items()]
        for head, specs in grouped.items()
    }


def _regex(glob: str) -> str:
    parts = re.split(r"(\*\*/?|\*)", glob)
    words = {"**/": r"(?:.*/)?", "**": r".+", "*": r"[^/]*"}
    return "(?:" + "".join(words.get(part) or re.escape(part) for part in parts) + r")\Z"
