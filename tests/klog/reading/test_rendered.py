from __future__ import annotations

import html
import quopri
import textwrap
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# comms as kernels print them: blanks, slashes, colons, 15 characters at most
COMMS = (
    "swapper", "swapper/21", "ksoftirqd/0", "kworker/u16:3", "kworker/4:0H", "DOM Worker", "gnome-settings-",
    "napi/eth1-301", "events/0", "CPU 0/KVM", "qemu:vm01-virti", "worker.01", "rs:main Q:Reg", "(sd-pam)", "java",
)  # fmt: skip
SYMBOLS = ("get_page_from_freelist", "__alloc_skb", "ixgbe_alloc_rx", "tg3_poll", "_x", "T.935", "do_IRQ_x", "a")
OUTER = ("kthread", "ret_from_fork", "cpu_idle", "sys_read")
LIGHT = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def make(kinds):
    """A report from drawn numbers."""
    Report, Call, Memory = kinds

    def made(comm, order, mode, pid, cpu, calls, zones):
        inner = [
            Call(symbol, module, offset, size, 0xFFFFFFFFA0000000 + offset * 64 + number, reliable)
            for number, (symbol, module, offset, size, reliable) in enumerate(calls)
        ]
        entry = [Call("__do_softirq", None, 0xC1, 0x1E0, 0xFFFFFFFF81076FB1)]
        outer = [
            Call(symbol, None, 16 + number, 256, 0xFFFFFFFF81000000 + number, stack="task")
            for number, symbol in enumerate(OUTER)
        ]
        memory = tuple(
            Memory(node, name, free, marks, present, present - 1, (0, 16, 32, 32), blocks)
            for (node, name), (free, marks, present, blocks) in zip(
                ((0, "DMA"), (0, "Normal"), (1, "Normal")), zones, strict=False
            )
        )
        return Report(comm, order, mode, pid, cpu, (*inner, *entry, *outer), memory)

    return made


ONE_CALL = st.tuples(
    st.sampled_from(SYMBOLS), st.sampled_from((None, "ixgbe", "ib_ipoib", "nf-x")), st.integers(1, 4095),
    st.integers(1, 65535), st.booleans(),
)  # fmt: skip
ONE_ZONE = st.tuples(
    st.integers(0, 10**7), st.tuples(*[st.integers(0, 10**6)] * 3), st.integers(1, 10**8),
    st.lists(st.integers(0, 10**5), min_size=11, max_size=11).map(tuple),
)  # fmt: skip
DRAWN = st.fixed_dictionaries(
    {
        "comm": st.sampled_from(COMMS),
        "order": st.integers(0, 10),
        "mode": st.integers(0, 2**26),
        "pid": st.integers(0, 4194304),
        "cpu": st.integers(0, 8191),
        "calls": st.lists(ONE_CALL, min_size=1, max_size=6, unique_by=lambda call: (call[0], call[2])),
        "zones": st.lists(ONE_ZONE, min_size=2, max_size=3),
    }
)


def assert_same(report, drawn, generation):
    """What was read is what was rendered, as far as that generation prints it."""
    assert (report.comm, report.order, report.gfp_mask) == (drawn.comm, drawn.order, drawn.mode)
    assert report.kernel == generation.release
    if generation.release:
        assert (report.pid, report.taint) == (drawn.pid, "P" if generation.memory == "el6" else "POE")
    assert report.gfp_text == (drawn.flags if generation.flags else None)
    assert report.mems_allowed == ("0-1" if generation.flags else None)
    assert [frame.symbol for frame in report.frames] == [call.symbol for call in drawn.calls]
    assert [frame.module for frame in report.frames] == [call.module for call in drawn.calls]
    assert [frame.offset for frame in report.frames] == [call.offset for call in drawn.calls]
    if generation.sizes:
        assert [frame.size for frame in report.frames] == [call.size for call in drawn.calls]
    if generation.stale:
        assert [frame.reliable for frame in report.frames] == [call.reliable for call in drawn.calls]
    assert [frame.context for frame in report.frames] == [call.stack for call in drawn.calls]
    zones = drawn.zones if generation.nodes else drawn.zones[:2]
    assert report.mem_info is not None
    assert report.mem_info.page_kb == generation.page_kb
    for found, zone in zip(report.mem_info.zones, zones, strict=True):
        assert (found.name, found.node) == (zone.name, zone.node if generation.nodes else None)
        assert (found.free_pages, found.present_pages) == (zone.free, zone.present)
        assert (found.min_pages, found.low_pages, found.high_pages) == zone.marks
        assert found.lowmem_reserve_pages == zone.reserve
        assert [block.order for block in found.free_area] == list(range(11))
        assert tuple(block.count for block in found.free_area) == zone.blocks
    assert report.missing == ()
    assert report.mem_info.missing == ()


@LIGHT
@given(drawn=DRAWN, data=st.data())
def test_rendered_report_reads_back_under_every_framing(make, rendered, generations, framings, read, drawn, data):
    generation = generations[data.draw(st.sampled_from(sorted(generations)))]
    write, wall, boot = framings[data.draw(st.sampled_from(sorted(framings)))]
    report = make(**drawn)
    if not generation.nodes:
        report = make(**{**drawn, "zones": drawn["zones"][:2]})
    if not generation.stale:
        report = make(**{**drawn, "calls": [(*call[:4], True) for call in drawn["calls"]]})
    facts = read([write(line) for line in rendered(report, generation)])
    assert len(facts.reports) == 1
    found = facts.reports[0]
    assert_same(found, report, generation)
    assert (found.time, found.monotonic_s) == (wall, boot)
    assert facts.slub == facts.suppressed == facts.warnings == ()


