"""What is made at build and installed below share/: the manual page and the completions of bash and zsh."""
from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAN = "share/man/man1/nopage.1"


def files() -> tuple[str, ...]:
    """Every file below the prefix."""
    sys.path.insert(0, str(ROOT / "src"))
    try:
        from nopage.cli.completions import INSTALLED
    finally:
        sys.path.pop(0)
    return (MAN, *INSTALLED.values())


def make(folder: Path) -> list[str]:
    """Write them below `folder`; returns which. Without shtab there are no completions, and that is said."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs")]
    try:
        from writers.manpage import man_page

        from nopage.cli.commands import EVERY, parser_of
        from nopage.cli.completions import INSTALLED, completion, main_parser
        from nopage.version import __version__
    finally:
        del sys.path[:2]
    texts = {MAN: man_page(main_parser(), {name: parser_of(name) for name in EVERY}, __version__)}
    for shell, place in INSTALLED.items():
        try:
            texts[place] = completion(shell)
        except ImportError:
            print(f"nopage: no shtab: no completions for {shell} are made", file=sys.stderr)
    for place, text in texts.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    return list(texts)
