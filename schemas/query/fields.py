"""The fields of the query language: what each takes, and where its values stand in an event's view.

Spelling: values of coded fields are lower case, codes of states and organisations upper case.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum

from msgspec import Struct

from schemas.event import EventView
from schemas.query.dates import days, instant
from schemas.vocabulary import Body, Change, DossierStatus, EventStatus, EventType, InstrumentKind, Modality, Role

Bounds = tuple[float, float] | tuple[str, str]


class Kind(StrEnum):
    """How a field is asked for."""

    CLOSED = "closed"  # one of a closed list
    CODE = "code"  # upper-case code of a state, organisation …
    COUNT = "count"  # whole number
    DATE = "date"  # days
    IDENTIFIER = "identifier"  # any text, exactly, whatever its case
    INSTANT = "instant"  # a moment in UTC
    LANGUAGE = "language"  # BCP 47; en finds en-gb too
    NUMBER = "number"
    WORDS = "words"  # analysed text


class Field(Struct, frozen=True, kw_only=True):
    """One field. Which of `keys`, `texts` and `bounds` it has follows from its kind."""

    name: str
    kind: Kind
    about: str
    """What it takes, for a person: ends the sentence that begins with the field's name and "takes"."""
    values: tuple[str, ...] = ()
    """The closed list."""
    keys: Callable[[EventView], Iterable[str]] | None = None
    """The coded values of a view."""
    texts: Callable[[EventView], Iterable[str]] | None = None
    """The texts of a view, not yet analysed; a phrase is looked for in each by itself."""
    bounds: Callable[[EventView], Bounds | None] | None = None
    """The least and the greatest value of a view; None where it has none."""

    @property
    def ranged(self) -> bool:
        """Whether it takes ranges."""
        return self.kind in (Kind.COUNT, Kind.DATE, Kind.INSTANT, Kind.NUMBER)

    @property
    def developments_only(self) -> bool:
        """Whether events have no such value, and only developments do."""
        return self.keys is None and self.texts is None and self.bounds is None


def fold_identifier(value: str) -> str:
    """An identifier as it is compared: without regard to case."""
    return value.strip().casefold()


def _codes(view: EventView, role: Role | None = None) -> Iterable[str]:
    return (actor.code.upper() for actor in view.actors if role is None or actor.role == role)


def _parties(view: EventView) -> Iterable[str]:
    return (party.upper() for party in view.parties)


def _confidence(view: EventView) -> Bounds:
    return float(view.confidence), float(view.confidence)


def _date(view: EventView) -> Bounds | None:
    return days(view.date) if view.date else None


def _languages(view: EventView) -> Iterable[str]:
    """Each tag, and each of its beginnings: ``zh-hant-tw``, ``zh-hant``, ``zh``."""
    for language in view.languages:
        parts = fold_identifier(language).replace("_", "-").split("-")
        yield from ("-".join(parts[:end]) for end in range(1, len(parts) + 1))


def _instrument(view: EventView) -> Iterable[str]:
    instrument = view.instrument
    return () if instrument is None else (instrument.name, instrument.id or "")


def _text(view: EventView) -> Iterable[str]:
    return (view.headline, *_instrument(view), view.claim or "", view.quote.text)


def _seen(view: EventView) -> Bounds:
    seen = instant(view.first_seen)
    return seen, seen


def _optional(value: str | None) -> Iterable[str]:
    return () if value is None else (value,)


_ALL = (
    Field(name="accused", kind=Kind.CODE, about="the code of the accused", keys=lambda v: _codes(v, Role.ACCUSED)),
    Field(name="accuser", kind=Kind.CODE, about="the code of the accuser", keys=lambda v: _codes(v, Role.ACCUSER)),
    Field(name="actor", kind=Kind.CODE, about="the code of one that acts (IRN, EU)", keys=_codes),
    Field(
        name="body",
        kind=Kind.CLOSED,
        about="the organ that consents",
        values=tuple(Body),
        keys=lambda v: _optional(v.body),
    ),
    Field(name="change", kind=Kind.CLOSED, about="what has changed", values=tuple(Change)),
    Field(name="confidence", kind=Kind.NUMBER, about="a number from 0 to 1", bounds=_confidence),
    Field(
        name="date",
        kind=Kind.DATE,
        about="when it happened, or is to",
        bounds=_date,
    ),
    Field(
        name="dossier",
        kind=Kind.IDENTIFIER,
        about="the id of a dossier",
        keys=lambda v: (fold_identifier(v.dossier),),
    ),
    Field(
        name="dossier_status",
        kind=Kind.CLOSED,
        about="how far the instrument has come",
        values=tuple(DossierStatus),
        keys=lambda v: _optional(v.dossier_status),
    ),
    Field(
        name="event_status",
        kind=Kind.CLOSED,
        about="where the event stands among others",
        values=tuple(EventStatus),
        keys=lambda v: (v.event_status,),
    ),
    Field(name="instrument", kind=Kind.WORDS, about="words of its name, or a registry id", texts=_instrument),
    Field(
        name="instrument_kind",
        kind=Kind.CLOSED,
        about="what the instrument is called",
        values=tuple(InstrumentKind),
        keys=lambda v: () if v.instrument is None else (v.instrument.kind,),
    ),
    Field(name="language", kind=Kind.LANGUAGE, about="a language tag (en, pt-br)", keys=_languages),
    Field(
        name="modality",
        kind=Kind.CLOSED,
        about="how it is told: that it happened, is planned …",
        values=tuple(Modality),
        keys=lambda v: (v.modality,),
    ),
    Field(name="outlet", kind=Kind.WORDS, about="words of an outlet's name", texts=lambda v: v.outlet_names),
    Field(
        name="outlets",
        kind=Kind.COUNT,
        about="a whole number of independent outlets",
        bounds=lambda v: (v.outlets, v.outlets),
    ),
    Field(name="party", kind=Kind.CODE, about="the code of a party (IRN, EU)", keys=_parties),
    Field(
        name="role",
        kind=Kind.CLOSED,
        about="what an actor did",
        values=tuple(Role),
        keys=lambda v: (actor.role for actor in v.actors),
    ),
    Field(name="seen", kind=Kind.INSTANT, about="when it was first reported", bounds=_seen),
    Field(name="text", kind=Kind.WORDS, about="words", texts=_text),
    Field(name="type", kind=Kind.CLOSED, about="what happened", values=tuple(EventType), keys=lambda v: (v.type,)),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
"""By name, alphabetical. Words without a field ask for ``text``."""


def field_names(*, for_developments: bool) -> tuple[str, ...]:
    """The fields that a query may name."""
    return tuple(name for name, field in FIELDS.items() if for_developments or not field.developments_only)
