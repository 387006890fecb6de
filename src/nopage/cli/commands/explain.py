"""`nopage explain TEXT`: a mask or its names decoded, or a failure's line or whole report diagnosed."""
from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain
from nopage.cli.options import add_format, add_language, parsed
from nopage.cli.output import print_json
from nopage.cli.status import INTERNAL_ERROR, NOTHING_FOUND, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.kernel.release import Release
    from nopage.result import Result
    from nopage.result.answers import Masks

MOST_BYTES = 2 << 20


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage explain`."""
    made = argparse.ArgumentParser(
        prog="nopage explain",
        description="Explain a gfp mask or its names, a failure's first line, or a whole pasted report.",
        epilog="examples:\n  nopage explain 0x480020 --kernel 8.6\n  nopage explain GFP_ATOMIC --kernel el6\n"
        '  nopage explain "ksoftirqd/0: page allocation failure. order:1, mode:0x20" --kernel "RHEL 6.4"\n'
        "  nopage explain - < report.txt",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("text", metavar="TEXT", help="the mask, names joined by |, the line, or - for standard input")
    made.add_argument(
        "--kernel", metavar="RELEASE",
        help="where the text does not name it: a kernel release, a minor of RHEL (8.6, RHEL 6.4) or el6",
    )
    add_format(made)
    add_language(made)
    return made


def main(arguments: Sequence[str]) -> int:
    """Print the explanation; returns the exit status."""
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    from nopage.kernel.release import release_named

    release = release_named(options.kernel) if options.kernel is not None else None
    if options.kernel is not None and release is None:
        complain(f"--kernel: {options.kernel!r} is no kernel release such as 2.6.32-358.el6.x86_64 and no known RHEL "
                 "such as 6.4 or el6")
        return WRONG_COMMAND_LINE
    text = options.text
    if text == "-":
        text = sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")
    asked = text.strip()
    from nopage.engine.masks import is_mask, masks_of

    if is_mask(asked):
        masks = masks_of(asked, release)
        if not masks.masks:
            where = f" on {release.text}" if release else " on any RHEL"
            complain(f"{asked}: no such flag{where}")
            return WRONG_COMMAND_LINE
        print_masks(masks, options.format, options.lang)
        return NOTHING_FOUND
    return explain_text(text, release, options.format, options.lang)


def print_masks(masks: Masks, form: str, language: str) -> None:
    """One mask flag by flag, several a line each; or all as JSON."""
    if form == "json":
        print_json(masks)
        return
    from nopage.report.answers import mask_lines, masks_table
    from nopage.report.speaker import speaker
    from nopage.report.text import console, print_lines

    speak = speaker(language)
    lines = mask_lines(masks.masks[0], speak) if len(masks.masks) == 1 else masks_table(masks.masks, speak)
    print_lines(lines, console(sys.stdout))


def explain_text(text: str, release: Release | None, form: str, language: str) -> int:
    """Diagnose a line or a report; returns the exit status."""
    from nopage.engine.texts import result_of_text

    result = result_of_text(text, release.text if release else None)
    for warning in result.source.warnings if result.source.internal_error else ():
        complain(str(warning))
    if result.source.internal_error and not result.failures:
        return INTERNAL_ERROR
    if not result.failures:
        complain("no 'page allocation failure' with its order and mode in this text; paste the line as the kernel "
            "printed it, a mask such as 0x4020, or a name such as GFP_ATOMIC")
        return WRONG_COMMAND_LINE
    if form == "json":
        print_json(result)
    else:
        print_failures(result, release, language)
    return INTERNAL_ERROR if result.source.internal_error else NOTHING_FOUND


def print_failures(result: Result, release: Release | None, language: str) -> None:
    """The first screen; below it the mask of the only failure, which is all that a line alone tells."""
    from nopage.kernel.gfp import decode
    from nopage.kernel.release import parse_release
    from nopage.report.answers import mask_lines
    from nopage.report.speaker import speaker
    from nopage.report.text import console, print_lines, print_result
    from nopage.report.view import View
    from nopage.result.answers import mask_explained

    shown, speak = console(sys.stdout), speaker(language)
    print_result(result, shown, View(speak=speak, more=False))
    one = result.failures[0]
    if len(result.failures) == 1 and not one.zones and not one.call_trace:
        kernel = (parse_release(one.kernel) if one.kernel else None) or release
        shown.print()
        print_lines(
            mask_lines(mask_explained(decode(int(one.gfp_mask, 16), kernel, one.gfp_printed), kernel), speak),
            shown,
        )
