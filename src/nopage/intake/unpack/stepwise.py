"""A reader over a decoder that is asked for little at once, so that damage costs no more than one step."""
from __future__ import annotations

from abc import ABC, abstractmethod

from nopage.intake.reader import Damage, LimitReached, Windows, error_text
from nopage.intake.unpack.window import Window

OUT = 128 << 10  # most bytes that one read gives: they stay in the second-level cache while they are searched


class Stepwise(ABC):
    """What a decoder gave before a fault is given out first; the fault is raised by the next read, and by all after."""

    form: str

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._fault: Damage | None = None
        self._ended = False
        self.given = 0
        self._window = Window(0, windows)
        self._window_from = 0  # what had been given before the decoder that has the window

    def read(self) -> bytes:
        """The next unpacked bytes; b"" at the end."""
        if self._fault is None and not self._window.fill(self.given - self._window_from):
            self._fault = Damage(f"the {self.form} data takes too much memory to unpack, together with what it stands "
                                 f"in; unpack it first ({self.given} bytes were unpacked)", self)  # fmt: skip
        if self._fault is not None:
            self._window.close()
            raise self._fault
        parts: list[bytes] = []
        have = 0
        while have < OUT and not self._ended and self._fault is None:
            if parts and not self._ready():
                break  # what is there is not to wait for a slow source
            try:
                out = self._next()
            except Damage as fault:
                self._fault = fault
                self._window.close()
                if not parts:
                    raise
                break
            except LimitReached:
                if not parts:
                    raise
                break  # and again at the next read
            if out:
                parts.append(out)
                have += len(out)
        self.given += have
        if self._ended:
            self._window.close()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _begins(self, window: int) -> None:
        """Another decoder unpacks from here on, with a window of that size."""
        self._window.close()
        self._window = Window(window, self._windows)
        self._window_from = self.given

    @abstractmethod
    def _ready(self) -> bool:
        """The next step can be taken without reading."""

    @abstractmethod
    def _next(self) -> bytes:
        """What the next step gives; b"" too where it gives nothing, and at the end, where it sets `_ended`."""

    def _early(self) -> Damage:
        return Damage(f"the {self.form} data ends early, after {self.given} unpacked bytes", self)

    def _damaged(self, error: BaseException) -> Damage:
        return Damage(f"the {self.form} data is damaged after {self.given} unpacked bytes ({error_text(error)})", self)
