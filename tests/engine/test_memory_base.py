"""Hosts whose memory is not what MemTotal says, from their files to findings and ladders."""
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from nopage.cli.main import main
from nopage.engine.ladders import HostLadder, memory_of
from nopage.engine.run import diagnose
from nopage.kernel.facts import Zone
from nopage.kernel.release import parse_release
from nopage.kernel.watermarks import watermarks

TOO_LOW, TOO_HIGH = "MIN_FREE_KBYTES_TOO_LOW", "MIN_FREE_KBYTES_TOO_HIGH"
EL4 = "2.6.9-89.29.1.ELsmp"
EL6, EL7, EL8 = "2.6.32-754.el6.x86_64", "3.10.0-1160.el7.x86_64", "4.18.0-553.66.1.el8_10.x86_64"
EL6_32, PPC8 = "2.6.32-754.el6.i686", "4.18.0-553.66.1.el8_10.ppc64le"
ARM9 = "5.14.0-427.42.1.el9_4.aarch64+64k"
# name, pages of each zone
GB16 = (("DMA", 3840), ("DMA32", 700000), ("Normal", 3400000))
LOW32 = (("DMA", 3970), ("Normal", 221310), ("HighMem", 3900000))


def host(
    top: Path, release: str, zones: Sequence[tuple[str, int]], min_free: int, *, total_kb: int | None = None,
    page_kb: int = 4, thp: str | None = None, huge: int = 0, boost: int = 0, managed: bool = True, files: str = "",
) -> str:
    """A directory as sosreport makes it: zones of these sizes with the marks of `min_free`, half of each free."""
    root = top / "sosreport-host9"
    sizes = [Zone(name, 0, page_kb=page_kb, managed_pages=size) for name, size in zones]
    marks = watermarks(parse_release(release), sizes, min_free_kbytes=min_free) if zones else ()
    blocks, text = [], []
    for (name, size), mark in zip(zones, marks, strict=True):
        on_top = boost if name == "Normal" else 0
        text += [f"Node 0, zone {name:>8}", f"  pages free     {size // 2}",
                 f"        min      {mark.min_pages + on_top}",
                 f"        low      {mark.low_pages + on_top}", f"        high     {mark.high_pages + on_top}",
                 f"        present  {size}", *([f"        managed  {size}"] if managed else []),
                 "        protection: (0, 0, 0, 0)"]
        blocks.append(f"Node 0, zone {name:>8} " + " ".join(str(max(size >> order + 5, 1)) for order in range(11)))
    total = total_kb if total_kb is not None else sum(size for _, size in zones) * page_kb
    written = {
        "sos_commands/kernel/uname_-a": f"Linux host9 {release} #1 SMP {release.rpartition('.')[2]}\n",
        "sos_commands/kernel/sysctl_-a": f"vm.min_free_kbytes = {min_free}\n",
        "hostname": "host9\n",
        "proc/meminfo": f"MemTotal: {total} kB\nMemFree: {total // 2} kB\nHugePages_Total: {huge}\n"
                        "Hugepagesize: 2048 kB\n",
        **({"proc/zoneinfo": "\n".join(text) + "\n", "proc/buddyinfo": "\n".join(blocks) + "\n"} if zones else {}),
        **({"sys/kernel/mm/transparent_hugepage/enabled": thp} if thp else {}),
        **({"var/log/messages": files} if files else {}),
    }
    for name, content in written.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return str(root)


def findings(path: str) -> dict[str, str]:
    """Summaries of the findings about the setting."""
    (result,) = diagnose(path)
    assert result.source.warnings == ()
    return {one.key: one.summary for one in result.findings if one.key in (TOO_LOW, TOO_HIGH)}


def one_ladder(path: str, **asked: int) -> HostLadder:
    (found,) = memory_of(path, asked)
    return found


