"""When a delivery is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.delivery.channel import Delivered, GivenUp, TryAgain
from connectors.delivery.retry import DELAYS, JITTER, LONGEST_RETRY_AFTER, after_try, parse_retry_after
from schemas.subscription import AlertStatus, Attempt
from tests.unit.delivery.records import NOON, an_alert

SECOND = timedelta(seconds=1)


def test_a_delivered_alert_keeps_its_try_and_is_not_due_again() -> None:
    """The status that the endpoint gave is in the ledger."""
    alert = after_try(an_alert(), Delivered("204"), NOON)
    assert (alert.status, alert.attempts) == (AlertStatus.DELIVERED, (Attempt(NOON, "204"),))


def test_an_alert_that_was_given_up_is_failed_at_once() -> None:
    """No schedule is followed where no further try makes sense."""
    alert = after_try(an_alert(), GivenUp("410"), NOON)
    assert (alert.status, alert.attempts) == (AlertStatus.FAILED, (Attempt(NOON, "410"),))


def test_failures_follow_the_schedule_and_end_as_failed_with_every_try_kept() -> None:
    """Ten tries over three days and a little, the waits of the specification, none more than a tenth longer."""
    alert, now, waits = an_alert(), NOON, []
    while True:
        alert = after_try(alert, TryAgain(f"try {len(alert.attempts) + 1}"), now)
        if alert.status is AlertStatus.FAILED:
            break
        waits.append(alert.due - now)
        now = alert.due
    assert [attempt.outcome for attempt in alert.attempts] == [f"try {n}" for n in range(1, 11)]
    assert len(waits) == len(DELAYS)
    assert all(delay <= wait <= delay * (1 + JITTER) for delay, wait in zip(DELAYS, waits, strict=True))


def test_alerts_that_failed_together_are_not_tried_together() -> None:
    """The jitter differs from alert to alert, and is the same for the same one."""
    due = [after_try(an_alert(number), TryAgain("500"), NOON).due for number in range(20)]
    assert len(set(due)) == 20
    assert due == [after_try(an_alert(number), TryAgain("500"), NOON).due for number in range(20)]


def test_a_wish_for_rest_puts_a_try_off_and_never_brings_it_forward() -> None:
    """The later of the schedule and the wish counts."""
    assert after_try(an_alert(), TryAgain("429", timedelta(hours=1)), NOON).due == NOON + timedelta(hours=1)
    assert after_try(an_alert(), TryAgain("429", SECOND), NOON) == after_try(an_alert(), TryAgain("429"), NOON)


def test_a_wish_for_rest_is_bounded() -> None:
    """An endpoint cannot put an alert off for ever."""
    assert after_try(an_alert(), TryAgain("503", timedelta(days=400)), NOON).due == NOON + LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("99999999999999999999", LONGEST_RETRY_AFTER),
        ("Thu, 21 May 2026 12:00:30 GMT", 30 * SECOND),
        ("Thu, 21 May 2026 14:00:30 +0200", 30 * SECOND),
        ("Thu, 21 May 2026 11:00:00 GMT", timedelta()),
        ("Thu, 21 May 2099 12:00:00 GMT", LONGEST_RETRY_AFTER),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(value: str | None, wait: timedelta | None) -> None:
    """Both forms of RFC 9110 are understood, nothing else is, and the wait lies between none and a day."""
    assert parse_retry_after(value, NOON) == wait


@given(st.text(), st.datetimes(timezones=st.just(UTC)))
def test_no_retry_after_header_is_too_odd(value: str, now: datetime) -> None:
    """Whatever an endpoint sends, the answer is nothing or a wait of at most a day."""
    wait = parse_retry_after(value, now)
    assert wait is None or timedelta() <= wait <= LONGEST_RETRY_AFTER
