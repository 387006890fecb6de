from __future__ import annotations

import pytest

from nopage.klog.report.trace import CALLEE, RawFrame, clean_symbol, lone_module, read_frames, title_end


def frame(symbol, offset=None, size=None, module=None, address=None, reliable=True):
    return RawFrame(symbol, module, offset, size, address, reliable)


# KERNEL.md 2.4: line, frames and stack markers
LINES = [
    # RHEL 4 x86_64
    (
        "<IRQ> <ffffffff8015b000>{__alloc_pages+800} <ffffffffa00b1234>{:e1000:e1000_alloc_rx_buffers+83}",
        ["IRQ", frame("__alloc_pages", 800, None, None, 0xFFFFFFFF8015B000),
         frame("e1000_alloc_rx_buffers", 83, None, "e1000", 0xFFFFFFFFA00B1234)],
    ),
    (
        "<ffffffff80160000>{do_IRQ+560}  <EOI> <ffffffff8010e7a5>{default_idle+0}",
        [frame("do_IRQ", 560, None, None, 0xFFFFFFFF80160000), "EOI",
         frame("default_idle", 0, None, None, 0xFFFFFFFF8010E7A5)],
    ),
    # RHEL 4, 5 i386
    ("[<c0148f35>] __alloc_pages+0x2d5/0x2e1", [frame("__alloc_pages", 0x2D5, 0x2E1, None, 0xC0148F35)]),
    ("[<f8a00acb>] Fill+0x2b/0xc0 [e100]", [frame("Fill", 0x2B, 0xC0, "e100", 0xF8A00ACB)]),
    # RHEL 5 x86_64
    (
        "[<ffffffff88123456>] :e1000:e1000_clean_rx_irq+0x1a/0x2b",
        [frame("e1000_clean_rx_irq", 0x1A, 0x2B, "e1000", 0xFFFFFFFF88123456)],
    ),
    (
        "<IRQ>  [<ffffffff8000f2f3>] __alloc_pages+0x2ef/0x308",
        ["IRQ", frame("__alloc_pages", 0x2EF, 0x308, None, 0xFFFFFFFF8000F2F3)],
    ),
    ("<#DF>  [<ffffffff8000f2f3>] a+0x2/0x3", ["#DF", frame("a", 2, 3, None, 0xFFFFFFFF8000F2F3)]),
    ("<<EOE>>  <IRQ>  [<ffffffff8000f2f3>] a+0x2/0x3", ["EOE", "IRQ", frame("a", 2, 3, None, 0xFFFFFFFF8000F2F3)]),
    # RHEL 6, 7
    (
        "[<ffffffffa0d01174>] ? ipoib_alloc_rx_skb+0x44/0x200 [ib_ipoib]",
        [frame("ipoib_alloc_rx_skb", 0x44, 0x200, "ib_ipoib", 0xFFFFFFFFA0D01174, False)],
    ),
    ("[] ? dev_queue_xmit+0xd0/0x360", [frame("dev_queue_xmit", 0xD0, 0x360, None, None, False)]),
    # a digit may come first in a module's name, an address in brackets is none
    ("[<ffffffffa0005678>] twa_interrupt+0x44/0x200 [3w_9xxx]",
     [frame("twa_interrupt", 0x44, 0x200, "3w_9xxx", 0xFFFFFFFFA0005678)]),
    ("<ffffffffa0005678>{:8139too:rtl8139_poll+83}", [frame("rtl8139_poll", 83, None, "8139too", 0xFFFFFFFFA0005678)]),
    ("[<ffffffff88123456>] :8021q:vlan_skb_recv+0x1a/0x2b",
     [frame("vlan_skb_recv", 0x1A, 0x2B, "8021q", 0xFFFFFFFF88123456)]),
    ("p9_client_rpc+0x1a/0x2b [9pnet]", [frame("p9_client_rpc", 0x1A, 0x2B, "9pnet")]),
    ("ei_receive+0x1a/0x2b [8390]", [frame("ei_receive", 0x1A, 0x2B, "8390")]),
    ("vlan_dev_init+0x1a/0x2b [8021q 0123456789abcdef0123456789abcdef01234567]",
     [frame("vlan_dev_init", 0x1A, 0x2B, "8021q")]),
    ("vlan_dev_init (net/8021q/vlan_dev.c:540) 8021q", [frame("vlan_dev_init", module="8021q")]),
    ("a+0x1/0x2 [c000000012345610] [c000000000017000] b+0x3/0x4",
     [frame("a", 1, 2), frame("b", 3, 4, None, 0xC000000000017000)]),
    ("a+0x1/0x2 [12345.678901] b+0x3/0x4", [frame("a", 1, 2), frame("b", 3, 4)]),
    ("a+0x1/0x2 [1234]", [frame("a", 1, 2)]),
    # RHEL 8 on
    ("dump_stack+0x66/0x90", [frame("dump_stack", 0x66, 0x90)]),
    ("? __pfx_warn_alloc+0x10/0x10", [frame("__pfx_warn_alloc", 0x10, 0x10, reliable=False)]),
    ("warn_alloc.cold.9+0xb8/0x1c0", [frame("warn_alloc", 0xB8, 0x1C0)]),
    ("mhi_load+0xe0/0x180 [mhi 0123456789abcdef0123456789abcdef01234567]", [frame("mhi_load", 0xE0, 0x180, "mhi")]),
    ("r8152_poll+0x200/0x700 [r8152 ...]", [frame("r8152_poll", 0x200, 0x700, "r8152")]),
    ("mhi_load+0xe0/0x180 [mhi", [frame("mhi_load", 0xE0, 0x180, "mhi")]),
    ("<IRQ>", ["IRQ"]),
    ("</IRQ>", ["/IRQ"]),
    ("<TASK>", ["TASK"]),
    ("</SOFTIRQ>", ["/SOFTIRQ"]),
    ("0xffffffffc0070000", [frame("0xffffffffc0070000", address=0xFFFFFFFFC0070000)]),
    ("? 0xffffffffc037d000", [frame("0xffffffffc037d000", address=0xFFFFFFFFC037D000, reliable=False)]),
    # ARM: the callee is the caller of the line before
    (
        "[<c0012345>] (new_slab+0x0/0x20c) from [<c0054321>] (__slab_alloc.isra.7.constprop.9+0x114/0x134)",
        [CALLEE, frame("new_slab"), frame("__slab_alloc", 0x114, 0x134, None, 0xC0054321)],
    ),
    (
        "[<80010004>] (show_stack+0x18/0x1c) from [<80090004>] (warn_alloc_failed+0xe4/0x120)",
        [CALLEE, frame("show_stack", 0x18, 0x1C, None, 0x80010004),
         frame("warn_alloc_failed", 0xE4, 0x120, None, 0x80090004)],
    ),
    ("show_stack from dump_stack_lvl+0x50/0x58", [CALLEE, frame("show_stack"), frame("dump_stack_lvl", 0x50, 0x58)]),
    ("(ath_register+0x6c/0x88 [ath10k_core])", [frame("ath_register", 0x6C, 0x88, "ath10k_core")]),
    ("r6:ddc32000 r3:000042f0", []),
    # ppc
    (
        "[c000000012345610] [c000000000017000] .show_stack+0x138/0x208 (unreliable)",
        [frame("show_stack", 0x138, 0x208, None, 0xC000000000017000, False)],
    ),
    (
        "[c000000012345610] [c000000000017000] .rx_poll+0x138/0x208 [tg3] (unreliable)",
        [frame("rx_poll", 0x138, 0x208, "tg3", 0xC000000000017000, False)],
    ),
    (
        "[c000000012345610] [c000000000017000] 0xc000000000017000 (unreliable)",
        [frame("0xc000000000017000", address=0xC000000000017000, reliable=False)],
    ),
    ("[eff00e60] [be900000] rx+0x40/0x144 [b43]", [frame("rx", 0x40, 0x144, "b43", 0xBE900000)]),
    ("[c000000001200a00] [c000000000700a50].dump_stack+0xb8/0xc0",
     [frame("dump_stack", 0xB8, 0xC0, None, 0xC000000000700A50)]),
    ("--- Exception: 501 at .raw_local_irq_restore+0x74/0x8c", ["--- 501"]),
    ("--- interrupt: 500 at copy_bits+0x1c/0x58", ["--- 500"]),
    ("--- interrupt: c00", ["--- c00"]),
    ("LR = .raw_local_irq_restore+0x74/0x8c", []),
    # s390, mips, riscv
    ("([<0000000000049000>] show_stack+0x7a/0xc0)", [frame("show_stack", 0x7A, 0xC0, None, 0x49000)]),
    ("[<80020008>] show_stack+0x70/0x130", [frame("show_stack", 0x70, 0x130, None, 0x80020008)]),
    # klogd: its own symbol in brackets may be wrong
    ("[kfree_debugcheck+4/80] kmem_cache_free+0x52/0x60", [frame("kmem_cache_free", 0x52, 0x60)]),
    ("[__alloc_pages+0x2d0/0x3b8] __alloc_pages+0x2d0/0x3b8", [frame("__alloc_pages", 0x2D0, 0x3B8)]),
    ("[r8169:__netdev_alloc_skb+0x2c/0x2fb0] rx+0x1/0x2 [r8169]", [frame("rx", 1, 2, "r8169")]),
    ("[pg0+540000001/1060000000] rx+0x48/0xe9 [e1000]", [frame("rx", 0x48, 0xE9, "e1000")]),
    ("[dump_stack+30/32]", [frame("dump_stack", 30, 32)]),
    ("[a+1/2] [b+3/4]", [frame("a", 1, 2), frame("b", 3, 4)]),
    # decode_stacktrace.sh
    ("dump_stack_lvl (lib/dump_stack.c:101)", [frame("dump_stack_lvl")]),
    ("? get_page (mm/page_alloc.c:3500 (discriminator 2))", [frame("get_page", reliable=False)]),
    ("__dump_stack lib/dump_stack.c:70 [inline]", [frame("__dump_stack")]),
    ("warn_alloc.cold.9+0xb8/0x1c0 mm/page_alloc.c:3400", [frame("warn_alloc", 0xB8, 0x1C0)]),
    # no symbols at all
    ("[<c0131000>]  [<c0132000>]", [frame("0xc0131000", address=0xC0131000), frame("0xc0132000", address=0xC0132000)]),
    ("[<c0131000>]", ["@c0131000"]),
    ("[c000000001000d40] [c000000000aec000]", ["@c000000000aec000"]),
    # several on a line that lost its newlines
    ("a+0x1/0x2 <EOI> b+0x3/0x4 [m]", [frame("a", 1, 2), "EOI", frame("b", 3, 4, "m")]),
    # no frames
    ("ffff880011112222 ffffffff81680000 0000000000000020", []),
    ("RIP: 0010:native_safe_halt+0xb/0x10", []),
    ("EIP is at native_safe_halt+0xb/0x10", []),
    ("PC is at kmem_setup+0x100/0x108", []),
    ("NIP [c000000000012345] .a+0x1/0x2", []),
    ("Code: 7f c3 cc <c3> cc", []),
    ("WARNING: CPU: 3 PID: 10 at kernel/x.c:1 foo+0x1/0x2", []),
]  # fmt: skip


