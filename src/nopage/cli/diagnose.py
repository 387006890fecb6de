"""`nopage [PATH...]`: diagnose sources and print what was found."""
from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from nopage.cli.complaint import complain
from nopage.cli.hostfiles import OF_ONE_HOST, Refused, is_folder, made_folder, several_hosts, write_folder
from nopage.cli.options import add_language, add_screen, parsed, size_bytes
from nopage.cli.output import UnwritableError, refusal, written
from nopage.cli.progress import Pace, progress
from nopage.cli.status import (
    FAIL_ON,
    INTERNAL_ERROR,
    KEYS,
    NOT_WHOLLY_READ,
    NOTHING_FOUND,
    WRONG_COMMAND_LINE,
    Seen,
    status_of,
)
from nopage.cli.time_limit import Clock
from nopage.cli.writers import WRITERS
from nopage.version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from nopage.intake.model import Collection, Limits
    from nopage.report.view import View
    from nopage.result import Result

    Reading = Generator[Collection, None, None]

SEVERITIES = ("urgent", "important", "moderate", "low")
FORMATS = ("text", "json", "jsonl", "html", "markdown", "case", "ansible", "sysctl")

# metavar, type, the intake's own limit in words, what it is
LIMITS: dict[str, tuple[str, Callable[[str], Any], str, str]] = {
    "max-unpacked": ("SIZE", str, "64G", "bytes to unpack from one source, e.g. 20G"),
    "max-members": ("N", int, "2000000", "members to look at in one archive"),
    "max-seconds": ("N", float, "900", "time to spend on one source"),
    "max-nesting": ("N", int, "4", "how deep archives inside archives are opened"),
}

EPILOG = """\
examples:
  nopage sosreport-web1-2026-11-20.tar.xz      one sosreport: failures, cause, remedy
  nopage /var/log/messages                     one log, of any framing
  dmesg | nopage -                             standard input
  nopage a.tar.gz b.tar.xz                     many sources: one line each
  nopage --format json a.tar.gz | jq .findings
  nopage explain "swapper: page allocation failure. order:1, mode:0x20" --kernel 2.6.32-358.el6.x86_64
  nopage watermarks a.tar.gz --min-free-kbytes 262144
  nopage diff before.tar.xz after.tar.xz       did the remedy work, what else changed
  nopage rules                                 the findings, when each fires, its remedies
  nopage schema                                the JSON schema of the results

Each command has its own --help. Options may stand before or behind a command's name.

exit status: 0 nothing found, 1 found, 2 wrong command line, 3 a source could not be read wholly, 4 internal error
"""


def parser() -> argparse.ArgumentParser:
    """The command line of `nopage [PATH...]`."""
    made = argparse.ArgumentParser(
        prog="nopage",
        description="Explain the Linux kernel's 'page allocation failure': what failed, why, what to set or update.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="sosreport or other archive, directory, log file, vmcore, '-' for standard input; none: this host",
    )
    made.add_argument(
        "--format", choices=FORMATS, default="text", help="how to print the result (default: %(default)s)"
    )
    add_language(made, "text, HTML, case and Markdown")
    made.add_argument(
        "--brief",
        action="store_true",
        help="JSON under 64 kB a source, one line each: no call traces, no zones, counts instead",
    )
    text = made.add_argument_group("text", "the first screen tells the answer; these show the rest below it")
    text.add_argument("--why", action="store_true", help="every zone replayed, every remedy, notes, article and source")
    text.add_argument("--log", action="store_true", help="the kernel's own report, one of each kind")
    text.add_argument("--links", action="store_true", help="the resolution, and what is worth reading beside it")
    text.add_argument("-v", "--verbose", action="store_true", help="all of it")
    add_screen(text)
    made.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to FILE instead of standard output; FOLDER/ with sysctl and ansible: a file for each host",
    )
    made.add_argument(
        "--fail-on",
        metavar="KEY",
        action="append",
        choices=KEYS,
        help=f"finding that makes the exit status 1; may be repeated (default: {', '.join(FAIL_ON)})",
    )
    made.add_argument(
        "--min-severity", metavar="LEVEL", choices=SEVERITIES,
        help=f"leave out findings below it; one of {', '.join(SEVERITIES)} (default: all are shown)",
    )
    for name, which in (("since", "before"), ("until", "from it on")):
        made.add_argument(
            f"--{name}", metavar="TIME",
            help=f"2026-11-20 or 2026-11-20T18:30, by the host's clock: findings whose failures all lie {which} are "
            "shown as old and do not count for the exit status",
        )
    made.add_argument("--vmlinux", metavar="FILE", help="debuginfo to read a vmcore's memory state with (needs drgn)")
    made.add_argument("--version", action="version", version=f"nopage {__version__}")
    limits = made.add_argument_group("limits", "past one of them what was read is diagnosed, and the status is 3")
    for name, (metavar, kind, shown, words) in LIMITS.items():
        limits.add_argument(f"--{name}", metavar=metavar, type=kind, help=f"{words} (default: {shown})")
    made.add_argument("--print-completion", metavar="SHELL", choices=("bash", "zsh"),
                      help="print the completions of bash or zsh, and end")
    return made


def main(arguments: Sequence[str], begun: Reading | None = None) -> int:
    """Diagnose each PATH; returns the exit status. `begun` is the reading of the first one, if it has begun."""
    try:
        return _main(arguments, begun)
    finally:
        if begun is not None:
            begun.close()


