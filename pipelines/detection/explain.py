"""Why the detector found what it found in an article, and why not more."""

import datetime
from collections.abc import Iterator

from msgspec import Struct

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.detector import fitted, found, weighed
from pipelines.detection.english.document import Document
from pipelines.detection.english.gate import may_hold_event
from pipelines.detection.english.merge import merged
from pipelines.detection.english.names import names
from schemas.vocabulary import EventType, Modality, Role


class Finding(Struct, frozen=True):
    """One candidate and what became of it."""

    sentence: str
    """The sentence, its white space folded."""
    trigger: str
    pattern: str
    type: EventType
    modality: Modality
    cues: tuple[str, ...]
    """The words that decided the modality, nearest to the trigger first."""
    instrument: str | None
    actors: tuple[tuple[str, Role], ...]
    parties: tuple[str, ...]
    date: str | None
    support: float
    """How likely the models find the type at the trigger."""
    sure: float
    """How likely they find the modality."""
    confidence: float | None
    """None for a candidate that was dropped before it was weighed."""
    reasons: tuple[tuple[str, float], ...]
    """The weightiest features, each with its weight."""
    dropped: str | None
    """Why it is no mention; None where it is one."""


class Explanation(Struct, frozen=True):
    """Everything that the detector considered in an article, in the order of the text."""

    gate: bool
    """Whether the article got past the cheap first question."""
    findings: tuple[Finding, ...]

    def lines(self) -> Iterator[str]:
        """The explanation as text, a line at a time."""
        if not self.gate:
            yield "no word of treaty news occurs: nothing was analysed"
            return
        if not self.findings:
            yield "no pattern matched"
        for finding in self.findings:
            yield finding.sentence
            verdict = "mention" if finding.dropped is None else f"dropped: {finding.dropped}"
            sure = "" if finding.confidence is None else f", confidence {finding.confidence:.2f}"
            yield f"  {finding.type} / {finding.modality}: {verdict}{sure}"
            yield f"    pattern   {finding.pattern}, by {finding.trigger!r}"
            yield f"    models    type {finding.support:.2f}, modality {finding.sure:.2f}"
            yield f"    about     {finding.instrument or '-'}"
            yield f"    actors    {', '.join(f'{code} ({role})' for code, role in finding.actors) or '-'}"
            yield f"    parties   {', '.join(finding.parties) or '-'}"
            yield f"    date      {finding.date or '-'}"
            if finding.cues:
                yield f"    modality  by {', '.join(repr(cue) for cue in finding.cues)}"
            if finding.reasons:
                yield f"    because   {', '.join(f'{name} {weight:+.2f}' for name, weight in finding.reasons)}"


def explain(title: str, text: str, published: datetime.datetime | None) -> Explanation:
    """What fired in an article, with arguments and modality cues, and why near misses are no mentions.

    Args:
        title: The headline; may be empty.
        text: The article without its headline.
        published: Aware, UTC; None where unknown.
    """
    whole = f"{title}\n{text}" if title else text
    if not may_hold_event(whole):
        return Explanation(False, ())
    document = Document(whole, len(title), published.date() if published else None, names())
    considered = found(document)
    kept = weighed(document, merged(considered))
    least = fitted().least(candidate.confidence for candidate in kept)
    findings = [
        _finding(document, candidate, None if candidate.confidence >= least else f"less sure than {least:.2f}")
        for candidate in kept
    ]
    places = {(candidate.sentence, candidate.trigger, candidate.type) for candidate in kept}
    for candidate in considered:
        if (candidate.sentence, candidate.trigger, candidate.type) not in places:
            why = (
                "told already, or better, by another" if candidate.parties or candidate.actors else "nobody takes part"
            )
            findings.append(_finding(document, candidate._replace(features=()), why))
    order = sorted(
        zip(
            (*kept, *(each for each in considered if (each.sentence, each.trigger, each.type) not in places)),
            findings,
            strict=True,
        ),
        key=_place,
    )
    return Explanation(True, tuple(finding for _, finding in order))


def _place(pair: tuple[Candidate, Finding]) -> tuple[int, int, str]:
    candidate, _ = pair
    return candidate.sentence, candidate.trigger, candidate.pattern


def _finding(document: Document, candidate: Candidate, dropped: str | None) -> Finding:
    sentence = document.sentences[candidate.sentence]
    weights = fitted().weights
    weighty = sorted(
        ((name, weights[name]) for name in candidate.features if name in weights),
        key=lambda pair: (-abs(pair[1]), pair[0]),
    )
    return Finding(
        " ".join(document.whole[sentence.start : sentence.end].split()),
        sentence.tokens[candidate.trigger].word,
        candidate.pattern,
        candidate.type,
        candidate.modality,
        candidate.cues,
        candidate.instrument.name if candidate.instrument else None,
        tuple((agent.code, role) for agent, role in candidate.actors),
        tuple(sorted(set(candidate.parties))),
        candidate.date,
        candidate.support,
        candidate.sure,
        candidate.confidence if candidate.features else None,
        tuple(weighty[:6]),
        dropped,
    )
