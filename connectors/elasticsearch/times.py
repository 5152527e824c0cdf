"""Times as columns hold them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(time: datetime) -> int:
    """Microseconds since 1970 of a time with a zone; exact, and ordered as the times are."""
    return (time - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """The time, in UTC, of so many microseconds since 1970."""
    return _EPOCH + micros * _MICROSECOND
