"""Commands to type as root, built only of checked parts: what comes from a host must not run on another."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nopage.diagnosis.cause import NicFacts
from nopage.kernel.release import Release

# The kernel allows more (net/core/dev.c: dev_valid_name()): a name that a shell, a path or an option parser could take
# for something else gets no command.
INTERFACE = re.compile(r"(?![-.])[A-Za-z0-9_.:-]{1,15}")
SYSCTL = re.compile(r"vm\.[a-z0-9_]{1,64}")
NUMBERS = re.compile(r"[0-9]{1,20}(?: [0-9]{1,20}){0,15}")
# up2date of RHEL 4 leaves kernels out unless it is forced; there is no newer rule to get there anyway.
UPDATES: Mapping[str, str] = {
    "el5": "yum update kernel", "el6": "yum update kernel", "el7": "yum update kernel",
    "el8": "dnf update kernel", "el9": "dnf update kernel", "el10": "dnf update kernel",
}
OTHER_PACKAGE = re.compile(r"\+|\.rt|xen|PAE|debug|\.kdump|hugemem")  # kernel-rt, kernel-64k, kernel-PAE ...
COMPACT_NOW = "echo 1 > /proc/sys/vm/compact_memory"
BETWEEN = "; "


def is_interface(name: str) -> bool:
    """Whether the name can stand in a command."""
    return INTERFACE.fullmatch(name) is not None


def sysctl_command(name: str, value: int | str | None) -> str:
    """`sysctl -w vm.x=1`, several numbers in quotes; "" where there is no value or it is none of numbers."""
    text = str(value)
    if value is None or SYSCTL.fullmatch(name) is None or NUMBERS.fullmatch(text) is None:
        return ""
    return f'sysctl -w {name}="{text}"' if isinstance(value, str) else f"sysctl -w {name}={text}"


def update_command(release: Release | None) -> str:
    """Gets the newest kernel of this release; "" for kernels that are no package of Red Hat's by the name `kernel`."""
    if release is None or not release.exact or OTHER_PACKAGE.search(release.text):
        return ""
    return UPDATES.get(release.generation or "", "")


def mtu_command(interface: str, mtu_bytes: int | None) -> str:
    """Sets the MTU; "" where it is not known or the name is none for a shell."""
    if mtu_bytes is None or mtu_bytes <= 0 or not is_interface(interface):
        return ""
    return " ".join(("ip", "link", "set", "dev", interface, "mtu", str(mtu_bytes)))


def mode_command(interface: str, mode: str) -> str:
    """Sets IP over InfiniBand's mode, "datagram" or "connected"."""
    return " ".join(("echo", mode, ">", f"/sys/class/net/{interface}/mode")) if is_interface(interface) else ""


def offload_command(interface: str, offloads: Mapping[str, bool]) -> str:
    """`ethtool -K eth0 lro off`; "" where none is to change or the name is none for a shell."""
    if not offloads or not is_interface(interface):
        return ""
    return f"ethtool -K {interface} " + " ".join(f"{name} {'on' if on else 'off'}" for name, on in offloads.items())


def ring_command(interface: str, descriptors: str) -> str:
    """Sets the receive ring's size."""
    return " ".join(("ethtool", "-G", interface, "rx", descriptors)) if is_interface(interface) else ""


def all_or_nothing(commands: Iterable[str]) -> str:
    """The commands in one line; "" where one of them could not be built."""
    found = tuple(commands)
    return BETWEEN.join(found) if all(found) else ""


def mtu_commands(nics: Iterable[NicFacts], mtu_bytes: int) -> tuple[str, str]:
    """Lowers the MTU of those that have a larger one, and the way back ("" where a present one is not known)."""
    larger = [nic for nic in nics if nic.mtu is None or nic.mtu > mtu_bytes]
    return (all_or_nothing(mtu_command(nic.name, mtu_bytes) for nic in larger),
            all_or_nothing(mtu_command(nic.name, nic.mtu) for nic in larger))


def offload_commands(nics: Iterable[NicFacts], names: Iterable[str]) -> tuple[str, str]:
    """Turns the offloads off, and the way back for those that were on ("" where that is not known)."""
    wanted, every = tuple(names), tuple(nics)
    off = all_or_nothing(offload_command(nic.name, dict.fromkeys(wanted, False)) for nic in every)
    was_on = [{name: True for name in wanted if nic.offloads.get(name)} for nic in every]
    known = all(name in nic.offloads for nic in every for name in wanted)
    back = [offload_command(nic.name, on) for nic, on in zip(every, was_on, strict=True) if on]
    return off, all_or_nothing(back) if known else ""
