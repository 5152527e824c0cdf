"""The deliver job over adapters in memory."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from msgspec.structs import replace

from connectors.delivery.channel import Channel, Delivered, GivenUp, Outcome, TryAgain
from connectors.memory import Adapters
from pipelines.jobs.deliver import LEASE, LONGEST_REST, POLL, DeliverJob
from schemas.errors import Unavailable
from schemas.ports import Leases, Ledger
from schemas.subscription import Alert, AlertStatus, Attempt
from tests.unit.delivery.records import NOON, SECRET, a_subscription, an_alert
from tests.unit.delivery.scripted_channel import DEADLINE_S, ScriptedChannel

FAILS = TryAgain("500")


def with_alerts(counts: dict[str, int]) -> Adapters:
    """Adapters with these subscriptions, so many alerts due to each."""
    adapters = Adapters()
    for name in counts:
        adapters.subscriptions.add(a_subscription(name))
    for number in range(1, max(counts.values()) + 1):
        adapters.ledger.record([an_alert(number, subscription=name) for name in counts if number <= counts[name]])
    return adapters


def a_job(adapters: Adapters, channel: Channel, holder: str = "one", **settings: Any) -> DeliverJob:
    """A deliver job that waits for an answer no longer than a moment."""
    return DeliverJob(
        adapters.ledger, adapters.subscriptions, channel, adapters.leases, holder, **{"patience_s": 0.01} | settings
    )


def step_until(job: DeliverJob, condition: Callable[[], bool], now: datetime = NOON) -> None:
    """Steps, at one moment, until the condition holds; fails after half a minute."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        job.step(now)


def statuses(adapters: Adapters, subscription: str | None = None) -> Counter[AlertStatus]:
    """How many alerts stand where."""
    return Counter(alert.status for alert in adapters.ledger.list(subscription, 10_000))


def of(adapters: Adapters, number: int = 1, subscription: str = "desk") -> Alert:
    """An alert as the ledger has it now."""
    wanted = an_alert(number, subscription=subscription).id
    return next(alert for alert in adapters.ledger.list(subscription, 10_000) if alert.id == wanted)


def test_a_due_alert_is_sent_once_and_its_try_recorded() -> None:
    """Delivered is delivered: later steps find nothing to do, and say so by their wait."""
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel()
    job = a_job(adapters, channel)
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 1)
    assert job.step(NOON + timedelta(days=9)) == POLL
    assert channel.ids == [an_alert().id]
    assert of(adapters).attempts == (Attempt(NOON, "204"),)


def test_an_alert_is_not_sent_before_it_is_due() -> None:
    """A second makes the difference."""
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel()
    job = a_job(adapters, channel)
    assert job.step(NOON - timedelta(seconds=1)) == POLL
    assert channel.begun == []


def test_a_subscription_hears_in_the_order_of_the_log_one_at_a_time() -> None:
    """However many may be sent at once, the next one waits for the answer to the one before."""
    adapters, channel = with_alerts({"desk": 30, "wire": 20}), ScriptedChannel()
    job = a_job(adapters, channel, batch=7)
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 50)
    for name, count in (("desk", 30), ("wire", 20)):
        assert [event for to, event in channel.begun if to == name] == [f"event-{n}" for n in range(1, count + 1)]
    assert channel.most_at_once == {"desk": 1, "wire": 1}


def test_a_slow_endpoint_holds_up_nobody_else() -> None:
    """Its backlog is longer than what is read at once, and was due before all others."""
    adapters, channel = with_alerts({"slow": 50, "desk": 3}), ScriptedChannel(held=frozenset({"slow"}))
    job = a_job(adapters, channel, batch=10)
    step_until(job, lambda: statuses(adapters, "desk")[AlertStatus.DELIVERED] == 3)
    assert [to for to, _ in channel.begun].count("slow") == 1
    channel.release()
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 53)


def test_no_more_tries_are_under_way_than_allowed() -> None:
    """Further subscriptions wait for a place and miss nothing."""
    names = [f"desk-{n}" for n in range(9)]
    adapters, channel = with_alerts(dict.fromkeys(names, 1)), ScriptedChannel(held=frozenset(names))
    job = a_job(adapters, channel, at_once=4)
    job.step(NOON)
    channel.wait_for(4)
    job.step(NOON)
    assert len(channel.begun) == 4
    channel.release()
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 9)


