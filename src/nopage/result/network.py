"""The interfaces of the host and what they counted."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from nopage.result.base import DropsVerdict, Fact
from nopage.result.said import Said


class Interface(Fact, frozen=True):
    """One interface; counters since boot."""

    name: Annotated[str, Meta(description="name", examples=["eth4"])]
    driver: Annotated[str | None, Meta(description="kernel module", examples=["mlx4_en"])]
    speed_mbps: Annotated[int | None, Meta(description="link speed in Mbit/s", examples=[10000])]
    mtu: Annotated[int | None, Meta(description="MTU in bytes", examples=[9000])]
    rx_ring: Annotated[int | None, Meta(description="descriptors of a receive ring", examples=[1024])]
    rx_ring_max: Annotated[int | None, Meta(description="most that the card has", examples=[8192])]
    queues: Annotated[int | None, Meta(description="receive queues", examples=[8])]
    offloads: Annotated[dict[str, bool], Meta(description="offloads by name, on or off", examples=[{"gro": True}])]
    allocation_failed: Annotated[
        dict[str, int],
        Meta(
            description="driver counters of buffers that it could not get",
            examples=[{"alloc_rx_buff_failed": 12}],
        ),
    ]
    ring_empty: Annotated[
        dict[str, int],
        Meta(
            description="driver counters of packets that found no buffer",
            examples=[{"rx_no_buffer_count": 7}],
        ),
    ]
    rx_dropped: Annotated[int | None, Meta(description="packets dropped on receiving, for any reason", examples=[1893])]
    rx_missed: Annotated[int | None, Meta(description="packets that the card had no room for", examples=[0])]
    tx_dropped: Annotated[int | None, Meta(description="packets dropped on sending", examples=[0])]
    has_statistics: Annotated[
        bool, Meta(description="the driver's own counters (ethtool -S) were collected", examples=[True])
    ]


class Network(Fact, frozen=True):
    """All interfaces but the loopback, and what their counters say beside the failures."""

    interfaces: Annotated[tuple[Interface, ...], Meta(description="every interface but the loopback")]
    softnet_dropped: Annotated[
        int | None, Meta(description="packets dropped at full backlog queues, all CPUs", examples=[0])
    ]
    drops: Annotated[
        DropsVerdict | None,
        Meta(
            description="whether packets were lost; null without an atomic failure",
            examples=["shown"],
        ),
    ]
    words: Annotated[tuple[str, ...], Meta(description="the same in sentences")]
    said: Annotated[tuple[Said, ...], Meta(description="the sentences of words as ids and parameters")] = ()
    softnet_squeezed: Annotated[
        int | None, Meta(description="times that receiving gave up its turn with packets left", examples=[3])
    ] = None
