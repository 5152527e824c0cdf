"""Claims brought to, heard or decided by a court, tribunal, panel or arbitrator under an instrument."""

from collections.abc import Iterator
from typing import NamedTuple

from pipelines.detection.english import modality
from pipelines.detection.english.actors import Agent, agents
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.names import Entity
from pipelines.detection.english.patterns.quarrel import CASE, FILING, RULING
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.verbs import VERBS
from schemas.vocabulary import Body, EventType, Role

_FILING = frozenset(FILING.lemmas)
_RULING = frozenset(RULING.lemmas)
_CASES = frozenset(CASE.lemmas)
_OUTCOMES = frozenset("win lose drop settle".split())
_BROKE = frozenset("violate breach break infringe contravene".split())
_BRINGING = frozenset("bring file submit lodge launch institute".split())
_NATIONAL = frozenset("court courts lawsuit sue sues sued judge judges".split())
_NEAR = 16
"""So many tokens after a verb are searched for the case that it brings."""
_INTERNATIONAL = frozenset("arbitration arbitral arbitrator arbitrators tribunal".split())
_CRIMINAL = frozenset(
    (
        "warrant warrants arrest suspect indicts indicted sentenced sentences trial extradited convicted acquitted"
    ).split()
)


class _Forum(NamedTuple):
    """Before whom a sentence says that something is argued."""

    court: Entity | None
    """An international court that it names, or the WTO."""
    arbitral: int | None
    """Index of a word such as "tribunal"."""
    national: bool
    """Whether it speaks of a court at all."""

    @property
    def code(self) -> str | None:
        """The court's code."""
        return self.court.codes[0] if self.court is not None else None


def candidates(document: Document, index: int) -> Iterator[Candidate]:
    """The dispute that the sentence at `index` reports, if it reports one."""
    sentence = document.sentences[index]
    forum = _forum(sentence)
    if forum.court is None and forum.arbitral is None:
        if not forum.national:
            yield from _resumed(document, index)
            yield from _threatened(document, index)
            return
        if not any(phrase.proper for phrase in document.instruments[index]):
            yield from _taken_to_court(document, index)
            return
    if forum.code == "ICC" or any(norm in _CRIMINAL for norm in sentence.norms):
        return
    for position, norm in enumerate(sentence.norms):
        if sentence.tags[position] not in "vwg" or norm not in VERBS:
            continue
        lemma = VERBS[norm][0]
        if lemma in _FILING and _files(sentence, position, lemma, forum.court):
            yield _filing(document, index, position, lemma, forum.code)
            return
        if lemma in _RULING and _rules(document, index, position, lemma, forum):
            yield _ruling(document, index, position, lemma, forum.code)
            return
    case = next((at for at, norm in enumerate(sentence.norms) if norm in _CASES and sentence.tags[at] in "nvg"), None)
    if forum.code not in (None, "WTO", "GATT") and case is not None:
        yield _pending(document, index, case, str(forum.code))


def _threatened(document: Document, index: int) -> Iterator[Candidate]:
    """Legal action of one state or organisation against another, with no court named."""
    sentence = document.sentences[index]
    at = next((at for at, norm in enumerate(sentence.norms) if norm in ("action", "proceedings")), None)
    if at is None or sentence.norms[at - 1] not in ("legal", "infringement"):
        return
    verb = next((other for other in range(at - 1, -1, -1) if sentence.tags[other] in "vwg"), None)
    if verb is None or sentence.norms[verb] not in VERBS:
        return
    found = _filing(document, index, verb, VERBS[sentence.norms[verb]][0], None)
    if len(found.parties) > 1:
        yield found


def _taken_to_court(document: Document, index: int) -> Iterator[Candidate]:
    """Who takes whom "to court", with no court named."""
    sentence = document.sentences[index]
    norms = sentence.norms
    to = next((at for at in range(2, len(norms) - 1) if norms[at : at + 2] == ("to", "court")), None)
    verb = next((at for at in range((to or 0) - 1, max(-1, (to or 0) - 7), -1) if sentence.tags[at] in "vwg"), None)
    if to is None or verb is None or VERBS.get(norms[verb], ("",))[0] not in ("take", "drag", "bring", "refer"):
        return
    found = _filing(document, index, verb, "take", None)
    claimants = {agent.code for agent, _ in found.actors}
    taken = [agent for agent in agents(sentence, Region(verb + 1, to)) if agent.code not in claimants]
    if claimants and taken:
        yield found._replace(
            actors=(*found.actors, *((agent, Role.RESPONDENT) for agent in taken)),
            parties=(*found.parties, *(agent.code for agent in taken)),
        )


def _forum(sentence: Sentence) -> _Forum:
    courts = (each for each in sentence.entities if each.name.kind == "court" or each.codes[0] in ("WTO", "GATT"))
    arbitral = next((at for at, norm in enumerate(sentence.norms) if norm in _INTERNATIONAL), None)
    return _Forum(next(courts, None), arbitral, any(norm in _NATIONAL for norm in sentence.norms))


def _files(sentence: Sentence, position: int, lemma: str, court: Entity | None) -> bool:
    """Whether a verb brings a case: "sue", "file a complaint", "take … to the World Trade Organization"."""
    if lemma == "sue":
        return True
    if lemma in _OUTCOMES and court is None:
        return False
    taken = court is not None and position < court.first < position + _NEAR
    if court is not None and taken and "to" in sentence.norms[court.first - 2 : court.first]:
        return True
    return any(word in _CASES or word == "court" for word in sentence.norms[position + 1 : position + _NEAR])


