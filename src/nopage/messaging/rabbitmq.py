"""The consumer: one message at a time out of a queue of RabbitMQ, whose heartbeats go on while a source is read."""
from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pika
from insights_messaging.consumers import Consumer, RequeueError

from nopage.fleet.engine import EngineError
from nopage.messaging.connection import CONNECTION_LOST, is_lasting, parameters_of
from nopage.messaging.messages import MessageError, message_of, source_of
from nopage.messaging.publisher import Unpublished, words_of

log = logging.getLogger(__name__)

TICK_S = 1.0
AGAIN_S = 5.0
LONGEST_PAUSE_S = 30.0


class RabbitMQ(Consumer):
    """Reads `queue` until stop() or SIGTERM; what it has begun it ends.

    A message is acknowledged when its result has been published. One that is none, or whose source cannot be read, is
    rejected: it goes to the queue `dead_letters`, where that is set. One that could not be answered through no fault of
    its own is given back. `arguments` are those of the queue's declaration, such as x-queue-type.
    """

    def __init__(
        self,
        publisher: Any,
        downloader: Any,
        engine: Any,
        queue: str,
        conn_params: Mapping[str, Any] | str,
        auth: Mapping[str, str] | None = None,
        durable: bool = True,
        prefetch_count: int = 1,
        dead_letters: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        requeuer: Any = None,
    ) -> None:
        super().__init__(publisher, downloader, engine, requeuer)
        self.queue, self.durable, self.prefetch_count = queue, durable, prefetch_count
        self.dead_letters = dead_letters
        self.arguments = dict(arguments or {})
        if dead_letters:
            self.arguments |= {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead_letters}
        self.parameters = parameters_of(conn_params, auth)
        self._stopping = threading.Event()
        self._pause_s = TICK_S

    def get_url(self, input_msg: dict[str, Any]) -> str:
        """The source that a message names."""
        return source_of(input_msg)

    def stop(self) -> None:
        """End when the message at hand has been dealt with."""
        self._stopping.set()

    def run(self) -> None:
        """Consume; connects again, with growing pauses, when the broker is lost. Raises what lasts."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.stop())
        try:
            while not self._stopping.is_set():
                try:
                    self._consume()
                except CONNECTION_LOST as error:
                    if is_lasting(error):
                        raise
                    log.warning("%s: %s; connecting again in %g s", self.queue, words_of(error), self._pause_s)
                self._stopping.wait(self._pause_s)
                self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        except KeyboardInterrupt:
            log.info("%s: stopped", self.queue)
        finally:
            for part in (self.engine, self.publisher):
                if hasattr(part, "close"):
                    part.close()

    def _consume(self) -> None:
        connection = pika.BlockingConnection(self.parameters)
        try:
            channel = connection.channel()
            if self.dead_letters:
                channel.queue_declare(queue=self.dead_letters, durable=self.durable)
            channel.queue_declare(queue=self.queue, durable=self.durable, arguments=self.arguments)
            channel.basic_qos(prefetch_count=self.prefetch_count)
            log.info("%s: waiting for messages", self.queue)
            self._pause_s = TICK_S
            for method, properties, body in channel.consume(self.queue, inactivity_timeout=TICK_S):
                if self._stopping.is_set():
                    break  # what was not begun goes back to the queue with the connection
                if method is not None:
                    self._handle(connection, channel, method, properties, body)
        finally:
            with suppress(*CONNECTION_LOST):
                if connection.is_open:
                    connection.close()

    def _handle(self, connection: Any, channel: Any, method: Any, properties: Any, body: bytes) -> None:
        """Read the source in a thread, so that the connection lives on; then tell the broker."""
        told: list[tuple[str, bool]] = []

        def read() -> None:
            told.append(self._answered(properties, body))
            with suppress(*CONNECTION_LOST):
                connection.add_callback_threadsafe(lambda: None)  # wakes the loop below

        reading = threading.Thread(target=read, name="nopage-reading")
        reading.start()
        try:
            while reading.is_alive():
                connection.process_data_events(time_limit=TICK_S)
        finally:
            reading.join()  # should the broker be lost meanwhile, it gives the message to somebody again
        act, again = told[0]
        if act == "ack":
            channel.basic_ack(method.delivery_tag)
            return
        for _ in range(int(AGAIN_S / TICK_S) if again else 0):
            if not self._stopping.is_set():
                connection.sleep(TICK_S)
        channel.basic_nack(method.delivery_tag, requeue=again)

    def _answered(self, properties: Any, body: bytes) -> tuple[str, bool]:
        """What to tell the broker: "ack", or "nack" and whether the message is to come again."""
        asked_by = properties.correlation_id or properties.message_id
        message: dict[str, Any] = {"correlation_id": asked_by}
        try:
            try:
                message = message_of(body) | message
            except MessageError as error:
                self.publisher.error(message, error)
                raise
            self.process(message)
        except (Unpublished, EngineError) as error:
            log.warning("%s: %s; given back", self.queue, words_of(error))
            return "nack", True
        except RequeueError as error:
            if self.requeuer is None:
                log.error("%s: to be queued anew, but no requeuer is set", self.queue)
                return "nack", False
            self.requeuer.requeue(body, error)
        except Exception as error:
            log.warning("%s: %s", self.queue, words_of(error))
            return "nack", False
        return "ack", False
