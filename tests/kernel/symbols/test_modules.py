"""What modules drive, and which are the kernel's own on which release."""
from __future__ import annotations

import subprocess
import sys

import pytest

from nopage.kernel.symbols import in_tree_network, in_tree_storage
from nopage.kernel.symbols.drivers import SYMBOL_PREFIXES, THIRD_PARTY_MODULES
from nopage.kernel.symbols.modules import drives_neither, is_in_tree, is_third_party, kind_of_module, plain


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        ("3w_9xxx", "storage"), ("3w-9xxx", "storage"), ("8139too", "network"), ("8021q", "network"), ("9pnet",
        "network"),
        ("9p", "storage"), ("8390", "network"), ("xen-blkfront", "storage"), ("xen_netfront", "network"),
        ("amd-xgbe", "network"), ("amd_xgbe", "network"), ("asix", "network"), ("usbnet", "network"), ("mlx5_ib",
        "network"),
        ("ib_ipoib", "network"), ("ib_isert", "storage"), ("ib_srp", "storage"), ("mmfs26", "storage"),
        ("mmfslinux", "storage"), ("tracedev", "storage"), ("spl", "storage"), ("zfs", "storage"), ("rte_kni",
        "network"),
        ("sunrpc", "storage"), ("libceph", "storage"), ("virtio_blk", "storage"), ("scsi_mod", "storage"),
        ("vmxnet3", "network"), ("sk98lin", "network"), ("nvidia", ""), ("mfe_aac_1007193773", ""), ("snd_hda_intel",
        ""),
        ("", ""), (None, ""), ("dm_writefoo", "storage"), ("nvmet_foo", "storage"), ("dmpfoo", ""), ("kvdo", "storage"),
        ("xen_vnif", "network"), ("xen_vbd", "storage"), ("vmxnet", "network"), ("bcm5700", "network"),
        ("hcpdriver", "storage"), ("genet", "network"),
    ],
)
def test_kinds(module: str | None, kind: str) -> None:
    assert kind_of_module(module) == kind


@pytest.mark.parametrize(
    ("module", "generation", "own"),
    [
        ("asix", "el6", True), ("asix", None, True), ("ice", "el6", False), ("ice", "el8", True), ("sk98lin", "el4",
        True),
        ("nvme", "el6", True), ("nvme", "el5", False), ("mlx5_core", "el5", False), ("xen-blkfront", "el9", True),
        ("snd_hda_intel", "el7", True), ("ipmi_si", "el7", True), ("blobfoo", "el7", False), ("whatever", None, False),
    ],
)
def test_own_modules_by_release(module: str, generation: str | None, own: bool) -> None:
    assert is_in_tree(module, generation) is own


@pytest.mark.parametrize("module", ["mfe_aac_1007193773", "mfe_fileaccess_2019", "falcon_lsm_pinned_15703", "rte_kni",
"zfs",
                                    "symev_custom_3_10_x86_64", "emcpgpx", "tracedev", "symap_custom_2_6_32_x86_64",
                                    "vmxnet", "bcm5700", "vtsspp", "sep4_1", "novfs", "hcpdriver"])
def test_modules_from_elsewhere(module: str) -> None:
    assert is_third_party(module)
    assert not is_third_party("ixgbe")


@pytest.mark.parametrize(
    ("module", "neither"),
    [
        ("amdgpu", True), ("cdc_acm", True), ("serial_core", True), ("snd-hda-intel", True), ("nvidia", True),
        ("mfe_aac_1", True), ("usbnet", False), ("hv_netvsc", False), ("virtio_blk", False), ("zfs", False),
        ("blobfoo", False),
    ],
)
def test_modules_that_drive_neither(module: str, neither: bool) -> None:
    assert drives_neither(module) is neither


def test_the_lists_are_whole() -> None:
    """Each release has its hundreds, one module one kind, and what is known as foreign is in no tree but one."""
    for rows, least in ((in_tree_network.ROWS, 400), (in_tree_storage.ROWS, 200)):
        for release in range(4, 11):
            names = [name for releases, text in rows if str(release) in releases.split() for name in text.split()]
            assert len(names) == len(set(names)) >= least, release
            assert all(plain(name) == name for name in names)
    network = {name for _, text in in_tree_network.ROWS for name in text.split()}
    storage = {name for _, text in in_tree_storage.ROWS for name in text.split()}
    assert network.isdisjoint(storage)
    assert THIRD_PARTY_MODULES & (network | storage) <= {"vboxsf"}  # 5.6 on; Red Hat builds none
    assert all(driver == plain(driver) for driver in SYMBOL_PREFIXES.values())


def test_the_lists_are_read_when_first_needed() -> None:
    code = "import sys, nopage.kernel.symbols; print(any('in_tree' in name for name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
