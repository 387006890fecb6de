"""The cores that may stand beside the checkout: what is found equals what the guests said of themselves."""
from __future__ import annotations

import re
import time

import pytest

from nopage.vmcore import read_core

pytestmark = pytest.mark.corpus
BLOCKS = re.compile(r"Node (\d+) (\w+): ((?:\d+\*\d+kB(?: \(\w+\))? )+)=")


@pytest.mark.parametrize(
    ("name", "release", "layout", "reports"),
    [
        ("core510.mini", "5.10.0-46-amd64", "printk_ringbuffer", 1),
        ("core61.mini", "6.1.0-50-amd64", "printk_ringbuffer", 1),
        ("synth-vmcore.char", "2.6.32-754.el6.x86_64", "log_buf", 3),
        ("synth-vmcore.log", "3.10.0-1160.el7.x86_64", "struct log", 3),
        ("synth-vmcore.printk_log", "4.18.0-553.el8.x86_64", "printk_log", 3),
        ("synth-vmcore.none", "2.6.18-419.el5", "search", 3),
    ],
)
def test_log(shared_core, log_lines, name, release, layout, reports):
    start = time.monotonic()
    facts = read_core(shared_core(name))
    assert time.monotonic() - start < 2
    assert (facts.release, facts.log_layout) == (release, layout)
    assert sum("page allocation failure: order:" in line for line in log_lines(facts)) == reports
    assert facts.warnings == ()


@pytest.mark.parametrize("name", ["core510.mini", "core61.mini"])
def test_zones_agree_with_the_report_in_the_log(shared_core, log_lines, name):
    """The state was read moments after the report: sizes, marks and reserves are the same, free pages are close."""
    facts = read_core(shared_core(name))
    log = "\n".join(log_lines(facts))
    assert facts.mem_info is not None
    zones = {zone.name: zone for zone in facts.mem_info.zones}
    printed = re.findall(
        r"Node 0 (\w+) free:\d+kB (?:boost:(\d+)kB )?min:(\d+)kB low:(\d+)kB high:(\d+)kB reserved_highatomic:(\d+)KB"
        r".*?present:(\d+)kB managed:(\d+)kB.*?\n.*?lowmem_reserve\[\]: ([\d ]+)", log)
    assert [line[0] for line in printed] == list(zones) == ["DMA", "DMA32"]
    for label, _boost, low, middle, high, highatomic, present, managed, reserve in printed:
        zone = zones[label]
        slack = (zone.boost_pages or 0) * 4  # the boost decays and grows in between
        assert zone.min_pages is not None
        for mark, text in zip((zone.min_pages, zone.low_pages, zone.high_pages), (low, middle, high), strict=True):
            assert mark is not None
            assert abs(mark * 4 - int(text)) <= slack
        assert (zone.present_pages, zone.managed_pages) != (None, None)
        assert (zone.present_pages or 0) * 4 == int(present)
        assert abs((zone.managed_pages or 0) * 4 - int(managed)) <= 4
        assert zone.highatomic_pages is not None
        assert zone.highatomic_pages * 4 == int(highatomic)
        assert list(zone.lowmem_reserve_pages) == [int(pages) for pages in reserve.split()]
        blocks = sum(block.count << block.order for block in zone.free_area)
        assert zone.free_pages is not None
        assert abs(blocks - zone.free_pages) <= 64  # per-cpu lists and counters of a moment
