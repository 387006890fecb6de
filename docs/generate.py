#!/usr/bin/env python3
"""Write the generated pages of the manual, or check that they are current.

    python docs/generate.py            write
    python docs/generate.py --check    print what is out of date, exit 1 if anything is

Whole pages: `rules/*.md`, `kernels.md`, `sources.md`. In other pages the text between `<!-- generated: NAME -->` and
`<!-- end -->` is replaced.
"""
from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from nopage.diagnosis.watermark.rules import RED_HAT
from nopage.intake.sources import SOURCES
from nopage.kernel.gfp.decode import LAYOUTS
from nopage.kernel.gfp.layout import Bit, Layout
from nopage.kernel.release.tables import RHEL_BASE, RHEL_GA_BUILDS
from nopage.kernel.watermarks.tables import DEFAULTS, FLOOR_KB, TUNABLES, Span
from nopage.klog.framing import layouts
from nopage.klog.report import trace
from nopage.report.schema import schema
from nopage.rules.knowledge import Knowledge, Link, ReleaseRange, ReleaseRow, keys, knowledge

DOCS = Path(__file__).resolve().parent
SAMPLES = DOCS.parent / "tests" / "data" / "atomic_allocation_failure"
NOTE = "<!-- Written by docs/generate.py; change {source} instead. -->\n\n"
MARK = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") or " " for cell in row) + " |\n" for row in lines) + "\n"


# -- rules/*.md ------------------------------------------------------------------------------------------------------


def rule_page(known: Knowledge) -> str:
    """One finding: what it means, what to do on each release."""
    causes = "".join(f"- `{cause}`: {words}\n" for cause, words in known.causes.items())
    values = "".join(f"- `{name}`: {value}\n" for name, value in known.thresholds.items())
    return (
        f"# {known.key}\n\n"
        + NOTE.format(source=f"rules/knowledge/{known.key.lower()}.yaml")
        + f"**{known.title}.** Type: {known.type}. Tags: {', '.join(known.tags)}.\n\n"
        + f"## Meaning\n\n{known.meaning}\n\n## Impact\n\n{known.impact}\n\n## Diagnosis\n\n"
        + "".join(f"{number}. {step}\n" for number, step in enumerate(known.diagnosis, 1))
        + (f"\n## Causes\n\n{causes}" if causes else "")
        + (f"\n## Thresholds\n\n{values}" if values else "")
        + "\n## Remedy by release\n\n"
        + "".join(release_section(row) for row in known.rows)
        + "## Risks\n\n"
        + "".join(f"- **{risk.topic}.** {risk.words}\n" for risk in known.risks)
        + "\n## Links\n\n"
        + "".join(f"- {link_words(link)}\n" for link in known.links)
    )


def release_section(row: ReleaseRow) -> str:
    """Environment, what the article says, what the source says, and the remedies in order."""
    steps = "".join(
        f"{number}. `{remedy.action}`{bounds(remedy.range)}: {remedy.words}"
        + (f" (`{remedy.command}`)" if remedy.command else "")
        + "\n"
        for number, remedy in enumerate(row.remedy, 1)
    )
    return (
        f"### {row.name}\n\n{row.environment}.\n\n"
        + (f"The article says: {row.says}\n\n" if row.says else "")
        + (f"The kernel's source says: {row.narrower}\n\n" if row.narrower else "")
        + steps
        + "\n"
    )


def bounds(span: ReleaseRange) -> str:
    """' (from 2.6.32-220)'."""
    words = [f"from {span.at_least}"] if span.at_least else []
    words += [f"below {span.below}"] if span.below else []
    return f" ({', '.join(words)})" if words else ""


def link_words(link: Link) -> str:
    """The title with its address, or with the place where it is found."""
    text = f"*{link.title}*" if link.url is None else f"[{link.title}]({link.url})"
    role = "The resolution: " if link.role == "resolution" else ""
    return role + text + (f" ({link.where})" if link.where else "")


