"""The log is identical, to the byte, with vmcore-dmesg's and makedumpfile's, where they are installed."""
from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from nopage.vmcore.address import KernelMemory, VmcoreInfo
from nopage.vmcore.container import FileBytes, open_image
from nopage.vmcore.facts import CoreLimits
from nopage.vmcore.log import read_log


@pytest.fixture(scope="session")
def vmcore_dmesg() -> str:
    found = shutil.which("vmcore-dmesg", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        pytest.skip("vmcore-dmesg (package kexec-tools) is not installed: nothing to compare with")
    return found


@pytest.fixture(scope="session")
def makedumpfile() -> str:
    found = shutil.which("makedumpfile", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        pytest.skip("makedumpfile is not installed: nothing to compare with")
    return found


def text_of(path: str, *, joined: bool = False) -> bytes:
    """The log as the reader has it, in the peers' way: one record a line."""
    fd = os.open(path, os.O_RDONLY)
    try:
        image = open_image([FileBytes(fd)], CoreLimits())
        log = read_log(KernelMemory(image, VmcoreInfo(image.vmcoreinfo)), CoreLimits(), joined=joined)
    finally:
        os.close(fd)
    assert log is not None
    return "".join(f"{line}\n" for line in log.lines).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("machine", ["x86_64", "i386", "ppc64", "ppc", "aarch64", "s390x"])
@pytest.mark.parametrize("layout", ["log_buf", "struct log", "printk_log", "printk_ringbuffer"])
def test_vmcore_dmesg(cores, records, tmp_path, vmcore_dmesg, layout, machine):
    odd = [cores.Record(None, 7_000_000_000_000), cores.Record(b"\x01odd\xff\n two lines", 7_000_000_000_001),
           cores.Record("not yet", 7_000_000_000_002, state=0)]
    if layout != "printk_ringbuffer":
        odd = odd[1:2]
    if layout == "log_buf":
        odd = []
    path = tmp_path / "vmcore"
    path.write_bytes(cores.elf_core(cores.make_core(layout, [*records, *odd], machine=cores.MACHINES[machine])))
    peer = subprocess.run([vmcore_dmesg, str(path)], capture_output=True, check=True)
    # the peer leaves the last, unended line of a ring of characters as it is
    assert text_of(str(path)).rstrip(b"\n") == peer.stdout.rstrip(b"\n")


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["core510.mini", "core61.mini", "synth-vmcore.char", "synth-vmcore.log",
                                  "synth-vmcore.printk_log"])
def test_vmcore_dmesg_of_the_shared_cores(shared_core, vmcore_dmesg, name):
    path = shared_core(name)
    peer = subprocess.run([vmcore_dmesg, path], capture_output=True, check=True)
    assert text_of(path) == peer.stdout


@pytest.mark.parametrize("layout", ["log_buf", "struct log", "printk_log", "printk_ringbuffer"])
def test_makedumpfile_dump_dmesg(cores, records, tmp_path, makedumpfile, layout):
    """Where the time takes 15 columns it writes the later lines of a record under the text of the first one."""
    written = records if layout == "log_buf" else [*records, cores.Record("first\n second", 8_000_000_000)]
    path, out = tmp_path / "vmcore", tmp_path / "dmesg"
    path.write_bytes(cores.elf_core(cores.make_core(layout, written, page_tables=True)))
    subprocess.run([makedumpfile, "--dump-dmesg", str(path), str(out)], capture_output=True, check=True)
    assert text_of(str(path), joined=True) == re.sub(rb"(?m)^ {15}", b"", out.read_bytes())
