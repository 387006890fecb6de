"""One source read by the intake, its hosts through the rules and a formatter: the text that is sent."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from insights.core import dr

from nopage.engine.run import run_rules
from nopage.intake.collect import Collection, Limits, SourceError, collect


def text_of(
    path: str,
    formatter: Any,
    limits: Limits,
    storage: Mapping[str, Any],
    new_broker: Callable[[], Any] = dr.Broker,
    others: Mapping[Any, Any] | None = None,
) -> str:
    """What the formatter writes of each host, one after the other. Raises SourceError where nothing can be read.

    `others` is the graph of components that run beside nopage's.
    """
    return "".join(
        _formatted(host, formatter, new_broker(), others) for host in collect(path, limits, storage=storage)
    )


def text_or_reason(path: str, formatter: Any, limits: Limits, storage: Mapping[str, Any]) -> tuple[str, str]:
    """The same in a child, where what is raised must go through a pipe: the text, and why there is none."""
    try:
        return text_of(path, formatter, limits, storage), ""
    except SourceError as error:
        return "", error.reason


def _formatted(host: Collection, formatter: Any, broker: Any, others: Mapping[Any, Any] | None) -> str:
    out = StringIO()
    with formatter(broker, stream=out):
        run_rules(host, broker, others)
    return out.getvalue()
