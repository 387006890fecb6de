"""Which code path a request was on: of the nearest function that tells one, then of the buffer, then of the module."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause.asking.frames import RAW, Named, Walk
from nopage.kernel.symbols import (
    CARD_RECEIVES,
    CARD_SENDS,
    EITHER_WAY,
    NETWORK_KIND,
    NETWORK_PATHS,
    NETWORK_RECEIVE,
    NETWORK_TRANSMIT,
    OTHER,
    PACKET_BUFFERS,
    RECEIVE_HELPERS,
    SOCKETS,
    STORAGE,
    STORAGE_KIND,
    drives_neither,
    hinted_path,
    kind_of_module,
    path_of_symbol,
)


def path_in(read: Walk, driver: str | None, in_interrupt: bool, in_task: bool, setup: bool) -> str:
    """The path of the nearest function that tells one; where none does, of the buffer, then of the module.

    What a card's driver does from an interrupt is mostly receiving; what it does for a process is not.
    """
    if not read.helpers.isdisjoint(PACKET_BUFFERS):
        return OTHER if setup else packet_path(read, in_task)
    names = [name for name, _ in read.asking]
    told = next(filter(None, map(told_by, read.asking)), None)
    kind = kind_of_module(driver)
    if told:
        path = told
    elif in_interrupt and any(map(EITHER_WAY.match, names)):
        path = NETWORK_RECEIVE
    elif kind == STORAGE_KIND:
        path = STORAGE
    elif setup:
        path = OTHER
    elif kind == NETWORK_KIND:
        path = hinted(names) or OTHER if in_task else NETWORK_RECEIVE
    else:
        path = hinted(names) or OTHER
    return OTHER if setup and path == NETWORK_RECEIVE else path


def told_by(named: Named) -> str | None:
    """The path that one frame tells: its function's, unless its module drives something else.

    "dm_atomic_get_state" of a display driver is no device mapper's, "acm_rx_fill" of a modem's no network card's.
    """
    name, frame = named
    path = path_of_symbol(name)
    kind = kind_of_module(frame.module)
    if path is None and kind == NETWORK_KIND:
        return card_path(name)
    if path is None or path == OTHER or frame.module is None:
        return path
    if kind == STORAGE_KIND:
        return STORAGE
    if kind == NETWORK_KIND:
        return path if path in NETWORK_PATHS else None
    return None if drives_neither(frame.module) else path


def card_path(name: str) -> str | None:
    """What a network module's own function says that it does."""
    if CARD_RECEIVES.search(name):
        return NETWORK_RECEIVE
    return NETWORK_TRANSMIT if CARD_SENDS.search(name) else None


def hinted(names: Sequence[str]) -> str | None:
    """The path that the nearest function hints at."""
    return next(filter(None, map(hinted_path, names)), None)


def packet_path(read: Walk, in_task: bool) -> str:
    """Which network path a packet's buffer is for: it is one, whoever asked.

    A process that is not known to receive has something to send; what is known of an interrupt at most, receives.
    """
    for name, frame in read.asking:
        path = path_of_symbol(name) or (card_path(name) if kind_of_module(frame.module) == NETWORK_KIND else None)
        if path in NETWORK_PATHS:
            return path
    if in_task and read.helpers.isdisjoint(RECEIVE_HELPERS):
        return SOCKETS
    return NETWORK_RECEIVE


def is_known_other(read: Walk, stack: Sequence[str], driver: str | None, setup: bool) -> bool:
    """The names tell that it was neither the network nor storage: one says so, or all are there and none says else."""
    if setup or any(path_of_symbol(name) == OTHER for name in stack):
        return True
    return bool(stack) and read.whole and RAW not in stack and kind_of_module(driver) != NETWORK_KIND