@pytest.fixture(scope="module")
def sample(make):
    """One report for the tables below."""
    calls = [
        ("dump_stack", None, 0x19, 0x1B, True), ("warn_alloc", None, 0x110, 0x180, True),
        ("__alloc_skb", None, 0x6D, 0x190, True), ("ixgbe_poll", "ixgbe", 0x41D, 0x7C0, True),
    ]  # fmt: skip
    zones = [
        (3966, (22, 27, 33), 3998, (6, 1, 0, 2, 0, 1, 0, 0, 0, 0, 3)),
        (1212, (933, 1166, 1399), 222089, (244, 6, 13, 0, 0, 1, 0, 0, 0, 0, 0)),
    ]
    return make("kworker/u16:3", 2, 0x4020, 4242, 3, calls, zones)


def test_every_generation_under_every_framing(sample, rendered, generations, framings, read):
    for generation in generations.values():
        for name, (write, wall, boot) in framings.items():
            facts = read([write(line) for line in rendered(sample, generation)])
            assert len(facts.reports) == 1, (generation.name, name)
            assert_same(facts.reports[0], sample, generation)
            assert (facts.reports[0].time, facts.reports[0].monotonic_s) == (wall, boot), (generation.name, name)


def wrapped(lines, width=76):
    return [
        part
        for line in lines
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]


DAMAGE = {
    "> ": lambda lines: [f"> {line}" for line in lines],
    ">> > ": lambda lines: [f">> > {line}" for line in lines],
    "| ": lambda lines: [f"| {line}" for line in lines],
    "# ": lambda lines: [f"# {line}" for line in lines],
    " * ": lambda lines: [f" * {line}" for line in lines],
    "> : ": lambda lines: [f"> : {line}" for line in lines],
    "tab": lambda lines: [f"\t{line}" for line in lines],
    "trailing blanks": lambda lines: [f"{line}   " for line in lines],
    "CRLF": lambda lines: [f"{line}\r" for line in lines],
    "NUL": lambda lines: [f"\0{line}\0" for line in lines],
    "colours": lambda lines: [f"\x1b[33m{line}\x1b[0m" for line in lines],
    "blank lines between": lambda lines: [part for line in lines for part in (line, "")],
    "html": lambda lines: [html.escape(line) for line in lines],
    "html twice": lambda lines: [html.escape(html.escape(line)) + "<br/>" for line in lines],
    "markdown": lambda lines: [
        line.replace("_", r"\_").replace("[", r"\[").replace("]", r"\]").replace("<", r"\<") for line in lines
    ],
    "wrapped": wrapped,
    "quoted and wrapped": lambda lines: [f"> {line}" for line in wrapped(lines, 72)],
    "quoted-printable": lambda lines: quopri.encodestring("\n".join(lines).encode()).decode().split("\n"),
    "quoted quoted-printable": lambda lines: [
        f"> {line}" for line in quopri.encodestring("\n".join(lines).encode()).decode().split("\n")
    ],
    "newlines lost": lambda lines: ["".join(lines)],
    "newlines lost, blank": lambda lines: [" ".join(lines)],
}


@pytest.mark.parametrize("framing", ["dmesg", "syslog", "dmesg -T", "rsyslog", "none"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_undone(sample, rendered, generations, framings, read, damage, framing):
    write, _, _ = framings[framing]
    for name in ("el6", "el7", "el8", "el10"):
        if "lost" in damage and framing == "dmesg -T":
            continue  # nothing tells its stamp from a module's brackets
        facts = read(DAMAGE[damage]([write(line) for line in rendered(sample, generations[name])]))
        assert len(facts.reports) == 1, name
        assert_same(facts.reports[0], sample, generations[name])


@pytest.mark.parametrize("name", ["el4 x86_64", "el5 i386", "el6", "el7", "el8", "el10"])
def test_cut_anywhere_gives_a_part_and_no_more(sample, rendered, generations, read, name):
    generation = generations[name]
    lines = [f"[   12.345678] {line}" for line in rendered(sample, generation)]
    whole = read(lines).reports[0]
    for end in range(1, len(lines)):
        (report,) = read(lines[:end]).reports
        # whether an interrupt was a softirq is only told by the outer frames
        assert [replace(frame, context="") for frame in report.frames] == [
            replace(frame, context="") for frame in whole.frames[: len(report.frames)]
        ]
        if report.mem_info is None:
            assert any("Mem-Info" in str(text) for text in report.missing)
    for begin in range(1, len(lines)):
        facts = read(lines[begin:])
        assert facts.reports == ()


@LIGHT
@given(drawn=DRAWN, seed=st.randoms(use_true_random=False), name=st.sampled_from(["el4 x86_64", "el6", "el8", "el10"]))
def test_broken_reports_are_read_without_exception(make, rendered, generations, read, drawn, seed, name):
    text = list("\n".join(rendered(make(**drawn), generations[name])))
    for _ in range(seed.randrange(1, 30)):
        at = seed.randrange(len(text))
        text[at] = seed.choice(["\n", "", " ", "[", "]", ":", "=", "\0", "é", "9" * 30, "0x", "kB", "{", ">", '"'])
    read("".join(text).split("\n"))
