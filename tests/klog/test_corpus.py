"""The shared logs: every report that a reader can find in them, and none that is not there."""
from __future__ import annotations

import json
import tarfile

import pytest

from nopage.kernel.gfp.decode import decode
from nopage.kernel.release.parse import parse_release
from nopage.kernel.window import Window
from nopage.klog.reading.log import read_log

pytestmark = pytest.mark.corpus

FOUND, EXACT = 0.95, 0.98
# The kernels that left Mem-Info out, and why: those built with Red Hat's NODES_SHIFT hold it back in interrupts, the
# others of RHEL 8 print one a second.
DESIGN, LIMIT = "suppressed by design", "show_mem is rate limited to one block a second"
WITHOUT_STATE = {
    "rhel64q-frag": DESIGN, "rhel77q-comp": DESIGN, "rhel73q-rxnic": DESIGN, "rhel83q-exhaust": DESIGN,
    "rhel83q-burst": DESIGN, "rhel83-net": LIMIT, "rhel810-highres": LIMIT, "arm810-burst": LIMIT,
}  # fmt: skip


def read_text(name, text, release=None):
    return read_log([Window(name, 1, 0, tuple(text.split("\n")))], release)


def printed_mode(report):
    return f"{report.gfp_mask:#x}" + ("" if report.gfp_text is None else f"({report.gfp_text})")


def align(found, wanted):
    """Pairs of equal comm in order, as far as both go."""
    pairs, at = [], 0
    for report in found:
        rest = [number for number in range(at, len(wanted)) if wanted[number][0] == report.comm]
        if rest:
            pairs.append((report, wanted[rest[0]]))
            at = rest[0] + 1
    return pairs


def test_corpus(shared, capsys):
    rows = [json.loads(line) for line in (shared / "corpus" / "index.jsonl").read_text().splitlines()]
    total = {"reports": 0, "found": 0, "order": 0, "mode": 0, "atomic": 0, "false positives": 0}
    misses = []
    for row in rows:
        data = (shared / "corpus" / row["file"]).read_bytes().decode("utf-8", "surrogateescape")
        reports = read_text(row["file"], data, row["kernel"]).reports
        wanted = list(zip(row["comm"], row["orders"], row["modes"], row["atomic"], strict=True))
        pairs = align(reports, wanted)
        total["reports"] += len(wanted)
        total["found"] += len(pairs)
        total["false positives"] += len(reports) - len(pairs)
        if len(pairs) != len(wanted) or len(reports) != len(pairs):
            misses.append((row["file"], "found", len(pairs), "of", len(wanted), "more:", len(reports) - len(pairs)))
        for report, (_, order, mode, atomic) in pairs:
            release = parse_release(report.kernel or row["kernel"] or "")
            decoded = decode(report.gfp_mask, release, report.gfp_text)
            # the index calls a request atomic where GFP_ATOMIC is meant, i.e. it may use the reserve too
            told = {
                "order": report.order == order,
                "mode": printed_mode(report) == mode,
                "atomic": (decoded.atomic and decoded.uses_reserve) == atomic,
            }
            for kind, right in told.items():
                total[kind] += right
                if not right:
                    misses.append((row["file"], kind, report.header))
    with capsys.disabled():
        print("\n" + "  ".join(f"{kind} {count}" for kind, count in total.items()))
        for miss in misses:
            print(*miss)
    assert total["found"] >= FOUND * total["reports"], misses
    for kind in ("order", "mode", "atomic"):
        assert total[kind] >= EXACT * total["found"], misses
    assert total["false positives"] == 0, misses


def test_cases(shared):
    """Every framing of a case's log alone gives exactly its reports, its kernel and its suppressed count."""
    expected = json.loads((shared / "cases" / "expected.json").read_text())
    for name, case in expected.items():
        wanted = [(one["comm"], one["order"], one["gfp_mask"], one["flags"]) for one in case["reports"]]
        with tarfile.open(shared / "cases" / f"{name}.tar.xz") as archive:
            members = [member for member in archive.getmembers() if "/sos_commands/kernel/dmesg" in member.name]
            assert members, name
            for member in members:
                file = archive.extractfile(member)
                assert file is not None
                facts = read_text(member.name, file.read().decode("utf-8", "surrogateescape"))
                found = [
                    (one.comm, one.order, f"{one.gfp_mask:#x}", one.gfp_text or "") for one in facts.reports
                ]
                assert found == wanted, member.name
                assert sum(line.count for line in facts.suppressed) == case["suppressed"], member.name
                assert facts.releases[0] == case["kernel"], member.name
                for one in facts.reports:
                    assert one.frames, member.name
                    why = str(one.missing[0]) if one.missing else ""
                    assert one.mem_info is not None or WITHOUT_STATE[name] in why, (member.name, one.place)
                    assert one.mem_info is None or one.mem_info.missing == (), member.name


def test_article(shared):
    (report,) = read_text("article.log", (shared / "article.log").read_text()).reports
    assert (report.comm, report.order, report.gfp_mask) == ("ksoftirqd/0", 1, 0x20)
    assert (report.pid, report.taint, report.kernel) == (4, "P", "2.6.32-358.el6.x86_64")
    assert report.time == "02-14T18:26:56"
    assert len(report.frames) == 22
    assert [frame.symbol for frame in report.frames if frame.module == "ib_ipoib"] == [
        "ipoib_alloc_rx_skb", "ipoib_ib_handle_rx_wc", "ipoib_poll",
    ]  # fmt: skip
    assert report.in_interrupt
    assert report.frames[0].context == "softirq"
    assert report.frames[-1].context == "task"
