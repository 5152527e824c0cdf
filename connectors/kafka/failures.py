"""What Kafka's errors mean to the others."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.kafka.library import kafka_errors as errors
from connectors.kafka.misdirected import web_server
from connectors.kafka.refusal import refusal
from schemas.errors import BadRecord, Misconfigured, TreatywireError, Unavailable
from schemas.kafka_settings import KafkaSettings

_WRONG = (
    errors.AuthorizationError,
    errors.IncompatibleBrokerVersion,
    errors.InvalidConfigurationError,
    errors.InvalidPartitionsError,
    errors.InvalidReplicationFactorError,
    errors.InvalidTopicError,
    errors.KafkaConfigurationError,
    errors.PolicyViolationError,
    errors.SaslAuthenticationFailedError,
    errors.UnknownTopicOrPartitionError,
    errors.UnsupportedCodecError,
    errors.UnsupportedSaslMechanismError,
    errors.UnsupportedVersionError,
)
_TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)
_AWAY = (
    errors.BrokerNotAvailableError,
    errors.CommitFailedError,
    errors.IllegalGenerationError,
    errors.InvalidProducerEpochError,
    errors.KafkaStorageError,
    errors.OutOfOrderSequenceNumberError,
    errors.ProducerFencedError,
    errors.RebalanceInProgressError,
    errors.UnknownBrokerIdError,
    errors.UnknownMemberIdError,
    errors.UnknownProducerIdError,
)
"""Not retriable in Kafka's sense of trying the same request again, but gone once a client begins anew."""


@contextmanager
def translated(settings: KafkaSettings, doing: str) -> Iterator[None]:
    """Raises what Kafka says as Unavailable, Misconfigured or BadRecord; a bug as it is.

    Args:
        settings: Whose broker it is.
        doing: What was tried, for the message: "append to treatywire.articles.v1".
    """
    try:
        yield
    except (errors.KafkaError, OSError) as error:
        translation = _translation(error, settings, doing)
        if translation is None:
            raise
        raise translation from error


def _translation(error: Exception, settings: KafkaSettings, doing: str) -> TreatywireError | None:
    said = f"kafka {settings.bootstrap}: {doing}: {type(error).__name__}: {error}"
    if isinstance(error, _WRONG):
        return Misconfigured(said)
    if isinstance(error, _TOO_LARGE):
        return BadRecord(said)
    if isinstance(error, OSError | errors.KafkaTimeoutError | errors.KafkaConnectionError | errors.NodeNotReadyError):
        if against := refusal(settings):
            return Misconfigured(f"kafka {settings.bootstrap}: {against}")
        if address := web_server(settings):
            return Misconfigured(f"kafka bootstrap = {settings.bootstrap}: what answers at {address} speaks HTTP")
        return Unavailable(said)
    if isinstance(error, _AWAY) or getattr(error, "retriable", False):
        return Unavailable(said)
    return None
