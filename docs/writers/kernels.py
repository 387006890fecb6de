"""kernels.md: what differs between kernels, out of the tables the code works with."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nopage.diagnosis.watermark.rules import RED_HAT
from nopage.kernel.gfp.decode import LAYOUTS
from nopage.kernel.gfp.layout import Bit, Layout
from nopage.kernel.release.tables import RHEL_BASE, RHEL_GA_BUILDS
from nopage.kernel.watermarks.tables import DEFAULTS, FLOOR_KB, TUNABLES, Span
from nopage.klog.framing import layouts
from nopage.klog.report import trace
from writers.markdown import NOTE, table

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "data" / "atomic_allocation_failure"
LAYOUT_NAMES: Mapping[str, str] = {
    "el4": "RHEL 4",
    "el5": "RHEL 5",
    "el6": "RHEL 6",
    "el7": "RHEL 7",
    "v4.9": "Linux 4.4 to 4.12",
    "v4.14": "Linux 4.13 to 4.18",
    "el8": "RHEL 8",
    "el9.0": "RHEL 9.0 to 9.4",
    "el9.5": "RHEL 9.5 on",
    "el10": "RHEL 10",
}


def shown_layouts() -> list[Layout]:
    return [LAYOUTS[key] for key in LAYOUT_NAMES]


def kernels_page() -> str:
    """What differs between kernels, out of the tables the code works with."""
    return (
        "# Kernels\n\n"
        + NOTE.format(source="the tables in src/nopage/kernel/ and src/nopage/klog/")
        + "## Releases\n\nA build is matched by its first number: 2.6.32-358.6.2.el6 is RHEL 6.4.\n\n"
        + table(["generation", "kernel", "minor releases and their first build"], list(release_rows()))
        + "A kernel that is no RHEL build is read by the rules of the generation nearest to its upstream version, and "
        "the result says so.\n\n"
        + "## What a gfp_mask bit means\n\nThe same number means different things on different kernels.\n\n"
        + table(["bit", *LAYOUT_NAMES.values()], list(bit_rows()))
        + "## Masks with a name\n\n"
        + table(["name", *LAYOUT_NAMES.values()], list(composite_rows()))
        + "GFP_ATOMIC of RHEL 4 and 5 carries NOWARN: its failures print nothing.\n\n"
        + "## Who cannot sleep, who may use the reserve\n\n"
        + table(["kernel", "can sleep if", "half of min if", "a further quarter if"], list(atomic_rows()))
        + "## The watermark check\n\nFree pages, less those taken, must be above what the request has to leave and the "
        "zone's lowmem_reserve. For order 1 and more a second test follows.\n\n"
        + table(["kernel", "pages taken for order N", "second test"], list(rule_rows()))
        + "## Default of vm.min_free_kbytes\n\n"
        + table(["kernel", "value in kB"], [[span_words(row.span), default_words(row)] for row in DEFAULTS])
        + "With transparent huge pages it is at least 22528 kB for each zone (x86_64), at most 5 % of lowmem.\n\n"
        + "## Tunables\n\n"
        + table(["tunable", "RHEL builds"], [[f"`{one}`", span_words(span)] for one, span in sorted(TUNABLES.items())])
        + "## What a report looks like\n\nFirst lines of the samples in `tests/data/`.\n\n"
        + "".join(sample_rows())
        + "## Call traces\n\nAll of these are read:\n\n```text\n"
        + frame_forms()
        + "```\n\n## Log framings\n\nWhat may stand before the kernel's own text: "
        + ", ".join(layout.name for layout in layouts.LAYOUTS)
        + ", or nothing.\n"
    )


def release_rows() -> Iterator[list[str]]:
    for version, generation in sorted(RHEL_BASE.items()):
        builds = ", ".join(f"{minor} ({build})" for build, minor in RHEL_GA_BUILDS[generation])
        yield [generation, ".".join(map(str, version)), builds]


def bit_rows() -> Iterator[list[str]]:
    for place in range(28):
        value = 1 << place
        cells = [", ".join(bit_words(bit) for bit in one.bits if bit.value == value) for one in shown_layouts()]
        if any(cells):
            yield [f"{value:#x}", *cells]


def bit_words(bit: Bit) -> str:
    span = [f"from {bit.since}"] if bit.since else []
    span += [f"below {bit.below}"] if bit.below else []
    return bit.name + (f" ({', '.join(span)})" if span else "")


def composite_rows() -> Iterator[list[str]]:
    names = list(dict.fromkeys(row.name for one in shown_layouts() for row in one.composites))
    for name in sorted(names):
        masks = [[f"{row.value:#x}" for row in one.composites if row.name == name] for one in shown_layouts()]
        yield [name, *(", ".join(values) for values in masks)]


def atomic_rows() -> Iterator[list[str]]:
    for layout in shown_layouts():
        needs = [bit.name for bit in layout.bits if bit.value & layout.harder.needs]
        bars = [bit.name for bit in layout.bits if bit.value & layout.harder.bars]
        harder = " and ".join([*needs, *(f"not {name}" for name in bars)])
        yield [LAYOUT_NAMES[layout.key], f"bit {layout.wait:#x}", f"bit {layout.high:#x}", harder]


ORDER_TESTS: Mapping[str, str] = {
    "none": "a block of the order must be in the free list",
    "halving": "pages in blocks larger than order 0, 1, ... N-1 must each be above 1/2, 1/4, ... of what is to be left",
    "relaxed": "pages in blocks of the order and larger must be above 0",
    "list": "one free block of the order or larger, of a type the request may use",
}


def rule_rows() -> Iterator[list[str]]:
    for rule in dict.fromkeys(row[2] for row in reversed(RED_HAT)):
        slack = f" {'+' if rule.slack_pages > 0 else '-'} {abs(rule.slack_pages)}" if rule.slack_pages else ""
        yield [rule.kernels, f"2^N{slack}", ORDER_TESTS[rule.order_test]]


def span_words(span: Span) -> str:
    words = [f"from {span.since.removesuffix('-0')}"] if span.since else []
    words += [f"below {span.below.removesuffix('-0')}"] if span.below else []
    return ", ".join(words) or "all"


def default_words(row: Any) -> str:
    factor = "" if row.factor == 1 else f"{row.factor} x "
    return f"square root of ({factor}lowmem in kB), {FLOOR_KB} to {row.ceiling_kb}"


def sample_rows() -> Iterator[str]:
    for case in ("rhel4", "rhel5", "rhel6_before_358", "rhel7", "rhel8", "rhel9", "rhel10"):
        log = next((SAMPLES / case / "sosreport" / "sos_commands").glob("*/dmesg*"))
        lines = log.read_text(encoding="utf-8").splitlines()
        first = next(number for number, line in enumerate(lines) if "page allocation failure" in line)
        shown = "\n".join(line.rstrip() for line in lines[first : first + 6])
        yield f"{case.split('_')[0].upper().replace('RHEL', 'RHEL ')}\n\n```text\n{shown}\n```\n\n"


def frame_forms() -> str:
    return "".join(line[4:] + "\n" for line in str(trace.__doc__).splitlines() if line.startswith("    "))