def test_a_failed_try_is_repeated_under_the_same_id_when_due() -> None:
    """Each try is in the ledger with its time and outcome."""
    outcomes: Iterator[Outcome] = iter([FAILS, TryAgain("no answer within 15 s"), Delivered("200")])
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel(lambda _: next(outcomes))
    job = a_job(adapters, channel)
    for tries in (1, 2, 3):
        now = of(adapters).due
        step_until(job, lambda tries=tries: len(of(adapters).attempts) == tries, now)  # type: ignore[misc]
    assert channel.ids == [an_alert().id] * 3
    assert [attempt.outcome for attempt in of(adapters).attempts] == ["500", "no answer within 15 s", "200"]
    assert of(adapters).status is AlertStatus.DELIVERED


def test_the_last_failure_is_final_and_stays_in_the_ledger() -> None:
    """After ten tries nothing more is sent."""
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel(lambda _: FAILS)
    job = a_job(adapters, channel)
    while (alert := of(adapters)).status is AlertStatus.DUE:
        tries = len(alert.attempts)
        step_until(job, lambda tries=tries: len(of(adapters).attempts) > tries, alert.due)  # type: ignore[misc]
    assert alert.status is AlertStatus.FAILED
    assert len(alert.attempts) == 10
    assert job.step(NOON + timedelta(days=99)) == POLL
    assert len(channel.begun) == 10


def test_an_alert_the_endpoint_is_done_with_is_given_up() -> None:
    """410 Gone is not tried again; the outcome is kept."""
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel(lambda _: GivenUp("410"))
    step_until(a_job(adapters, channel), lambda: of(adapters).status is AlertStatus.FAILED)
    assert of(adapters).attempts == (Attempt(NOON, "410"),)


def test_after_a_failure_the_other_alerts_of_a_subscription_rest_a_while() -> None:
    """An endpoint in trouble gets one try, not a storm; five seconds later its alerts go on in order."""
    outcomes = iter([FAILS])
    adapters, channel = with_alerts({"desk": 3}), ScriptedChannel(lambda _: next(outcomes, Delivered("200")))
    job = a_job(adapters, channel)
    step_until(job, lambda: len(of(adapters).attempts) == 1)
    assert job.step(NOON + timedelta(seconds=4)) == POLL
    later = NOON + timedelta(seconds=6)
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 3, later)
    assert [event for _, event in channel.begun] == ["event-1", "event-2", "event-3", "event-1"]


def test_one_alert_that_always_fails_does_not_stop_the_others() -> None:
    """The rest after it is at most a minute."""

    def outcome(alert: Alert) -> Outcome:
        return TryAgain("400") if alert.id == an_alert(1).id else Delivered("200")

    adapters = with_alerts({"desk": 3})
    job = a_job(adapters, ScriptedChannel(outcome))
    now = NOON
    while statuses(adapters)[AlertStatus.DELIVERED] < 2:
        assert now < NOON + 2 * LONGEST_REST
        job.step(now)
        now += timedelta(seconds=1)
    assert of(adapters).status is AlertStatus.DUE


def test_an_endpoint_that_asks_for_rest_gets_it_for_all_its_alerts() -> None:
    """Retry-After counts for the endpoint, not for one alert only."""
    outcomes = iter([TryAgain("429", timedelta(hours=1))])
    adapters, channel = with_alerts({"desk": 2}), ScriptedChannel(lambda _: next(outcomes, Delivered("200")))
    job = a_job(adapters, channel)
    step_until(job, lambda: len(of(adapters).attempts) == 1)
    assert job.step(NOON + timedelta(minutes=59)) == POLL
    step_until(job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 2, NOON + timedelta(hours=1))


def test_what_is_due_to_a_removed_subscription_is_given_up() -> None:
    """Nothing is sent, even where an alert was recorded after the removal."""
    adapters, channel = with_alerts({"desk": 2}), ScriptedChannel()
    adapters.subscriptions.remove("desk")
    adapters.ledger.record([an_alert(3)])
    job = a_job(adapters, channel)
    job.step(NOON)
    assert statuses(adapters) == {AlertStatus.FAILED: 3}
    assert of(adapters, 3).attempts == (Attempt(NOON, "the subscription was removed"),)
    assert channel.begun == []


