"""The detector of English articles."""

import datetime
from collections.abc import Iterator

from pipelines.detection.confidence import Model, model
from pipelines.detection.english import accusations, disputes, finder
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.circumstances import dated, voted
from pipelines.detection.english.document import Document
from pipelines.detection.english.features import features
from pipelines.detection.english.gate import may_hold_event
from pipelines.detection.english.merge import merged
from pipelines.detection.english.names import Names, names
from pipelines.detection.english.statistics import learned
from pipelines.detection.english.statistics.told import Models, models
from pipelines.detection.english.subject_matter import subject_matter
from schemas.mention import Actor, Instrument, Mention, Span
from schemas.vocabulary import EventType, InstrumentKind


class EnglishDetector:
    """Mentions of treaty events in English articles."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        """A detector with the gazetteer loaded."""
        self._names: Names = names()

    def __call__(self, title: str, text: str, published: datetime.datetime | None) -> tuple[Mention, ...]:
        """The mentions of one article, in the order of the text."""
        whole = f"{title}\n{text}" if title else text
        if not may_hold_event(whole):
            return ()
        document = Document(whole, len(title), published.date() if published else None, self._names)
        candidates = weighed(document, merged(found(document)))
        least = fitted().least(candidate.confidence for candidate in candidates)
        return tuple(mention(document, candidate) for candidate in candidates if candidate.confidence >= least)


def fitted() -> Model:
    """The model that says how sure a candidate is."""
    return model("pipelines.detection.english.data", "confidence.json")


def weighed(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, each with its features and its confidence."""
    scale = fitted()
    described = (candidate._replace(features=features(document, candidate, candidates)) for candidate in candidates)
    return [candidate._replace(confidence=round(scale.confidence(candidate.features), 3)) for candidate in described]


def found(document: Document, reading: Models | None = None) -> list[Candidate]:
    """All candidates of a document, with dates and votes, in the order of the text; `reading` replaces the models."""
    return [
        voted(document, dated(document, candidate))
        for index, rules in patterned(document)
        for candidate in learned.candidates(document, index, rules, reading or models())
    ]


def patterned(document: Document) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
    """What the patterns find in each sentence that may hold anything, in order."""
    accused: Candidate | None = None
    for index in document.promising:
        brought = tuple(disputes.candidates(document, index))
        alleged = () if brought else tuple(accusations.candidates(document, index, accused))
        accused = next((each for each in reversed(alleged) if each.type is EventType.ALLEGATION), accused)
        yield index, (*finder.candidates(document, index), *alleged, *brought)


def mention(document: Document, candidate: Candidate) -> Mention:
    """A candidate as the detector gives it out."""
    sentence = document.sentences[candidate.sentence]
    start, end = sentence.offset(candidate.first, max(candidate.last, candidate.first + 1))
    phrase = candidate.instrument
    return Mention(
        type=candidate.type,
        modality=candidate.modality,
        instrument=Instrument(phrase.name, InstrumentKind(phrase.kind), phrase.id) if phrase is not None else None,
        parties=tuple(sorted(set(candidate.parties))),
        actors=tuple(Actor(agent.code, role, agent.name, agent.person) for agent, role in candidate.actors),
        body=candidate.body,
        vote=candidate.vote,
        date=candidate.date,
        claim=candidate.claim,
        subject=subject_matter(document, candidate),
        evidence=(Span(start, end),),
        confidence=candidate.confidence,
    )