@pytest.mark.parametrize(("line", "entries"), LINES)
def test_frames(line, entries):
    assert read_frames(line) == entries


@pytest.mark.parametrize(
    ("symbol", "clean"),
    [
        ("__alloc_pages_slowpath.constprop.0", "__alloc_pages_slowpath"), (".tg3_poll", "tg3_poll"), ("T.935", "T.935"),
        ("a.isra.61.part.3", "a"), ("a.cold", "a"), ("a.llvm.1234567", "a"), ("a.b", "a.b"),
    ],
)  # fmt: skip
def test_symbols(symbol, clean):
    assert clean_symbol(symbol) == clean


def test_titles():
    assert title_end("Call Trace:<IRQ> <ffffffff8015b000>{a+1}") == 11
    assert title_end("Call trace:") == 11
    assert title_end("Backtrace:") == 10
    assert title_end("dump_stack+0x1/0x2") == 0


def test_wrapped_modules():
    assert lone_module("[ib_ipoib]") == "ib_ipoib"
    assert lone_module("[mhi 0123456789abcdef0123456789abcdef01234567]") == "mhi"
    assert lone_module("[mhi") == "mhi"
    assert lone_module("[3w_9xxx]") == "3w_9xxx"
    assert lone_module("[8021q 0123456789abcdef]") == "8021q"
    assert lone_module("[12345]") is None
    assert lone_module("[c000000000017000]") is None
    assert lone_module("[0xc0131000]") is None
    assert lone_module("[<c0131000>]") is None
