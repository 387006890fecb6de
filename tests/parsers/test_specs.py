"""The registry points: one a source, none that a filter could thin out, and all a rule needs comes through them."""
from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from insights.core import dr, filters
from insights.core.context import HostArchiveContext
from insights.core.exceptions import SkipComponent
from insights.core.spec_factory import RawFileProvider, TextFileProvider
from insights.tests import InputData, context_wrap, integrate, run_test
from msgspec import to_builtins

from nopage.engine.run import diagnose, run_rules
from nopage.intake.collect import collect
from nopage.intake.model import Collection, Stream
from nopage.intake.sources import META, SOURCES
from nopage.kernel.window import Window
from nopage.parsers.collection import StreamContent
from nopage.parsers.kernel_log import KernelLog
from nopage.parsers.network_texts import NETWORK_TEXTS, NetworkText
from nopage.parsers.specs import CollectedSpecs, Specs
from nopage.rules.catalogue import RULES

SAMPLES = Path(__file__).resolve().parents[1] / "data"
TREES = sorted(path.parent for path in SAMPLES.glob("*/*/expected.json"))
HEADER = "swapper: page allocation failure. order:1, mode:0x20\n"
UNAME = "Linux web 2.6.32-279.el6.x86_64 #1 SMP x86_64 GNU/Linux\n"


def test_each_source_has_a_point_and_each_point_a_source() -> None:
    assert sorted(Specs.registry) == sorted(source.spec for source in SOURCES if source.kind != META)


@pytest.mark.parametrize("name", sorted(Specs.registry))
def test_a_point(name: str) -> None:
    point = getattr(Specs, name)
    assert dr.get_name(point) == f"nopage.parsers.specs.Specs.{name}"
    assert dr.get_component(f"nopage.parsers.specs.Specs.{name}") is point  # how `insights run -b` finds it
    assert dr.get_name(getattr(CollectedSpecs, name)) == f"nopage.parsers.specs.CollectedSpecs.{name}"
    assert dr.get_dependencies(point) == {getattr(CollectedSpecs, name)}
    assert (point.multi_output, point.raw, point.filterable) == (True, False, False)
    with pytest.raises(Exception, match="Filters aren't applicable"):
        filters.add_filter(point, "oom-killer")


def test_a_filter_cannot_be_added_through_a_parser() -> None:
    with pytest.raises(Exception, match="Filters aren't applicable"):
        filters.add_filter(KernelLog, "oom-killer")


@pytest.mark.parametrize("tree", [pytest.param(tree, id="/".join(tree.parts[-2:])) for tree in TREES])
def test_input_data_gives_what_the_intake_gives(tree: Path) -> None:
    (collected,) = collect(str(tree))
    (result,) = diagnose(str(tree))
    host = InputData()
    for stream in collected.streams:
        text = (tree / "sosreport" / stream.name).read_text(encoding="utf-8")
        host.add(getattr(Specs, stream.spec), text, path=stream.name)
    findings = {finding["key"]: finding for finding in to_builtins(result.findings)}
    for rule in RULES:
        response = run_test(rule, host)
        if response is None or response["type"] == "skip":
            continue
        finding = findings.pop(response.get_key())
        # "steps" are numbers in the host's plan, which is drawn up from all findings
        assert {name: response[name] for name in finding if name not in ("key", "type", "steps")} == {
            name: value for name, value in finding.items() if name not in ("key", "type", "steps")
        }
    assert findings == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__module__.rpartition(".")[2])
def test_a_host_without_data_is_skipped(rule: Any) -> None:
    run_test(rule, InputData(), None)
    assert integrate(InputData(), rule)["type"] == "skip"


def test_vm_settings_are_known_by_their_path() -> None:
    high = next(rule for rule in RULES if rule.__module__.endswith("min_free_kbytes_too_high"))
    host = InputData().add(Specs.meminfo, "MemTotal:        8000000 kB\nMemFree:  100000 kB\n")
    host.add(Specs.sysctl_vm, "800000\n", path="proc/sys/vm/min_free_kbytes")
    assert run_test(high, host)["min_free_kbytes"] == 800_000


@pytest.mark.parametrize("text", ["²", "", "800000 1"])
def test_a_setting_that_is_no_number_is_no_setting(text: str) -> None:
    high = next(rule for rule in RULES if rule.__module__.endswith("min_free_kbytes_too_high"))
    host = InputData().add(Specs.meminfo, "MemTotal:        8000000 kB\n")
    host.add(Specs.sysctl_vm, text, path="proc/sys/vm/min_free_kbytes")
    run_test(high, host, None)


@pytest.mark.parametrize("kind", NETWORK_TEXTS, ids=lambda kind: kind.__name__)
def test_a_network_text_from_elsewhere_has_a_name_that_tells_what_it_is(kind: type[NetworkText]) -> None:
    elsewhere = kind(context_wrap("x", path="/srv/ethtool_-S_eth0"))
    assert elsewhere.name == (kind.NAMED or "srv/ethtool_-S_eth0")
    collected = kind(StreamContent(Stream("any", "sos_commands/networking/other", text="x\ny\n")))
    assert (collected.name, collected.text) == ("sos_commands/networking/other", "x\ny\n")


def test_network_texts_stand_in_the_order_of_a_sources_streams() -> None:
    (points,) = zip(*(dr.get_registry_points(kind) for kind in NETWORK_TEXTS), strict=True)
    names = [point.__name__ for point in points]
    assert names == sorted(names)


class TestContent:
    def test_stream_content_is_what_parsers_of_others_expect(self) -> None:
        windows = (Window("log", 3, 90, ("one", "two")), Window("log", 9, 500, ("three",)))
        broker = run_rules(Collection("x", "log", streams=(Stream("kernel_log", "var/log/messages", windows=windows),)))
        (content,) = broker[Specs.kernel_log]
        assert content.content == list(content.stream()) == ["one", "two", "three"]
        assert (content.path, content.relative_path) == ("var/log/messages", "var/log/messages")
        assert broker[CollectedSpecs.kernel_log] == [content]
        assert Specs.uname not in broker

    @pytest.mark.parametrize("kind", [TextFileProvider, RawFileProvider])
    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
    def test_a_file_is_searched_by_the_intake(self, tmp_path: Path, kind: Any, pack: Any) -> None:
        (tmp_path / "console").write_bytes(pack(b"quiet\n" * 70_000 + HEADER.encode()))
        log = KernelLog(kind("console", root=str(tmp_path), ctx=HostArchiveContext()))
        (report,) = log.facts.reports
        assert (report.place.file, report.place.line) == ("console", 70_001)

    def test_a_file_that_is_no_log_is_skipped(self, tmp_path: Path) -> None:
        (tmp_path / "core").write_bytes(b"\x7fELF" + bytes(4096))
        with pytest.raises(SkipComponent, match="is an ELF file"):
            KernelLog(TextFileProvider("core", root=str(tmp_path), ctx=HostArchiveContext()))


def test_bare_files_give_findings(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(HEADER)
    (tmp_path / "uname").write_text(UNAME)
    bare = ",".join(f"nopage.parsers.specs.Specs.{spec}={file}" for spec, file in (("kernel_log", "log"),
                                                                                   ("uname", "uname")))
    insights = str(Path(sys.executable).with_name("insights"))
    command = [insights, "run", "-p", "nopage.rules", "-f", "_json", "-b", bare]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    (report,) = json.loads(done.stdout)["reports"]
    assert report["details"]["kernel"] == "2.6.32-279.el6.x86_64"
    assert report["details"]["failures"][0]["seen_in"] == [{"file": "log", "line": 1}]
