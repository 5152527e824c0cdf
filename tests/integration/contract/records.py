"""Records for the contract test."""

from datetime import UTC, datetime, timedelta

from schemas.article import Article
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.development import Development, development_id
from schemas.event import EventView, Quote
from schemas.mention import Edtf
from schemas.state import Aggregate, Cell, DossierState
from schemas.subscription import Alert, Subscription, alert_id
from schemas.vocabulary import Change, EventType, Modality, Origin, Stage

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def article(number: int, *, revision: int = 1, fetched: datetime = NOON, text: str = "Text.") -> Article:
    """An article that differs from others by its number."""
    return Article(
        id=f"art-{number:024}", revision=revision, content_hash="h", outlet="Wire", fetched=fetched, text=text
    )


def view(
    name: str,
    *,
    revision: int = 1,
    aliases: tuple[str, ...] = (),
    dossier: str = "dos-one",
    date: Edtf | None = None,
    first_seen: datetime = NOON,
    headline: str = "Parliament ratifies the treaty",
    type: EventType = EventType.RATIFICATION,
) -> EventView:
    """An undated ratification, first seen at noon."""
    return EventView(
        id=name,
        aliases=aliases,
        revision=revision,
        dossier=dossier,
        type=type,
        modality=Modality.OCCURRED,
        date=date,
        first_seen=first_seen,
        last_seen=first_seen,
        news=True,
        articles=1,
        outlets=1,
        headline=headline,
        quote=Quote("Parliament ratified it."),
        confidence=0.5,
    )


def development(number: int, *, value: str = "") -> Development:
    """A development that says that an event is new, found so many minutes after noon."""
    return Development(
        id=development_id(f"cell-{number}", Change.NEW, value),
        change=Change.NEW,
        value=value,
        cell=f"cell-{number}",
        event=view(f"evt-{number:024}"),
        origin=Origin.LIVE,
        recorded=NOON + number * MINUTE,
        late_by=60.0,
    )


def aggregate(name: str, *, version: int = 0, outbox: tuple[Development, ...] = (), cells: int = 0) -> Aggregate:
    """An aggregate of so many cells."""
    return Aggregate(
        id=name,
        dossier="dos-one",
        type=EventType.RATIFICATION,
        period="2026",
        version=version,
        cells={
            f"cell-{number}": Cell(
                id=f"cell-{number}",
                modality=Modality.OCCURRED,
                actors=("IRN",),
                body=None,
                date="2026-05-21",
                first_seen=NOON,
                last_seen=NOON,
                voices={},
                outlet_hashes=(1, 2**64 - 1),
            )
            for number in range(cells)
        },
        outbox=outbox,
    )


def dossier(
    name: str, *, version: int = 0, aliases: tuple[str, ...] = (), outbox: tuple[Development, ...] = ()
) -> DossierState:
    """A dossier between Iran and Russia."""
    return DossierState(id=name, version=version, aliases=aliases, parties=("IRN", "RUS"), outbox=outbox)


def letter(number: int, *, stage: Stage = Stage.ARTICLE, reason: str = "It is no article.", at: int = 0) -> DeadLetter:
    """A letter recorded so many minutes after noon."""
    return dead_letter(stage, b"\xff%d" % number, source="articles 1", reason=reason, now=NOON + at * MINUTE)


def subscription(name: str, *, created: datetime = NOON) -> Subscription:
    """A subscription created at noon."""
    return Subscription(
        id=name,
        query="party:IRN",
        webhook="https://hook.example/",
        secret="whsec_c2VjcmV0",
        created=created,
        position=0,
    )


def alert(number: int, *, to: str = "sub-one", due: datetime = NOON) -> Alert:
    """An alert that nobody has tried to deliver."""
    event = development(number)
    return Alert(id=alert_id(to, event.id), subscription=to, development=event, due=due)
