"""An event for tests of what finds it."""

from datetime import UTC, datetime

from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument
from schemas.vocabulary import Body, DossierStatus, EventType, InstrumentKind, Modality, Role

RATIFICATION = EventView(
    id="evt-ratification",
    revision=1,
    dossier="dos-irn-rus",
    dossier_status=DossierStatus.RATIFIED,
    type=EventType.RATIFICATION,
    modality=Modality.OCCURRED,
    instrument=Instrument("Comprehensive Strategic Partnership Treaty", InstrumentKind.TREATY, "IRN-RUS-2025"),
    parties=("IRN", "RUS"),
    actors=(Actor("IRN", Role.RATIFIER, "Iran's parliament"), Actor("USA", Role.ACCUSER), Actor("RUS", Role.ACCUSED)),
    body=Body.LEGISLATURE,
    date="2025-05",
    claim="Secret clauses",
    first_seen=datetime(2025, 5, 21, 10, 20, tzinfo=UTC),
    last_seen=datetime(2025, 5, 22, tzinfo=UTC),
    news=True,
    articles=3,
    outlets=2,
    outlet_names=("IRNA", "The Moscow Times"),
    languages=("en-gb", "fa"),
    headline="Parliament ratifies pact",
    quote=Quote("Iran’s lawmakers approved the treaty on nuclear energy."),
    confidence=0.8,
)
