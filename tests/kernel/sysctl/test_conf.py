"""Files of settings to lines."""
from __future__ import annotations

import pytest

from nopage.kernel.sysctl import assignments, profile

FILE = "etc/sysctl.conf"


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ("vm.min_free_kbytes=90112", ("vm.min_free_kbytes", "90112")),
        ("  vm/min_free_kbytes  =  90112  ", ("vm.min_free_kbytes", "90112")),
        ("-vm.swappiness = 1", ("vm.swappiness", "1")),
        ("net/ipv4/conf/eth0.5/rp_filter=0", ("net.ipv4.conf.eth0/5.rp_filter", "0")),
        ("net.ipv4.conf.eth0/5.rp_filter=0", ("net.ipv4.conf.eth0/5.rp_filter", "0")),
        ("net.ipv4.tcp_rmem = 4096 87380 16777216", ("net.ipv4.tcp_rmem", "4096 87380 16777216")),
        ("# vm.swappiness = 1", None),
        ("; vm.swappiness = 1", None),
        ("vm.swappiness", None),
        ("vm swappiness = 1", None),
        ("", None),
    ],
)
def test_a_line(line: str, setting: tuple[str, str] | None) -> None:
    found = assignments(FILE, f"\n{line}\n")
    assert [(one.setting, one.value, one.file, one.line) for one in found] == ([(*setting, FILE, 2)] if setting else [])


def test_a_profile_of_tuned() -> None:
    text = (
        "[main]\nsummary=x\ninclude = throughput-performance, local\n[vm]\ntransparent_hugepages=never\n"
        "[sysctl]\nvm.min_free_kbytes=>135168\n# vm.swappiness=9\n[more]\ntype=sysctl\nvm.swappiness=1\n"
        "[disk]\nreadahead=4096\n"
    )
    found = profile("db", "etc/tuned/db/tuned.conf", text)
    assert found.includes == ("throughput-performance", "local")
    assert [(one.setting, one.value, one.line) for one in found.settings] == [
        ("vm.min_free_kbytes", ">135168", 7),
        ("vm.swappiness", "1", 11),
    ]
