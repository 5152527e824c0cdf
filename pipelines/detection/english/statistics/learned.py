"""Candidates that the models propose where no pattern does, and what the models say of those of the patterns."""

from collections.abc import Iterator, Sequence
from functools import cache
from types import MappingProxyType

from pipelines.detection.english.actors import Agent, agents, body
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import BARGAINS, is_business
from pipelines.detection.english.finder import binds_nobody, excluded
from pipelines.detection.english.happening import body_of
from pipelines.detection.english.instruments import InstrumentPhrase
from pipelines.detection.english.participants import acting, bystanders, with_partners
from pipelines.detection.english.patterns.quarrel import DENY, VIOLATE
from pipelines.detection.english.statistics.told import Models, Reader, Teller
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.themes import FoundTheme, is_organisation
from pipelines.detection.english.verbs import VERBS
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import EventType, Modality, Role

_LEAST = 0.2
"""A type less likely than this at its token is not proposed."""
_SURER = 0.5
"""What the models read of the modality counts for more than what the rules read where it is so likely."""
_SUREST = 0.7
"""The same, where words decided what the rules read."""
_NEAR = 6
"""Tokens of one clause tell of one happening of a type."""
_ROLES = MappingProxyType(
    {
        EventType.ACCESSION: Role.ACCEDER,
        EventType.ADOPTION: Role.ADOPTER,
        EventType.ALLEGATION: Role.ACCUSER,
        EventType.AMENDMENT: Role.AMENDER,
        EventType.DENIAL: Role.DENIER,
        EventType.DEPOSIT: Role.DEPOSITOR,
        EventType.DISPUTE: Role.CLAIMANT,
        EventType.EXTENSION: Role.EXTENDER,
        EventType.NEGOTIATION: Role.NEGOTIATOR,
        EventType.RATIFICATION: Role.RATIFIER,
        EventType.REJECTION: Role.REJECTER,
        EventType.RESERVATION: Role.RESERVER,
        EventType.SIGNATURE: Role.SIGNATORY,
        EventType.SUSPENSION: Role.SUSPENDER,
        EventType.TERMINATION: Role.TERMINATOR,
        EventType.WITHDRAWAL: Role.WITHDRAWER,
    }
)
_MUTUAL = frozenset(
    (EventType.ADOPTION, EventType.DEPOSIT, EventType.EXTENSION, EventType.NEGOTIATION, EventType.SIGNATURE)
)
_OF_MEMBERSHIP = frozenset(
    (EventType.ACCESSION, EventType.RATIFICATION, EventType.REJECTION, EventType.SUSPENSION, EventType.WITHDRAWAL)
)
_OPPOSING = frozenset((EventType.ALLEGATION, EventType.DISPUTE))
_AGAINST = ("against", "of", "by", "over", "with")


def candidates(document: Document, index: int, rules: Sequence[Candidate], fitted: Models) -> Iterator[Candidate]:
    """The candidates of the patterns with what the models say of them, then those of the models alone."""
    reader = Reader(document, index, rules, fitted)
    taken: list[tuple[EventType, int]] = []
    for candidate in rules:
        teller = reader.at(candidate.trigger)
        spoken, sure = reader.modality(teller, candidate.type)
        taken.append((candidate.type, candidate.trigger))
        agreed = spoken is candidate.modality
        overruled = sure >= (_SUREST if candidate.cues else _SURER)
        yield candidate._replace(
            modality=spoken if overruled else candidate.modality,
            support=teller.chances[candidate.type],
            sure=sure if agreed or overruled else 1 - sure,
            reread=not agreed,
        )
    proposed = sorted(
        ((chance, EventType(kind), teller) for teller in reader.tellers() for kind, chance in _likely(teller)),
        key=lambda each: (-each[0], each[2].position),
    )
    for chance, kind, teller in proposed:
        if any(kind is other and abs(teller.position - position) <= _NEAR for other, position in taken):
            continue
        spoken, sure = reader.modality(teller, kind)
        found = _candidate(document, index, teller, kind, spoken)
        if found is not None:
            taken.append((kind, teller.position))
            yield found._replace(support=chance, sure=sure)


def _likely(teller: Teller) -> Iterator[tuple[str, float]]:
    return ((kind, chance) for kind, chance in teller.chances.items() if chance >= _LEAST)


