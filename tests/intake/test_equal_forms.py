"""The same tree as an archive and as a directory gives the same JSON, however it was changed."""
from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nopage.engine.run import diagnose

WORDS = (b"\n", b"\0", b"\xff\xfe", b"page allocation failure", b"9" * 30, b":", b" ", b"\x1b[2J", b"kB")
MORE = (
    "var/log/messages-x", "sos_commands/memory/free", "sos_commands/networking/ethtool_-S_e\u202e1", "extra.tar.gz",
    "proc/sys/vm/swappiness", "var/crash/x/vmcore-dmesg.txt", "sos_logs/sos.log", "sos_commands/kernel/dmesg_-T",
)
TREES = 50


def edited(data: bytes, dice: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(dice.choice((1, 2, 5))):
        if not out:
            break
        at, to = sorted((dice.randrange(len(out)), dice.randrange(len(out) + 1)))
        match dice.randrange(5):
            case 0:
                out[at] ^= 1 << dice.randrange(8)
            case 1:
                del out[at:to]
            case 2:
                out[at:at] = dice.choice(WORDS)
            case 3:
                del out[to:]
            case _:
                out[at:at] = out[at:to]
        del out[1 << 20 :]
    return bytes(out)


def changed(files: dict[str, bytes], dice: random.Random) -> dict[str, str]:
    """Change some of the files; the links that stand in place of others, with their targets."""
    links: dict[str, str] = {}
    names = sorted(files)
    for _ in range(dice.choice((1, 2, 4, 8))):
        name = dice.choice(names)
        if name not in files:
            continue
        match dice.randrange(9):
            case 0:
                del files[name]
            case 1:
                files[name] = edited(files[name], dice)
            case 2:
                links[name] = dice.choice([*names, "../../etc/passwd", "/etc/passwd", "nowhere"])
                del files[name]
            case 3:
                files[name + dice.choice((".1", ".old", "-20240101", "\udcff", " x", "\n", ".gz"))] = files[name]
            case 4:
                files[name] = b""
            case 5:
                files[name + ".gz"] = gzip.compress(files.pop(name), mtime=0)
            case 6:
                files[dice.choice(MORE)] = files[dice.choice(sorted(files))]
            case 7:
                files[name] *= dice.choice((2, 50))
            case _:
                files[name] = dice.randbytes(500)
    return {name: target for name, target in links.items() if name not in files}


def in_tar(files: dict[str, bytes], links: dict[str, str], dice: random.Random, path: Path) -> None:
    with tarfile.open(path, dice.choice(("w", "w:gz", "w:xz", "w:bz2")), format=tarfile.GNU_FORMAT) as tar:
        members = [*files, *links]
        dice.shuffle(members)
        for name in members:
            info = tarfile.TarInfo(f"sosreport-x/{name}")
            if name in files:
                info.size = len(files[name])
                tar.addfile(info, io.BytesIO(files[name]))
            else:
                info.type, info.linkname = tarfile.SYMTYPE, links[name]
                tar.addfile(info)


def in_folder(files: dict[str, bytes], links: dict[str, str], top: Path) -> None:
    for name in [*files, *links]:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in files:
            path.write_bytes(files[name])
        else:
            os.symlink(links[name], path)


def told(path: Path) -> list[Any]:
    """The results as JSON, but for the source's own name."""
    results = [msgspec.to_builtins(result) for result in diagnose(str(path))]
    for result in results:
        del result["source"]["path"], result["source"]["kind"]
    return results


@pytest.mark.parametrize("seed", range(TREES))
def test_a_changed_tree(seed: int, samples: Path, tmp_path: Path) -> None:
    dice = random.Random(seed)
    host = dice.choice(sorted(samples.glob("*/*/sosreport")))
    files = {str(path.relative_to(host)): path.read_bytes() for path in sorted(host.rglob("*")) if path.is_file()}
    links = changed(files, dice)
    in_tar(files, links, dice, tmp_path / "a.tar")
    in_folder(files, links, tmp_path / "sosreport-x")
    assert told(tmp_path / "a.tar") == told(tmp_path / "sosreport-x")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_any_method(method: int, samples: Path, tmp_path: Path) -> None:
    host = samples / "atomic_allocation_failure" / "rhel9" / "sosreport"
    files = {str(path.relative_to(host)): path.read_bytes() for path in sorted(host.rglob("*")) if path.is_file()}
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as packed:
        for name, data in files.items():
            packed.writestr(f"sosreport-x/{name}", data)
    in_folder(files, {}, tmp_path / "sosreport-x")
    assert told(tmp_path / "a.zip") == told(tmp_path / "sosreport-x")


SOS = "atomic_allocation_failure/rhel9/sosreport"
FORMATS = [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT]


def packed(folder: Path, path: Path, format: int = tarfile.GNU_FORMAT) -> Path:
    """What stands in a folder as an archive, hard links as such."""
    with tarfile.open(path, "w:gz", format=format) as tar:
        for entry in sorted(folder.iterdir()):
            tar.add(entry, entry.name)
    return path


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("name", "link"), [
    ("proc/buddyinfo", "sos_commands/memory/buddyinfo"), ("uname", "sos_commands/kernel/uname_-a"),
    ("var/log/messages", "var/log/messages-20240101"), ("sos_commands/kernel/dmesg", "var/log/dmesg"),
    ("proc/zoneinfo", "proc/meminfo"),
])  # fmt: skip
def test_a_hard_link_is_the_file_itself(name: str, link: str, format: int, samples: Path, tmp_path: Path) -> None:
    top = tmp_path / "unpacked" / "sosreport-x"
    shutil.copytree(samples / SOS, top)
    (top / link).parent.mkdir(parents=True, exist_ok=True)
    (top / link).unlink(missing_ok=True)
    (top / link).hardlink_to(top / name)
    assert told(packed(tmp_path / "unpacked", tmp_path / "a.tgz", format)) == told(top)


def test_a_hard_link_to_what_was_passed_over_is_told(samples: Path, tmp_path: Path) -> None:
    top = tmp_path / "unpacked" / "sosreport-x"
    shutil.copytree(samples / SOS, top)
    (top / "a_first_name").hardlink_to(top / "proc/buddyinfo")
    (result,) = told(packed(tmp_path / "unpacked", tmp_path / "a.tgz"))
    (skipped,) = (one for one in result["source"]["coverage"]["skipped"] if "hard link" in one)
    assert skipped.startswith("proc/buddyinfo: a hard link to sosreport-x/a_first_name, which was not read")


@pytest.mark.parametrize("inner", ["sosreport-other", "other", "sos_extra/sosreport-web"])
def test_a_host_within_another_hosts_folder(inner: str, samples: Path, tmp_path: Path) -> None:
    top = tmp_path / "unpacked"
    shutil.copytree(samples / SOS, top)
    shutil.copytree(samples / "atomic_allocation_failure" / "rhel7" / "sosreport", top / inner)
    as_archive, as_folder = told(packed(top, tmp_path / "a.tgz")), told(top)
    assert as_archive == as_folder
    assert len(as_folder) == 2