def test_two_jobs_send_nothing_twice() -> None:
    """Two processes' worth of steps over one ledger: each alert once, each subscription in order."""
    names = [f"desk-{n}" for n in range(12)]
    adapters, channel = with_alerts(dict.fromkeys(names, 15)), ScriptedChannel()
    jobs = [a_job(adapters, channel, holder, at_once=3, batch=20) for holder in ("one", "two")]
    done, began = threading.Event(), time.monotonic()

    def run(job: DeliverJob) -> None:
        while not done.is_set():
            job.step(NOON + timedelta(seconds=time.monotonic() - began))

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + DEADLINE_S
    while statuses(adapters)[AlertStatus.DELIVERED] < 180 and time.monotonic() < deadline:
        done.wait(0.01)
    done.set()
    for thread in threads:
        thread.join(DEADLINE_S)
    assert Counter(channel.ids) == {alert.id: 1 for alert in adapters.ledger.list(None, 10_000)}
    for name in names:
        assert [event for to, event in channel.begun if to == name] == [f"event-{n}" for n in range(1, 16)]


def test_what_another_job_delivered_before_the_lease_was_taken_is_not_sent_again() -> None:
    """Alerts are read again under a new lease: those read before it may be done with."""

    class Overtaken:
        """Leases that are granted only after another job has had them."""

        def __init__(self, leases: Leases) -> None:
            self._leases = leases

        def __getattr__(self, name: str) -> Any:
            return getattr(self._leases, name)

        def acquire(self, *arguments: Any) -> Any:
            step_until(rival, lambda: of(adapters).status is AlertStatus.DELIVERED)
            rival.close(NOON)
            return self._leases.acquire(*arguments)

    adapters = with_alerts({"desk": 1})
    channel, other = ScriptedChannel(), ScriptedChannel()
    rival = a_job(adapters, other, "two")
    job = DeliverJob(adapters.ledger, adapters.subscriptions, channel, Overtaken(adapters.leases), "one")
    job.step(NOON)
    assert (channel.begun, other.begun) == ([], [("desk", "event-1")])


def test_a_try_longer_than_a_lease_keeps_it() -> None:
    """While the job lives, nobody else begins the same try."""
    adapters = with_alerts({"desk": 1})
    channel, other = ScriptedChannel(held=frozenset({"desk"})), ScriptedChannel()
    job, rival = a_job(adapters, channel), a_job(adapters, other, "two")
    now = NOON
    while now < NOON + 3 * LEASE:
        job.step(now)
        rival.step(now)
        now += timedelta(seconds=1)
    channel.release()
    step_until(job, lambda: of(adapters).status is AlertStatus.DELIVERED, now)
    assert (len(channel.begun), other.begun) == (1, [])


def test_a_job_that_lost_its_lease_changes_nothing() -> None:
    """Its late answer cannot undo what the new holder has recorded; the repeat had the same id."""
    adapters = with_alerts({"desk": 1})
    late, other = ScriptedChannel(lambda _: FAILS, held=frozenset({"desk"})), ScriptedChannel()
    job, rival = a_job(adapters, late), a_job(adapters, other, "two")
    job.step(NOON)
    late.wait_for(1)
    after = NOON + LEASE + timedelta(seconds=1)
    step_until(rival, lambda: of(adapters).status is AlertStatus.DELIVERED, after)
    recorded = of(adapters)
    late.release()
    job.close(after, grace_s=DEADLINE_S)
    assert of(adapters) == recorded
    assert late.ids == other.ids


def test_a_lease_that_passes_on_between_its_check_and_the_record_changes_nothing() -> None:
    """The two are two steps of a store; what the next holder has recorded in between stays as it is."""

    class Overtaken:
        """A ledger in which another holder records its try just before ours."""

        def __init__(self, ledger: Ledger) -> None:
            self._ledger, self.theirs = ledger, replace(an_alert(), attempts=(Attempt(NOON, "410"),))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._ledger, name)

        def update(self, alert: Alert) -> None:
            self._ledger.update(replace(self.theirs, status=AlertStatus.FAILED))
            self._ledger.update(alert)

    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel()
    adapters.ledger = Overtaken(adapters.ledger)
    job = a_job(adapters, channel, patience_s=DEADLINE_S)
    with structlog.testing.capture_logs() as logs:
        job.step(NOON)
    assert [log["event"] for log in logs] == ["the lease was lost during a try; its holder tries again"]
    assert (of(adapters).status, of(adapters).attempts) == (AlertStatus.FAILED, (Attempt(NOON, "410"),))


