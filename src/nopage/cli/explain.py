"""`nopage explain TEXT`: one line, a mask or a whole pasted report, decoded and decided in words and numbers."""
from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nopage.cli.complaint import complain
from nopage.cli.status import INTERNAL_ERROR, NOTHING_FOUND, WRONG_COMMAND_LINE

if TYPE_CHECKING:
    from nopage.result import Result

MASK = re.compile(r"(?:mode:|gfp_mask=)?(0x[0-9a-fA-F]{1,16})(?:\(([A-Za-z_|0-9]*)\))?")
MOST_BYTES = 2 << 20


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage explain`."""
    made = argparse.ArgumentParser(
        prog="nopage explain",
        description="Explain a failure's first line, a whole pasted report, or a gfp mask alone.",
        epilog='examples:\n  nopage explain "ksoftirqd/0: page allocation failure. order:1, mode:0x20" '
        "--kernel 2.6.32-358.el6.x86_64\n  nopage explain 0x480020 --kernel 4.18.0-553.el8.x86_64\n"
        "  nopage explain - < report.txt",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("text", metavar="TEXT", help="the line, the mask, or '-' to read standard input")
    made.add_argument("--kernel", metavar="RELEASE", help="the kernel release, where the text does not name it")
    return made


def main(arguments: Sequence[str]) -> int:
    """Print the explanation; returns the exit status."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as wish:
        return wish.code if isinstance(wish.code, int) else WRONG_COMMAND_LINE
    from nopage.kernel.release import parse_release

    if options.kernel is not None and parse_release(options.kernel) is None:
        complain(f"--kernel: {options.kernel!r} holds no kernel version such as 2.6.32-358")
        return WRONG_COMMAND_LINE
    text = options.text
    if text == "-":
        text = sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")
    mask = MASK.fullmatch(text.strip())
    if mask is not None:
        print_mask(int(mask[1], 16), mask[2], options.kernel)
        return NOTHING_FOUND
    from nopage.engine.lean import import_lean

    import_lean()
    from nopage.engine.run import results_of, text_collection

    result = next(results_of("text", iter([text_collection(text, options.kernel)])))
    for warning in result.source.warnings if result.source.internal_error else ():
        complain(str(warning))
    if result.source.internal_error and not result.failures:
        return INTERNAL_ERROR
    if not result.failures:
        print(
            "nopage: no 'page allocation failure' with its order and mode in this text; paste the line as the kernel "
            "printed it, or a mask such as 0x4020",
            file=sys.stderr,
        )
        return WRONG_COMMAND_LINE
    print_failures(result, options.kernel)
    return INTERNAL_ERROR if result.source.internal_error else NOTHING_FOUND


def print_mask(mask: int, printed: str | None, kernel: str | None) -> None:
    """The flags of a mask, one a line, and what the request may do."""
    from nopage.kernel.gfp import FLAG_WORDS, decode, reserve_words
    from nopage.kernel.release import parse_release
    from nopage.report.text import console, escape

    shown = console(sys.stdout)
    decoded = decode(mask, parse_release(kernel) if kernel else None, printed)
    how = {
        "exact": f"the numbering of {kernel}",
        "nearest": f"the numbering nearest to {kernel}, which is no RHEL build",
        "inferred": "the kernel is not known: the numbering is inferred from the mask; --kernel makes it sure",
    }
    shown.print(f"[bold]{mask:#x} = {escape(decoded.name)}[/]", soft_wrap=True)
    for flag in decoded.flags:
        shown.print(f"  {flag:<24}{escape(str(FLAG_WORDS.get(flag, '')))}", soft_wrap=True)
    if decoded.unknown_bits:
        shown.print(f"  {decoded.unknown_bits:<#24x}no flag of this kernel", soft_wrap=True)
    shown.print(f"  {'zone':<24}{decoded.zone_limit} and every lower one", soft_wrap=True)
    decision = reserve_words(decoded.atomic, decoded.uses_reserve, decoded.harder)
    shown.print(f"  {'decision':<24}{decision}", soft_wrap=True)
    shown.print(f"  {'layout':<24}{decoded.layout}: {escape(how[decoded.layout_from])}", soft_wrap=True)


def print_failures(result: Result, kernel: str | None) -> None:
    """Each failure of the text: its mask, the decision in words and numbers; then the findings."""
    from nopage.report.text import console, escape, print_result
    from nopage.report.view import View

    shown = console(sys.stdout)
    for failure in result.failures:
        shown.print(
            f"[bold]{escape(failure.comm)}: page allocation failure, order {failure.order}, "
            f"mode {failure.gfp_mask}[/]"
        )
        print_mask(int(failure.gfp_mask, 16), failure.gfp_printed, failure.kernel or kernel)
        several = len(result.failures) > 1
        for text in (*failure.missing, *(failure.words if several else ())):
            shown.print(f"  {escape(text)}", soft_wrap=True)
        shown.print()
    print_result(result, shown, View(why=True))
