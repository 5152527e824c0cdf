"""The logs on Kafka: articles, developments and dead letters behind the ports.

`KafkaAdapters` gives the ports over a cluster that `KafkaSettings` names; `create` and `check` see to its topics.
Nothing outside this package knows kafka-python.
"""

from connectors.kafka.adapters import KafkaAdapters
from connectors.kafka.topics import check, create
from schemas.kafka_settings import KafkaSettings

__all__ = ["KafkaAdapters", "KafkaSettings", "check", "create"]
