"""nopage.1: the manual page, from the parsers of the command line. Standard library only: it is made at build."""
from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Iterator, Mapping

SECTIONS = ("examples", "exit status")


def man_page(main: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser], version: str) -> str:
    """The page in man(7) macros; its date is that of SOURCE_DATE_EPOCH where that is set."""
    day = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())))
    parts = [
        f'.TH NOPAGE 1 "{day}" "nopage {version}" "User Commands"',
        ".SH NAME",
        "nopage \\- explain the Linux kernel's page allocation failures",
        ".SH SYNOPSIS",
        ".nf",
        *(line(text) for text in (usage(main), *map(usage, commands.values()))),
        ".fi",
        ".SH DESCRIPTION",
        line(main.description or ""),
        ".SH OPTIONS",
        *options(main),
        ".SH COMMANDS",
    ]
    for name, made in commands.items():
        parts += [f'.SS "nopage {name}"', line(made.description or ""), *options(made), *epilog(made, ".PP")]
    return "\n".join([*parts, *epilog(main, ".SH"), ".SH ENVIRONMENT", *ENVIRONMENT, ""])


ENVIRONMENT = (
    ".TP", ".B NOPAGE_RESOLUTION_URL", "the address of the resolution that findings link to",
    ".TP", ".B NO_COLOR", "no colour, whatever the terminal",
)


def usage(made: argparse.ArgumentParser) -> str:
    """One line: the command, options in short, what it takes."""
    words = [made.prog, "[OPTION...]"]
    for action in made._actions:
        if not action.option_strings:
            name = str(action.metavar or action.dest.upper())
            words.append({"*": f"[{name}...]", "?": f"[{name}]"}.get(str(action.nargs), name))
    return " ".join(words)


def options(made: argparse.ArgumentParser) -> Iterator[str]:
    """Each option and argument with its help."""
    for action in made._actions:
        value = "" if action.nargs == 0 else str(action.metavar or "|".join(map(str, action.choices or ())) or "VALUE")
        names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in action.option_strings)
        head = f"{names} \\fI{escaped(value)}\\fR".rstrip() if names else f"\\fI{escaped(value)}\\fR"
        if names and not value:
            head = names
        yield from (".TP", head, line(str(action.help or "") % {"default": action.default, "prog": made.prog}))


def epilog(made: argparse.ArgumentParser, heading: str) -> Iterator[str]:
    """The paragraphs behind the options; "examples:" and "exit status:" are headings of their own."""
    for block in re.split(r"\n\s*\n", (made.epilog or "").strip("\n")):
        first, _, rest = block.partition(":")
        if first not in SECTIONS:
            if block.strip():
                yield from (".PP", line(" ".join(block.split())))
            continue
        yield heading + (f' "{first.upper()}"' if heading == ".SH" else f"\n{first.capitalize()}:")
        if "\n" in rest.strip("\n") or rest.startswith("\n"):
            yield from (".nf", *(line(text) for text in rest.strip("\n").splitlines()), ".fi")
        else:
            yield line(rest.strip())


def line(text: str) -> str:
    """Text that begins a line: a dot or quote there would be a macro."""
    plain = escaped(text)
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def escaped(text: str) -> str:
    """Text with what roff takes for its own written out."""
    return text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
