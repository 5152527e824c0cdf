"""The one place that imports kafka-python, which ships no types.

Everything from here is `Any` to the type checker; the modules around it say what they take and give.
"""

import warnings

with warnings.catch_warnings():
    # It reads its own data by a function that Python 3.11 deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from kafka import KafkaConsumer, KafkaProducer  # type: ignore[import-untyped]
    from kafka import errors as kafka_errors
    from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient  # type: ignore[import-untyped]
    from kafka.consumer.subscription_state import ConsumerRebalanceListener  # type: ignore[import-untyped]
    from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor  # type: ignore[import-untyped]
    from kafka.net.sasl import get_sasl_mechanism  # type: ignore[import-untyped]
    from kafka.structs import MemberState, OffsetAndMetadata, TopicPartition  # type: ignore[import-untyped]

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
    "KafkaProducer",
    "MemberState",
    "OffsetAndMetadata",
    "TopicPartition",
    "get_sasl_mechanism",
    "kafka_errors",
]
