"""The documents: whole, escaped, and true to the result."""
from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from nopage.api import diagnose_text
from nopage.engine.assemble import unreadable
from nopage.report.documents import ENDINGS, FORMATS, SeveralHosts, render
from nopage.result import Result

HOSTILE = (
    "<script>alert(1)</script>: page allocation failure. order:1, mode:0x20\n"
    "Pid: 4, comm: <b>x</b> Tainted: P 2.6.32-358.el6.x86_64 #1\n"
    "Call Trace:\n [<ffffffff8112c127>] ? evil+0x1/0x2 [<img src=x onerror=y>]\n"
)


@pytest.fixture(scope="module")
def hostile() -> Result:
    return diagnose_text(HOSTILE, "2.6.32-358.el6.x86_64")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_found_not_found_and_unreadable(name: str, hostile: Result) -> None:
    clean = diagnose_text("nothing", "3.10.0-1160.el7.x86_64")
    several = [hostile, clean, unreadable("x.tar", "is empty")]
    assert all(render(name, [one]).strip() for one in several)
    if name in ENDINGS:  # such a file is of one host
        with pytest.raises(SeveralHosts):
            render(name, several)
    else:
        assert render(name, several).strip()


def test_html_escapes_what_logs_say(hostile: Result) -> None:
    html = render("html", [hostile])
    assert html.count("<script>") == 1  # ours, by its hash
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;/script&gt;" in html
    assert "Content-Security-Policy" in html


def test_control_characters_never_reach_a_text_document(hostile: Result) -> None:
    hostile = replace(hostile, host="web\x1b[31m\n# evil")
    for name in ("markdown", "case", "sysctl", "ansible"):
        assert "\x1b" not in render(name, [hostile])


def test_sysctl_lines_are_settings_or_comments(samples: Any) -> None:
    from nopage.engine.run import diagnose

    (result,) = diagnose(str(samples / "atomic_allocation_failure" / "rhel7"))
    lines = [line for line in render("sysctl", [result]).splitlines() if line and not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"vm\.\w+ = \d+( \d+)*", line) for line in lines)
