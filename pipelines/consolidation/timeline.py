"""The events of one treaty, derived anew where something was said; with links, status, views and developments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from pipelines.consolidation.aggregate import aggregate_id
from pipelines.consolidation.bundle import Bundle
from pipelines.consolidation.desk import Desk
from pipelines.consolidation.developments import News, development, note, noted, tell, tell_standing
from pipelines.consolidation.dossier import DossierKey, fuller
from pipelines.consolidation.links import Standing, relate
from pipelines.consolidation.status import Progress, progress
from pipelines.consolidation.view import brief
from schemas.event import EventView, Links
from schemas.state import Aggregate, DossierState, EventBrief
from schemas.vocabulary import Change, EventStatus, EventType, Origin

Period = tuple[EventType, str]


class Timeline:
    """A dossier with its aliases, while statements are worked in.

    Args:
        members: Ids of the dossiers that are one, sorted; the first is the one under which they go.
        keys: What the statements say of them.
        desk: Where their states are, and the changed ones go.
    """

    def __init__(self, members: Sequence[str], keys: Iterable[DossierKey], desk: Desk) -> None:
        self.id = members[0]
        self.members = members
        self.views: dict[str, EventView] = {}
        self.retired: set[str] = set()
        self._desk = desk
        self._bundles: dict[Period, Bundle] = {}
        self._rewrite: set[Period] = set()
        """Bundles that have to be saved, since what their views show has changed."""
        known = {id_: desk.get(id_, DossierState) for id_ in members}
        self._moved = {id_ for id_, state in known.items() if state and not state.alias_of and id_ != self.id}
        self._before = _joined(self.id, members, [state for state in known.values() if state is not None], keys)
        self._events = dict(self._before.events)
        self._drafts: dict[str, EventView] = {}
        self._progress: Progress | None = None
        self._dossier = self._before

    def derive(self, touched: Mapping[str, set[str]]) -> None:
        """Derives the events of what was spoken to, then links and status, then the views that change."""
        moved = self._moved_aggregates()
        periods = self._periods([*touched, *moved])
        self._open(periods)
        changed = bool(self._moved)
        for period in periods:
            bundle = self._bundles[period]
            cells = {id_ for aggregate in bundle.aggregates for id_ in touched.get(aggregate, ())}
            again = {event.id for event in bundle.events} if moved else bundle.touched(cells)
            changed |= self._derive(bundle, again)
            if moved or any(self._desk.is_changed(id_) for id_ in bundle.aggregates):
                self._rewrite.add(period)
            else:  # heard before: repair what a broken-off write may have left
                self.retired.update(alias for id_ in again for alias in self._drafts[id_].aliases)
        self._settle(changed)
        self._save()

    def tell(self, *, now: datetime, origin: Origin) -> None:
        """Puts what is to be told into the outboxes, and notes it."""
        by_id = {one.id: one for briefs in self._events.values() for one in briefs}
        dossier = self._desk.get(self.id, DossierState) or self._dossier
        announced, outbox = dict(dossier.announced), list(dossier.outbox)
        for bundle in self._bundles.values():
            for event in bundle.events:
                view = self.views.get(event.id)
                if view is None:
                    continue
                self._tell_event(bundle, view, now=now, origin=origin)
                for key, news in tell_standing(view, announced, by_id).items():
                    announced[key] = news.value
                    outbox.append(development(news, view, now=now, origin=origin))
        if self._progress is not None:
            status, cause = self._progress.status, self.views.get(self._progress.cause or "")
            if status is not None and cause is not None and status != self._before.status:
                key = f"{Change.STATUS.value} {status.value} {cause.id}"
                if cause.news and key not in announced:
                    announced[key] = ""
                    outbox.append(development(News(Change.STATUS, status.value), cause, now=now, origin=origin))
        if announced != dossier.announced:
            self._desk.put(msgspec.structs.replace(dossier, announced=announced, outbox=tuple(outbox)))

    def _tell_event(self, bundle: Bundle, view: EventView, *, now: datetime, origin: Origin) -> None:
        before = noted(bundle.words(view.id))
        told, news = tell(view, before)
        if told is None or told == before:
            return
        home = self._desk.get(bundle.home(view.id), Aggregate)
        assert home is not None  # a bundle's aggregates exist
        added = tuple(development(one, view, now=now, origin=origin) for one in news)
        announced = {**home.announced, view.id: note(told)}
        self._desk.put(msgspec.structs.replace(home, announced=announced, outbox=home.outbox + added))

    def _moved_aggregates(self) -> list[str]:
        """The aggregates whose events went under another dossier until now."""
        states = (self._desk.get(id_, DossierState) for id_ in sorted(self._moved))
        return [aggregate for state in states if state is not None for aggregate in state.events]

    def _periods(self, aggregates: Iterable[str]) -> list[Period]:
        ids = list(aggregates)
        self._desk.fetch(ids)
        states = (self._desk.get(id_, Aggregate) for id_ in ids)
        return sorted({(state.type, state.period) for state in states if state is not None})

    def _open(self, periods: Iterable[Period]) -> None:
        wanted = {period: [aggregate_id(id_, *period) for id_ in self.members] for period in periods}
        self._desk.fetch(id_ for ids in wanted.values() for id_ in ids)
        for period, ids in wanted.items():
            if period not in self._bundles:
                now = (self._desk.get(id_, Aggregate) for id_ in ids)
                before = (self._desk.stored(id_, Aggregate) for id_ in ids)
                self._bundles[period] = Bundle([one for one in now if one], [one for one in before if one])

    def _derive(self, bundle: Bundle, again: set[str]) -> bool:
        """Drafts the views of these events; whether the dossier's briefs change."""
        known = {one.id: one for aggregate in bundle.aggregates for one in self._events.get(aggregate, ())}
        changed = False
        briefs: dict[str, list[EventBrief]] = {aggregate: [] for aggregate in bundle.aggregates}
        for event in bundle.events:
            old = known.get(event.id)
            new = old
            if event.id in again or old is None:
                view = self._drafts[event.id] = bundle.draft(event.id)
                new = brief(view)
                if old is not None and _alone(old) == new:
                    new = old
            assert new is not None  # it is drafted where it is not known
            changed |= new is not old
            briefs[bundle.home(event.id)].append(new)
        gone = known.keys() - {event.id for event in bundle.events}
        self.retired |= gone
        for aggregate, its in briefs.items():
            changed |= aggregate not in self._events
            self._events[aggregate] = tuple(sorted(its, key=lambda one: (one.first_seen, one.id)))
        return changed or bool(gone)

    def _settle(self, changed: bool) -> None:
        """Links, status, and the drafts of all events whose views change by them."""
        status, stages, parties = self._before.status, self._before.stages, self._before.parties
        restated: set[str] = set()
        if changed:
            all_ = [one for briefs in self._events.values() for one in briefs]
            standing = relate(all_)
            restated = {one.id for one in all_ if standing[one.id] != (one.status, one.links)}
            for aggregate, briefs in self._events.items():
                if any(one.id in restated for one in briefs):
                    self._events[aggregate] = tuple(_restated(one, standing[one.id]) for one in briefs)
            if not self._before.unnamed:
                by_registry = self._before.instrument is not None and self._before.instrument.id is not None
                self._progress = progress(all_, () if by_registry else self._before.parties)
                status, stages, parties = self._progress.status, self._progress.stages, self._progress.parties
                if status != self._before.status:
                    restated = {one.id for one in all_}
        self._dossier = msgspec.structs.replace(
            self._before, status=status, stages=stages, parties=parties, events=self._events
        )
        self._draft(restated)

    def _draft(self, ids: set[str]) -> None:
        """Drafts the views of events that are not drafted yet; their aggregates are to be saved with them."""
        if not ids:
            return
        homes = {aggregate for aggregate, briefs in self._events.items() if any(one.id in ids for one in briefs)}
        periods = self._periods(sorted(homes))
        self._open(periods)
        self._rewrite.update(periods)
        for period in periods:
            bundle = self._bundles[period]
            for event in bundle.events:
                if event.id in ids and event.id not in self._drafts:
                    self._drafts[event.id] = bundle.draft(event.id)

    def _save(self) -> None:
        """The views, with all that they depend on."""
        by_id = {one.id: one for briefs in self._events.values() for one in briefs} if self._drafts else {}
        for period, bundle in self._bundles.items():
            saved = period in self._rewrite
            if saved:
                for aggregate in bundle.aggregates.values():
                    self._desk.put(aggregate)
            revision = sum(aggregate.version + saved for aggregate in bundle.aggregates.values())
            for event in bundle.events:
                if event.id in self._drafts:
                    self.views[event.id] = msgspec.structs.replace(
                        self._drafts[event.id],
                        revision=revision,
                        dossier=self.id,
                        dossier_status=self._dossier.status,
                        event_status=by_id[event.id].status,
                        links=by_id[event.id].links,
                    )
        if self._dossier != self._desk.stored(self.id, DossierState):
            self._desk.put(self._dossier)
        for id_ in self.members[1:]:
            self._leave(id_)

    def _leave(self, id_: str) -> None:
        """Makes a dossier a mere alias."""
        state = self._desk.get(id_, DossierState)
        if state is None or state.alias_of != self.id:
            kept = state or DossierState(id=id_, instrument=self._before.instrument, parties=self._before.parties)
            self._desk.put(
                msgspec.structs.replace(
                    kept, alias_of=self.id, aliases=(), events={}, announced={}, status=None, stages={}
                )
            )