def test_an_outcome_that_cannot_be_recorded_is_recorded_later_without_another_try() -> None:
    """A ledger that is away for a moment costs no second delivery."""

    class Away:
        """A ledger that is away at the first update."""

        def __init__(self, ledger: Ledger) -> None:
            self._ledger, self.refused = ledger, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self._ledger, name)

        def update(self, alert: Alert) -> None:
            if not self.refused:
                self.refused += 1
                raise Unavailable("the disk is full")
            self._ledger.update(alert)

    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel()
    adapters.ledger = Away(adapters.ledger)
    job = a_job(adapters, channel, patience_s=DEADLINE_S)
    with pytest.raises(Unavailable):
        job.step(NOON)
    job.step(NOON)
    assert of(adapters).status is AlertStatus.DELIVERED
    assert len(channel.begun) == 1


def test_a_channel_that_raises_costs_one_try() -> None:
    """A bug in one delivery is recorded as its outcome, and stops neither the job nor other subscriptions."""

    def outcome(alert: Alert) -> Outcome:
        if alert.subscription == "desk":
            raise ZeroDivisionError(SECRET)
        return Delivered("204")

    adapters = with_alerts({"desk": 1, "wire": 1})
    job = a_job(adapters, ScriptedChannel(outcome))
    step_until(job, lambda: all(alert.attempts for alert in adapters.ledger.list()))
    assert of(adapters).attempts == (Attempt(NOON, "could not be sent: ZeroDivisionError"),)
    assert of(adapters, subscription="wire").status is AlertStatus.DELIVERED


def test_closing_leaves_a_hanging_try_behind_and_gives_the_leases_back() -> None:
    """Ctrl-C waits for no endpoint; the next process begins at once."""
    adapters = with_alerts({"slow": 1, "desk": 1})
    channel, other = ScriptedChannel(held=frozenset({"slow"})), ScriptedChannel()
    job = a_job(adapters, channel)
    step_until(job, lambda: of(adapters).status is AlertStatus.DELIVERED)
    began = time.monotonic()
    job.close(NOON, grace_s=0.05)
    assert time.monotonic() - began < DEADLINE_S / 2
    next_job = a_job(adapters, other, "two")
    step_until(next_job, lambda: statuses(adapters)[AlertStatus.DELIVERED] == 2)
    assert other.begun == [("slow", "event-1")]
    channel.release()


def test_closing_records_tries_that_end_in_time() -> None:
    """What was delivered is not repeated after a clean stop."""
    adapters, channel = with_alerts({"desk": 1}), ScriptedChannel(held=frozenset({"desk"}))
    job = a_job(adapters, channel)
    job.step(NOON)
    channel.wait_for(1)
    channel.release()
    job.close(NOON, grace_s=DEADLINE_S)
    assert of(adapters).status is AlertStatus.DELIVERED


def test_neither_secrets_nor_addresses_are_logged() -> None:
    """An address may hold a token; the log names the subscription."""

    def fail(_: Alert) -> Outcome:
        return next(outcomes, Delivered("204"))

    outcomes: Iterator[Outcome] = iter([FAILS, GivenUp("410")])
    adapters = with_alerts({"desk": 1})
    subscription = replace(a_subscription("desk"), webhook="https://example.org/token-4711")
    adapters.subscriptions.remove("desk")
    adapters.subscriptions.add(subscription)
    adapters.ledger.record([an_alert(2), an_alert(3)])
    job = a_job(adapters, ScriptedChannel(fail))
    with structlog.testing.capture_logs() as logs:
        step_until(job, lambda: len(of(adapters, 2).attempts) == 1)
        step_until(job, lambda: len(of(adapters, 3).attempts) == 1, NOON + timedelta(minutes=1))
    assert [(log["event"], log["outcome"]) for log in logs[:2]] == [("not delivered", "500"), ("given up", "410")]
    assert not any(word in repr(logs) for word in (SECRET, "token-4711"))
