"""Which code path a request was on: of the nearest function that tells one, then of the buffer, then of the module."""
from __future__ import annotations

from collections.abc import Sequence

from nopage.diagnosis.cause.asking.frames import RAW, Named, Walk
from nopage.kernel.symbols import (
    NETWORK_KIND,
    NETWORK_PATHS,
    NETWORK_RECEIVE,
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
    if path is None or path == OTHER or frame.module is None:
        return path
    kind = kind_of_module(frame.module)
    if kind == STORAGE_KIND:
        return STORAGE
    if kind == NETWORK_KIND:
        return path if path in NETWORK_PATHS else None
    return None if drives_neither(frame.module) else path


def hinted(names: Sequence[str]) -> str | None:
    """The path that the nearest function hints at."""
    return next(filter(None, map(hinted_path, names)), None)


def packet_path(read: Walk, in_task: bool) -> str:
    """Which network path a packet's buffer is for: it is one, whoever asked.

    A process that is not known to receive has something to send; what is known of an interrupt at most, receives.
    """
    told = [path for path in (path_of_symbol(name) for name, _ in read.asking) if path in NETWORK_PATHS]
    if told:
        return told[0] or NETWORK_RECEIVE
    if in_task and read.helpers.isdisjoint(RECEIVE_HELPERS):
        return SOCKETS
    return NETWORK_RECEIVE


def is_known_other(read: Walk, stack: Sequence[str], driver: str | None, setup: bool) -> bool:
    """The names tell that it was neither the network nor storage: one says so, or all are there and none says else."""
    if setup or any(path_of_symbol(name) == OTHER for name in stack):
        return True
    return bool(stack) and read.whole and RAW not in stack and kind_of_module(driver) != NETWORK_KIND