def _rules(document: Document, index: int, position: int, lemma: str, forum: _Forum) -> bool:
    """Whether a verb is a court's decision on an instrument, or on more than one state."""
    sentence = document.sentences[index]
    subject = verb_frame(sentence, position, position + 1, lemma).subject
    if subject is None:
        return False
    holds = (
        (forum.national and "b" in sentence.tags[subject.first : subject.last])
        or (forum.court is not None and subject.first <= forum.court.first < subject.last)
        or (forum.arbitral is not None and subject.first <= forum.arbitral < subject.last)
    )
    named = {code for entity in sentence.entities for code in entity.codes}
    return holds and (bool(document.instruments[index]) or len(named) > 1)


def _resumed(document: Document, index: int) -> Iterator[Candidate]:
    """A filing that is told without its court, which an earlier sentence names."""
    sentence = document.sentences[index]
    if not any(norm in _CASES for norm in sentence.norms):
        return
    earlier = next(
        (
            entity.codes[0]
            for other in document.promising
            if other < index
            for entity in document.sentences[other].entities
            if entity.name.kind == "court"
        ),
        None,
    )
    for position, norm in enumerate(sentence.norms if earlier is not None else ()):
        lemma = VERBS[norm][0] if sentence.tags[position] in "vw" and norm in VERBS else ""
        if lemma in _BRINGING and any(word in _CASES for word in sentence.norms[position + 1 : position + 5]):
            yield _filing(document, index, position, lemma, earlier)


def _filing(document: Document, index: int, position: int, lemma: str, court: str | None) -> Candidate:
    sentence = document.sentences[index]
    frame = verb_frame(sentence, position, position + 1, lemma)
    claimants = tuple(agent for agent in agents(sentence, frame.subject)) if frame.subject else ()
    respondents = _against(sentence, position, {court or "", *(agent.code for agent in claimants)})
    if lemma == "sue" and frame.object is not None:
        respondents = tuple(agent for agent in agents(sentence, frame.object) if agent.code != court)
    return _dispute(document, index, position, court, claimants, respondents, modality.read(frame), None, FILING.id)


def _ruling(document: Document, index: int, position: int, lemma: str, court: str | None) -> Candidate:
    sentence = document.sentences[index]
    frame = verb_frame(sentence, position, position + 1, lemma)
    others = _against(sentence, position, {court or ""})
    if not others:
        others = _found_against(sentence, position, lemma, court)
    found = {agent.code for agent in others}
    named = agents(sentence, Region(position, len(sentence.tags)))
    favoured = () if lemma == "order" else tuple(each for each in named if each.code not in {court, *found})
    return _dispute(document, index, position, court, favoured, others, modality.read(frame), Body.COURT, RULING.id)


def _found_against(sentence: Sentence, position: int, lemma: str, court: str | None) -> tuple[Agent, ...]:
    """Those who are ordered to do something, or are found to have broken something."""
    for at in range(position + 1, len(sentence.tags)):
        broken = sentence.tags[at] in "vwg" and VERBS.get(sentence.norms[at], ("",))[0] in _BROKE
        ordered = lemma == "order" and sentence.tags[at] == "t"
        if broken or ordered:
            return tuple(each for each in agents(sentence, Region(position + 1, at)) if each.code != court)[:2]
    return ()


def _pending(document: Document, index: int, position: int, court: str) -> Candidate:
    """A case that is spoken of: those between whom it is."""
    sentence = document.sentences[index]
    sides = tuple(agent for agent in agents(sentence, Region(0, len(sentence.tags))) if agent.code != court)[:2]
    found = _dispute(
        document,
        index,
        position,
        court,
        (),
        (),
        modality.read(verb_frame(sentence, position, position + 1, sentence.norms[position])),
        None,
        CASE.id,
    )
    return found._replace(
        actors=(*found.actors, *((agent, Role.PARTY) for agent in sides)), parties=tuple(agent.code for agent in sides)
    )


def _against(sentence: Sentence, position: int, others: set[str]) -> tuple[Agent, ...]:
    """Those whom a claim is brought against."""
    for at in range(position + 1, len(sentence.tags)):
        if sentence.norms[at] == "against":
            end = at + 1
            while end < len(sentence.tags) and sentence.tags[end] in "dnPEJHobc'-,":
                end += 1
            return tuple(agent for agent in agents(sentence, Region(at + 1, end)) if agent.code not in others)[:2]
    return ()


def _dispute(
    document: Document,
    index: int,
    position: int,
    court: str | None,
    claimants: tuple[Agent, ...],
    respondents: tuple[Agent, ...],
    reading: modality.Reading,
    body: Body | None,
    pattern: str,
) -> Candidate:
    sentence = document.sentences[index]
    instrument = next(iter(document.instruments[index]), None)
    actors: list[tuple[Agent, Role]] = []
    if court is not None:
        actors.append((Agent(court, court, None, "court"), Role.COURT))
    actors.extend((agent, Role.CLAIMANT) for agent in claimants if agent.code != court)
    actors.extend((agent, Role.RESPONDENT) for agent in respondents if agent.code != court)
    parties = tuple(dict.fromkeys(agent.code for agent, role in actors if role is not Role.COURT))
    start, end = sentence.offset(position, len(sentence.tags))
    return Candidate(
        EventType.DISPUTE,
        reading.modality,
        pattern,
        index,
        position,
        0,
        len(sentence.tags),
        instrument,
        tuple(actors),
        parties,
        body,
        claim=" ".join(document.whole[start:end].split()).rstrip(".,;"),
        cues=reading.cues,
    )
