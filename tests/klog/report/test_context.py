from __future__ import annotations

import pytest

from nopage.klog.report.context import contexts, is_told
from nopage.klog.report.trace import RawFrame

X86 = 0xFFFFFFFF81000000


def trace(text, address=None):
    """`IRQ a ?b /IRQ c`: markers in capitals, frames by name, stale ones with a question mark."""
    entries = []
    for word in text.split():
        if word.startswith("---"):
            entries.append(word.replace("_", " "))
        elif word.strip("/").isupper():
            entries.append(word)
        else:
            entries.append(RawFrame(word.lstrip("?"), None, 1, 2, address, not word.startswith("?")))
    return entries


# entries, address of the frames, contexts in order
TRACES = [
    ("a b", X86, "task task"),
    # x86_64 marks the interrupt stack; the functions tell softirq from interrupt
    ("IRQ a net_rx_action call_softirq EOI do_softirq b", X86, "softirq softirq softirq softirq task"),
    ("IRQ a __do_softirq irq_exit do_IRQ ret_from_intr EOI idle", X86, "softirq softirq irq irq irq task"),
    ("IRQ a handle_IRQ_event do_IRQ EOI idle", X86, "irq irq irq task"),
    ("IRQ a /IRQ TASK b", None, "irq task"),
    ("SOFTIRQ a /SOFTIRQ b", None, "softirq task"),
    ("NMI a /NMI IRQ b /IRQ c", None, "nmi irq task"),
    ("#DF a EOE b", None, "exception task"),
    # RHEL 6 marks every frame as stale: then the stale ones tell, but only on the interrupt stack
    ("IRQ ?a ?__do_softirq ?call_softirq EOI ?b", X86, "softirq softirq softirq task"),
    ("?a ?do_IRQ ?b", X86, "task task task"),
    # a stale word among reliable frames tells nothing
    ("IRQ a ?__do_softirq handle_IRQ_event do_IRQ EOI b", X86, "irq irq irq irq task"),
    # the line with <IRQ> was lost
    ("a EOI b", X86, "irq task"),
    # no markers: i386, arm, mips, s390
    ("a net_rx_action __do_softirq do_IRQ common_interrupt b", 0xC0100000, "softirq softirq softirq irq irq task"),
    ("a handle_IRQ_event do_IRQ b", 0xC0100000, "irq irq irq task"),
    ("?a ?net_rx_action ?do_softirq ?b", 0xC0100000, "softirq softirq softirq task"),
    ("a __do_softirq irq_exit gic_handle_irq el1_irq b", 0xFFFFFFC000100000, "softirq softirq irq irq irq task"),
    ("a plat_irq_dispatch handle_int b", 0xFFFFFFFF80100000, "irq irq irq task"),
    ("a net_rx_action __do_softirq run_ksoftirqd kthread", None, "softirq softirq softirq softirq task"),
    # ppc: what stands above an external interrupt ran in it
    ("a ---_500 b", None, "irq task"),
    ("a __do_softirq do_IRQ ---_501 b", None, "softirq softirq irq task"),
    ("a ---_c00 b", None, "task task"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "address", "expected"), TRACES)
def test_contexts(entries, address, expected):
    assert contexts(trace(entries, address)) == expected.split()


def test_ksoftirqd_runs_nothing_else():
    assert contexts(trace("a b"), "ksoftirqd/11") == ["softirq", "softirq"]


def test_a_cut_trace_may_not_tell():
    assert is_told(trace("a b", X86))
    assert is_told(trace("IRQ a"))
    assert not is_told(trace("a b", 0xC0100000))
    assert not is_told(trace("a b"))


def test_no_frames():
    assert contexts([]) == contexts(["IRQ"]) == []