def _joined(
    id_: str, members: Sequence[str], states: Sequence[DossierState], keys: Iterable[DossierKey]
) -> DossierState:
    """The dossier as it stood, with all that its aliases held."""
    dossier = next((state for state in states if state.id == id_), None) or DossierState(id=id_)
    instrument, parties, subject = dossier.instrument, dossier.parties, dossier.subject
    events: dict[str, tuple[EventBrief, ...]] = {}
    announced: dict[str, str] = {}
    for state in states:
        instrument = fuller(instrument, state.instrument)
        parties = parties or state.parties
        events.update(state.events)
        announced.update({key: word for key, word in state.announced.items() if key not in announced})
    for key in keys:
        instrument = fuller(instrument, key.instrument)
        if key.instrument is None or key.instrument.id is None:
            parties = key.parties
        if key.instrument is None:
            subject = key.subject
    return msgspec.structs.replace(
        dossier,
        instrument=instrument,
        subject=subject,
        parties=parties,
        aliases=tuple(members[1:]),
        alias_of=None,
        events=events,
        announced=announced,
    )


def _alone(one: EventBrief) -> EventBrief:
    """A brief without how it stands to others."""
    status = one.status if one.status is EventStatus.RETRACTED else EventStatus.STANDING
    return msgspec.structs.replace(one, status=status, links=Links())


def _restated(one: EventBrief, standing: Standing) -> EventBrief:
    if standing == (one.status, one.links):
        return one
    return msgspec.structs.replace(one, status=standing.status, links=standing.links)
