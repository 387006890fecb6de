"""What runs in a child: before its first source bounds for its memory and its life, then one source after the other."""
from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import threading

from nopage.fleet.engine.job import Job
from nopage.fleet.sources import Target
from nopage.fleet.store import Packed

PR_SET_PDEATHSIG = 1  # include/uapi/linux/prctl.h


def begin(memory_bytes: int) -> None:
    """Called in each child once."""
    import nopage.fleet.engine.loaded  # noqa: F401  # unless the server that it was forked from has it already

    end_with_parents()
    # Private memory that can be written: what a source needs; mapped files and reserved addresses do not count.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    gc.freeze()


def end_with_parents() -> None:
    """A child that hangs would outlive a parent that is killed, and hold up the server that it was forked from."""
    server = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)
    asked_by = multiprocessing.parent_process()  # the process that scans; the server is only who forked
    if asked_by is None:
        return

    def wait() -> None:
        asked_by.join()
        os._exit(1)

    threading.Thread(target=wait, name="nopage-parent", daemon=True).start()


def run(target: Target, job: Job) -> tuple[tuple[Packed, ...], int]:
    """The task, and the child's peak of memory in KiB."""
    hosts = job.task(target, job)
    return hosts, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
