"""Findings, and what went wrong, into a queue of RabbitMQ; each is confirmed by the broker."""
from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pika
from insights_messaging.publishers import Publisher

from nopage.engine.faults import fault_words
from nopage.intake.model import SourceError
from nopage.kernel.plain import plain
from nopage.messaging.connection import CONNECTION_LOST, is_lasting, parameters_of
from nopage.messaging.messages import FIELDS, MessageError
from nopage.result import SCHEMA

log = logging.getLogger(__name__)

ERROR_SCHEMA = "nopage-error/1"
TRIES = 3
PAUSE_S = 1.0


class Unpublished(Exception):
    """The broker cannot be reached; the message that was to be answered has no part in it."""


class RabbitMQPublisher(Publisher):
    """Publishes to `queue`, and errors to the queue `errors` (default: the same one).

    The AMQP type is the schema: `nopage/1`, or `nopage-error/1`; both bear the correlation_id of the message
    that asked, or its message_id.
    """

    def __init__(
        self,
        queue: str,
        conn_params: Mapping[str, Any] | str,
        exchange: str = "",
        auth: Mapping[str, str] | None = None,
        durable: bool = True,
        errors: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        most_bytes: int = 64 << 20,
    ) -> None:
        self.queue, self.exchange, self.errors = queue, exchange, errors or queue
        self.durable, self.arguments, self.most_bytes = durable, dict(arguments or {}), most_bytes
        self.parameters = parameters_of(conn_params, auth)
        self.connection: Any = None
        self.channel: Any = None

    def publish(self, input_msg: Any, response: str) -> None:
        """Send a result. Raises Unpublished, and ValueError for one that no queue takes."""
        body = response.encode()
        if len(body) > self.most_bytes:
            raise ValueError(f"the result has {len(body)} bytes, more than {self.most_bytes}; use the brief format")
        self._send(self.queue, body, SCHEMA, input_msg)

    def error(self, input_msg: Any, ex: Exception) -> None:
        """Send why there is no result; where even that cannot be sent, it stands in the log."""
        told = {"schema": ERROR_SCHEMA, **_named(input_msg), "error": words_of(ex)}
        if isinstance(ex, Unpublished):
            return  # the message is not at fault, and is tried again
        try:
            self._send(self.errors, json.dumps(told).encode(), ERROR_SCHEMA, input_msg)
        except Unpublished as lost:
            log.error("%s; not published: %s", lost, told["error"])

    def _send(self, queue: str, body: bytes, kind: str, input_msg: Any) -> None:
        properties = pika.BasicProperties(
            content_type="application/json", type=kind, delivery_mode=2 if self.durable else 1,
            correlation_id=input_msg.get("correlation_id") if isinstance(input_msg, dict) else None,
        )
        for left in reversed(range(TRIES)):
            try:
                self._open()
                self.channel.basic_publish(self.exchange, queue, body, properties, mandatory=True)
                return
            except CONNECTION_LOST as error:
                self.close()
                if is_lasting(error) or not left:
                    raise Unpublished(f"{queue}: {words_of(error)}") from error
                time.sleep(PAUSE_S)

    def _open(self) -> None:
        """A connection that lay idle for longer than its heartbeat has been closed by the broker."""
        if self.connection is not None and self.connection.is_open and self.channel.is_open:
            with suppress(*CONNECTION_LOST):
                self.connection.process_data_events(0)
            if self.connection.is_open and self.channel.is_open:
                return
        self.connection = pika.BlockingConnection(self.parameters)
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        if not self.exchange:
            for queue in {self.queue, self.errors}:
                self.channel.queue_declare(queue=queue, durable=self.durable, arguments=self.arguments)

    def close(self) -> None:
        """Leave the broker."""
        with suppress(*CONNECTION_LOST):
            if self.connection is not None and self.connection.is_open:
                self.connection.close()
        self.connection = None


def words_of(error: BaseException) -> str:
    """Why, in one line that is safe to show."""
    if isinstance(error, SourceError | MessageError | Unpublished | ValueError | OSError):
        return plain(" ".join(str(error).split()))[:500] or type(error).__name__
    if isinstance(error, CONNECTION_LOST):
        return plain(f"{type(error).__name__} {error}".strip())[:500]
    return fault_words(error)


def _named(input_msg: Any) -> dict[str, str]:
    if not isinstance(input_msg, dict):
        return {}
    return {name: plain(input_msg[name])[:4096] for name in FIELDS if isinstance(input_msg.get(name), str)}
