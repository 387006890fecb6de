"""Renders reports as each kernel generation prints them (KERNEL.md 2)."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from nopage.intake.model import Limits
from nopage.intake.search import WindowSearch
from nopage.kernel.facts import FailureReport, LogFacts
from nopage.kernel.gfp import decode
from nopage.kernel.release import parse_release
from nopage.klog.reading import read_log

ORDERS = 11


@dataclass(frozen=True)
class Call:
    """A frame to render; `stack` is "softirq" or "task"."""

    symbol: str
    module: str | None
    offset: int
    size: int
    address: int
    reliable: bool = True
    stack: str = "softirq"


@dataclass(frozen=True)
class Memory:
    """A zone to render, in pages."""

    node: int
    name: str
    free: int
    marks: tuple[int, int, int]
    present: int
    managed: int
    reserve: tuple[int, ...]
    blocks: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """A failure to render."""

    comm: str
    order: int
    mode: int
    pid: int
    cpu: int
    calls: tuple[Call, ...]
    zones: tuple[Memory, ...]
    flags: str = "GFP_ATOMIC"


@dataclass(frozen=True)
class Generation:
    """How one kernel prints: release named in the dump_stack line (None: it has none), frame style, Mem-Info style."""

    name: str
    release: str | None
    trace: str
    memory: str
    header: str = "{comm}: page allocation failure: order:{order}, mode:{mode:#x}"
    page_kb: int = 4
    marked: bool = True
    flags: bool = False
    modules: bool = True
    sizes: bool = True
    addresses: bool = True
    stale: bool = True
    nodes: bool = True


OLD = "{comm}: page allocation failure. order:{order}, mode:{mode:#x}"
NEW = (
    "{comm}: page allocation failure: order:{order}, mode:{mode:#x}({flags}), nodemask=(null),cpuset=/,mems_allowed=0-1"
)

GENERATIONS = {
    generation.name: generation
    for generation in (
        Generation("el4 x86_64", None, "brace", "el4", OLD, sizes=False, stale=False),
        Generation("el4 i386", None, "i386", "el4", OLD, marked=False, stale=False, nodes=False),
        Generation("el5 x86_64", None, "prefix", "el5", OLD, stale=False),
        Generation("el5 i386", None, "i386", "el5", OLD, marked=False, stale=False, nodes=False),
        Generation("el6", "2.6.32-504.el6.x86_64", "bracket", "el6", OLD),
        Generation("el6 ppc64", "2.6.32-504.el6.ppc64", "ppc", "el6", OLD, page_kb=64, marked=False, stale=False),
        Generation("el7", "3.10.0-1160.el7.x86_64", "bracket", "el7"),
        Generation("el8", "4.18.0-553.el8_10.x86_64", "bare", "el8", NEW, flags=True, addresses=False),
        Generation(
            "el8 arm64", "4.18.0-553.el8_10.aarch64", "bare", "el8", NEW,
            page_kb=64, marked=False, flags=True, addresses=False,
        ),
        Generation("el9", "5.14.0-427.42.1.el9_4.x86_64", "bare", "el9", NEW, flags=True, addresses=False),
        Generation("el10", "6.12.0-55.24.1.el10_0.x86_64", "bare", "el10", NEW, flags=True, addresses=False),
        Generation("arm 3.10", "3.10.53-imx", "arm", "el7", marked=False, stale=False, nodes=False),
    )
}  # fmt: skip


def render(report: Report, generation: Generation) -> list[str]:
    """The lines of the report, without any framing."""
    header = generation.header.format(
        comm=report.comm, order=report.order, mode=report.mode, flags=report.flags
    )
    return [header, *_prelude(report, generation), *_trace(report, generation), *_memory(report, generation)]


def _prelude(report: Report, generation: Generation) -> list[str]:
    release = generation.release
    if release is None:
        return []
    if generation.memory == "el6":
        return [f"Pid: {report.pid}, comm: {report.comm} Tainted: P           ---------------    {release} #1"]
    uid = "UID: 0 " if generation.memory == "el10" else ""
    kdump = "Kdump: loaded " if generation.memory in ("el8", "el9") else ""
    return [
        f"CPU: {report.cpu} {uid}PID: {report.pid} Comm: {report.comm} {kdump}"
        f"Tainted: P           OE  ------------   {release} #1",
        "Hardware name: Example Inc. Box 3000/0ABCDE, BIOS 2.2.2 01/16/2014",
    ]


def _trace(report: Report, generation: Generation) -> list[str]:
    style = generation.trace
    if style == "brace":
        return _brace_trace(report)
    lines: list[str] = []
    if style == "arm":
        return _arm_trace(report)
    if style != "i386":
        lines.append("Call trace:" if generation.name == "el8 arm64" else "Call Trace:")
    if style == "prefix":
        lines.insert(0, "")
    mark = "softirq"
    if generation.marked and style == "bare" and report.calls and report.calls[0].stack == "softirq":
        lines.append(" <IRQ>")
    for position, call in enumerate(report.calls):
        lead = ""
        if generation.marked and style != "bare":
            if position == 0 and call.stack == "softirq":
                lead = " <IRQ> "
            elif call.stack == "task" and mark == "softirq" and position:
                lead = " <EOI> "
        elif generation.marked and call.stack == "task" and mark == "softirq" and position:
            lines.append(" </IRQ>")
            if generation.memory in ("el9", "el10"):
                lines.append(" <TASK>")
        mark = call.stack
        lines.append(lead + _frame(call, style))
    if generation.marked and style == "bare" and generation.memory in ("el9", "el10") and mark == "task":
        lines.append(" </TASK>")
    return lines


def _frame(call: Call, style: str) -> str:
    place = f"{call.symbol}+{call.offset:#x}/{call.size:#x}"
    suffix = f" [{call.module}]" if call.module else ""
    stale = "" if call.reliable else "? "
    if style == "prefix":
        return f" [<{call.address:016x}>] " + (f":{call.module}:" if call.module else "") + place
    if style == "bracket":
        return f" [<{call.address:016x}>] {stale}{place}{suffix}"
    if style == "i386":
        return f" [<{call.address & 0xFFFFFFFF:08x}>] {place}{suffix}"
    if style == "ppc":
        return f"[c00000003fd5b{call.offset % 4096:03x}] [{call.address:016x}] .{place}{suffix}"
    return f" {stale}{place}{suffix}"


def _brace_trace(report: Report) -> list[str]:
    text = "Call Trace:"
    lines = [""]
    mark = "task"
    for position, call in enumerate(report.calls):
        if call.stack != mark:
            text += "<IRQ> " if call.stack == "softirq" else " <EOI> "
            mark = call.stack
        module = f":{call.module}:" if call.module else ""
        text += f"<{call.address:016x}>{{{module}{call.symbol}+{call.offset}}} "
        if position % 2:
            lines.append(text)
            text = "       "
    return [*lines, text] if text.strip() else lines


def _arm_trace(report: Report) -> list[str]:
    lines = []
    for callee, caller in zip(report.calls, report.calls[1:], strict=False):
        left, right = (f"{call.symbol}+{call.offset:#x}/{call.size:#x}" for call in (callee, caller))
        mod = f" [{caller.module}]" if caller.module else ""
        left_mod = f" [{callee.module}]" if callee.module else ""
        lines.append(
            f"[<{callee.address & 0xFFFFFFFF:08x}>] ({left}{left_mod}) from "
            f"[<{caller.address & 0xFFFFFFFF:08x}>] ({right}{mod})"
        )
    return lines


def _memory(report: Report, generation: Generation) -> list[str]:
    style, kb = generation.memory, generation.page_kb
    lines = ["Mem-info:" if style in ("el4", "el5") else "Mem-Info:"]
    if style in ("el4", "el5", "el6"):
        for zone in report.zones:
            lines.append(f"{_node(zone, generation)}{zone.name} per-cpu:")
            lines.append(
                "CPU    0: hi:  186, btch:  31 usd: 117" if style == "el6" else "cpu 0 hot: high 186, batch 31 used:21"
            )
    lines += _counters(style)
    lines += [f"Node {node} {NODE_LINE}" for node in sorted({zone.node for zone in report.zones})] * (
        style in ("el8", "el9", "el10")
    )
    for zone in report.zones:
        lines.append(f"{_node(zone, generation)}{zone.name} " + _zone_line(zone, style, kb))
        reserve = "protections[]" if style == "el4" else "lowmem_reserve[]"
        lines.append(f"{reserve}: " + " ".join(map(str, zone.reserve)))
    letters = " (UM)" if style in ("el7", "el8", "el9", "el10") else ""
    for zone in report.zones:
        blocks = " ".join(
            f"{count}*{kb << order}kB{letters if count else ''}" for order, count in enumerate(zone.blocks)
        )
        total = sum(count * (kb << order) for order, count in enumerate(zone.blocks))
        lines.append(f"{_node(zone, generation)}{zone.name}: {blocks} = {total}kB")
    if style in ("el4", "el5"):
        return [*lines, "Free swap:       490000kB", "229376 pages of RAM", "2500 reserved pages"]
    return [
        *lines, "1025 total pagecache pages", "0 pages in swap cache", "Swap cache stats: add 0, delete 0, find 0/0",
        "Free swap  = 490000kB", "Total swap = 1000000kB", "229376 pages RAM", "2500 pages reserved",
    ]  # fmt: skip


def _node(zone: Memory, generation: Generation) -> str:
    return f"Node {zone.node} " if generation.nodes else ""


NODE_LINE = (
    "active_anon:5012kB inactive_anon:1596kB isolated(anon):0kB mapped:1728kB shmem_thp: 0kB anon_thp: 0kB "
    "writeback_tmp:0kB kernel_stack:648kB pagetables:12kB all_unreclaimable? no"
)


def _counters(style: str) -> list[str]:
    if style in ("el4", "el5"):
        return [
            "Free pages:       26800kB (0kB HighMem)",
            "Active:150000 inactive:5000 dirty:18 writeback:280 unstable:0 free:6700 slab:40000 mapped:410",
        ]
    lines = [
        "active_anon:150000 inactive_anon:5000 isolated_anon:0",
        " active_file:1 inactive_file:2 isolated_file:0",
        " unevictable:0 dirty:18 writeback:280 unstable:0",
        " slab_reclaimable:157 slab_unreclaimable:40000",
        " mapped:410 shmem:0 pagetables:27 bounce:0",
        " free:6700 free_pcp:355 free_cma:0",
    ]
    more = [" sec_pagetables:0 bounce:0", " kernel_misc_reclaimable:0"] if style == "el10" else []
    return [*lines[:4], *more, *lines[4:]]


def _zone_line(zone: Memory, style: str, kb: int) -> str:
    low = [f"min:{zone.marks[0] * kb}kB", f"low:{zone.marks[1] * kb}kB", f"high:{zone.marks[2] * kb}kB"]
    parts = [f"free:{zone.free * kb}kB"]
    if style in ("el9", "el10"):
        parts.append("boost:0kB")
    parts += low
    if style in ("el9", "el10"):
        parts.append(f"reserved_highatomic:{2 * kb}KB")
    if style in ("el4", "el5"):
        parts += ["active:100kB", "inactive:200kB", f"present:{zone.present * kb}kB", "pages_scanned:0"]
        return " ".join([*parts, "all_unreclaimable? no"])
    parts += ["active_anon:128kB", "inactive_anon:64kB", "isolated(anon):0kB", f"present:{zone.present * kb}kB"]
    if style != "el6":
        parts += [f"managed:{zone.managed * kb}kB", "free_pcp:64kB", "free_cma:0kB"]
    if style in ("el6", "el7"):
        parts += ["kernel_stack:64kB", "pages_scanned:12", "all_unreclaimable? yes"]
    return " ".join(parts)


@pytest.fixture(scope="session")
def generations() -> dict[str, Generation]:
    return GENERATIONS


@pytest.fixture(scope="session")
def rendered() -> Callable[[Report, Generation], list[str]]:
    return render


@pytest.fixture(scope="session")
def kinds() -> tuple[type[Report], type[Call], type[Memory]]:
    """The types to render from."""
    return Report, Call, Memory


# A driver's request in a softirq; its numbers are of no host.
INNER = (
    ("dump_stack", None, 0x19, 0x1B), ("warn_alloc_failed", None, 0x110, 0x180),
    ("__alloc_pages_slowpath", None, 0x6B6, 0x724), ("__alloc_pages_nodemask", None, 0x405, 0x420),
    ("__alloc_skb", None, 0x6D, 0x190), ("demo_alloc_rx_buffers", "demo_net", 0x41D, 0x7C0),
    ("__do_softirq", None, 0xC1, 0x1E0),
)  # fmt: skip
SAMPLE = Report(
    "kworker/u16:3", 2, 0x4020, 4242, 3,
    (
        *(Call(symbol, module, offset, size, 0xFFFFFFFFA0001000 + 64 * number)
          for number, (symbol, module, offset, size) in enumerate(INNER)),
        Call("cpu_idle", None, 0x2D, 0x120, 0xFFFFFFFF81001000, stack="task"),
    ),
    (
        Memory(0, "DMA", 3966, (22, 27, 33), 3998, 3997, (0, 2991, 7540, 7540), (6, 1, 0, 2, 0, 1, 0, 0, 0, 0, 3)),
        Memory(
            0, "Normal", 1212, (933, 1166, 1399), 222089, 222000, (0, 0, 0, 0), (244, 6, 13, 0, 0, 1, 0, 0, 0, 0, 0)
        ),
    ),
    flags="GFP_ATOMIC|__GFP_COMP",
)  # fmt: skip
MASKS = {"el8": 0x484020, "el9": 0xE20 | 0x40000, "el10": 0x44820}

Cell = tuple[str, str]
Framed = tuple[str, str, Callable[[Sequence[str]], list[str]], Callable[[list[str]], list[str]]]


def read_bytes(data: bytes) -> LogFacts:
    """As the command reads a file: searched, and what was found read."""
    search = WindowSearch("log", Limits())
    search.feed(data)
    return read_log(search.finish().windows)


def is_header(found: FailureReport, report: Report, generation: Generation) -> bool:
    gfp = decode(found.gfp_mask, parse_release(found.kernel or generation.release or ""), found.gfp_text)
    return (found.comm, found.order, found.gfp_mask, gfp.atomic) == (report.comm, 2, report.mode, True)


def is_whole(found: FailureReport, report: Report, generation: Generation) -> bool:
    zones = found.mem_info.zones if found.mem_info is not None else ()
    named = generation.release is None or (found.pid, found.kernel) == (report.pid, generation.release)
    return (
        named
        and [frame.symbol for frame in found.frames] == [call.symbol for call in report.calls]
        and [frame.module for frame in found.frames] == [call.module for call in report.calls]
        and [zone.free_pages for zone in zones] == [zone.free for zone in report.zones]
        and [zone.min_pages for zone in zones] == [zone.marks[0] for zone in report.zones]
        and [len(zone.free_area) for zone in zones] == [ORDERS] * len(report.zones)
    )


@dataclass
class Measured:
    """Of each framing and damage: in how many of the kernels the header, and the whole report, was read exactly."""

    cells: list[Cell]
    kernels: int
    headers: Counter[Cell] = field(default_factory=Counter)
    wholes: Counter[Cell] = field(default_factory=Counter)

    def holds(self, less_than_whole: Mapping[Cell, int]) -> None:
        """Each header is read, and each report whole but in the cells named, with how many of theirs are."""
        low = [
            f"{', '.join(cell)}: header {self.headers[cell]} of {self.kernels}, whole {self.wholes[cell]}"
            for cell in self.cells
            if self.headers[cell] < self.kernels or self.wholes[cell] < less_than_whole.get(cell, self.kernels)
        ]
        most = len(self.cells) * self.kernels
        share = f"{self.headers.total()} headers and {self.wholes.total()} whole reports of {most}"
        assert not low, "\n".join([share, *low])


def measure(cells: Iterable[Framed], kernels: Sequence[str], others: int = 0) -> Measured:
    """`others` reports of another comm stand in what the damage makes."""
    cells = list(cells)
    found = Measured([cell[:2] for cell in cells], len(kernels))
    for kernel in kernels:
        generation = GENERATIONS[kernel]
        report = replace(SAMPLE, mode=MASKS.get(kernel, SAMPLE.mode))
        lines = [line for line in render(report, generation) if line]
        for name, damage, write, spoil in cells:
            text = "\n".join(spoil(write(lines))) + "\n"
            reports = read_bytes(text.encode()).reports
            own = next((one for one in reports if one.comm == report.comm), None)
            if own is not None and len(reports) == 1 + others and is_header(own, report, generation):
                found.headers[name, damage] += 1
                found.wholes[name, damage] += is_whole(own, report, generation)
    return found


@pytest.fixture(scope="session")
def measured() -> Callable[[Iterable[Framed], Sequence[str]], Measured]:
    return measure