@pytest.mark.parametrize(("release", "zones", "min_free", "more", "key", "said"), [
    # hugepages
    (EL8, GB16, 500000, {"huge": 5000}, TOO_HIGH, "8.1 % of the 6175360 kB that static hugepages leave"),
    (EL8, GB16, 500000, {}, None, ""),
    # lowmem
    (EL6_32, LOW32, 100000, {"managed": False}, TOO_HIGH, "11.1 % of the 901120 kB of lowmem"),
    (EL4 + ".i686", (), 60000, {"total_kb": 4000000}, TOO_HIGH, "of the 917504 kB of lowmem"),
    # a container's meminfo; a value just below 5 % of the zones, above 5 % of a slightly smaller MemTotal
    (EL8, GB16, 67584, {"total_kb": 1048576, "thp": "[always] madvise never\n"}, None, ""),
    (EL7, GB16, 820700, {"total_kb": 16400000}, None, ""),
    # the kernel's own default, whatever its share
    (EL7, (("DMA", 3840), ("DMA32", 4352)), 724, {"thp": "always madvise [never]\n"}, None, ""),
    (EL7, (("DMA", 3840), ("DMA32", 258304)), 45056, {"thp": "[always] madvise never\n"}, None, ""),
    (EL7, (("DMA", 3840), ("DMA32", 160000)), 32500, {"thp": "[always] madvise never\n"}, None, ""),
    (ARM9, (("DMA", 48000), ("Normal", 207000)), 813000, {"page_kb": 64, "thp": "[always] madvise never\n"}, None, ""),
    # too low by the page size that is really there
    (PPC8, (("Normal", 2000000),), 20000, {"page_kb": 64}, TOO_LOW, "own default for this host, 45254 kB"),
    # the raise for huge pages
    (EL8, GB16, 40000, {"thp": "[always] madvise never\n"}, TOO_LOW, "while transparent huge pages are on, 67584 kB"),
    (EL8, GB16, 40000, {"thp": "always madvise [never]\n"}, None, ""),
    (EL8, GB16, 40000, {}, None, ""),
    (EL6, (("DMA", 3840), ("DMA32", 60000)), 1000, {"managed": False, "thp": "[always] never\n"}, TOO_LOW, "2021 kB"),
    # RHEL 4 without zoneinfo
    (EL4 + ".x86_64", (), 1000, {"total_kb": 4000000}, TOO_LOW, "own default for this host, 7983 kB"),
    (EL4 + ".x86_64", (), 7983, {"total_kb": 4000000}, None, ""),
])
def test_too_low_and_too_high(
    tmp_path: Path, release: str, zones: Sequence[tuple[str, int]], min_free: int, more: dict[str, object],
    key: str | None, said: str,
) -> None:
    found = findings(host(tmp_path, release, zones, min_free, **more))  # type: ignore[arg-type]
    assert list(found) == ([key] if key else [])
    assert said in found.get(key or "", "")


def test_a_containers_meminfo_is_said(tmp_path: Path) -> None:
    path = host(tmp_path, EL8, GB16, 67584, total_kb=1 << 20)
    (result,) = diagnose(path)
    assert result.memory is not None
    assert result.memory.contradiction is not None
    assert "probably a container's" in result.memory.contradiction
    assert result.memory.contradiction in result.verdict
    assert [note.id for note in one_ladder(path).notes] == ["base.meminfo_of_container"]


def test_pages_of_64_kb(tmp_path: Path) -> None:
    shown = one_ladder(host(tmp_path, PPC8, (("Normal", 2000000),), 200000, page_kb=64)).ladder
    assert shown is not None
    (row,) = shown.rows
    assert (row.page_kb, row.size_pages, row.now.min_pages) == (64, 2000000, 3125)


def test_the_failures_own_state_is_a_table_of_its_own(tmp_path: Path) -> None:
    log = "".join(
        f"Mar  3 04:05:06 host9 kernel: {line}\n" for line in (
            "swapper/1: page allocation failure: order:0, mode:0x20",
            "CPU: 1 PID: 0 Comm: swapper/1 Not tainted 3.10.0-1160.el7.x86_64 #1",
            "Call Trace:",
            " <IRQ>  [<ffffffff81234567>] warn_alloc_failed+0x110/0x180",
            " [<ffffffff81234999>] __alloc_pages_nodemask+0x9df/0xbe0",
            "Mem-Info:",
            "active_anon:1 inactive_anon:1 isolated_anon:0",
            " free:410 slab_reclaimable:5 slab_unreclaimable:5",
            "Node 0 Normal free:1640kB min:55960kB low:69948kB high:83940kB present:13600000kB managed:13600000kB",
            "lowmem_reserve[]: 0 0 0 0",
            "Node 0 Normal: 410*4kB (U) 0*8kB 0*16kB = 1640kB",
            "0 pages in swap cache",
        )
    )
    found = one_ladder(host(tmp_path, EL7, GB16, 67584, files=log), min_free_kbytes=135168)
    assert [(table.at_failure, str(table.title)[:18]) for table in found.tables] == [
        (False, "When the host was "), (True, "At the failure of ")]
    (row,) = found.tables[1].ladder.rows
    assert (row.free_pages, row.now.min_pages) == (410, 13990)
    assert row.then is not None
    assert row.then.min_pages == 27996  # of all zones, though the report shows one


