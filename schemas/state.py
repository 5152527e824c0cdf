"""What consolidation keeps: the states that are loaded by id, merged, and saved with optimistic concurrency.

Four kinds, one tagged union (`State`). `version` is the store's: 0 before the first save, then one more each time.
"""

from datetime import datetime

from msgspec import Struct

from schemas.development import Development
from schemas.event import Links, Quote
from schemas.mention import Actor, Code, Edtf, Instrument, Mention
from schemas.vocabulary import Body, DossierStatus, EventStatus, EventType, Modality


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What consolidation needs to know of the article behind a statement. Times are UTC."""

    article: str
    revision: int
    outlet: str
    seen: datetime
    title: str = ""
    url: str | None = None
    language: str | None = None
    fingerprint: int = 0
    """A 64-bit SimHash of the text; near-duplicates differ in few bits. 0 where there is too little text to tell."""


class Report(Struct, frozen=True):
    """A mention, with the sentence that shows it."""

    mention: Mention
    quote: Quote


class Statement(Struct, frozen=True):
    """All that one revision of one article says to one aggregate; none says that it no longer says anything."""

    source: Source
    reports: tuple[Report, ...] = ()


class Voice(Struct, frozen=True):
    """One article's latest word on one cell."""

    source: Source
    report: Report


class Cell(Struct, frozen=True, kw_only=True):
    """What exactly agreeing reports say: same aggregate, modality, actor codes, body and date.

    The merge of two states of a cell is commutative, associative and idempotent.
    """

    id: str
    modality: Modality
    actors: tuple[Code, ...]
    """Sorted codes."""
    sides: tuple[str, ...] = ()
    """``role:code``, sorted, for allegation, denial and dispute alone, where the sides tell two acts apart."""
    body: Body | None
    date: Edtf | None
    first_seen: datetime
    last_seen: datetime
    """First and last over all reports ever, also those taken back or not kept."""
    voices: dict[str, Voice]
    """By article id: those with the least `stable_hash` of it, up to a fixed number."""
    outlet_hashes: tuple[int, ...] = ()
    """The least `stable_hash` values of outlets, ascending, up to a fixed number: a KMV sketch of their number."""


class Aggregate(Struct, frozen=True, kw_only=True, tag_field="state", tag="aggregate"):
    """The cells of one dossier, type and year (or month, for the types that come often), with their outbox."""

    id: str
    dossier: str
    type: EventType
    period: str
    """``2025`` or ``2025-05``: of the happening's date, else of the first report."""
    version: int = 0
    cells: dict[str, Cell] = {}
    revised: dict[str, int] = {}
    """Latest revision of each article that had more than one: a voice of an earlier one no longer counts."""
    founders: dict[str, str] = {}
    """Cell id → the founding cell of its event, itself or another; derived from the cells, kept to spare the work."""
    announced: dict[str, str] = {}
    """Cell id → what has been told of it (a compact word of `consolidation`), so that nothing is told twice."""
    outbox: tuple[Development, ...] = ()
    """Not yet known to be published."""


class EventBrief(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a dossier needs to know of one of its events for links and status."""

    id: str
    type: EventType
    modality: Modality
    actors: tuple[Actor, ...]
    """Codes and roles, without names."""
    parties: tuple[Code, ...]
    body: Body | None
    date: Edtf | None
    claim: str | None = None
    first_seen: datetime
    news: bool = True
    called_off: bool = False
    """Whether a negated step is said to be cancelled, postponed or put on hold, not merely not to have happened yet."""
    status: EventStatus = EventStatus.STANDING
    links: Links = Links()


class DossierState(Struct, frozen=True, kw_only=True, tag_field="state", tag="dossier"):
    """One treaty, with the time line of its events; also what is shown as a dossier."""

    id: str
    version: int = 0
    instrument: Instrument | None = None
    """None where no instrument was named (`unnamed`)."""
    subject: str | None = None
    parties: tuple[Code, ...] = ()
    stages: dict[str, str] = {}
    """Party code → the furthest stage it has come to."""
    status: DossierStatus | None = None
    """Never given to an unnamed dossier."""
    aliases: tuple[str, ...] = ()
    """Ids of dossiers that turned out to be this one, sorted."""
    alias_of: str | None = None
    """The dossier that this one turned out to be; its events, status and stages are found there and not here."""
    events: dict[str, tuple[EventBrief, ...]] = {}
    """Aggregate id → the events founded there, by first_seen then id; those of its aliases besides."""
    announced: dict[str, str] = {}
    """What has been told (compact words of `consolidation`), so that nothing is told twice."""
    outbox: tuple[Development, ...] = ()

    @property
    def unnamed(self) -> bool:
        """Whether no instrument is named: then it is only a bundle of events between the same sides."""
        return self.instrument is None


class KinState(Struct, frozen=True, kw_only=True, tag_field="state", tag="kin"):
    """Dossiers between the same parties, which may turn out to be one."""

    id: str
    version: int = 0
    dossiers: dict[str, tuple[str, ...]] = {}
    """Dossier id → content words of the instrument's name, sorted."""


class ArticleState(Struct, frozen=True, kw_only=True, tag_field="state", tag="article"):
    """Where an article has spoken, so that a later revision can take it back."""

    id: str
    version: int = 0
    revision: int = 0
    aggregates: tuple[str, ...] = ()
    """Ids of all aggregates to which any revision contributed, sorted."""


State = Aggregate | DossierState | KinState | ArticleState
