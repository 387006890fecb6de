"""What a remedy tells to type: exact, undone by its way back, and safe whatever a host calls its interfaces."""
from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nopage.diagnosis.cause.drops import HostNetwork, NicFacts
from nopage.diagnosis.remedy.commands import (
    is_interface,
    mode_command,
    mtu_command,
    mtu_commands,
    offload_command,
    offload_commands,
    ring_command,
    sysctl_command,
)
from nopage.diagnosis.remedy.situation import Situation
from nopage.diagnosis.remedy.step import Step, paragraph, way_back
from nopage.kernel.message import NOTHING, say

NIC = NicFacts("eth4", driver="ixgbe", speed_mbps=10000, mtu=9000, rx_ring=512, queues=8, offloads={"lro": True})
RX = "<IRQ> __alloc_pages_nodemask; __alloc_skb; ixgbe_alloc_rx_buffers [ixgbe]; ixgbe_poll [ixgbe]; net_rx_action"
CONNECTED = "__alloc_pages; __kmalloc; ipoib_cm_alloc_rx_skb [ib_ipoib]; net_rx_action"
Plan = Callable[[Situation], tuple[Step, ...]]
COPY = "__alloc_pages; __kmalloc; skb_copy; tg3_start_xmit [tg3]"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("eth0", True), ("enp3s0f1.100", True), ("bond0:1", True), ("ib_0", True), ("br-ex", True),
        ("", False), ("-h", False), (".", False), ("..", False), ("../mode", False), ("eth0;id", False),
        ("$(id)", False), ("eth0 mtu", False), ("eth0\n", False), ("a" * 16, False), ("ethé", False),
    ],
)
def test_names_that_a_shell_takes_for_what_they_are(name: str, safe: bool) -> None:
    assert is_interface(name) is safe
    for command in (mtu_command(name, 1500), mode_command(name, "datagram"), ring_command(name, "N"),
                    offload_command(name, {"lro": False})):
        assert bool(command) is safe


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_name_adds_a_word_to_a_command(name: str) -> None:
    command = mtu_command(name, 1500)
    assert command == "" or shlex.split(command) == ["ip", "link", "set", "dev", name, "mtu", "1500"]


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("vm.min_free_kbytes", 180224, "sysctl -w vm.min_free_kbytes=180224"),
        ("vm.lowmem_reserve_ratio", "256 16 32", 'sysctl -w vm.lowmem_reserve_ratio="256 16 32"'),
        ("vm.min_free_kbytes", None, ""),
        ("vm.min_free_kbytes", -5, ""),
        ("vm.lowmem_reserve_ratio", "256 $(id)", ""),
        ("vm.x; id", 1, ""),
    ],
)
def test_sysctl(name: str, value: int | str | None, command: str) -> None:
    assert sysctl_command(name, value) == command
    assert (way_back(name, value).id == "remedy.way_back.now") is bool(command)
    assert way_back(name, value).named.get("command", "") == command


def test_a_way_back_only_where_it_is_known() -> None:
    unknown = replace(NIC, name="eth5", mtu=None, offloads={})
    both = "ip link set dev eth4 mtu 1500; ip link set dev eth5 mtu 1500"
    assert mtu_commands((NIC,), 1500) == ("ip link set dev eth4 mtu 1500", "ip link set dev eth4 mtu 9000")
    assert mtu_commands((NIC, unknown), 1500) == (both, "")
    assert mtu_commands((replace(NIC, mtu=1500),), 1500) == ("", "")
    assert offload_commands((NIC,), ("lro",)) == ("ethtool -K eth4 lro off", "ethtool -K eth4 lro on")
    assert offload_commands((unknown,), ("lro",)) == ("ethtool -K eth5 lro off", "")
    off = replace(NIC, offloads={"lro": False, "tso": True})
    assert offload_commands((off,), ("tso", "lro")) == ("ethtool -K eth4 tso off lro off", "ethtool -K eth4 tso on")


def lower(found: tuple[Step, ...]) -> Step:
    return next(step for step in found if step.action == "lower_order")


@pytest.mark.parametrize(
    ("trace", "order", "nics", "command", "back"),
    [
        (RX, 2, (NIC,), "ip link set dev eth4 mtu 1500", "ip link set dev eth4 mtu 9000"),
        (RX, 2, (replace(NIC, mtu=1500),), "ethtool -K eth4 lro off", "ethtool -K eth4 lro on"),
        (RX, 2, (replace(NIC, name="a b"),), "", ""),
        # none is known to be the driver's: which of the two to change is a guess
        (RX, 2, (replace(NIC, driver="tg3"), replace(NIC, name="eth5", driver="bnx2")), "", ""),
        (RX, 2, (), "", ""),
        (CONNECTED, 3, (NicFacts("ib0", driver="ib_ipoib", mtu=65520),),
         "echo datagram > /sys/class/net/ib0/mode; ip link set dev ib0 mtu 2044",
         "echo connected > /sys/class/net/ib0/mode; ip link set dev ib0 mtu 65520"),
        (COPY, 3, (NicFacts("p1", driver="tg3", offloads={"tso": True, "gso": True, "lro": False}),),
         "ethtool -K p1 tso off", "ethtool -K p1 tso on"),
    ],
)
def test_smaller_pieces(
    situation: Callable[..., Situation], steps: Plan, trace: str, order: int, nics: tuple[NicFacts, ...], command: str,
    back: str,
) -> None:
    one = lower(steps(situation(order=order, free=90000, blocks="90000", trace=trace,
                                network=HostNetwork(nics=nics))))
    assert ("; ".join(one.commands), "; ".join(one.way_back)) == (command, back)
    assert "a b mtu" not in str(one.reason)


def test_settings_and_compaction(situation: Callable[..., Situation], steps: Plan) -> None:
    found = {one.action: one for one in steps(situation(order=2, free=50000, blocks="50000"))}
    reserve = found["raise_min_free_kbytes"]
    assert reserve.commands == (f"sysctl -w vm.min_free_kbytes={reserve.value}",)
    assert reserve.way_back == ("sysctl -w vm.min_free_kbytes=67584",)
    assert reserve.way_back_words.named["command"] == reserve.way_back[0]
    assert found["compact_memory"].commands == ("echo 1 > /proc/sys/vm/compact_memory",)
    assert found["compact_memory"].way_back == ()


def test_paragraphs() -> None:
    first, second = say("a.first", "One."), say("a.second", "{n} more.", n=2)
    assert paragraph(NOTHING, NOTHING) == NOTHING
    assert paragraph(first, NOTHING) == first
    both = paragraph(first, NOTHING, second)
    assert str(both) == "One. 2 more."
    assert paragraph(both, first) == both  # taken apart, each once
