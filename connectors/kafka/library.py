"""The one place that imports kafka-python, which ships no types.

Everything from here is `Any` to the type checker; the modules around it say what they take and give.
"""

import logging

from kafka import KafkaConsumer, KafkaProducer
from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.net.compat import KafkaNetClient
from kafka.net.sasl import get_sasl_mechanism
from kafka.structs import MemberState, OffsetAndMetadata, TopicPartition

# It logs several lines a second in an outage, at levels up to ERROR; what matters of that, we raise.
logging.getLogger("kafka").setLevel(logging.CRITICAL)

EARLIEST, LATEST = -2, -1
"""What a broker takes for the first offset that it still has, and for the next one that it will give."""

__all__ = [
    "EARLIEST",
    "LATEST",
    "ConfigResource",
    "ConfigResourceType",
    "ConsumerRebalanceListener",
    "CooperativeStickyAssignor",
    "KafkaAdminClient",
    "KafkaConsumer",
    "KafkaNetClient",
    "KafkaProducer",
    "MemberState",
    "OffsetAndMetadata",
    "TopicPartition",
    "get_sasl_mechanism",
    "kafka_errors",
]
