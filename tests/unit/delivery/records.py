"""Records for tests of alerts and their delivery."""

from datetime import UTC, datetime, timedelta

from schemas.development import Development, development_id
from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument, Span
from schemas.subscription import Alert, AlertStatus, Subscription, alert_id
from schemas.vocabulary import Change, EventType, InstrumentKind, Modality, Origin, Role

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
SECRET = "whsec_dHJlYXR5d2lyZSB0cmVhdHl3aXJlIHRyZWF0eXdpcmU="


def an_event(number: int = 1, *, party: str = "IRN", news: bool = True) -> EventView:
    """A ratification by a party."""
    return EventView(
        id=f"event-{number}",
        revision=number,
        dossier=f"dossier-{number}",
        type=EventType.RATIFICATION,
        modality=Modality.OCCURRED,
        instrument=Instrument("Treaty on Comprehensive Strategic Partnership", InstrumentKind.TREATY),
        parties=(party, "RUS"),
        actors=(Actor(party, Role.RATIFIER),),
        date="2026-05-21",
        first_seen=NOON,
        last_seen=NOON,
        news=news,
        articles=1,
        outlets=1,
        outlet_names=("Example Wire",),
        languages=("en",),
        headline="Parliament ratifies the treaty",
        url="https://news.example/1",
        quote=Quote("Parliament ratified the treaty on Thursday.", (Span(0, 19),)),
        confidence=0.9,
    )


def a_development(
    number: int = 1,
    *,
    change: Change = Change.NEW,
    origin: Origin = Origin.LIVE,
    party: str = "IRN",
    news: bool = True,
) -> Development:
    """What is new of `an_event`, found out a minute after it was seen."""
    return Development(
        id=development_id(f"cell-{number}", change, ""),
        change=change,
        cell=f"cell-{number}",
        event=an_event(number, party=party, news=news),
        origin=origin,
        recorded=NOON + timedelta(minutes=1),
        late_by=60.0,
    )


def a_subscription(
    name: str = "desk", *, query: str = "party:IRN", webhook: str = "https://example.org/hook", position: int = 0
) -> Subscription:
    """A subscription created at noon."""
    return Subscription(id=name, query=query, webhook=webhook, secret=SECRET, created=NOON, position=position)


def an_alert(number: int = 1, *, subscription: str = "desk", due: datetime = NOON) -> Alert:
    """An alert that nobody has tried to deliver yet."""
    development = a_development(number)
    return Alert(
        id=alert_id(subscription, development.id),
        subscription=subscription,
        development=development,
        status=AlertStatus.DUE,
        due=due,
    )