def _candidate(document: Document, index: int, teller: Teller, kind: EventType, modality: Modality) -> Candidate | None:
    frame = teller.frame
    if kind is EventType.ALLEGATION and any(_lemma(frame.sentence, cue) in DENY.lemmas for cue in frame.cues):
        return None  # "B denied that it had broken the truce" alleges nothing
    pattern = _pattern(kind, frame.noun)
    theme = _theme(document, index, frame, kind)
    if excluded(frame, pattern, theme) or _is_bargain_of_business(frame, theme):
        return None
    who, regions = acting(document, index, frame, pattern, theme)
    if not who and binds_nobody(document, theme):
        return None
    everybody, parties = with_partners(frame, pattern, theme, who)
    roles = _opposed(frame, kind, who) if kind in _OPPOSING else _acted(pattern.role, everybody)
    parties = tuple(dict.fromkeys((*parties, *(agent.code for agent, role in roles if role is not Role.COURT))))
    acting_body = next((found for region in regions if (found := body(frame.sentence, region)) is not None), None)
    phrase = theme.instrument
    first, last = frame.scope.first, max(frame.scope.last, frame.last)
    if phrase is not None and not theme.pointed:
        first, last = min(first, phrase.first), max(last, phrase.last)
    return Candidate(
        kind,
        modality,
        pattern.id,
        index,
        teller.position,
        first,
        min(last, len(frame.sentence.tags)),
        phrase,
        roles,
        parties or bystanders(document, index),
        body_of(frame, pattern, kind, acting_body, who),
        governors=frame.cues,
        slot=theme.slot,
        guessed=not parties,
    )


def _lemma(sentence: Sentence, position: int) -> str:
    return VERBS.get(sentence.norms[position], ("",))[0]


@cache
def _pattern(kind: EventType, noun: bool) -> Pattern:
    """Where those stand who act, and what they do: what a pattern says, for whatever words the type."""
    return Pattern(
        id=f"learned.{kind}",
        type=kind,
        basis="",
        lemmas=(),
        noun=noun,
        agents=("possessor", "by", "between", "subject", "of") if noun else ("subject",),
        role=_ROLES.get(kind),
        mutual=kind in _MUTUAL,
    )


def _is_bargain_of_business(frame: Frame, theme: FoundTheme) -> bool:
    """Whether the sentence speaks of business, and of no more than a bargain."""
    phrase = theme.instrument
    if phrase is None or phrase.proper or phrase.kind not in BARGAINS:
        return False
    return is_business(frame.sentence, Region(0, len(frame.sentence.tags)))


def _acted(role: Role | None, everybody: Sequence[Agent]) -> tuple[tuple[Agent, Role], ...]:
    return () if role is None else tuple((agent, role) for agent in everybody)


def _theme(document: Document, index: int, frame: Frame, kind: EventType) -> FoundTheme:
    """What it is about: the instrument in the clause, else the nearest, else the one that the article is about."""
    here = document.instruments[index]
    regions = [frame.object, *(attached.region for attached in frame.attachments), frame.subject]
    for region in regions:
        if region is None:
            continue
        for phrase in here:
            if region.first <= phrase.head < region.last:
                return FoundTheme(phrase, None, "clause", False)
    if kind in _OF_MEMBERSHIP:
        for region in regions[:-1]:
            if region is None:
                continue
            for agent in agents(frame.sentence, region):
                if is_organisation(agent.code):
                    return FoundTheme(None, agent, "clause", False)
    if here:
        nearest = min(here, key=lambda phrase: (abs(phrase.head - frame.trigger), phrase.first))
        return FoundTheme(nearest, None, "sentence", False)
    if kind is EventType.NEGOTIATION:
        return FoundTheme(None, None, "none", False)
    earlier: InstrumentPhrase | None = document.before(index, frame.trigger) or document.main_instrument
    return FoundTheme(earlier, None, "none" if earlier is None else "earlier", True)


def _opposed(frame: Frame, kind: EventType, who: Sequence[Agent]) -> tuple[tuple[Agent, Role], ...]:
    """Who stands against whom: courts, those who bring it, and those against whom it is brought."""
    brings, faces = (Role.ACCUSER, Role.ACCUSED) if kind is EventType.ALLEGATION else (Role.CLAIMANT, Role.RESPONDENT)
    passive = frame.passive and frame.subject is not None
    first = agents(frame.sentence, frame.subject) if passive and frame.subject is not None else ()
    others: list[Agent] = []
    regions = [frame.object, *frame.attached(*_AGAINST)]
    for region in regions:
        if region is not None:
            others += agents(frame.sentence, region)
    if not others and not who and not first:
        others = list(agents(frame.sentence, Region(0, len(frame.sentence.tags))))[:2]
    if kind is EventType.ALLEGATION and _lemma(frame.sentence, frame.trigger) in VIOLATE:
        brings, others = faces, []  # "B broke the truce with C" is said of B
    given: dict[str, tuple[Agent, Role]] = {}
    for agent in who:
        given.setdefault(agent.code, (agent, Role.COURT if agent.kind == "court" else brings))
    for agent in (*first, *others):
        given.setdefault(agent.code, (agent, Role.COURT if agent.kind == "court" else faces))
    return tuple(given.values())