def _main(arguments: Sequence[str], begun: Reading | None) -> int:
    options = parsed(parser(), arguments)
    if isinstance(options, int):
        return options
    try:
        limits = limits_of(options)
        if options.width is not None and not 40 <= options.width <= 1000:
            raise ValueError("--width: must be from 40 to 1000")
        since, until = time_of("--since", options.since), time_of("--until", options.until)
        if since is not None and until is not None and since >= until:
            raise ValueError("--until: must be later than --since")
    except ValueError as error:
        complain(str(error))
        return WRONG_COMMAND_LINE
    if options.print_completion:
        from nopage.cli.completions import main as completions

        return completions(["--print-completion", options.print_completion])
    refused = refusal(options.output, options.paths) if options.output else ""
    if refused:
        complain(f"{options.output}: {refused}")
        return WRONG_COMMAND_LINE
    writer = writer_of(options)
    folder = options.output if writer in OF_ONE_HOST and is_folder(options.output) else None
    if writer in OF_ONE_HOST and len(options.paths) > 1 and folder is None:
        complain(several_hosts(writer, len(options.paths)))
        return WRONG_COMMAND_LINE
    if begun is None and options.paths:
        from nopage.intake.ahead import read_ahead

        begun = read_ahead(options.paths[0], limits)  # while the rule engine is imported
    seen: list[Seen] = []
    unshown = 0

    def results() -> Iterator[Result]:
        pace = Pace(len(options.paths))
        for number, path in enumerate(options.paths or [None]):
            reading = diagnose_one(path, limits, begun if number == 0 else None)
            clock = Clock(limits.seconds)
            while True:
                with progress(pace.text(path), pace.after_s):
                    result = clock.next_of(reading, path)
                if result is None:
                    break
                result = chosen(result, since, until, options.min_severity)
                keys = tuple(finding.key for finding in result.findings if not finding.old)
                seen.append(Seen(result.source.complete, keys, result.source.internal_error))
                yield result
            pace.add(path)

    to_file: contextlib.AbstractContextManager[TextIO] = contextlib.nullcontext(sys.stdout)
    if options.output:
        to_file = made_folder(folder) if folder else written(options.output)
    try:
        with to_file as out:
            if folder:
                unshown = write_folder(writer, results(), folder, view_of(options))
            else:
                unshown = WRITERS[writer](results(), out, len(options.paths), view_of(options))
            out.flush()
    except Refused as error:
        complain(str(error))
        return WRONG_COMMAND_LINE
    except UnwritableError as error:
        complain(f"{options.output}: {error}; name a file that can be written")
        return WRONG_COMMAND_LINE
    except BrokenPipeError:
        quiet_stdout()  # the reader has what it wanted; the status is that of what was read
    except OSError as error:
        complain(f"{options.output or 'standard output'}: {error.strerror}; nothing more written")
        quiet_stdout()
        return NOT_WHOLLY_READ
    if unshown:
        return INTERNAL_ERROR
    return status_of(seen, tuple(options.fail_on or FAIL_ON)) if seen else NOTHING_FOUND


def diagnose_one(path: str | None, limits: Limits, begun: Reading | None) -> Iterator[Result]:
    """The results of one source. The rule engine is imported here, while the first source is read elsewhere."""
    from nopage.engine.lean import import_lean

    import_lean()
    from nopage.engine.run import diagnose

    return diagnose(path, limits, begun=begun)


def time_of(option: str, text: str | None) -> datetime | None:
    """A date or an ISO 8601 time by the host's own clock; raises ValueError for what is none."""
    if text is None:
        return None
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ValueError(f"{option}: {text!r} is no time; write for example 2026-11-20 or 2026-11-20T18:30") from None


def chosen(result: Result, since: datetime | None, until: datetime | None, least: str | None) -> Result:
    """The result with what is old marked, and without what is not severe enough."""
    if since is None and until is None and least is None:
        return result
    from nopage.result import Severity
    from nopage.result.compare import at_least, in_time

    result = in_time(result, since, until)
    return at_least(result, Severity(least)) if least is not None else result


def view_of(options: argparse.Namespace) -> View:
    """What of a result is shown as text."""
    from nopage.report.speaker import speaker
    from nopage.report.view import View

    everything = options.verbose
    return View(
        why=options.why or everything, log=options.log or everything, links=options.links or everything,
        width=options.width, color=options.color, speak=speaker(options.lang),
    )


def writer_of(options: argparse.Namespace) -> str:
    """The writer for the options; brief results are JSON."""
    return "brief" if options.brief else str(options.format)


def limits_of(options: argparse.Namespace) -> Any:
    """The intake's limits with what the command line changes; raises ValueError for what is no size or count."""
    from dataclasses import replace

    from nopage.intake.model import Limits
    from nopage.kernel.bounds import BOUNDS

    limits = Limits(vmlinux=options.vmlinux)
    if options.max_unpacked is not None:
        limits = replace(limits, unpacked_bytes=size_bytes(options.max_unpacked))
    for option, name in (("max_members", "members"), ("max_seconds", "seconds"), ("max_nesting", "nesting")):
        value = getattr(options, option)
        if value is not None:
            if not value > 0:
                raise ValueError(f"--{option.replace('_', '-')}: must be more than 0")
            most = {"seconds": BOUNDS.seconds, "nesting": BOUNDS.nesting}.get(name)
            if most is not None and value > most:
                raise ValueError(f"--{option.replace('_', '-')}: must be {most} at most")
            limits = replace(limits, **{name: value})
    return limits


def quiet_stdout() -> None:
    """Nothing more can be written: what is buffered goes nowhere, so that the exit prints no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
