"""Which file feeds which spec, by its place in archives of every age."""
from __future__ import annotations

import pytest

from nopage.intake import sources
from nopage.intake.sources import FOLDERS, SOURCES, classify, leads_on

PLACES = [
    ("sosreport-a/sos_commands/kernel/dmesg", "sosreport-a", "sos_commands/kernel/dmesg", "kernel_log"),
    ("sosreport-a/sos_commands/general/dmesg_now", "sosreport-a", "sos_commands/general/dmesg_now", "kernel_log"),
    ("sosreport-a/var/log/messages-20240101.gz", "sosreport-a", "var/log/messages-20240101.gz", "kernel_log"),
    ("sosreport-a/var/log/journal/x/system.journal", "sosreport-a", "var/log/journal/x/system.journal", "kernel_log"),
    ("sosreport-a/sos_commands/logs/journalctl_--no-pager_-o_json", "sosreport-a", None, "kernel_log"),
    ("sosreport-a/var/crash/127.0.0.1-2024-02-10/vmcore-dmesg.txt", "sosreport-a", None, "kernel_log"),
    ("sosreport-a/sos_strings/logs/var.log.messages.tailed", "sosreport-a", None, "kernel_log"),
    ("sosreport-a/var/spool/abrt/oops-2024/dmesg", "sosreport-a", None, "kernel_log"),
    ("sosreport-a/sys/fs/pstore/dmesg-erst-1", "sosreport-a", None, "kernel_log"),
    ("sosreport-a/sos_commands/networking/ethtool_-S_eth0", "sosreport-a", None, "ethtool"),
    ("sosreport-a/sos_commands/networking/ethtool_eth0", "sosreport-a", None, "ethtool"),
    ("sosreport-a/sos_commands/networking/netstat_-s", "sosreport-a", None, "netstat_s"),
    ("sosreport-a/sos_commands/networking/ip_-s_-d_link", "sosreport-a", None, "ip_s_link"),
    ("sosreport-a/sos_commands/host/hostname", "sosreport-a", None, "hostname"),
    ("sosreport-a/sos_commands/general/hostname_-f", "sosreport-a", None, "hostname"),
    ("sosreport-a/sos_commands/kernel/uname_-a", "sosreport-a", None, "uname"),
    ("sosreport-a/sos_commands/kernel/sysctl_-a", "sosreport-a", None, "sysctl"),
    ("sosreport-a/sos_commands/pci/lspci_-nnvv", "sosreport-a", None, "lspci"),
    ("sosreport-a/sos_commands/tuned/tuned-adm_active", "sosreport-a", None, "tuned"),
    ("sosreport-a/proc/buddyinfo", "sosreport-a", None, "buddyinfo"),
    ("sosreport-a/proc/zoneinfo", "sosreport-a", None, "zoneinfo"),
    ("sosreport-a/proc/pagetypeinfo", "sosreport-a", None, "pagetypeinfo"),
    ("sosreport-a/proc/sys/vm/min_free_kbytes", "sosreport-a", None, "sysctl_vm"),
    ("sosreport-a/proc/net/softnet_stat", "sosreport-a", None, "softnet_stat"),
    ("sosreport-a/proc/net/dev", "sosreport-a", None, "net_dev"),
    ("sosreport-a/sys/class/net/eth0/mtu", "sosreport-a", None, "net_class"),
    ("sosreport-a/etc/sysconfig/network-scripts/ifcfg-eth0", "sosreport-a", None, "ifcfg"),
    ("sosreport-a/etc/redhat-release", "sosreport-a", None, "redhat_release"),
    ("insights-a/data/insights_commands/uname_-a", "insights-a", "data/insights_commands/uname_-a", "uname"),
    ("insights-a/insights_commands/sysctl_-a", "insights-a", "insights_commands/sysctl_-a", "sysctl"),
    ("data/insights_commands/dmesg", "", "data/insights_commands/dmesg", "kernel_log"),
    ("proc/meminfo", "", "proc/meminfo", "meminfo"),
    ("dmesg", "", "dmesg", "kernel_log"),
    ("uname", "", "uname", "uname"),
    ("host/uptime", "host", "uptime", "uptime"),
    ("tmp/x/sosreport-a/proc/meminfo", "tmp/x/sosreport-a", "proc/meminfo", "meminfo"),
]


@pytest.mark.parametrize(("path", "top", "name", "spec"), PLACES)
def test_a_file_by_its_place(path: str, top: str, name: str | None, spec: str) -> None:
    match = classify(path)
    assert match is not None
    assert (match.top, match.name, match.source.spec) == (top, name or path.removeprefix(top + "/"), spec)


@pytest.mark.parametrize(
    "path",
    [
        "sosreport-a/proc/1/status",
        "sosreport-a/sos_commands/logs/journalctl_--list-boots",
        "sosreport-a/sos_commands/logs/journalctl_--disk-usage",
        "sosreport-a/var/log/secure",
        "sosreport-a/var/lib/machines/other/proc/meminfo",
        "sosreport-a/etc/hosts",
        "a/b/c/dmesg",
        "",
        "var",
    ],
)
def test_a_file_that_feeds_nothing(path: str) -> None:
    assert classify(path) is None


def test_every_pattern_is_reached_and_no_spec_is_named_twice() -> None:
    specs = [source.spec for source in SOURCES]
    assert len(specs) == len(set(specs))
    for source in SOURCES:
        for pattern in source.patterns:
            path = pattern.replace("**/", "x/y/").replace("**", "x/y").replace("*", "z")
            match = classify(f"sosreport-a/{path}")
            assert match is not None, pattern
            assert match.source.spec in specs


@pytest.mark.parametrize(
    ("folder", "leads"),
    [
        ("sos_commands", True),
        ("sos_commands/kernel", True),
        ("sos_commands/kernel/deeper", False),
        ("proc", True),
        ("proc/net", True),
        ("proc/1", False),
        ("proc/sys/vm", True),
        ("sys", True),
        ("sys/devices", True),
        ("sys/devices/pci0000:00", False),
        ("var/log/journal/x/y", True),
        ("var/log/audit", False),
        ("var/crash/127.0.0.1", True),
        ("sos_strings/logs/x", True),
        ("data/var/log", True),
        ("boot", False),
    ],
)
def test_folders_that_are_worth_entering(folder: str, leads: bool) -> None:
    assert leads_on(folder) == leads


@pytest.mark.parametrize(("path", "top", "name", "spec"), PLACES)
def test_every_place_is_reached_by_entered_folders(path: str, top: str, name: str | None, spec: str) -> None:
    parts = (name or path.removeprefix(top + "/")).split("/")
    assert all(leads_on("/".join(parts[:depth])) for depth in range(1, len(parts)))


@pytest.mark.parametrize(
    "path",
    [
        "var/log/journal/" + "a/" * 60 + "messages",
        "var/log/journal/" + "a" * 5_000 + "/messages",
        "a/" * 500_000 + "var/log/messages",
        "var/log/journal/" + "/".join("ab" * 2_500_000),
    ],
)
def test_names_that_no_host_has_feed_nothing(path: str) -> None:
    assert classify(path) is None
    assert not leads_on(path + "/a")


def test_what_is_remembered_of_folders_is_bounded() -> None:
    for number in range(3 * FOLDERS):
        assert classify(f"{'x' * 4_000}/{number}/messages") is None
    assert all(cached.cache_info().currsize <= FOLDERS for cached in (sources._files, sources._live))
