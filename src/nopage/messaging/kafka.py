"""insights-core-messaging's consumer of Kafka with nopage's messages."""
from __future__ import annotations

from typing import Any

from insights_messaging.consumers.kafka import Kafka as StockKafka

from nopage.messaging.messages import message_of, source_of


class Kafka(StockKafka):
    """Reads a topic; a message is a JSON object with `url` or `path`."""

    def deserialize(self, bytes_: bytes) -> dict[str, Any]:
        """The object in a message."""
        return message_of(bytes_)

    def get_url(self, input_msg: dict[str, Any]) -> str:
        """The source that it names."""
        return source_of(input_msg)
