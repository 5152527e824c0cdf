"""Finds what the patterns word, in one sentence of a document."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english import modality
from pipelines.detection.english.actors import Agent, body
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame, noun_frame, verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import has_unknown_partner, is_business, is_private, is_purchase
from pipelines.detection.english.happening import body_of, governing, happening, welcomes_only
from pipelines.detection.english.modality import Reading
from pipelines.detection.english.participants import acting, bystanders, with_partners
from pipelines.detection.english.patterns import PATTERNS
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.themes import FoundTheme, theme_of
from pipelines.detection.english.verbs import VERBS
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import EventType, Modality, Role


class _Triggers(NamedTuple):
    verbs: Mapping[str, tuple[Pattern, ...]]
    nouns: Mapping[str, tuple[Pattern, ...]]


@lru_cache(maxsize=1)
def _triggers() -> _Triggers:
    verbs: dict[str, list[Pattern]] = {}
    nouns: dict[str, list[Pattern]] = {}
    for pattern in PATTERNS:
        for lemma in pattern.lemmas:
            (nouns if pattern.noun else verbs).setdefault(lemma, []).append(pattern)
    return _Triggers(
        MappingProxyType({lemma: tuple(found) for lemma, found in verbs.items()}),
        MappingProxyType({lemma: tuple(found) for lemma, found in nouns.items()}),
    )


def candidates(document: Document, index: int) -> Iterator[Candidate]:
    """What the patterns find in the sentence at `index`, in the order of its triggers."""
    sentence = document.sentences[index]
    triggers = _triggers()
    for position, norm in enumerate(sentence.norms):
        tag = sentence.tags[position]
        if tag not in "vwgnabPp":
            continue
        if norm in triggers.nouns and tag in "ngwbPp":
            for pattern in triggers.nouns[norm]:
                yield from _match(document, index, position, norm, pattern)
            if tag != "g":
                continue
        if tag in "vwga":
            lemma = VERBS[norm][0] if norm in VERBS else "be" if tag == "a" else ""
            for pattern in triggers.verbs.get(lemma, ()):
                yield from _match(document, index, position, lemma, pattern)


def _match(document: Document, index: int, position: int, lemma: str, pattern: Pattern) -> Iterator[Candidate]:
    sentence = document.sentences[index]
    last = _after_particles(sentence, position + 1, pattern.particles)
    if last is None or sentence.norms[position + 1 : position + 2] in [(word,) for word in pattern.forbids]:
        return
    if pattern.noun and sentence.tags[last : last + 1] in ("n", "I", "o", "b") and sentence.tags[position] not in "gp":
        # "accession talks", "withdrawal agreement": a modifier, no happening
        return
    frame = noun_frame(sentence, position, last, lemma) if pattern.noun else verb_frame(sentence, position, last, lemma)
    if (pattern.intransitive and frame.object is not None) or not _has_needed(frame, pattern):
        return
    if pattern.noun and _is_paper(frame):
        return
    theme = theme_of(document, index, frame, pattern)
    if theme is None or _excluded(frame, pattern, theme):
        return
    if pattern.governed and not governing(frame).intersection(pattern.governed):
        return
    reading = modality.read(frame)
    if pattern.modality is Modality.PROPOSED and reading.refused:
        # "rejects a proposal for a truce": told by the pattern of the rejection
        return
    if frame.noun and _sets_term(frame):
        return
    if not (pattern.ahead and reading.modality is Modality.OCCURRED):
        yield _candidate(document, index, frame, pattern, theme, reading)


_LIFTED = frozenset("withdraw lift drop remove".split())


def _is_paper(frame: Frame) -> bool:
    """Whether the noun only says what paper is meant ("instrument of ratification") or what was undone."""
    norms = frame.sentence.norms
    if norms[frame.trigger - 2 : frame.trigger] in (
        ("instrument", "of"),
        ("instruments", "of"),
        ("notice", "of"),
        ("letter", "of"),
    ):
        return frame.lemma not in ("withdrawal", "denunciation")
    return frame.lemma.startswith("reservation") and bool(governing(frame) & _LIFTED)


def _sets_term(frame: Frame) -> bool:
    """Whether the noun only says when something else is to be: "thirty days after the exchange of …"."""
    norms, tags = frame.sentence.norms, frame.sentence.tags
    return any(
        norms[cue] in ("after", "upon", "following") and tags[cue - 1 : cue] == "T" and "m" in tags[:cue]
        for cue in frame.cues
    )


def _has_needed(frame: Frame, pattern: Pattern) -> bool:
    """Whether one of the words stands by the trigger without which the pattern says nothing."""
    if not pattern.needs:
        return True
    norms = frame.sentence.norms
    first = frame.subject.first if frame.passive and frame.subject is not None else max(0, frame.trigger - 4)
    return any(
        norm in pattern.needs for norm in norms[first : min(max(frame.scope.last, frame.last + 6), frame.last + 16)]
    )


def _after_particles(sentence: Sentence, start: int, particles: Sequence[str]) -> int | None:
    """The index after the particle that follows a trigger; None where one is wanted and none follows."""
    if not particles:
        return start
    norms = sentence.norms
    for skip in range(5):
        if skip and sentence.tags[start + skip - 1 : start + skip] not in ("R", "u", "D", "-"):
            break
        for particle in particles:
            words = tuple(particle.split())
            if norms[start + skip : start + skip + len(words)] == words:
                return start + skip + len(words)
    return None


def _excluded(frame: Frame, pattern: Pattern, theme: FoundTheme) -> bool:
    """Whether what was found binds no state."""
    if theme.instrument is not None and is_private(theme.instrument):
        return True
    if welcomes_only(frame, pattern, theme):
        return True
    sentence = frame.sentence
    if frame.subject is not None and not frame.passive and is_business(sentence, frame.subject):
        return True
    if theme.instrument is not None and not theme.instrument.proper:
        if is_purchase(sentence) and not frame.attached("with", "between"):
            return True
        return any(
            has_unknown_partner(sentence, region) or is_business(sentence, region) for region in frame.attached("with")
        )
    return False


def _candidate(
    document: Document, index: int, frame: Frame, pattern: Pattern, theme: FoundTheme, reading: Reading
) -> Candidate:
    sentence = frame.sentence
    who, regions = acting(document, index, frame, pattern, theme)
    acting_body = next((found for region in regions if (found := body(sentence, region)) is not None), None)
    what = happening(frame, pattern, theme, reading, acting_body)
    everybody, parties = with_partners(frame, pattern, theme, who)
    roles: tuple[tuple[Agent, Role], ...] = ()
    if what.role is not None:
        roles = tuple((agent, what.role) for agent in everybody)
    if frame.lemma == "broker":
        # who brokers a deal is no side of it
        roles = tuple((agent, Role.MEDIATOR) for agent in who)
        mediators = {agent.code for agent in who}
        parties = theme.instrument.codes if theme.instrument is not None else ()
        parties = parties or tuple(code for code in bystanders(document, index) if code not in mediators)
    guessed = not parties and (theme.instrument is not None or what.type is EventType.NEGOTIATION)
    first, last = frame.scope.first, max(frame.scope.last, frame.last)
    phrase = theme.instrument
    if phrase is not None and not theme.pointed and phrase in document.instruments[index]:
        first, last = min(first, phrase.first), max(last, phrase.last)
    return Candidate(
        what.type,
        what.modality,
        pattern.id,
        index,
        frame.trigger,
        first,
        min(last, len(sentence.tags)),
        phrase,
        roles,
        bystanders(document, index) if guessed else parties,
        body_of(frame, pattern, what.type, acting_body, who),
        cues=reading.cues,
        governors=frame.cues,
        slot=theme.slot,
        guessed=guessed,
    )
