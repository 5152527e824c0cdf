"""What one article says of one happening: the detector's output."""

from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from schemas.vocabulary import Body, EventType, InstrumentKind, Modality, Role

Code = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{1,31}$")]
"""A state as ISO 3166-1 alpha-3; an organisation, armed group, court or territory by the registry's code."""

EDTF_DATE = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
Edtf = Annotated[str, Meta(pattern=rf"^{EDTF_DATE}(/{EDTF_DATE})?$")]
"""A day, month or year, or an interval of two of them: the part of EDTF level 0 that the event model uses."""

Count = Annotated[int, Meta(ge=0)]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]


class Span(NamedTuple):
    """``[start, end)`` in Unicode code points, into title, line end and text; into `text` where the title is empty."""

    start: int
    end: int


class Instrument(Struct, frozen=True, omit_defaults=True):
    """The treaty, convention, pact … concerned."""

    name: str
    """The fullest noun phrase that names it in the article (coding rule 14)."""
    kind: InstrumentKind
    id: str | None = None
    """Of the instrument registry, where linked."""


class Actor(Struct, frozen=True, omit_defaults=True):
    """Who acted."""

    code: Code
    role: Role
    name: str = ""
    """As the article writes it."""
    person: str | None = None


class Vote(Struct, frozen=True, rename={"for_": "for"}):
    """A tally, as far as the article gives it; null where it does not."""

    for_: Count | None = None
    against: Count | None = None
    abstain: Count | None = None
    total: Count | None = None


class Mention(Struct, frozen=True, kw_only=True):
    """One happening as one article tells it (event model, "A mention")."""

    type: EventType
    modality: Modality
    instrument: Instrument | None = None
    parties: tuple[Code, ...] = ()
    """The parties of the instrument, sorted."""
    actors: tuple[Actor, ...] = ()
    """In the order of the text."""
    body: Body | None = None
    vote: Vote | None = None
    date: Edtf | None = None
    """When it happened or is to happen; never finer than the article supports."""
    claim: str | None = None
    """For allegation, denial and dispute: what is alleged."""
    subject: str | None = None
    """What an unnamed instrument is about: one word of a closed list of the detector (``nuclear``, ``trade`` …)."""
    evidence: tuple[Span, ...] = ()
    """At least one, in text order."""
    confidence: Probability = 0.5
