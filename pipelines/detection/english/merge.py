"""Several reports of one happening inside an article made one mention."""

from collections.abc import Iterable

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.instruments import InstrumentPhrase
from schemas.vocabulary import EventType

_BY_MANY = (".sign", ".reach", ".agree-on", ".conclusion", ".enter")
"""Patterns that may stand without anybody named: "world leaders agree on a climate deal"."""
_LOOSE = frozenset((EventType.ALLEGATION, EventType.NEGOTIATION, EventType.DENIAL, EventType.DISPUTE))


def merged(found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that may stand, one for each happening, in the order of the text."""
    kept: list[Candidate] = []
    everything = with_known_parties(list(found))
    for candidate in everything:
        if not _acceptable(candidate) or _is_shadow(candidate, everything):
            continue
        for position, other in enumerate(kept):
            if _same(candidate, other):
                kept[position] = _joined(other, candidate)
                break
        else:
            kept.append(candidate)
    return kept


def with_known_parties(found: list[Candidate]) -> list[Candidate]:
    """The candidates, each with the parties that another gives the same instrument where it has none of its own."""
    by_name: dict[str, tuple[str, ...]] = {}
    by_kind: dict[str, tuple[str, ...]] = {}
    for candidate in found:
        if (
            candidate.instrument is None
            or candidate.guessed
            or candidate.type in _LOOSE
            or not 1 < len(candidate.parties) < 6
        ):
            continue
        by_name.setdefault(_key(candidate), candidate.parties)
        by_kind.setdefault(candidate.instrument.kind, candidate.parties)
    return [_completed(candidate, by_name, by_kind) for candidate in found]


def _completed(
    candidate: Candidate, by_name: dict[str, tuple[str, ...]], by_kind: dict[str, tuple[str, ...]]
) -> Candidate:
    phrase = candidate.instrument
    if phrase is None or phrase.proper or (len(candidate.parties) > 1 and not candidate.guessed):
        return candidate
    known = by_name.get(_key(candidate), ())
    if not known and (phrase.bare or phrase.definite):
        known = by_kind.get(phrase.kind, ())
    own = () if candidate.guessed and known else candidate.parties
    return candidate._replace(parties=tuple(dict.fromkeys((*own, *known))))


_SHADOWS = {
    # "an agreement to extend the truce" is its extension; "approves Moldova's accession" its ratification
    EventType.ADOPTION: frozenset((EventType.EXTENSION, EventType.SIGNATURE, EventType.RATIFICATION)),
    EventType.ACCESSION: frozenset(
        (EventType.RATIFICATION, EventType.NEGOTIATION, EventType.REJECTION, EventType.WITHDRAWAL, EventType.SUSPENSION)
    ),
}


def _is_shadow(candidate: Candidate, everything: list[Candidate]) -> bool:
    """Whether another candidate of the sentence says better what this one says."""
    if candidate.pattern == "accession.accession" and any(
        other.sentence == candidate.sentence
        and other.pattern.endswith(("-accession", "-membership"))
        and other.first <= candidate.trigger < other.last
        for other in everything
    ):
        # "will not approve Moldova's accession" is one refusal
        return True
    if candidate.pattern == "ratification.ratification" and any(
        other.sentence == candidate.sentence and other.pattern == "rejection.vote-down" for other in everything
    ):
        # "votes against ratification"
        return True
    stronger = _SHADOWS.get(candidate.type)
    if stronger is None:
        return False
    for other in everything:
        if other.sentence != candidate.sentence or other.type not in stronger or other.trigger == candidate.trigger:
            continue
        if candidate.type is EventType.ADOPTION and other.type is EventType.EXTENSION:
            return True
        if other.type is EventType.WITHDRAWAL and other.pattern != "withdrawal.application":
            continue
        if (
            candidate.type is EventType.ACCESSION
            and (
                candidate.pattern == "accession.accession"
                or other.type is EventType.WITHDRAWAL
                or other.pattern.endswith(("-accession", "-membership"))
            )
            and (other.first <= candidate.trigger < other.last or other.pattern == "withdrawal.application")
        ):
            return True
    return False


def _key(candidate: Candidate) -> str:
    return candidate.instrument.name.lower() if candidate.instrument is not None else ""


def _acceptable(candidate: Candidate) -> bool:
    if candidate.parties or candidate.actors:
        return True
    if candidate.instrument is not None and not candidate.instrument.bare and candidate.pattern.endswith(_BY_MANY):
        return True
    return candidate.instrument is not None and (
        candidate.instrument.proper or candidate.instrument.kind in ("ceasefire", "treaty", "convention", "protocol")
    )


def _codes(candidate: Candidate) -> set[str]:
    return {agent.code for agent, _ in candidate.actors} | set(candidate.parties)


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates may report one happening."""
    if one.type is not other.type or one.modality is not other.modality:
        return False
    if one.sentence == other.sentence and one.trigger == other.trigger:
        return True
    if one.date and other.date and not (one.date.startswith(other.date) or other.date.startswith(one.date)):
        return False
    if one.body and other.body and one.body is not other.body:
        return False
    actors, others = {agent.code for agent, _ in one.actors}, {agent.code for agent, _ in other.actors}
    if actors and others and not (actors <= others or others <= actors):
        return False
    if one.type is EventType.ALLEGATION and not _same_roles(one, other):
        return False
    if one.instrument and other.instrument and one.type not in _LOOSE:
        return _one_instrument(one.instrument, other.instrument, _codes(one), _codes(other))
    return bool(_codes(one) & _codes(other)) or not _codes(one) or not _codes(other)


def _same_roles(one: Candidate, other: Candidate) -> bool:
    """Whether nobody accuses in one allegation and is accused in the other."""
    roles = {agent.code: role for agent, role in one.actors}
    return all(roles.get(agent.code, role) is role for agent, role in other.actors)


def _one_instrument(one: InstrumentPhrase, other: InstrumentPhrase, codes: set[str], others: set[str]) -> bool:
    """Whether two phrases may name one instrument."""
    if one.name.lower() == other.name.lower() or one.bare or other.bare:
        return True
    words, further = set(one.name.lower().split()), set(other.name.lower().split())
    if words <= further or further <= words:
        return True
    if one.proper and other.proper:
        return False
    return one.kind == other.kind and codes == others and len(codes) > 1


def _joined(one: Candidate, other: Candidate) -> Candidate:
    """The first of two reports, with what only the second says."""
    return one._replace(
        actors=one.actors or other.actors,
        parties=one.parties if len(one.parties) >= len(other.parties) else other.parties,
        body=one.body or other.body,
        vote=one.vote or other.vote,
        date=one.date if one.date and (not other.date or len(one.date) >= len(other.date)) else other.date,
        instrument=one.instrument
        if one.instrument and not (one.instrument.bare and other.instrument)
        else other.instrument,
    )
