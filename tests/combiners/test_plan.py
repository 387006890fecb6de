"""The plan is made from every kind of failure, not from the one that is shown alone."""
from __future__ import annotations

import nopage

RELEASE = "2.6.32-358.el6.x86_64"


def report(order: int, frames: str, second: int) -> str:
    lines = [f"[ {second}.000000] swapper: page allocation failure. order:{order}, mode:0x4020",
             f"[ {second}.000001] Pid: 0, comm: swapper Not tainted {RELEASE} #1",
             f"[ {second}.000002] Call Trace:",
             f"[ {second}.000003]  <IRQ>  [<ffffffff8112759f>] ? __alloc_pages_nodemask+0x77f/0x940"]
    lines += [f"[ {second}.000004]  [<ffffffffa0236d2d>] ? {frame}" for frame in frames.split("; ")]
    return "\n".join((*lines, f"[ {second}.000005]  <EOI>  [<ffffffff8100de85>] ? do_softirq+0x65/0xa0\n"))


MLX4 = "mlx4_en_alloc_frag+0x4d/0x130 [mlx4_en]; mlx4_en_process_rx_cq+0x2d/0x130 [mlx4_en]; net_rx_action+0x103/0x2f0"
COPY = "skb_copy+0x42/0xa0; tg3_start_xmit+0x8d/0x9a0 [tg3]; dev_hard_start_xmit+0x2bc/0x3f0"


def test_a_kind_that_is_not_shown_is_planned_for() -> None:
    often = "".join(report(2, MLX4, 100 + number) for number in range(3))
    alone = nopage.diagnose_text(often, kernel=RELEASE)
    both = nopage.diagnose_text(often + report(5, COPY, 200), kernel=RELEASE)
    told = {str(step.value) for step in both.plan.steps}
    assert "tso off" in told
    assert {str(step.value) for step in alone.plan.steps} <= told
    assert both.findings[0].order == 2
    assert all(step.findings == ("ATOMIC_ALLOCATION_FAILURE",) for step in both.plan.steps)


def test_of_one_kind_one() -> None:
    """Other orders of one asker, for one cause, need nothing else."""
    mixed = "".join(report(order, MLX4, 100 + order) for order in (2, 2, 1))
    alone = nopage.diagnose_text(report(2, MLX4, 100), kernel=RELEASE)
    assert [step.action for step in nopage.diagnose_text(mixed, kernel=RELEASE).plan.steps] == [
        step.action for step in alone.plan.steps]
