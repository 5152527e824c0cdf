"""An event as it is searched, shown and matched."""

from datetime import datetime

from msgspec import Struct

from schemas.mention import Actor, Code, Count, Edtf, Instrument, Probability, Span, Vote
from schemas.vocabulary import Body, DossierStatus, EventStatus, EventType, Modality


class Quote(Struct, frozen=True):
    """The sentence that shows an event."""

    text: str
    marks: tuple[Span, ...] = ()
    """The evidence, ``[start, end)`` in code points of `text`."""


class Links(Struct, frozen=True, omit_defaults=True):
    """How an event stands to others of its dossier: event ids, sorted. Derived, never stored on their own account."""

    fulfils: tuple[str, ...] = ()
    fulfilled_by: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    """Said to have happened here and not to have happened there; symmetric."""


class Cameo(Struct, frozen=True):
    """What an event is in CAMEO 1.1b3 (Schrodt 2012), by `schemas.ontology`."""

    root: str
    """The two digits of the category: ``05``."""
    code: str
    """The whole code: ``057``."""


class Plover(Struct, frozen=True, omit_defaults=True):
    """What an event is in PLOVER 2.0 (Open Event Data Alliance), by `schemas.ontology`."""

    type: str
    """The event category: ``AGREE``."""
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    """Contexts and auxiliary modes (``future``, ``negation`` …), which PLOVER keeps among them."""


class EventView(Struct, frozen=True, kw_only=True):
    """One happening, merged from every report of it: the document behind every field of the query language.

    Times are UTC.
    """

    id: str
    aliases: tuple[str, ...] = ()
    """Ids under which the same event was, or might have been, known."""
    revision: int
    """Grows with every change of what the view shows: the sum of the versions of its aggregates."""
    dossier: str
    dossier_status: DossierStatus | None = None
    type: EventType
    modality: Modality
    event_status: EventStatus = EventStatus.STANDING
    instrument: Instrument | None = None
    parties: tuple[Code, ...] = ()
    actors: tuple[Actor, ...] = ()
    body: Body | None = None
    vote: Vote | None = None
    date: Edtf | None = None
    claim: str | None = None
    first_seen: datetime
    last_seen: datetime
    news: bool
    """False where it happened more than 30 days before the article that first reports it."""
    articles: Count
    outlets: Count
    """Independent ones: copies of one text are one."""
    outlet_names: tuple[str, ...] = ()
    """Sorted; at most as many as a cell keeps voices."""
    languages: tuple[str, ...] = ()
    headline: str = ""
    """Title of the article with the best evidence."""
    url: str | None = None
    """Of that article."""
    quote: Quote
    confidence: Probability
    links: Links = Links()
    cameo: Cameo | None = None
    """As coded when the view was last made; null in one made before there was an ontology."""
    plover: Plover | None = None
    """Likewise."""
