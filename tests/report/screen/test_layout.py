"""Lines by the cells of a terminal."""
from __future__ import annotations

import pytest
from rich.cells import cell_len

from nopage.report.screen.layout import at_most, columns, cut, padded, wrapped

CASES: list[tuple[str, str, int, list[str]]] = [
    ("Latin words stay whole", "no more than twenty cells", 20, ["no more than twenty", "cells"]),
    ("a release stays together", "the kernels of RHEL 6.1", 20, ["the kernels of", "RHEL 6.1"]),
    ("a number and its unit", "kswapd starts at 48 MB", 20, ["kswapd starts at", "48 MB"]),
    ("Korean breaks at blanks", "여유 페이지가 부족하여 실패", 20, ["여유 페이지가", "부족하여 실패"]),
    ("Japanese breaks anywhere", "空きページが足りないため失敗", 20, ["空きページが足りない", "ため失敗"]),
    ("no line begins with a stop", "空きページが足りない。失敗した", 20, ["空きページが足りな", "い。失敗した"]),
    ("no line ends with an opening", "空闲内存的页不足够（原因）", 20, ["空闲内存的页不足够", "（原因）"]),
    ("a release in Japanese", "空きは足りないがRHEL 6.1では", 20, ["空きは足りないが", "RHEL 6.1では"]),
    ("a name in Chinese", "请提高该主机vm.min_free_kbytes", 22, ["请提高该主机", "vm.min_free_kbytes"]),
    ("a command", "先执行该项命令sysctl -w vm.x=1", 24, ["先执行该项命令", "sysctl -w vm.x=1"]),
    ("a long word stays whole", "见 https://example.com/a-long-address", 20,
     ["见", "https://example.com/a-long-address"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "width", "lines"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_wrapped(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


def test_a_hanging_indent_is_kept_in_every_language() -> None:
    for text in ("1. one two three four five six", "1. 空きページが足りないため失敗した"):
        first, second, *_ = wrapped(text, 20, "   ")
        assert first.startswith("1. ")
        assert second.startswith("   ")
        assert cell_len(second) <= 20


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 10, "short"), ("exactly ten", 10, "exactly..."), ("空きページ", 10, "空きページ"),
        ("空きページが", 10, "空きペ..."),
    ],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_columns_are_aligned_by_cells() -> None:
    assert columns([("host", "n"), ("주 호스트", "1")]) == ["host       n", "주 호스트  1"]
    assert padded("原因", 8) == "原因    "
    assert padded("原因", 8, right=True) == "    原因"
    assert padded("longer than that", 4) == "longer than that"


def test_what_is_left_out_is_marked() -> None:
    assert at_most(["one", "two"], 2, 20) == ["one", "two"]
    assert at_most(["one", "two", "three"], 2, 20) == ["one", "two ..."]
    assert at_most(["空きページが足りない", "ため"], 1, 20) == ["空きページが足り ..."]
