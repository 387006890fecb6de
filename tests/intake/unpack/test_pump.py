"""The thread that unpacks ahead gives what its source gives, whenever it is started."""
from __future__ import annotations

import io
import os
import threading

import pytest

from nopage.intake.reader import Damage, FileReader
from nopage.intake.unpack.pump import Pump


class Source:
    def __init__(self, count: int, fault: str | None) -> None:
        self._blocks = [b"%d" % number for number in range(count)]
        self._fault = fault

    def read(self) -> bytes:
        if self._blocks:
            return self._blocks.pop(0)
        fault, self._fault = self._fault, None  # told once, as decompressors do
        if fault:
            raise Damage(fault)
        return b""


@pytest.mark.parametrize("start_s", [0.0, 1e-4, 60.0])
@pytest.mark.parametrize("fault", [None, "ends early"])
def test_what_comes_and_how_it_ends(start_s: float, fault: str | None) -> None:
    pump = Pump(Source(50, fault), start_s)
    assert [pump.read() for _ in range(50)] == [b"%d" % number for number in range(50)]
    for _ in range(3):
        if fault:
            with pytest.raises(Damage, match=fault):
                pump.read()
        else:
            assert pump.read() == b""
    pump.close()


@pytest.mark.parametrize("start_s", [0.0, 60.0])
def test_closing_ends_the_thread(start_s: float) -> None:
    before = threading.active_count()
    pump = Pump(Source(5_000, None), start_s)
    pump.read()
    pump.close()
    assert threading.active_count() == before


def test_without_a_thread_to_be_had_it_reads_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})
    monkeypatch.setattr(threading, "Thread", Refused)
    pump = Pump(FileReader(io.BytesIO(b"x" * 1_000_000).read), start_s=0)
    assert b"".join(iter(pump.read, b"")) == b"x" * 1_000_000
    pump.close()
