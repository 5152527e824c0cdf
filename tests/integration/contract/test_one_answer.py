"""Every adapter gives the answers that memory gives, whatever is done in whatever order."""

import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from schemas.errors import Conflict, FencedOff
from schemas.feed import Feed, FeedState
from schemas.ports import Lease, Position
from schemas.query.tree import Keyword
from schemas.state import Aggregate
from schemas.subscription import AlertStatus
from schemas.vocabulary import EventType
from tests.integration.contract.records import (
    MINUTE,
    NOON,
    aggregate,
    alert,
    article,
    development,
    dossier,
    letter,
    subscription,
    view,
)
from tests.integration.contract.stores import STORES, Ports, Store

few = st.integers(0, 3)
some = st.lists(few, max_size=4)
names = st.sampled_from(["one", "two"])
states = st.sampled_from(["agg-1", "agg-2", "dos-aaaa", "dos-bbbb"])
events = st.sampled_from(["evt-aaaa", "evt-aabb", "evt-bbbb"])


class OneAnswer(RuleBasedStateMachine):
    """Does the same to both, and compares all that can be asked."""

    kind: str

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        directory = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.model: Store = self.open.enter_context(STORES["memory"](directory))
        self.store: Store = self.open.enter_context(STORES[self.kind](directory))
        self.ports: Ports = self.store.ports
        self.minute = 0
        self.leases: list[Lease] = []

    def teardown(self) -> None:
        self.open.close()

    @property
    def both(self) -> tuple[Ports, Ports]:
        return self.model.ports, self.ports

    @rule()
    def reopen(self) -> None:
        self.ports = self.store.reopen()

    @rule(numbers=some, revision=st.integers(1, 2), again=st.booleans())
    def append_articles(self, numbers: list[int], revision: int, again: bool) -> None:
        for ports in self.both:
            ports.articles.append(
                [article(number, revision=revision, fetched=NOON + number * MINUTE) for number in numbers], again=again
            )

    @rule(numbers=some)
    def append_developments(self, numbers: list[int]) -> None:
        for ports in self.both:
            ports.developments.append([development(number) for number in numbers])

    @rule(name=names, places=st.tuples(few, few), done=st.booleans())
    def work(self, name: str, places: tuple[int, int], done: bool) -> None:
        for log in ("articles", "developments"):
            readers = [getattr(ports, log).reader(name) for ports in self.both]
            read = [[entry.record for entry in reader.read(3)] for reader in readers]
            assert read[0] == read[1]
            offsets = [[entry.offset for entry in reader.read(3)] for reader in readers]
            if not read[0]:
                continue
            first, last = (min(place, len(read[0]) - 1) for place in sorted(places))
            begun = [reader.begin(at[first], at[last]).attempts for reader, at in zip(readers, offsets, strict=True)]
            assert begun[0] == begun[1]
            if done:
                for reader, at in zip(readers, offsets, strict=True):
                    reader.commit(at[last])

    @rule(minute=few)
    def expire(self, minute: int) -> None:
        gone = [ports.articles.expire(NOON + minute * MINUTE) for ports in self.both]
        assert gone[0] == gone[1]

    @rule(numbers=some, at=few)
    def add_letters(self, numbers: list[int], at: int) -> None:
        for ports in self.both:
            ports.dead_letters.add([letter(number, at=at) for number in numbers])

    @rule(numbers=some)
    def remove_letters(self, numbers: list[int]) -> None:
        for ports in self.both:
            ports.dead_letters.remove([letter(number).id for number in numbers])

    @rule(
        name=states,
        stale=st.integers(0, 1),
        outbox=st.lists(few, max_size=3, unique=True),
        event=events,
        revision=few,
        aliases=st.lists(events, max_size=2, unique=True),
        retired=st.lists(events, max_size=1),
        failed=few,
    )
    def save(
        self,
        name: str,
        stale: int,
        outbox: list[int],
        event: str,
        revision: int,
        aliases: list[str],
        retired: list[str],
        failed: int,
    ) -> None:
        outcomes = []
        for ports in self.both:
            stored = ports.events.load([name]).get(name)
            version = (stored.version if stored else 0) + stale
            entries = tuple(development(number) for number in outbox)
            state: Aggregate | object = (
                aggregate(name, version=version, outbox=entries, cells=failed)
                if name.startswith("agg")
                else dossier(name, version=version, outbox=entries, aliases=("dos-cccc", "dos-bbbb")[: len(aliases)])
            )
            shown = view(
                event, revision=revision, aliases=tuple(aliases), date=f"2026-05-2{revision}" if stale else None
            )
            try:
                ports.events.save([state], [shown], retired, [letter(failed)], Position("one", 0))  # type: ignore[list-item] # one of two kinds
                outcomes.append("saved")
            except Conflict as conflict:
                outcomes.append(str(conflict))
        assert outcomes[0] == outcomes[1]

    @rule(name=states, number=few)
    def mark_published(self, name: str, number: int) -> None:
        for ports in self.both:
            ports.events.mark_published([(name, development(number).id)])

    @rule(numbers=some, to=names, due=few)
    def record_alerts(self, numbers: list[int], to: str, due: int) -> None:
        for ports in self.both:
            ports.ledger.record([alert(number, to=to, due=NOON + due * MINUTE) for number in numbers])

    @rule(number=few, to=names, due=few, status=st.sampled_from(AlertStatus))
    def update_alert(self, number: int, to: str, due: int, status: AlertStatus) -> None:
        for ports in self.both:
            ports.ledger.update(replace(alert(number, to=to, due=NOON + due * MINUTE), status=status))

    @rule(name=names, there=st.booleans())
    def subscribe(self, name: str, there: bool) -> None:
        if there:
            for ports in self.both:
                ports.subscriptions.add(subscription(name))
        else:
            assert self.model.ports.subscriptions.remove(name) == self.ports.subscriptions.remove(name)

    @rule(name=names, interval=few, numbers=some)
    def feed(self, name: str, interval: int, numbers: list[int]) -> None:
        if interval:
            feed = Feed(url=name, poll_every=timedelta(minutes=interval))
            assert self.model.ports.feeds.add(feed) == self.ports.feeds.add(feed)
        else:
            assert self.model.ports.feeds.remove(name) == self.ports.feeds.remove(name)
        hashes = [(str(number), number, f"h{interval}") for number in numbers]
        for ports in self.both:
            ports.feeds.save(FeedState(url=name, failures=interval), hashes)

    @rule(name=names, holder=names, minutes=few)
    def acquire(self, name: str, holder: str, minutes: int) -> None:
        self.minute += minutes
        got = [ports.leases.acquire(name, holder, 2 * MINUTE, NOON + self.minute * MINUTE) for ports in self.both]
        assert got[0] == got[1]
        if got[0] is not None:
            self.leases.append(got[0])

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), back=st.booleans())
    def check_or_release(self, data: st.DataObject, back: bool) -> None:
        lease = data.draw(st.sampled_from(self.leases))
        held = []
        for ports in self.both:
            if back:
                ports.leases.release(lease)
            try:
                ports.leases.check(lease)
                held.append(True)
            except FencedOff:
                held.append(False)
        assert held[0] == held[1]

    @invariant()
    def logs_agree(self) -> None:
        model, ports = self.both
        assert [(entry.offset, entry.record) for entry in ports.developments.after(0, 99)] == [
            (entry.offset, entry.record) for entry in model.developments.after(0, 99)
        ]
        assert ports.articles.end() == model.articles.end()
        for log, name in (("articles", "one"), ("developments", "two")):
            ours, theirs = (getattr(one, log).reader(name) for one in self.both)
            assert (ours.position(), ours.in_flight()) == (theirs.position(), theirs.in_flight())

    @invariant()
    def event_stores_agree(self) -> None:
        model, ports = self.model.ports.events, self.ports.events
        wanted = ["agg-1", "agg-2", "dos-aaaa", "dos-bbbb"]
        assert dict(ports.load(wanted)) == dict(model.load(wanted))
        assert list(ports.unpublished(99)) == list(model.unpublished(99))
        for query, sort in ((None, "date"), (Keyword("type", EventType.RATIFICATION), "seen")):
            assert [hit.event for hit in ports.search(query, sort=sort)] == [
                hit.event for hit in model.search(query, sort=sort)
            ]
            assert ports.count(query) == model.count(query)
        for typed in ("evt-aaaa", "evt-aabb", "evt-bbbb", "evt-bbb", "evt-aaaa1"):
            assert ports.event(typed) == model.event(typed)
        for typed in ("dos-aaaa", "dos-bbbb", "dos-cccc", "dos-a", "dos-b", "dos-c", "dos-", "agg-1"):
            assert ports.dossier(typed) == model.dossier(typed)
        assert list(ports.events_of("dos-one")) == list(model.events_of("dos-one"))

    @invariant()
    def the_rest_agrees(self) -> None:
        model, ports = self.both
        assert list(ports.dead_letters.list()) == list(model.dead_letters.list())
        assert dict(ports.dead_letters.count()) == dict(model.dead_letters.count())
        assert list(ports.ledger.list()) == list(model.ledger.list())
        for minute in range(3):
            due = NOON + minute * MINUTE
            assert list(ports.ledger.due(due, 3)) == list(model.ledger.due(due, 3))
        assert list(ports.subscriptions.list()) == list(model.subscriptions.list())
        assert list(ports.feeds.list()) == list(model.feeds.list())
        known = [str(number) for number in range(4)]
        assert dict(ports.feeds.known(known)) == dict(model.feeds.known(known))


@pytest.mark.parametrize("kind", [kind for kind in STORES if kind != "memory"])
def test_an_adapter_answers_as_memory_does(kind: str) -> None:
    """After any sequence of writes, reads, conflicts and reopenings."""
    machine = type("Machine", (OneAnswer,), {"kind": kind})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
