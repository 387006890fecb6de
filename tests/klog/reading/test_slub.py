from __future__ import annotations

import pytest

from nopage.kernel.facts import Place

ROWS = [  # KERNEL.md 2.6: title, node, mask, flag names
    ("SLUB: Unable to allocate memory on node -1 (gfp=0x20)", -1, 0x20, None),  # RHEL 7
    ("SLUB: Unable to allocate memory on node -1, gfp=0x480020(GFP_ATOMIC)", -1, 0x480020, "GFP_ATOMIC"),  # RHEL 8, 9
    (
        "SLUB: Unable to allocate memory on CPU 3 (of node 0) on node 1, gfp=0x820(GFP_ATOMIC)",
        1, 0x820, "GFP_ATOMIC",
    ),  # RHEL 10
    ("SLAB: Unable to allocate memory on node 0 (gfp=0x20)", 0, 0x20, None),
]  # fmt: skip


@pytest.mark.parametrize(("title", "node", "mask", "flags"), ROWS)
def test_blocks_that_stand_alone(read, title, node, mask, flags):
    facts = read(
        [
            f"[    7.000001] {title}",
            "[    7.000002]  cache: kmalloc-2048, object size: 2048, buffer size: 2048, default order: 3, min order: 0",
            "[    7.000003]   kmalloc-2048 debugging increased min order, use slub_debug=O to disable.",
            "[    7.000004]   node 0: slabs: 600, objs: 1400, free: 2",
            "[    7.000005]   node 1: slabs: 5, objs: 9, free: 0",
        ]
    )
    (block,) = facts.slub
    assert (block.node, block.gfp_mask, block.gfp_text) == (node, mask, flags)
    assert (block.cache, block.object_size, block.default_order, block.min_order) == ("kmalloc-2048", 2048, 3, 0)
    assert block.nodes == {0: (600, 1400, 2), 1: (5, 9, 0)}
    assert (block.place, block.monotonic_s) == (Place("log", 1), 7.000001)
    assert facts.reports == ()


def test_cache_of_a_control_group(read):
    name = "dentry(21:6d1f00112233445566778899aabbccddeeff00112233445566778899aabbccdd)"
    (block,) = read(
        [
            "SLUB: Unable to allocate memory on node -1 (gfp=0xd0)",
            f"  cache: {name}, object size: 192, buffer size: 192, default order: 1, min order: 0",
        ]
    ).slub
    assert block.cache == name


def test_slab_block_counts_slabs_of_all(read):
    (block,) = read(
        [
            "SLAB: Unable to allocate memory on node 0 (gfp=0x20)",
            "  cache: size-2048, object size: 2048, order: 1",
            "  node 0: slabs: 5/9, objs: 10/18, free: 0",
        ]
    ).slub
    assert (block.cache, block.default_order, block.min_order) == ("size-2048", 1, None)
    assert block.nodes == {0: (5, 10, 0)}


def lines(min_order=1, pause=0):
    return [
        "[    7.000000] swapper/0: page allocation failure: order:1, mode:0x204020",
        "[    7.000001] CPU: 0 PID: 0 Comm: swapper/0 Not tainted 3.10.0-1062.el7.x86_64 #1",
        "[    7.000002] Call Trace:",
        "[    7.000003]  [<ffffffff812ff52d>] dump_stack+0x19/0x1b",
        f"[{7 + pause:5d}.000004] SLUB: Unable to allocate memory on node -1 (gfp=0x20)",
        f"[{7 + pause:5d}.000005]   cache: a, object size: 8, buffer size: 8, default order: 3, min order: {min_order}",
    ]


def test_a_block_after_its_report_belongs_to_it(read):
    facts = read(lines())
    assert [block.cache for block in facts.reports[0].slub] == ["a"]
    assert facts.slub == ()


@pytest.mark.parametrize(
    "text",
    [lines(min_order=0), lines(pause=60), [*lines()[4:], *lines()[:4]]],
    ids=["another order", "a minute later", "before the header"],
)
def test_a_block_of_another_request_stands_alone(read, text):
    facts = read(text)
    assert facts.reports[0].slub == ()
    assert [block.cache for block in facts.slub] == ["a"]


def held_back(release, after_s, stamp="[{:5d}.000004] "):
    flags = "(GFP_ATOMIC|__GFP_COMP)"
    return [
        f"{stamp.format(7)}demod: page allocation failure: order:1, mode:0x484020{flags}, nodemask=(null)",
        f"{stamp.format(7)}CPU: 0 PID: 9 Comm: demod Not tainted {release} #1",
        f"{stamp.format(7)}Call Trace:",
        f"{stamp.format(7)} dump_stack+0x19/0x1b",
        f"{stamp.format(7)}Mem-Info:",
        f"{stamp.format(7 + after_s)}SLUB: Unable to allocate memory on node -1, gfp=0x480020(GFP_ATOMIC)",
        f"{stamp.format(7 + after_s)}  cache: a, object size: 8, buffer size: 8, default order: 0, min order: 0",
    ]


@pytest.mark.parametrize(
    ("release", "after_s", "belongs"),
    [  # KERNEL.md 8: the report of its own request was rate limited
        ("4.18.0-553.el8_10.x86_64", 4, True), ("4.18.0-553.el8_10.x86_64", 6, False),
        ("5.14.0-427.42.1.el9_4.x86_64", 9, True), ("5.14.0-427.42.1.el9_4.x86_64", 11, False),
        ("6.12.0-55.24.1.el10_0.x86_64", 9, True), ("3.10.0-1160.el7.x86_64", 1, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stamp", ["[{:5d}.000004] ", "Mar  4 05:06:{:02d} h kernel: "])
def test_a_block_within_the_rate_limit_belongs_to_the_report_before(read, release, after_s, belongs, stamp):
    if "Mar" in stamp and after_s in (6, 11):
        after_s += 1  # syslog tells whole seconds
    facts = read(held_back(release, after_s, stamp))
    assert [[block.cache for block in report.slub] for report in facts.reports] == [["a"] if belongs else []]
    assert [block.cache for block in facts.slub] == ([] if belongs else ["a"])
