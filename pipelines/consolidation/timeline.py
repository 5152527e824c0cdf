"""The events of one treaty, derived anew where something was said; with links, status, views and developments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from pipelines.consolidation.aggregate import aggregate_id
from pipelines.consolidation.bundle import Bundle
from pipelines.consolidation.desk import Desk
from pipelines.consolidation.developments import News, development, note, noted, tell, tell_standing
from pipelines.consolidation.dossier import DossierKey
from pipelines.consolidation.lineage import alias, joined
from pipelines.consolidation.links import Standing, family, relate
from pipelines.consolidation.status import MOVING, Progress, progress
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
        afresh: Whether all events are derived anew.
    """

    def __init__(self, members: Sequence[str], keys: Iterable[DossierKey], desk: Desk, *, afresh: bool = False) -> None:
        self.id = members[0]
        self.members = members
        self.views: dict[str, EventView] = {}
        self.retired: set[str] = set()
        self.depends: set[str] = set()
        """Ids of the aggregates and dossiers from which views and retired ones follow."""
        self._desk, self._afresh = desk, afresh
        self._bundles: dict[Period, Bundle] = {}
        self._rewrite: set[Period] = set()
        """Bundles that have to be saved, since what their views show has changed."""
        known = {id_: desk.get(id_, DossierState) for id_ in members}
        leading = {id_ for id_, state in known.items() if state and not state.alias_of}
        # Afresh is as if all of them came together now.
        self._moved = leading if afresh else leading - {self.id}
        self._statuses = {state.status for state in known.values() if state is not None}
        self._before = joined(self.id, members, [state for state in known.values() if state is not None], keys)
        self._events = dict(self._before.events)
        self._drafts: dict[str, EventView] = {}
        self._progress: Progress | None = None
        self._dossier = self._before

    def derive(self, touched: Mapping[str, set[str]]) -> None:
        """Derives the events of what was spoken to, then links and status, then the views that change."""
        moved = self._moved_aggregates()
        periods = self._periods([*touched, *moved])
        self._open(periods, touched)
        changed: set[EventType] = set(EventType) if moved else set()
        for period in periods:
            bundle = self._bundles[period]
            again = bundle.again()
            if self._derive(bundle, again):
                changed.add(bundle.type)
            if moved or bundle.is_regrouped or any(self._desk.is_changed(id_) for id_ in bundle.aggregates):
                self._rewrite.add(period)
            if self._afresh:  # views that were written while these cells were events by themselves
                self.retired.update(gone for id_ in again for gone in self._drafts[id_].aliases)
        self._settle(changed)
        self._save()

    def tell(self, *, now: datetime, origin: Origin) -> None:
        """Puts what is to be told into the outboxes, and notes it."""
        linked = any(view.links != Links() for view in self.views.values())
        by_id = {one.id: one for briefs in self._events.values() for one in briefs} if linked else {}
        dossier = self._desk.get(self.id, DossierState) or self._dossier
        announced, outbox = dict(dossier.announced), list(dossier.outbox)
        for bundle in self._bundles.values():
            for view in (self.views[id_] for id_ in sorted(bundle.events) if id_ in self.views):
                self._tell_event(bundle, view, now=now, origin=origin)
                for key, news in tell_standing(view, announced, by_id).items():
                    announced[key] = news.value
                    outbox.append(development(news, view, now=now, origin=origin))
        if self._progress is not None:
            status, cause = self._progress.status, self.views.get(self._progress.cause or "")
            if status is not None and cause is not None and status not in self._statuses:
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

    def _open(self, periods: Iterable[Period], touched: Mapping[str, set[str]] | None = None) -> None:
        wanted = {period: [aggregate_id(id_, *period) for id_ in self.members] for period in periods}
        self._desk.fetch(id_ for ids in wanted.values() for id_ in ids)
        for period, ids in wanted.items():
            if period not in self._bundles:
                now = [one for one in (self._desk.get(id_, Aggregate) for id_ in ids) if one]
                before = [one for one in (self._desk.stored(id_, Aggregate) for id_ in ids) if one]
                cells = {cell for one in now for cell in (touched or {}).get(one.id, ())}
                self._bundles[period] = Bundle(now, before, cells, joined=bool(self._moved))

    def _derive(self, bundle: Bundle, again: set[str]) -> bool:
        """Drafts the views of these events; whether the dossier's briefs change."""
        known = {one.id: one for aggregate in bundle.aggregates for one in self._events.get(aggregate, ())}
        changed = False
        briefs: dict[str, list[EventBrief]] = {aggregate: [] for aggregate in bundle.aggregates}
        for id_ in bundle.events:
            old = known.get(id_)
            new = old
            if id_ in again or old is None:
                view = self._drafts[id_] = bundle.draft(id_)
                new = brief(view)
                if old is not None and _alone(old) == new:
                    new = old
            assert new is not None  # it is drafted where it is not known
            changed |= new is not old
            briefs[bundle.home(id_)].append(new)
        gone = known.keys() - set(bundle.events)
        self.retired |= gone
        for aggregate, its in briefs.items():
            if changed or gone or aggregate not in self._events:
                changed = True
                self._events[aggregate] = tuple(sorted(its, key=lambda one: (one.first_seen, one.id)))
        return changed

    def _settle(self, changed: set[EventType]) -> None:
        """Links and status after changes of events of these types, and drafts of the views that change by them."""
        status, stages, parties = self._before.status, self._before.stages, self._before.parties
        restated: set[str] = set()
        if changed:
            all_ = [one for briefs in self._events.values() for one in briefs]
            concerned = family(changed)
            standing = relate(one for one in all_ if one.type in concerned)
            restated = {one.id for one in all_ if one.type in concerned and standing[one.id] != (one.status, one.links)}
            for aggregate, briefs in self._events.items():
                if any(one.id in restated for one in briefs):
                    self._events[aggregate] = tuple(
                        _restated(one, standing[one.id]) if one.id in restated else one for one in briefs
                    )
            by_registry = self._before.instrument is not None and self._before.instrument.id is not None
            if not self._before.unnamed and (by_registry or changed & MOVING):
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
            for id_ in bundle.events:
                if id_ in ids and id_ not in self._drafts:
                    self._drafts[id_] = bundle.draft(id_)

    def _save(self) -> None:
        """The dossier and the views, with all that they depend on.

        A view's revision is the sum of the versions of all that it follows from, its dossiers too: of two views of an
        event, the one that knows the later states has the greater, whichever is written last.
        """
        if self._dossier != self._desk.stored(self.id, DossierState):
            self._desk.put(self._dossier)
        for id_ in self.members[1:]:
            before = self._desk.get(id_, DossierState)
            after = alias(id_, before, self._dossier)
            if after is not before:
                self._desk.put(after)
        self.depends |= set(self.members)
        dossiers = [(id_, self._desk.get(id_, DossierState)) for id_ in self.members]
        of_dossiers = sum(state.version + self._desk.is_changed(id_) for id_, state in dossiers if state is not None)
        for period, bundle in self._bundles.items():
            self.depends |= bundle.aggregates.keys()
            saved = period in self._rewrite
            if saved:
                for aggregate in bundle.to_save():
                    self._desk.put(aggregate)
            by_id = {one.id: one for aggregate in bundle.aggregates for one in self._events.get(aggregate, ())}
            of_aggregates = sum(aggregate.version + saved for aggregate in bundle.aggregates.values())
            for id_ in self._drafts.keys() & by_id.keys():
                self.views[id_] = msgspec.structs.replace(
                    self._drafts[id_],
                    revision=of_aggregates + of_dossiers,
                    dossier=self.id,
                    dossier_status=self._dossier.status,
                    event_status=by_id[id_].status,
                    links=by_id[id_].links,
                )


def _alone(one: EventBrief) -> EventBrief:
    """A brief without how it stands to others."""
    status = one.status if one.status is EventStatus.RETRACTED else EventStatus.STANDING
    return msgspec.structs.replace(one, status=status, links=Links())


def _restated(one: EventBrief, standing: Standing) -> EventBrief:
    if standing == (one.status, one.links):
        return one
    return msgspec.structs.replace(one, status=standing.status, links=standing.links)
