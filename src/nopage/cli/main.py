"""The nopage command: which sub-command is meant, and the exit status. Imports only what that command needs."""
from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as typing has it, in whose import Ctrl-C would end in a traceback
if TYPE_CHECKING:
    from collections.abc import Sequence


def _diagnose(arguments: Sequence[str]) -> int:
    from nopage.intake.ahead import read_ahead

    # Reading takes longest: it begins before anything else is looked at, where no option says how to read, and
    # reading leaves no trace should the command line turn out to be wrong.
    plain = arguments and not any(map(changes_reading, arguments)) and is_plain(arguments[0])
    begun = read_ahead(arguments[0]) if plain else None
    from nopage.cli.diagnose import main

    return main(arguments, begun)


def is_plain(path: str) -> bool:
    """The path is that of a file or directory: no option, no URL, no pipe."""
    import stat

    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not path.startswith("-") and (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def changes_reading(argument: str) -> bool:
    """The argument says how to read the sources."""
    return argument.startswith(("--max", "--vmlinux"))


PRINT_COMPLETION = "--print-completion"


def main(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit status (see `nopage.cli.status`).

    Whatever goes wrong inside is one line, and never the status that means "found". OSError is left to `run`: a closed
    pipe, a full disk.
    """
    try:
        return command(arguments)
    except OSError:
        raise
    except Exception as error:
        from nopage.cli.complaint import complain
        from nopage.cli.status import INTERNAL_ERROR
        from nopage.engine.faults import fault_words

        complain(fault_words(error))
        return INTERNAL_ERROR


def command(arguments: Sequence[str]) -> int:
    """The command that is meant."""
    if list(arguments) == ["--version"]:
        from nopage.version import __version__

        print(f"nopage {__version__}")
        return 0
    from nopage.cli.commands import COMMANDS, run_command

    if arguments and arguments[0] in COMMANDS:
        return run_command(arguments[0], arguments[1:])
    if arguments and arguments[0].startswith(PRINT_COMPLETION):
        from nopage.cli.completions import main as completions

        return completions(arguments)
    place = 0
    if arguments and arguments[0].startswith("-"):
        if not any(word in COMMANDS or command_meant(word) for word in arguments[1:]):
            return _diagnose(arguments)  # which word is the first one takes the parsers of all commands to tell
        from nopage.cli.completions import first_word

        place = first_word(arguments)
        if place < len(arguments) and arguments[place] in COMMANDS:
            return run_command(arguments[place], [*arguments[:place], *arguments[place + 1:]])
    if place < len(arguments):
        meant = command_meant(arguments[place])
        if meant is not None:
            from nopage.cli.complaint import complain
            from nopage.cli.status import WRONG_COMMAND_LINE

            complain(f"{arguments[place]!r} is no file and no command; did you mean 'nopage {meant}'?")
            return WRONG_COMMAND_LINE
    return _diagnose(arguments)


def command_meant(word: str) -> str | None:
    """The command that a mistyped word is near to; None for what is or looks like a path."""
    if not word.isalpha() or os.path.lexists(word):
        return None
    from difflib import get_close_matches

    from nopage.cli.commands import COMMANDS

    return next(iter(get_close_matches(word.lower(), COMMANDS, n=1, cutoff=0.7)), None)


def fill_standard_streams() -> None:
    """Where the caller closed one (`>&-`), what goes there is lost, and no file opened later takes its place."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)
    sys.stdin, sys.stdout, sys.stderr = (
        stream or open(os.devnull, mode)  # noqa: SIM115
        for stream, mode in ((sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w"))
    )


def run() -> None:
    """The console script: no traceback reaches the user for a closed pipe, a full disk or Ctrl-C.

    Ends the process itself: taking 400 modules apart again would cost as long as diagnosing a report.
    """
    from nopage.cli.interrupt import end_in_one_line

    end_in_one_line()
    import gc
    import io

    fill_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what the locale has no character for is written as its code
    gc.set_threshold(100_000)  # importing makes objects by the thousand that all stay
    status = 0
    try:
        status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader has what it wanted; the status is that of what was read, where that is known
    except OSError as error:
        from nopage.cli.complaint import complain

        complain(f"{error.filename or 'standard output'}: {error.strerror}")
        status = 3
    os._exit(status)
