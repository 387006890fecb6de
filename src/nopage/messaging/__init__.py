"""Archives out of a message queue, findings back into it: nopage as an engine of insights-core-messaging."""
from __future__ import annotations

from typing import TYPE_CHECKING

from nopage.kernel.lazy import lazily

if TYPE_CHECKING:
    from nopage.messaging.engine import Engine
    from nopage.messaging.formats import BriefFormat, Format
    from nopage.messaging.kafka import Kafka
    from nopage.messaging.publisher import RabbitMQPublisher
    from nopage.messaging.rabbitmq import RabbitMQ
    from nopage.messaging.sources import Sources

__all__ = ["BriefFormat", "Engine", "Format", "Kafka", "RabbitMQ", "RabbitMQPublisher", "Sources"]
HOMES = {
    "BriefFormat": "formats",
    "Engine": "engine",
    "Format": "formats",
    "Kafka": "kafka",
    "RabbitMQ": "rabbitmq",
    "RabbitMQPublisher": "publisher",
    "Sources": "sources",
}
# Each queue needs a library that the others do not; the formats need none of them.
__getattr__ = lazily(__name__, HOMES)
