"""A store in memory, and articles to consolidate into it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from pipelines.consolidation.canonical import canonical, canonical_dossier
from pipelines.consolidation.consolidate import Outcome, consolidate
from schemas.development import Development
from schemas.errors import Conflict
from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument, Mention, Span
from schemas.state import Aggregate, ArticleState, DossierState, KinState, Report, Source, State, Statement
from schemas.vocabulary import EventType, InstrumentKind, Modality, Origin, Role

START = datetime(2025, 5, 21, 12, tzinfo=UTC)
NOW = datetime(2025, 6, 1, tzinfo=UTC)
TREATY = Instrument("20-year strategic partnership treaty", InstrumentKind.TREATY)
IRN = Actor("IRN", Role.RATIFIER, "Iran's Parliament")
RUS = Actor("RUS", Role.RATIFIER, "Russia's State Duma")


def at(days: float) -> datetime:
    """A time this many days after START."""
    return START + timedelta(days=days)


def mention(type_: EventType = EventType.RATIFICATION, **fields: Any) -> Mention:
    """A mention of the partnership treaty, occurred, with what is given."""
    defaults: dict[str, Any] = {
        "modality": Modality.OCCURRED,
        "instrument": TREATY,
        "parties": ("IRN", "RUS"),
        "actors": (IRN,) if type_ is EventType.RATIFICATION else (),
        "evidence": (Span(0, 10),),
        "confidence": 0.8,
    }
    return Mention(type=type_, **defaults | fields)


def said(
    article: str,
    *mentions: Mention,
    revision: int = 1,
    outlet: str | None = None,
    days: float = 0,
    quote: str = "",
    fingerprint: int = 0,
) -> Statement:
    """What an article says, some days after START; its outlet has the article's name unless given."""
    source = Source(
        article=article,
        revision=revision,
        outlet=outlet or article,
        seen=at(days),
        title=f"Title of {article}",
        url=f"https://example.org/{article}",
        language="en",
        fingerprint=fingerprint,
    )
    return Statement(source, tuple(Report(one, Quote(quote or f"{article} says so.")) for one in mentions))


class Newsroom:
    """A dict-backed store with versions, into which statements are consolidated."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.views: dict[str, EventView] = {}
        self.told: list[Development] = []
        """Everything ever put into an outbox, in order."""

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist."""
        return {id_: self.states[id_] for id_ in ids if id_ in self.states}

    def hear(
        self, *statements: Statement, now: datetime = NOW, origin: Origin = Origin.LIVE, afresh: bool = False
    ) -> list[Development]:
        """Consolidates statements as one batch; what there is to tell, by change and value."""
        outcome = consolidate(statements, self.load, now=now, origin=origin, afresh=afresh)
        return self.save(outcome)

    def save(self, outcome: Outcome) -> list[Development]:
        """Saves as a store does: versions checked, older views ignored; outboxes are emptied at once.

        Raises:
            Conflict: Somebody saved one of the states meanwhile; nothing is saved.
        """
        for state in (*outcome.states, *outcome.basis):
            known = self.states.get(state.id)
            if state.version != (known.version if known else 0):
                raise Conflict(state.id)
        told: list[Development] = []
        for state in outcome.states:
            if isinstance(state, Aggregate | DossierState):
                told += state.outbox
                state = msgspec.structs.replace(state, outbox=())
            self.states[state.id] = msgspec.structs.replace(state, version=state.version + 1)
        for view in outcome.views:
            if view.id not in self.views or view.revision >= self.views[view.id].revision:
                self.views[view.id] = view
        for id_ in outcome.retired:
            self.views.pop(id_, None)
        self.told += told
        return told

    @property
    def events(self) -> list[EventView]:
        """All views, by type, modality, date and id."""
        return sorted(self.views.values(), key=lambda view: (view.type, view.modality, view.date or "", view.id))

    @property
    def dossiers(self) -> list[DossierState]:
        """All dossiers that are no aliases, by id."""
        found = (state for state in self.states.values() if isinstance(state, DossierState))
        return sorted((state for state in found if state.alias_of is None), key=lambda state: state.id)

    def only(self) -> EventView:
        """The only event."""
        (view,) = self.views.values()
        return view

    def picture(self) -> dict[str, Any]:
        """All that two runs must agree in."""
        picture: dict[str, Any] = {id_: canonical(view) for id_, view in self.views.items()}
        for state in self.states.values():
            if isinstance(state, DossierState):
                picture[f"dossier {state.id}"] = canonical_dossier(state)
            elif isinstance(state, Aggregate):
                picture[state.id] = msgspec.to_builtins((state.cells, state.revised))
            elif isinstance(state, ArticleState | KinState):
                picture[state.id] = msgspec.to_builtins(msgspec.structs.replace(state, version=0))
        return picture


def changes(told: Sequence[Development]) -> list[tuple[str, str]]:
    """The changes with their values, sorted."""
    return sorted((development.change.value, development.value) for development in told)
