"""What the worker runs: the command's answers, without insights-core, without libraries that no browser has."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nopage
from nopage.engine.ladders import memory_of
from nopage.page.desk import Desk
from nopage.report.speaker import speaker
from nopage.report.zones import rows_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "example" / "sosreport-example-rhel6"
FILES = ("proc/zoneinfo", "proc/buddyinfo", "proc/meminfo", "sos_commands/kernel/sysctl_-a",
         "sos_commands/networking/ethtool_-S_eth4", "sos_commands/networking/ethtool_-i_eth4")
LINE = b"ksoftirqd/0: page allocation failure. order:1, mode:0x20\n"


def answer(desk: Desk, *files: tuple[str, bytes], release: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desk.answer(files, release))
    return found


def example() -> list[tuple[str, bytes]]:
    log = (EXAMPLE / "var/log/messages").read_bytes()
    return [("messages", log), *((Path(name).name, (EXAMPLE / name).read_bytes()) for name in FILES)]


def test_several_files_are_one_host() -> None:
    result = json.loads(answer(Desk(), *example())["documents"]["json"])
    (whole,) = nopage.diagnose(str(EXAMPLE))
    (group,) = result["groups"]
    assert (group["driver"], group["cause"]) == (whole.groups[0].driver, whole.groups[0].cause)
    assert [step["value"] for step in result["plan"]["steps"]] == [step.value for step in whole.plan.steps]
    assert [nic["name"] for nic in result["network"]["interfaces"]] == ["eth4"]


@pytest.mark.parametrize(
    ("name", "data", "release", "kind", "words"),
    [
        ("pasted text", b"0x4020", "6.4", "mask", "GFP_ATOMIC|__GFP_COMP"),
        ("pasted text", b" GFP_ATOMIC ", "", "mask", "0xa20"),
        ("pasted text", b"__GFP_NO_SUCH", "", "nothing", "no kernel has such a flag"),
        ("pasted text", LINE, "RHEL 6.4", "result", "6.4"),
        ("pasted text", LINE, "no kernel", "nothing", "no kernel is no kernel release"),
        ("empty.txt", b"", "", "nothing", "empty.txt is empty"),
        ("x.pdf", b"%PDF-1.7 x", "", "nothing", "x.pdf is a PDF file"),
        ("sos report.zip", b"PK\x03\x04" + bytes(60), "", "archive", "nopage 'sos report.zip'"),
    ],
)
def test_what_is_given(name: str, data: bytes, release: str, kind: str, words: str) -> None:
    said = answer(Desk(), (name, data), release=release)
    assert said["kind"] == kind
    assert words in json.dumps(said)


@pytest.mark.parametrize(
    ("text", "release", "rhel", "source"),
    [
        (b"", "RHEL 9.4", "6.1", "log"),  # the log names its own
        (b"Linux stor1 2.6.32-358.el6.x86_64 #1 SMP x86_64 GNU/Linux\n", "RHEL 9.4", "6.4", "uname"),
        (LINE, "RHEL 9.4", "9.4", "uname"),
        (LINE, "", None, "none"),
    ],
)
def test_a_typed_release_counts_where_no_text_names_one(
    text: bytes, release: str, rhel: str | None, source: str
) -> None:
    log = (EXAMPLE / "var/log/messages").read_bytes()
    files = [("log", text)] if text == LINE else [("messages", log), *([("uname_-a", text)] if text else [])]
    kernel = json.loads(answer(Desk(), *files, release=release)["documents"]["json"])["kernel"]
    assert (kernel["rhel"], kernel["source"]) == (rhel, source)


RX = """Feb 14 18:26:56 h kernel: swapper: page allocation failure. order:1, mode:0x4020
Feb 14 18:26:56 h kernel: Pid: 0, comm: swapper Not tainted 2.6.32-220.el6.x86_64 #1
Feb 14 18:26:56 h kernel: Call Trace:
Feb 14 18:26:56 h kernel:  <IRQ>  [<ffffffff8112c127>] ? __alloc_pages_nodemask+0x757/0x8d0
Feb 14 18:26:56 h kernel:  [<ffffffff8142c127>] ? __alloc_skb+0x57/0x1d0
Feb 14 18:26:56 h kernel:  [<ffffffffa012c127>] ? tg3_alloc_rx_data+0x57/0x1d0 [tg3]
Feb 14 18:26:56 h kernel:  [<ffffffffa012c128>] ? tg3_poll+0x57/0x1d0 [tg3]
Feb 14 18:26:56 h kernel:  [<ffffffff8142c129>] ? net_rx_action+0x57/0x1d0
"""


def test_an_mtu_that_nobody_told_is_called_so() -> None:
    zones = [(name, data) for name, data in example() if name in ("zoneinfo", "buddyinfo", "meminfo", "sysctl_-a")]
    (mtu,) = [row for row in answer(Desk(), ("m", RX.encode()), *zones)["sliders"] if row["name"] == "mtu"]
    assert (mtu["label"], mtu["value"], mtu["most"]) == ("MTU of tg3: not told, 7808 is taken", 7808, 7808)
    link = b"2: eth4: <BROADCAST,MULTICAST,UP> mtu 9000 qdisc mq state UP qlen 1000\n"
    told = [("ip_-s_link", link), ("ethtool_-i_eth4", b"driver: tg3\nversion: 3\n")]
    (mtu,) = [row for row in answer(Desk(), ("m", RX.encode()), *zones, *told)["sliders"] if row["name"] == "mtu"]
    assert (mtu["label"], mtu["value"]) == ("MTU of tg3", 9000)


ASKED = [{}, {"min_free_kbytes": 262144}, {"min_free_kbytes": 1024}, {"min_free_kbytes": 131072}]


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_if_agrees_with_watermarks(asked: dict[str, int]) -> None:
    desk = Desk()
    answer(desk, *example())
    said = json.loads(desk.what_if(asked))
    (host,) = memory_of(str(EXAMPLE), asked)
    table = host.tables[-1]
    for cells in rows_of(table.ladder, speaker()):
        for cell in filter(None, cells):
            assert f"<td>{cell}</td>" in said["html"] or f'<th scope="col">{cell}</th>' in said["html"]
    zones = said["zones"][-1]["zones"]
    assert [(zone["name"], (zone["then"] or zone["now"])["min_pages"]) for zone in zones] == [
        (row.name, (row.then or row.now).min_pages) for row in table.ladder.rows
    ]


def test_what_the_replay_says_is_what_the_plan_says() -> None:
    desk = Desk()
    said = answer(desk, *example())
    assert [row["name"] for row in said["sliders"]] == ["min_free_kbytes", "mtu"]
    (step,) = [step for step in json.loads(said["documents"]["json"])["plan"]["steps"]
               if step["setting"] == "vm.min_free_kbytes"]
    words = json.loads(desk.what_if({"min_free_kbytes": int(step["value"])}))["words"]
    assert any("kswapd starts" in text for text in words)
    both = json.loads(desk.what_if({"min_free_kbytes": int(step["value"]), "mtu": 1500}))["words"]
    assert any("MTU" in text or "Both together" in text for text in both)
    refused = json.loads(desk.what_if({"min_free_kbytes": 1 << 50}))["words"]
    assert any("is more than the memory" in text for text in refused)


def test_what_if_without_a_host_and_without_zones() -> None:
    desk = Desk()
    assert json.loads(desk.what_if({}))["kind"] == "nothing"
    assert answer(desk, ("x", LINE))["sliders"] == []
    assert json.loads(desk.what_if({}))["kind"] == "none"


def test_a_fault_of_its_own_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from nopage.page import desk

    def fault(*_: object) -> None:
        raise KeyError("x\ny")

    monkeypatch.setattr(desk, "told_of", fault)
    said = answer(Desk(), ("x", LINE))
    assert said["kind"] == "nothing"
    assert said["sentence"].startswith("internal error: KeyError: 'x\\ny'")


BLOCKED = """
import sys
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Refuses())
import json, gzip, lzma, bz2
from pathlib import Path
from nopage.page.desk import Desk
log = Path({log!r}).read_bytes()
two = gzip.compress(log[:900]) + gzip.compress(log[900:])
for data in (log, gzip.compress(log), lzma.compress(log), bz2.compress(log), two):
    desk = Desk()
    said = json.loads(desk.answer([("messages", data)]))
    marks = json.loads(desk.what_if(dict(min_free_kbytes=200000)))
    print(len(json.loads(said["documents"]["json"])["failures"]), marks["kind"])
print(sorted(set(sys.modules) & {blocked}))
"""


def test_no_insights_core_and_no_library_that_a_browser_lacks() -> None:
    blocked = {"insights", "isal", "stringzilla", "zstandard", "cramjam", "lzallright", "fsspec", "pyarrow", "fcntl"}
    code = BLOCKED.format(blocked=blocked, log=str(EXAMPLE / "var/log/messages"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.split("\n"), done.stderr) == (["3 marks"] * 5 + ["[]", ""], "")


def test_the_examples_are_the_projects_samples() -> None:
    folder = Path(nopage.__file__).parent / "page" / "examples"
    found = sorted(path for path in folder.glob("*/*") if path.is_file())
    samples = {path.read_bytes() for place in ("docs/example", "tests/data") for path in (ROOT / place).rglob("*")
               if path.is_file()}
    assert len(found) > 3
    assert [path for path in found if path.read_bytes() not in samples] == []
