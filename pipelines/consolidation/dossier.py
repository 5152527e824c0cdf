"""Which treaty a mention is about."""

from datetime import datetime

from msgspec import Struct

from pipelines.consolidation.names import content_words, identifies
from schemas.identifiers import content_id
from schemas.mention import Code, Instrument, Mention
from schemas.state import DossierState
from schemas.vocabulary import Role

ASIDE = frozenset({Role.COURT, Role.MEDIATOR, Role.PROPOSER})
"""Roles of those who act on a treaty between others."""

LONG_NAME = 12
"""Words beyond which a name is rather a sentence."""


class DossierKey(Struct, frozen=True):
    """What identifies a dossier."""

    id: str
    instrument: Instrument | None
    """None where the dossier is unnamed."""
    subject: str | None
    parties: tuple[Code, ...]
    """Sorted."""
    words: tuple[str, ...]
    """Content words of the instrument's name; empty where it goes by its registry id or is unnamed."""

    @property
    def kin(self) -> str | None:
        """The id of the dossiers between the same parties, which may turn out to be this one; else None."""
        return kin_id(self.parties) if self.words else None


def dossier_of(mention: Mention, seen: datetime) -> DossierKey:
    """The dossier of a mention in an article of that time.

    In this order: the registry id; the parties and the name's content words; the subject and the sides. A name without
    content words ("the agreement"), or of a mere field between nobody ("a peace deal"), names no instrument. Where the
    parties are not known, the actors stand for them. What has neither name nor sides is kept apart by month, so that no
    dossier grows with the world.
    """
    parties = tuple(sorted(set(mention.parties)))
    instrument = mention.instrument
    if instrument is not None and instrument.id is not None:
        return DossierKey(instrument.id, instrument, mention.subject, parties, ())
    words = content_words(instrument.name) if instrument is not None else ()
    sides = parties or _actors(mention)
    if words and (sides or identifies(words)):
        named = parties if identifies(words) else sides
        return DossierKey(content_id("dos", "named", *named, None, *words), instrument, mention.subject, named, words)
    if sides:
        return DossierKey(content_id("dos", "unnamed", mention.subject, *sides), None, mention.subject, sides, ())
    month = f"{seen:%Y-%m}"
    return DossierKey(content_id("dos", "nobody", mention.subject, month), None, mention.subject, (), ())


def kin_id(parties: tuple[Code, ...]) -> str | None:
    """The id of the `KinState` of these parties; None where they are fewer than two and a name is all there is."""
    return content_id("kin", *parties) if len(parties) > 1 else None


def kin_of(dossier: DossierState) -> str | None:
    """The same as `DossierKey.kin`, of a stored dossier."""
    if dossier.instrument is None or dossier.instrument.id is not None:
        return None
    return kin_id(dossier.parties)


def fuller(one: Instrument | None, other: Instrument | None) -> Instrument | None:
    """The one with the fuller name; the same whichever comes first."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=_fullness)


def _fullness(instrument: Instrument) -> tuple[bool, int, str, str]:
    count = len(instrument.name.split())
    return count > LONG_NAME, -count, instrument.name, instrument.kind


def _actors(mention: Mention) -> tuple[Code, ...]:
    doing = {actor.code for actor in mention.actors if actor.role not in ASIDE}
    return tuple(sorted(doing or {actor.code for actor in mention.actors}))
