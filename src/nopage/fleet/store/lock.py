"""One writer a store: a lock that ends with the process that holds it, or grows old where that cannot be seen."""
from __future__ import annotations

import contextlib
import fcntl
import json
import os
import platform
import time
from typing import Any

from nopage.fleet.store.folder import Folder, StoreError
from nopage.fleet.store.parts import LOCK

REFRESHED_EVERY_S = 60.0
OLD_AFTER_S = 600.0
_held_here: set[str] = set()  # the kernel does not keep a process from taking its own lock twice


class Lock:
    """Held from the moment it is made. Raises StoreError where another process holds it."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._descriptor: int | None = None
        self._refreshed = time.monotonic()
        if folder.local:
            self._take_local()
        else:
            self._take_remote()

    def _mine(self) -> dict[str, Any]:
        return {"host": platform.node(), "pid": os.getpid(), "time": int(time.time())}

    def _take_local(self) -> None:
        """A record lock: the kernel lets go of it with the process, and children do not inherit it."""
        if self._folder.root in _held_here:
            raise _held(self._folder, self._mine())
        try:
            descriptor = os.open(self._folder.path(LOCK), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(f"{self._folder.url}: cannot be written: {error.strerror}") from error
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            said = os.pread(descriptor, 4096, 0)
            os.close(descriptor)
            raise _held(self._folder, _read(said)) from error
        self._descriptor = descriptor
        _held_here.add(self._folder.root)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(self._mine()).encode(), 0)

    def _take_remote(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            holder = _read(self._folder.get(LOCK))
            if not _is_left(holder):
                raise _held(self._folder, holder)
            self._folder.remove(LOCK)
        data = json.dumps(self._mine()).encode()
        path = self._folder.path(LOCK)
        try:
            self._folder.fs.pipe_file(path, data, mode="create")
        except FileExistsError as error:
            raise _held(self._folder, _read(self._folder.get(LOCK))) from error
        except (NotImplementedError, ValueError, TypeError):  # a storage that cannot say "only if it is not there"
            self._folder.put(LOCK, data)

    def refresh(self) -> None:
        """Say that it is still held, where only its age tells."""
        if self._descriptor is None and time.monotonic() - self._refreshed > REFRESHED_EVERY_S:
            self._refreshed = time.monotonic()
            self._folder.put(LOCK, json.dumps(self._mine()).encode())

    def release(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # the file stays: taken away, two could hold a lock each on one name
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None
            _held_here.discard(self._folder.root)
        elif not self._folder.local:
            with contextlib.suppress(Exception):  # it grows old by itself
                self._folder.remove(LOCK)


def _read(said: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        holder = json.loads(said)
        if isinstance(holder, dict):
            return holder
    return {}


def _is_left(holder: dict[str, Any]) -> bool:
    """The process that held it is gone."""
    try:
        pid, taken = int(holder["pid"]), float(holder["time"])
    except (KeyError, TypeError, ValueError):
        return True
    if holder.get("host") == platform.node():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
    return time.time() - taken > OLD_AFTER_S


def _held(folder: Folder, holder: dict[str, Any]) -> StoreError:
    who = f"process {holder['pid']} on {holder['host']}" if {"pid", "host"} <= holder.keys() else "another process"
    return StoreError(f"{folder.url}: {who} writes to it; wait for its end, or name another folder")
