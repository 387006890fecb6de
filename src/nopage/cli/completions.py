"""The whole command line as one parser: for completions of bash and zsh, for the manual page, for options in front."""
from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from nopage.cli.commands import COMMANDS, SUBCOMMANDS, parser_of
from nopage.cli.complaint import complain
from nopage.cli.options import parsed
from nopage.cli.status import INTERNAL_ERROR, NOTHING_FOUND

# Where the files made at build stand below the prefix, by shell.
INSTALLED = {"bash": "share/bash-completion/completions/nopage", "zsh": "share/zsh/site-functions/_nopage"}
FILES_TOO = (
    ("complete -o bashdefault -F", "complete -o bashdefault -o default -F"),
    ("': :_shtab_nopage_commands'", "': :{_shtab_nopage_commands; _files}'"),
    ("$_shtab_nopage_watermarks_options ;;\n", "$_shtab_nopage_watermarks_options ;;\n        *) _files ;;\n"),
)
PATHS = frozenset({"PATH", "FILE", "OLD", "NEW", "DIR", "SOURCE"})


def main_parser() -> argparse.ArgumentParser:
    """The command line of `nopage` without a command."""
    made: argparse.ArgumentParser = import_module("nopage.cli.diagnose").parser()
    return made


def first_word(arguments: Sequence[str]) -> int:
    """The place of the first argument that is neither an option nor an option's value; their number where none is."""
    valued: set[str] = set()
    plain: set[str] = set()
    for made in (main_parser(), *map(parser_of, COMMANDS)):
        for action in made._actions:
            (plain if action.nargs == 0 else valued).update(action.option_strings)
    place = 0
    while place < len(arguments):
        argument = arguments[place]
        if argument == "--":
            return len(arguments)  # paths follow, whatever their names
        if not argument.startswith("-") or argument == "-":
            return place
        place += 2 if argument in valued and argument not in plain else 1
    return place


def whole() -> argparse.ArgumentParser:
    """All of it: the commands, and what stands without one."""
    made = main_parser()
    made.epilog = None
    commands = made.add_subparsers(metavar="COMMAND")
    for name in COMMANDS:
        one = parser_of(name)
        if name not in SUBCOMMANDS:
            commands.add_parser(name, parents=[one], add_help=False, help=one.description, description=one.description)
            continue
        words = first_line(one)
        below = commands.add_parser(name, help=words, description=words).add_subparsers(metavar="COMMAND")
        for part in SUBCOMMANDS[name]:
            two = parser_of(f"{name} {part}")
            below.add_parser(part, parents=[two], add_help=False, help=first_line(two), description=first_line(two))
    return made


def first_line(made: argparse.ArgumentParser) -> str:
    """What a command does, in its first sentence."""
    return (made.description or "").partition("\n")[0]


def completion(shell: str) -> str:
    """The completions for one shell. ImportError where shtab is not there."""
    import shtab

    made = whole()
    # The first word is a command or a path: shtab offers commands alone, the shell adds the files (FILES_TOO).
    for actions in (made._actions, *(group._group_actions for group in made._action_groups)):
        actions[:] = [action for action in actions if action.dest != "paths"]
    for one in (made, *subparsers(made)):
        for action in one._actions:
            if action.metavar in PATHS:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    text: str = shtab.complete(made, shell)
    for alone, with_files in FILES_TOO:
        text = text.replace(alone, with_files)
    return text


def subparsers(made: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of the commands, and of those below them."""
    found: list[argparse.ArgumentParser] = []
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                found += [one, *subparsers(one)]
    return found


def main(arguments: Sequence[str]) -> int:
    """`nopage --print-completion SHELL`: made anew, else as it was made at build; returns the exit status."""
    made = argparse.ArgumentParser(prog="nopage", allow_abbrev=False, usage="nopage --print-completion bash|zsh")
    made.add_argument("--print-completion", choices=tuple(INSTALLED), required=True)
    options = parsed(made, arguments)
    if isinstance(options, int):
        return options
    shell = options.print_completion
    try:
        text = completion(shell)
    except ImportError:
        installed = Path(sys.prefix) / INSTALLED[shell]
        if not os.path.isfile(installed):
            complain("--print-completion needs shtab; install it beside nopage")
            return INTERNAL_ERROR
        text = installed.read_text(encoding="utf-8")
    sys.stdout.write(text)
    return NOTHING_FOUND
