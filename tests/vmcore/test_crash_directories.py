"""What kdump and abrt leave."""
from __future__ import annotations

import os

import pytest

from nopage.vmcore import CoreError, is_crash_directory, read_crash_directory

TEXT = "[    1.000000] swapper: page allocation failure. order:1, mode:0x20\n[    1.000001] Call Trace:\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "127.0.0.1-2014-02-14-18:30"
    place.mkdir()
    return place


@pytest.fixture
def core_bytes(cores, records):
    return cores.elf_core(cores.make_core("printk_ringbuffer", records[:50]))


def test_text_beside_a_core_that_cannot_be_read(folder):
    (folder / "vmcore").write_bytes(b"KDUMP   " + bytes(100))
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    facts = read_crash_directory(str(folder))
    assert facts.log_layout == "text"
    assert list(facts.windows[0].lines) == TEXT.splitlines()
    assert facts.windows[0].file == "vmcore-dmesg.txt"
    assert any("cut or damaged" in text for text in facts.warnings)


def test_text_beside_a_core_that_names_no_log(folder, cores):
    core = cores.make_core("none", [cores.Record("swapper: page allocation failure. order:1, mode:0x20")])
    (folder / "vmcore").write_bytes(cores.elf_core(core))
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    facts = read_crash_directory(str(folder))
    assert (facts.log_layout, facts.release) == ("text", "2.6.18-419.el5.x86_64")
    assert not any(text.startswith("the kernel log") for text in facts.missing)


def test_core_goes_before_the_text(folder, core_bytes):
    (folder / "vmcore").write_bytes(core_bytes)
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    (folder / "kexec-dmesg.log").write_text("[    0.000000] Linux version 5.14.0 (the second kernel)\n")
    assert read_crash_directory(str(folder)).log_layout == "printk_ringbuffer"


def test_abrt_directory(folder):
    for name, text in {"dmesg": TEXT, "backtrace": "BUG: x\n", "kernel": "2.6.32-358.el6.x86_64\n",
                       "architecture": "x86_64\n", "hostname": "web01.example\n"}.items():
        (folder / name).write_text(text)
    facts = read_crash_directory(str(folder))
    assert (facts.release, facts.arch, facts.hostname) == ("2.6.32-358.el6.x86_64", "x86_64", "web01.example")
    assert list(facts.windows[0].lines) == TEXT.splitlines()
    assert facts.missing == ("the core: there is none that can be read",)


@pytest.mark.parametrize("names", [[], ["notes.txt"], ["vmcore"]])
def test_nothing_to_read(folder, names):
    for name in names:
        (folder / name).write_text("hello\n")
    assert not is_crash_directory(str(folder))
    with pytest.raises(CoreError, match="holds neither a core nor a log of one"):
        read_crash_directory(str(folder))


@pytest.mark.parametrize("name", ["vmcore-dmesg.txt", "hostname", "kernel", "vmcore", "dmesg"])
def test_no_link_is_followed(folder, tmp_path, name):
    secret = tmp_path / "shadow"
    secret.write_text("root:secret-of-this-host:\n")
    (folder / name).symlink_to(secret)
    if name == "vmcore-dmesg.txt":
        with pytest.raises(CoreError, match="holds neither a core nor a log"):
            read_crash_directory(str(folder))
        return
    (folder / "vmcore-dmesg.txt").write_text(TEXT)
    facts = read_crash_directory(str(folder))
    assert "secret" not in repr(facts)
    assert facts.hostname is None


@pytest.mark.parametrize("name", ["vmcore-dmesg.txt", "hostname", "vmcore", "dmesg"])
def test_no_fifo_is_opened(folder, name):
    if name != "vmcore-dmesg.txt":
        (folder / "vmcore-dmesg.txt").write_text(TEXT)
    os.mkfifo(folder / name)
    if name == "vmcore-dmesg.txt":
        with pytest.raises(CoreError):
            read_crash_directory(str(folder))
    else:
        assert read_crash_directory(str(folder)).windows[0].lines[0] == TEXT.splitlines()[0]
