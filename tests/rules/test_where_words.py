"""The sentence that says who asked: whose packet or request it was, and who is a bystander."""
from __future__ import annotations

import pytest

from nopage import diagnose_text

EL7 = "3.10.0-957.el7.x86_64"
SOFTIRQ = ("net_rx_action", "__do_softirq", "call_softirq", "do_softirq", "irq_exit", "do_IRQ", "common_interrupt")
DAEMON = ("net_rx_action", "__do_softirq", "run_ksoftirqd", "smpboot_thread_fn", "kthread", "ret_from_fork")
IXGBE = ("tcp_v4_rcv", "ip_rcv", "__netif_receive_skb", "napi_gro_receive", "ixgbe_poll [ixgbe]")


def log(comm: str, frames: tuple[str, ...]) -> str:
    """One report of RHEL 7 with such a trace."""
    head = (f"{comm}: page allocation failure: order:1, mode:0x20", f"CPU: 1 PID: 9 Comm: {comm} Not tainted {EL7} #1",
            "Call Trace:")
    asked = ("dump_stack", "warn_alloc_failed", "__alloc_pages_nodemask", *frames)
    lines = []
    for number, frame in enumerate(asked):
        symbol, _, module = frame.partition(" ")
        lines.append(f" [<ffffffff8{number:07x}>] {symbol}+0x{number + 1:x}/0x500 {module}".rstrip())
    return "\n".join(f"Mar  3 10:11:12 web7 kernel: {line}" for line in (*head, *lines)) + "\n"


@pytest.mark.parametrize(
    ("comm", "frames", "words"),
    [
        ("java", ("__alloc_skb", "tcp_send_ack", "tcp_rcv_established", *IXGBE, *SOFTIRQ),
         "network transmit, in TCP, in tcp_send_ack(), on a packet that ixgbe received; in interrupt context, so java "
         "only happened to be running: a bystander"),
        ("ksoftirqd/3", ("ixgbe_alloc_rx_buffers [ixgbe]", "ixgbe_poll [ixgbe]", *DAEMON),
         "network receive, driver ixgbe, in ixgbe_alloc_rx_buffers(); in a softirq that ksoftirqd/3 itself ran"),
        ("z_wr_iss", ("scsi_pool_alloc_command", "scsi_request_fn", "blk_queue_bio", "submit_bio", "zio_execute [zfs]",
                      "kthread", "ret_from_fork"),
         "storage, driver scsi_mod, in the SCSI layer, in scsi_pool_alloc_command(), for input or output that zfs "
         "submitted; asked for by z_wr_iss itself"),
        ("kworker/3:1", ("__alloc_skb", "sk_stream_alloc_skb", "tcp_sendmsg", "sock_sendmsg", "kernel_sendmsg",
                         "xs_sendpages [sunrpc]", "kthread", "ret_from_fork"),
         "sockets, in TCP, in sk_stream_alloc_skb(), for a message of sunrpc; asked for by kworker/3:1 itself"),
        ("swapper/1", ("0xffffffffc0123456", "0xffffffffc0123abc", "run_timer_softirq", *SOFTIRQ[1:]),
         "path not known; in interrupt context, so swapper/1 only happened to be running: a bystander"),
    ],
)
def test_where(comm: str, frames: tuple[str, ...], words: str) -> None:
    (finding,) = diagnose_text(log(comm, frames)).findings
    assert finding.where_words == words


def test_drops_speak_of_the_network_only_where_it_is_known_to_be_another_path() -> None:
    told = {}
    traces = {
        "unknown": ("helper_a", "helper_b"),
        "other": ("proc_reg_read", "vfs_read", "SyS_read"),
        "route": ("update_or_create_fnhe", "ip_rt_update_pmtu", "tcp_release_cb", "release_sock"),
    }
    for name, frames in traces.items():
        (finding,) = diagnose_text(log("etcd", frames)).findings
        told[name] = finding.matters or ""
    off_network = "The failed requests were not on a network path."
    assert [name for name, text in told.items() if off_network in text] == ["other"]
