"""How RabbitMQ is reached, and which of its errors pass."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

CONNECTION_LOST = (AMQPError, OSError)
# ACCESS_REFUSED, NOT_FOUND, RESOURCE_LOCKED, PRECONDITION_FAILED: another try ends the same way.
LASTING = frozenset((403, 404, 405, 406))


def parameters_of(conn_params: Mapping[str, Any] | str, auth: Mapping[str, str] | None) -> Any:
    """Where to connect: pika's own parameters by name, or an amqp:// or amqps:// URL."""
    if isinstance(conn_params, str):
        made = pika.URLParameters(conn_params)
        if auth is not None:
            made.credentials = pika.PlainCredentials(**auth)
        return made
    credentials = {} if auth is None else {"credentials": pika.PlainCredentials(**auth)}
    return pika.ConnectionParameters(**conn_params, **credentials)


def is_lasting(error: BaseException) -> bool:
    """The broker refuses what is asked of it, and will do so again."""
    return isinstance(error, ChannelClosedByBroker) and error.reply_code in LASTING