def rules_index(known: Sequence[Knowledge]) -> str:
    """The list of findings."""
    rows = [[f"[{one.key}]({one.key.lower()}.md)", one.type, one.title] for one in known]
    return "# Findings\n\n" + NOTE.format(source="rules/knowledge/") + table(["key", "type", "meaning"], rows)


# -- kernels.md ------------------------------------------------------------------------------------------------------

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


# -- sources.md and the parts of other pages -------------------------------------------------------------------------


def sources_page() -> str:
    """Which files are read."""
    rows = [[f"`{one.spec}`", one.kind, ", ".join(f"`{name}`" for name in one.patterns)] for one in SOURCES]
    return (
        "# What is read\n\n"
        + NOTE.format(source="src/nopage/intake/sources.py")
        + "Paths stand below the top folder of a sosreport, an insights archive or a host. `*` matches within one "
        "folder name, `**` across several. A fact is kept whole, a log is searched and only windows around hits are "
        "kept, of meta files only what they say of the collection.\n\n" + table(["name", "kind", "files"], rows)
    )


def options(made: argparse.ArgumentParser) -> str:
    """The options of one command as a table."""
    rows = []
    for action in made._actions:
        names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{action.metavar or action.dest}`"
        choices = f" (one of {', '.join(map(str, action.choices))})" if action.choices else ""
        metavar = f" `{action.metavar}`" if action.option_strings and action.metavar else ""
        rows.append([names + metavar, str(action.help or "") % {"default": action.default} + choices])
    return table(["argument", "meaning"], rows)


def schema_rows(part: Mapping[str, Any], before: str = "") -> Iterator[list[str]]:
    """Each field of the JSON schema: name, type, what it is."""
    for name, field in part.get("properties", {}).items():
        kind = field.get("type") or ("one of " + ", ".join(map(str, field["enum"])) if "enum" in field else "constant")
        words = field.get("description", str(field.get("const", "")))
        yield [f"`{before}{name}`", " or ".join(kind) if isinstance(kind, list) else kind, words]
        yield from schema_rows(field, f"{before}{name}.")
        yield from schema_rows(field.get("items", {}), f"{before}{name}[].")


def parts() -> Mapping[str, Callable[[], str]]:
    """The generated parts of pages written by hand."""
    def command(name: str) -> Callable[[], str]:
        return lambda: options(import_module(f"nopage.cli.{name}").parser())

    return {
        "options": command("diagnose"),
        "options-explain": command("explain"),
        "options-watermarks": command("watermarks"),
        "fields": lambda: table(["field", "type", "meaning"], list(schema_rows(schema()))),
    }


def pages() -> dict[Path, str]:
    """Every page that holds generated text, as it should be."""
    known = [knowledge(key) for key in keys()]
    made = {DOCS / "rules" / f"{one.key.lower()}.md": rule_page(one) for one in known}
    made[DOCS / "rules" / "index.md"] = rules_index(known)
    made[DOCS / "kernels.md"] = kernels_page()
    made[DOCS / "sources.md"] = sources_page()
    writers = parts()
    for path in sorted(DOCS.glob("*.md")):
        if path not in made and "<!-- generated: " in (text := path.read_text(encoding="utf-8")):
            made[path] = MARK.sub(lambda found: found[1] + writers[found[2]]() + found[4], text)
    return made


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; returns the exit status."""
    made = argparse.ArgumentParser(description="Write the generated pages of the manual.")
    made.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    wish = made.parse_args(arguments)
    current = pages()
    stale = [path for path, text in current.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left = [path for path in (DOCS / "rules").glob("*.md") if path not in current]
    for path in stale:
        print(f"{path.relative_to(DOCS.parent)}: " + ("out of date" if wish.check else "written"))
        if not wish.check:
            path.write_text(current[path], encoding="utf-8")
    for path in left:
        print(f"{path.relative_to(DOCS.parent)}: no knowledge file has this name")
    return 1 if left or (wish.check and stale) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
