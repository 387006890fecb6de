"""The made sosreports are sound: their numbers add up and follow the watermark arithmetic of their release."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parent.parent / "data"
EXAMPLE = DATA.parent.parent / "docs" / "example" / "sosreport-example-rhel6"
HOSTS = [*sorted(path.parent / "sosreport" for path in DATA.glob("*/*/expected.json")), EXAMPLE]
NAMES = [f"{path.parent.parent.name}/{path.parent.name}" for path in HOSTS]
LIST = re.compile(r"((?:Node \d+ )?\w+): ((?:\d+\*\d+kB(?: \(\w+\))? )+)= (\d+)kB")
CELL = re.compile(r"(\d+)\*(\d+)kB")
ZONE = re.compile(r"((?:Node \d+ )?\w+) free:(\d+)kB")
FIELDS = {"comm", "order", "gfp_mask", "atomic", "uses_reserve", "cause", "path", "driver"}

hosts = pytest.mark.parametrize("host", HOSTS, ids=NAMES)


def logs(host: Path) -> list[str]:
    found = [path for path in host.rglob("*") if path.name.startswith(("dmesg", "messages"))]
    return [path.read_text(encoding="utf-8") for path in found]


def zoneinfo(host: Path) -> dict[tuple[str, str], dict[str, int]]:
    zones: dict[tuple[str, str], dict[str, int]] = {}
    here: dict[str, int] = {}
    path = host / "proc" / "zoneinfo"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        if header := re.match(r"Node (\d+), zone +(\w+)", line):
            here = zones.setdefault((header[1], header[2]), {})
        elif pair := re.match(r"(?:  pages)? +(free|min|low|high|present|managed) +(\d+)$", line):
            here.setdefault(pair[1], int(pair[2]))
    return zones


def min_free_kbytes(host: Path) -> int:
    sysctl = (host / "sos_commands" / "kernel" / "sysctl_-a").read_text(encoding="utf-8")
    found = re.search(r"^vm.min_free_kbytes = (\d+)$", sysctl, re.MULTILINE)
    assert found
    return int(found[1])


@hosts
def test_free_lists_add_up(host: Path) -> None:
    for text in logs(host):
        lists = LIST.findall(text)
        for zone, cells, total in lists:
            assert sum(int(count) * int(size) for count, size in CELL.findall(cells)) == int(total), zone
        totals = [(zone, total) for zone, _, total in lists]
        free = [(zone, kb) for zone, kb in ZONE.findall(text) if int(kb)]
        assert free == totals


@hosts
def test_a_report_with_memory_shows_every_zone_twice(host: Path) -> None:
    for text in logs(host):
        blocks = len(re.findall(r"Mem-[Ii]nfo:", text))
        assert bool(blocks) == bool(LIST.search(text))


@hosts
def test_buddyinfo_and_zoneinfo_agree(host: Path) -> None:
    zones = zoneinfo(host)
    for line in (host / "proc" / "buddyinfo").read_text(encoding="utf-8").splitlines():
        words = line.replace(",", " ").split()
        counts = [int(count) for count in words[4:]]
        if zones:
            assert sum(count << order for order, count in enumerate(counts)) == zones[words[1], words[3]]["free"], line


@hosts
def test_watermarks_follow_from_min_free_kbytes(host: Path) -> None:
    """KERNEL.md 3.2: min = P * Z / L; highmem's is clamp(Z / 1024, 32, 128)."""
    page_kb = 64 if "ppc64" in host.parent.name else 4
    zones = {key: zone for key, zone in zoneinfo(host).items() if zone.get("managed", zone["present"])}
    size = {key: zone.get("managed", zone["present"]) for key, zone in zones.items()}
    lowmem = sum(pages for (_, name), pages in size.items() if name != "HighMem")
    for key, zone in zones.items():
        share = min_free_kbytes(host) // page_kb * size[key] // lowmem
        if key[1] == "HighMem":
            assert zone["min"] == min(max(size[key] // 1024, 32), 128)
        else:
            assert zone["min"] == share
        if "managed" in zone and "promo" not in zone and not re.search("rhel([89]|10)", host.parent.name):
            assert (zone["low"], zone["high"]) == (share + share // 4, share + share // 2)


@pytest.mark.parametrize("host", HOSTS[:-1], ids=NAMES[:-1])
def test_expectations_are_whole(host: Path) -> None:
    expected = json.loads((host.parent / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) == {"kernel", "generation", "rhel", "keys", "suppressed", "failures"}
    assert all(set(failure) == FIELDS for failure in expected["failures"])
    assert expected["kernel"] in (host / "sos_commands" / "kernel" / "uname_-a").read_text(encoding="utf-8")
    text = "\n".join(logs(host))
    for failure in expected["failures"]:
        assert f"{failure['comm']}: page allocation failure" in text
        assert f"order:{failure['order']}, mode:{failure['gfp_mask']}" in text


def test_every_rule_has_a_host_that_shows_it() -> None:
    for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
        shown = [
            folder.name.upper() in json.loads(path.read_text(encoding="utf-8"))["keys"]
            for path in folder.glob("*/expected.json")
        ]
        assert any(shown), folder.name
