"""The picture by pure functions alone is the one that insights-core's components put together."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.diagnosis.picture import READERS, host_log, pictured, read_texts
from nopage.engine.run import result_of
from nopage.engine.texts import result_of_texts
from nopage.intake.collect import collect
from nopage.kernel.window import Window
from nopage.parsers import fact_file, host_evidence, host_facts, network_texts

SAMPLES = Path(__file__).resolve().parents[2] / "data"
TREES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))


@pytest.mark.parametrize("tree", [pytest.param(tree, id="/".join(tree.parts[-2:])) for tree in TREES])
def test_both_roads_come_to_the_same_result(tree: Path) -> None:
    (collected,) = collect(str(tree))
    assert result_of_texts(collected) == result_of(collected)


def test_every_reader_has_a_parser_and_every_parser_a_reader() -> None:
    parsers = {
        one.SPEC
        for module in (host_evidence, host_facts, network_texts)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, fact_file.FactFile) and "SPEC" in vars(one)
    }
    assert parsers == set(READERS)


TEXTS = [
    ("uname", "uname", "Linux web1 2.6.32-358.el6.x86_64 #1 SMP x86_64 GNU/Linux\n", ["2.6.32-358.el6.x86_64"]),
    ("uname", "uname", "bash: uname: command not found\n", None),
    ("hostname", "hostname", "web1.example.com extra\n", ["web1.example.com"]),
    ("hostname", "hostname", "\n", None),
    ("sysctl", "sysctl_-a", "; off\n# no\nvm.a = 1 # 2\n vm.b=x y\nbroken\n", [{"vm.a": "1", "vm.b": "x y"}]),
    ("sysctl", "sysctl_-a", "sysctl: command not found\n", None),
    ("sysctl_vm", "proc/sys/vm/min_free_kbytes", "90112\n", [("min_free_kbytes", "90112")]),
    ("buddyinfo", "b", "Node 0, zone DMA 1 2 3\ncat: error\nNode 1, zone Normal 4\n",
     [{(0, "DMA"): (1, 2, 3), (1, "Normal"): (4,)}]),
    ("buddyinfo", "b", "cat: /proc/buddyinfo: No such file\n", None),
    ("meminfo", "m", "MemTotal: 16 kB\nHugePages_Free: 3\nMemTotal: 17 kB\n", [{"MemTotal": 16, "HugePages_Free": 3}]),
    ("cmdline", "c", "ro quiet\nsecond\n", ["ro quiet"]),
    ("proc_uptime", "u", "86400.00 1.00\n", [86400.0]),
    ("ethtool", "ethtool_-i_eth0", "driver: igb\n", [("ethtool_-i_eth0", "driver: igb\n")]),
    ("no such spec", "x", "y", None),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "path", "text", "wanted"), TEXTS, ids=range(len(TEXTS)))
def test_what_a_text_says(spec: str, path: str, text: str, wanted: object) -> None:
    said, damaged = read_texts([(spec, path, text)])
    assert (said.get(spec), damaged) == (wanted, ())


def test_a_text_that_breaks_its_reader_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from nopage.diagnosis.picture import texts

    def broken(_path: str, _text: str) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(texts, "READERS", {**READERS, "cmdline": broken})
    said, damaged = read_texts([("cmdline", "c", "x"), ("hostname", "h", "web1")])
    assert said == {"hostname": ["web1"]}
    assert damaged == ("cmdline: ValueError: no such thing",)


def test_a_picture_of_nothing_and_of_a_line() -> None:
    nothing = pictured({}, [])
    assert (nothing.failures, nothing.diagnoses, nothing.hostname) == (None, None, None)
    assert nothing.plan is not None
    assert nothing.plan.plan.steps == ()
    line = "swapper: page allocation failure. order:1, mode:0x20"
    log = host_log("messages", [Window("messages", 7, 0, [line])])
    picture = pictured({"hostname": ["web1"]}, [log])
    assert picture.failures is not None
    assert [(one.report.order, one.gfp.atomic) for one in picture.failures.failures] == [(1, True)]
    assert log.excerpt(picture.failures.failures[0].report) == (line,)
    assert picture.hostname == "web1"
