"""Known fixes: each row on a kernel that lacks it, on the first that has it, and on a request of another kind."""
from __future__ import annotations

import pytest

from nopage.kernel.fixes import EASES, FIXES, HIDES, TABLE, fixes_for
from nopage.kernel.release import parse_release

RX, SOCKETS = "network receive", "sockets"
CASES = [
    # release, driver, function, order, path, cause, signs, rows
    ("2.6.32-358.el6.x86_64", "mlx4_en", "mlx4_en_alloc_frag", 2, RX, "fragmented", (),
     ["mlx4_en.order2", "el6.watermark_order"]),
    ("2.6.32-431.el6.x86_64", "mlx4_en", "mlx4_alloc_pages", 2, RX, "fragmented", (), []),
    ("2.6.32-358.el6.x86_64", "mlx4_en", None, 0, RX, "exhausted", (), []),
    ("2.6.32-279.el6.x86_64", "ixgbe", None, 2, RX, "watermark_order", (),
     ["ixgbe.page_based", "el6.watermark_order", "el6.compaction"]),
    ("2.6.32-131.el6.x86_64", None, "xprt_alloc_slot", 0, "storage", "exhausted", (), ["sunrpc.xprt_alloc_slot"]),
    ("2.6.18-128.el5", "bnx2", None, 1, RX, "fragmented", (), ["bnx2.jumbo.el5"]),
    ("2.6.18-164.el5", "bnx2", None, 1, RX, "fragmented", (), []),
    ("2.6.9-89.EL", "bnx2", None, 1, RX, "fragmented", (), ["bnx2.jumbo.el4"]),
    ("2.6.9-89.29.1.EL", "e1000", None, 3, RX, "fragmented", (), ["e1000.whole_frame"]),
    ("2.6.9-55.EL", None, None, 0, "other", "exhausted", (), ["el4.default"]),
    ("3.10.0-327.el7.x86_64", "i40e", None, 0, RX, "exhausted", (), ["i40e.nowarn"]),
    ("3.10.0-514.el7.x86_64", "i40e", None, 0, RX, "exhausted", (), []),
    ("3.10.0-327.el7.x86_64", None, "skb_page_frag_refill", 3, SOCKETS, "fragmented", (), ["el7.single_try"]),
    ("3.10.0-514.el7.x86_64", None, "skb_page_frag_refill", 3, SOCKETS, "fragmented", (), []),
    ("4.18.0-147.el8.x86_64", None, None, 0, RX, "transient", (), ["el8.memcg_charge"]),
    ("4.18.0-147.el8.x86_64", None, None, 0, RX, "exhausted", (), ["el8.default"]),
    ("4.18.0-193.9.1.el8_2.x86_64", None, None, 0, RX, "exhausted", (), []),
    ("4.18.0-553.el8_10.x86_64", None, None, 0, RX, "exhausted", ("boost",), ["boost.order0"]),
    ("4.18.0-240.el8.x86_64", None, None, 0, RX, "exhausted", ("boost",), []),
    ("4.18.0-553.el8_10.x86_64", None, None, 1, RX, "fragmented", ("boost",), []),
    ("5.14.0-427.el9_4.x86_64", None, None, 0, RX, "exhausted", ("highatomic",), ["highatomic.order0.el9"]),
    ("5.14.0-570.el9_6.x86_64", None, None, 0, RX, "exhausted", ("highatomic",), []),
    ("5.14.0-427.el9_4.x86_64", None, None, 0, RX, "exhausted", (), []),
    ("5.15.0-91-generic", "mlx4_en", None, 2, RX, "fragmented", (), []),  # no Red Hat build
]


@pytest.mark.parametrize(("release", "driver", "function", "order", "path", "cause", "signs", "rows"), CASES)
def test_rows(
    release: str, driver: str | None, function: str | None, order: int, path: str, cause: str, signs: tuple[str, ...],
    rows: list[str],
) -> None:
    found = fixes_for(parse_release(release), driver, function, order, path, cause=cause, signs=signs)
    assert [row.id for row in found] == rows


def test_without_a_release_nothing_is_known() -> None:
    assert fixes_for(None, "mlx4_en", None, 2, RX, cause="fragmented") == ()


def test_the_table_is_sound() -> None:
    assert len({row.id for row in TABLE}) == len(TABLE)
    covered = {row for case in CASES for row in case[-1]}
    assert {row.id for row in TABLE} - covered <= {"i40evf.nowarn", "highatomic.order0.el8"}
    for row in TABLE:
        assert row.source
        assert row.kind in (FIXES, EASES, HIDES)
        assert parse_release(row.fixed_in) is not None
        assert str(row.words).endswith(".")
        assert row.drivers or row.functions or row.causes or row.sign, row.id


@pytest.mark.parametrize(("row", "major"), [("boost.order0", True), ("el6.watermark_order", False)])
def test_a_fix_of_another_major_release(row: str, major: bool) -> None:
    assert next(one for one in TABLE if one.id == row).major is major
