"""The engine: nopage's own intake instead of an archive unpacked to disk, in a child process that may die."""
from __future__ import annotations

import atexit
from collections.abc import Mapping
from itertools import chain
from typing import Any

from insights.core import dr
from insights_messaging.engine import Engine as StockEngine

from nopage.fleet.engine import Children, EngineError
from nopage.intake.model import Limits, SourceError
from nopage.kernel.plain import plain
from nopage.messaging.formats import Format
from nopage.messaging.reading import text_of, text_or_reason
from nopage.rules.catalogue import RULES

GRACE_S = 5.0


class Engine(StockEngine):
    """Runs nopage's rules over a source and gives what the formatter writes, for several hosts one after the other.

    `extract_timeout` is the time that a source may take, `unpacked_archive_size_limit` the bytes to unpack of it: past
    them what was read is diagnosed and says that it is partial. Nothing is extracted, so that `extract_tmp_dir` is not
    used. `storage` are fsspec's options for URLs.

    Isolated, a source is read in a kept child with `memory_limit_mb`: one that kills it, or hangs, is an error of this
    source alone. The brokers stay there: watchers get an empty one. Not isolated, watchers see the brokers, and
    `target_components` run too.
    """

    def __init__(
        self,
        formatter: Any = None,
        target_components: Mapping[Any, Any] | None = None,
        extract_timeout: float | None = None,
        unpacked_archive_size_limit: int = -1,
        extract_tmp_dir: str | None = None,
        isolated: bool = True,
        memory_limit_mb: int = 1024,
        storage: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            formatter or Format,
            target_components or dr.get_dependency_graph(RULES[0]),
            extract_timeout,
            unpacked_archive_size_limit,
            extract_tmp_dir,
        )
        if isolated and target_components:
            raise ValueError("target_components run in the engine's own process: set isolated: false")
        own = Limits()
        self._limits = Limits(
            seconds=extract_timeout or own.seconds,
            unpacked_bytes=unpacked_archive_size_limit if unpacked_archive_size_limit >= 0 else own.unpacked_bytes,
            core_bytes=min(own.core_bytes, memory_limit_mb << 19),
        )
        self._others = self.components_dict if target_components else None
        self._isolated = isolated
        self._memory_bytes = memory_limit_mb << 20
        self._storage = dict(storage or {})
        self._children: Children | None = None

    def process(self, broker: Any, path: str) -> str:
        """The text of a source. Raises SourceError where there is none; EngineError where the source has no part in it.
        """
        for watcher in self.watchers:
            watcher.watch_broker(broker)
        try:
            self.fire("pre_extract", broker, path)
            text = self._in_child(path) if self._isolated else self._here(broker, path)
            self.fire("on_engine_success", broker, text)
            return text
        except Exception as error:
            self.fire("on_engine_failure", broker, error)
            raise
        finally:
            self.fire("on_engine_complete", broker)

    def _here(self, broker: Any, path: str) -> str:
        brokers = chain((broker,), iter(self._watched_broker, None))
        return text_of(path, self.Formatter, self._limits, self._storage, brokers.__next__, self._others)

    def _watched_broker(self) -> Any:
        made = dr.Broker()
        for watcher in self.watchers:
            watcher.watch_broker(made)
        return made

    def _in_child(self, path: str) -> str:
        if self._children is None:
            self._children = Children(1, self._memory_bytes)
            atexit.register(self.close)
        arguments = [path, self.Formatter, self._limits, self._storage]
        try:
            future = self._children.call(text_or_reason, arguments, self._limits.seconds + GRACE_S)
        except EngineError:
            self.close()  # the next one begins anew
            raise
        try:
            text, reason = future.result()
        except Exception as error:
            too_large = f"needs more memory than {self._memory_bytes >> 20} MiB"
            text, reason = "", self._children.reason(error, self._limits.seconds, too_large)
        if reason:
            raise SourceError(plain(path), reason)
        return str(text)

    def close(self) -> None:
        """End the child."""
        if self._children is not None:
            self._children.close()
            self._children = None
            atexit.unregister(self.close)
