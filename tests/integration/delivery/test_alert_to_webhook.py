"""From the developments log to a subscriber's endpoint, over SQLite and real sockets."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from connectors.delivery.webhook import WebhookChannel
from connectors.sqlite import Adapters, open_database
from pipelines.jobs.alert import AlertJob
from pipelines.jobs.deliver import DeliverJob
from schemas.codec import decode, encode
from schemas.development import Development
from schemas.subscription import Alert, AlertStatus
from schemas.vocabulary import Change
from tests.integration.delivery.conftest import OpenReceiver
from tests.integration.delivery.receiver import Answer, Handler, Post, hang, status, until
from tests.unit.delivery.records import a_development, a_subscription


class Office:
    """The alert and deliver jobs of one process, and its subscribers."""

    def __init__(self, adapters: Adapters, allow_private: bool = True, total_timeout_s: float = 10.0) -> None:
        self.adapters = adapters
        self.alert = AlertJob(
            adapters.developments.reader("alert"), adapters.subscriptions, adapters.ledger, adapters.dead_letters
        )
        channel = WebhookChannel(allow_private=allow_private, total_timeout_s=total_timeout_s)
        self.deliver = DeliverJob(
            adapters.ledger, adapters.subscriptions, channel, adapters.leases, "office", patience_s=0.05
        )
        self.ahead = timedelta()

    def subscribe(self, name: str, url: str) -> None:
        """Adds a subscription, from now on."""
        end = self.adapters.developments.end()
        self.adapters.subscriptions.add(a_subscription(name, webhook=url, position=end))

    def publish(self, *developments: Development) -> None:
        """Appends developments and has them matched."""
        self.adapters.developments.append(developments)
        self.alert.step(datetime.now(UTC))

    def alerts(self, name: str = "desk") -> list[Alert]:
        """What the ledger has of a subscription, in order of recording."""
        return list(reversed(self.adapters.ledger.list(name, 1000)))

    def tries(self, name: str = "desk") -> int:
        """How many tries are recorded of a subscription."""
        return sum(len(alert.attempts) for alert in self.alerts(name))

    def step_until_tries(self, count: int, name: str = "desk") -> None:
        """Delivers until so many tries are recorded."""
        until(lambda: self._step_and_count(name) >= count)

    def _step_and_count(self, name: str) -> int:
        self.deliver.step(datetime.now(UTC) + self.ahead)
        return self.tries(name)


@pytest.fixture
def adapters(tmp_path: Path) -> Iterator[Adapters]:
    """Adapters over a file."""
    with open_database(tmp_path / "treatywire.sqlite3") as database:
        yield Adapters(database)


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other; the last one from then on."""
    left = list(answers)

    def answer(handler: Handler, post: Post) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler, post)

    return answer


def test_a_development_reaches_its_subscriber_and_only_what_is_news_to_it(
    adapters: Adapters, open_receiver: OpenReceiver
) -> None:
    """Known before, history and corroboration send nothing; what arrives is the development, whole."""
    receiver, office = open_receiver(), Office(adapters)
    office.publish(a_development(1))
    office.subscribe("desk", receiver.url)
    office.publish(
        a_development(2, change=Change.HISTORY, news=False),
        a_development(3, change=Change.CORROBORATED),
        a_development(4, party="FRA"),
        a_development(5),
        a_development(5),
    )
    office.step_until_tries(1)
    office.deliver.step(datetime.now(UTC))
    [post] = receiver.posts
    [alert] = office.alerts()
    assert (post.id, alert.status) == (alert.id, AlertStatus.DELIVERED)
    envelope = post.signed
    assert envelope["type"] == "treatywire.development"
    assert decode(json.dumps(envelope["data"]), Development) == a_development(5)
    assert json.loads(encode(a_development(5))) == envelope["data"]


def test_failures_are_tried_again_under_the_same_id_until_delivered(
    adapters: Adapters, open_receiver: OpenReceiver
) -> None:
    """An error, a rate limit and a timeout later it arrives; the ledger tells each try."""
    receiver = open_receiver(in_turn(status(500), status(429, Retry_After="7200"), hang, status(204)))
    Office(adapters).subscribe("desk", receiver.url)
    Office(adapters).publish(a_development())
    waits = []
    for tries in (1, 2, 3, 4):
        office = Office(adapters, total_timeout_s=0.3)
        office.step_until_tries(tries)
        [alert] = office.alerts()
        waits.append(alert.due - alert.attempts[-1].at)
        # Receivers refuse timestamps far from their clock, so the alert is brought forward, not the clock.
        if alert.status is AlertStatus.DUE:
            adapters.ledger.update(replace(alert, due=datetime.now(UTC)))
    assert [attempt.outcome for attempt in alert.attempts] == ["500", "429", "no answer within 0.3 s", "204"]
    assert alert.status is AlertStatus.DELIVERED
    assert receiver.ids == [alert.id] * 4
    assert timedelta(seconds=5) <= waits[0] < timedelta(seconds=6)
    assert waits[1] == timedelta(hours=2)
    assert timedelta(minutes=30) <= waits[2] < timedelta(minutes=34)


def test_an_endpoint_that_is_gone_is_told_once(adapters: Adapters, open_receiver: OpenReceiver) -> None:
    """410 ends the delivery."""
    receiver, office = open_receiver(status(410)), Office(adapters)
    office.subscribe("desk", receiver.url)
    office.publish(a_development())
    office.step_until_tries(1)
    [alert] = office.alerts()
    assert (alert.status, alert.attempts[0].outcome) == (AlertStatus.FAILED, "410")


def test_a_hanging_endpoint_holds_up_nobody_else(adapters: Adapters, open_receiver: OpenReceiver) -> None:
    """The other subscriber has its alerts while the first try still hangs."""
    hanging, quick, office = open_receiver(hang), open_receiver(), Office(adapters)
    office.subscribe("slow", hanging.url)
    office.subscribe("desk", quick.url)
    office.publish(*(a_development(number) for number in range(1, 6)))
    office.step_until_tries(5)
    assert office.tries("slow") == 0
    assert quick.ids == [alert.id for alert in office.alerts("desk")]
    assert len(hanging.posts) == 1


def test_a_private_address_is_refused_by_default_and_the_ledger_says_why(
    adapters: Adapters, open_receiver: OpenReceiver
) -> None:
    """Nothing is sent to it; once allowed, the same alert arrives."""
    receiver, office = open_receiver(), Office(adapters, allow_private=False)
    office.subscribe("desk", receiver.url)
    office.publish(a_development())
    office.step_until_tries(1)
    [alert] = office.alerts()
    assert alert.status is AlertStatus.DUE
    assert alert.attempts[0].outcome.startswith("127.0.0.1 is loopback (RFC 1122)")
    assert (receiver.posts, receiver.unsigned) == ([], [])
    office.deliver.close(datetime.now(UTC))
    allowed = Office(adapters)
    allowed.ahead = timedelta(seconds=10)
    allowed.step_until_tries(2)
    assert receiver.ids == [alert.id]