def test_the_command_as_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = host(tmp_path, EL8, GB16, 67584, boost=5000, total_kb=1 << 20)
    assert main(["watermarks", path, "--min-free-kbytes", "135168"]) == 0
    out = capsys.readouterr().out
    assert "a watermark boost of 20000 kB stands on top of min, low and high for now; the kernel does not" in out
    assert "//" in out
    assert " x high" in out
    assert "Note: /proc/meminfo says MemTotal 1048576 kB" in out
    assert main(["watermarks", path, "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["schema", "watermarks"]) == 0
    jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out)).validate(printed)
    (told,) = printed["hosts"]
    assert (told["host"], told["kernel"], told["settings"]["min_free_kbytes"]) == ("host9", EL8, 67584)
    normal = told["states"][0]["zones"][2]
    assert (normal["boost_pages"], normal["boost_told"], normal["now"]["min_pages"], normal["then"]) == (
        5000, False, 13998, None)


ZONEINFO = """
Node 0, zone      DMA
  pages free     3000
        min      60
        low      75
        high     90
        managed  3840
        protection: (0, 0, 0, 0)
Node 0, zone   Normal
  pages free     9000
        min      8000
        low      10000
        high     12000
        managed  500000
        protection: (0, 0, 0, 0)
"""
BUDDYINFO = """Node 0, zone      DMA      4      2      0      1      0      1      1      0      1      1      3
Node 0, zone   Normal    900    400     20      0      2      1      1      0      1      1      3
"""


@pytest.mark.parametrize(("text", "high", "free", "lists"), [
    (ZONEINFO, (90, 12000), (3000, 9000), (0, 0)),
    (BUDDYINFO, (None, None), (3952, 5748), (11, 11)),
    (ZONEINFO + BUDDYINFO, (90, 12000), (3000, 9000), (11, 11)),
])
def test_files_of_proc_that_stand_alone(
    tmp_path: Path, text: str, high: tuple[int | None, ...], free: tuple[int, ...], lists: tuple[int, ...]
) -> None:
    bare = tmp_path / "dump"
    bare.write_text(text)
    shown = one_ladder(str(bare)).ladder
    assert shown is not None
    assert tuple(row.now.high_pages for row in shown.rows) == high
    assert tuple(row.free_pages for row in shown.rows) == free
    (result,) = diagnose(str(bare))
    assert result.memory is not None
    assert tuple(len(zone.free_area) for zone in result.memory.zones) == lists
    assert "No memory state" not in result.verdict


@pytest.mark.parametrize("text", [
    "Node 0, zone\n", "Node 0, zone Normal free of charge\n",
    "Mar  3 04:05:06 host9 kernel: eth0: link up\nNode 0, zone   Normal\n  pages free 9\n",
])
def test_what_only_looks_like_one_is_a_log(tmp_path: Path, text: str) -> None:
    bare = tmp_path / "dump"
    bare.write_text(text)
    assert one_ladder(str(bare)).tables == ()


@pytest.mark.parametrize(("release", "missing"), [(EL4, False), (EL6, True)])
def test_rhel_4_has_no_zoneinfo_to_miss(tmp_path: Path, release: str, missing: bool) -> None:
    root = tmp_path / "sosreport-host4"
    for name, text in {
        "sos_commands/kernel/uname_-a": f"Linux host4 {release} #1 SMP x86_64 GNU/Linux\n",
        "proc/buddyinfo": "Node 0, zone   Normal " + " 5" * 11 + "\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (result,) = diagnose(str(root))
    assert result.memory is not None
    assert ("/proc/zoneinfo" in result.memory.missing) is missing
