"""The known fixes that a diagnosed failure lacks."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from nopage.diagnosis.cause.diagnose import diagnose
from nopage.diagnosis.cause.fixes import fixes_of
from nopage.kernel.facts import FailureReport, Zone
from nopage.kernel.release import parse_release

MLX4 = (
    "<IRQ>; dump_stack; __alloc_pages_nodemask; alloc_pages_current; mlx4_en_alloc_frag [mlx4_en]; "
    "mlx4_en_process_rx_cq [mlx4_en]"
)
FRAG = "dump_stack; __alloc_pages_nodemask; skb_page_frag_refill; sk_page_frag_refill; tcp_sendmsg"


@pytest.mark.parametrize(
    ("release", "trace", "order", "mask", "blocks", "rows"),
    [
        ("2.6.32-358.el6.x86_64", MLX4, 2, 0x4020, "20000 0 6", ["mlx4_en.order2", "el6.watermark_order"]),
        ("2.6.32-358.el6.x86_64", MLX4, 0, 0x20, "20", []),
        ("2.6.32-754.el6.x86_64", MLX4, 2, 0x4020, "20000", []),
        ("3.10.0-327.el7.x86_64", FRAG, 3, 0x20, "20000", ["el7.single_try"]),
        ("2.6.32-358.el6.x86_64", MLX4, 2, 0x40D0, "20000", []),  # it could sleep
    ],
)
def test_rows(
    zone: Callable[..., Zone], report: Callable[..., FailureReport], release: str, trace: str, order: int, mask: int,
    blocks: str, rows: list[str],
) -> None:
    parsed = parse_release(release)
    free = sum(int(count) << power for power, count in enumerate(blocks.split()))
    told = report(order, mask, zone(free, 800, blocks, managed_pages=100000), trace=trace)
    assert [row.id for row in fixes_of(diagnose(told, release=parsed), parsed)] == rows


@pytest.mark.parametrize(
    ("release", "blocks", "more", "rows"),
    [
        ("5.14.0-427.el9_4.x86_64", "500H", {"highatomic_pages": 500}, ["highatomic.order0.el9"]),
        ("5.14.0-503.40.1.el9_5.x86_64", "500H", {"highatomic_pages": 500}, ["highatomic.order0.el9"]),
        ("5.14.0-570.12.1.el9_6.x86_64", "500H", {"highatomic_pages": 500}, []),
        ("4.18.0-553.el8_10.x86_64", "500H", {"highatomic_pages": 500}, ["highatomic.order0.el8"]),
        ("5.14.0-427.el9_4.x86_64", "100H", {"highatomic_pages": 100}, []),  # below the mark in any case
        ("4.18.0-553.el8_10.x86_64", "290U", {"boost_pages": 200}, ["boost.order0"]),
        ("4.18.0-553.el8_10.x86_64", "100U", {"boost_pages": 200}, []),  # too few without the boost too
    ],
)
def test_what_the_deciding_zone_shows(
    zone: Callable[..., Zone], report: Callable[..., FailureReport], release: str, blocks: str, more: dict[str, int],
    rows: list[str],
) -> None:
    parsed = parse_release(release)
    assert parsed is not None
    mask = 0x480020 if parsed.generation == "el8" else 0x820 if parsed.at_least("5.14.0-503") else 0xA20
    free = int(blocks[:-1])
    told = report(0, mask, zone(free, 800, blocks, managed_pages=100000, **more), trace=MLX4)
    found = fixes_of(diagnose(told, release=parsed), parsed)
    assert [row.id for row in found if row.sign] == rows
