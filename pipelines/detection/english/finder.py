"""Finds what the patterns word, in one sentence of a document."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english import modality
from pipelines.detection.english.actors import body
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame, noun_frame, verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import has_unknown_partner, is_business, is_private, is_purchase
from pipelines.detection.english.modality import Reading
from pipelines.detection.english.participants import acting, bystanders, with_partners
from pipelines.detection.english.patterns import PATTERNS
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.themes import FoundTheme, is_organisation, theme_of
from pipelines.detection.english.verbs import VERBS
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import Body, EventType, Modality, Role

_CONSENT = frozenset((EventType.SIGNATURE, EventType.RATIFICATION, EventType.ACCESSION, EventType.ADOPTION))
_BODIED = frozenset(
    (
        EventType.RATIFICATION,
        EventType.REJECTION,
        EventType.WITHDRAWAL,
        EventType.TERMINATION,
        EventType.SUSPENSION,
        EventType.EXTENSION,
    )
)


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
    if pattern.governed and not set(pattern.governed) & set(_lemmas(frame)):
        return
    reading = modality.read(frame)
    if pattern.modality is Modality.PROPOSED and reading.refused:
        # "rejects a proposal for a truce": told by the pattern of the rejection
        return
    if frame.noun and _sets_term(frame):
        return
    if not (pattern.ahead and reading.modality is Modality.OCCURRED):
        yield _candidate(document, index, frame, pattern, theme, reading)


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
    return frame.lemma.startswith("reservation") and bool({"withdraw", "lift", "drop", "remove"} & set(_lemmas(frame)))


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
    if frame.lemma in _WELCOMES and theme.instrument is not None and theme.instrument.kind in ("ceasefire", "plan"):
        return pattern.type is EventType.RATIFICATION and (
            frame.subject is None or body(frame.sentence, frame.subject) is None
        )
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
    kind, role, reading = _refused(pattern, reading)
    spoken = (
        pattern.modality if reading.modality is not Modality.NEGATED or pattern.modality is Modality.NEGATED else None
    )
    if (
        kind is EventType.RATIFICATION
        and acting_body is not None
        and reading.modality is Modality.NEGATED
        and "fail" in _lemmas(frame)
    ):
        kind, role, reading = EventType.REJECTION, Role.REJECTER, reading._replace(modality=Modality.OCCURRED)
    if kind is EventType.RATIFICATION and frame.noun and _WITHDRAWN & set(_lemmas(frame)):
        kind, role = EventType.WITHDRAWAL, Role.WITHDRAWER
    if kind is EventType.ADOPTION and acting_body in _PARLIAMENTS:
        kind, role = EventType.RATIFICATION, Role.RATIFIER
    if kind is EventType.SIGNATURE and _into_law(frame):
        kind, role = EventType.RATIFICATION, Role.RATIFIER
    who, parties = with_partners(frame, pattern, theme, who)
    guessed = False
    if not parties and (theme.instrument is not None or kind is EventType.NEGOTIATION):
        parties, guessed = bystanders(document, index), True
    if kind is EventType.RATIFICATION and acting_body is None and frame.lemma in _WELCOMES and _is_gathering(frame):
        kind, role = EventType.ADOPTION, Role.ADOPTER
    if (
        kind is EventType.ENTRY_INTO_FORCE
        and "provisionally" in sentence.norms[max(0, frame.trigger - 3) : frame.last + 3]
    ):
        kind = EventType.PROVISIONAL_APPLICATION
    if kind is EventType.ADOPTION and theme.instrument is not None and "amendment" in theme.instrument.name.lower():
        kind, role = EventType.AMENDMENT, Role.AMENDER
    found_body = acting_body
    if (
        kind is EventType.RATIFICATION
        and found_body is None
        and who
        and all(is_organisation(agent.code) for agent in who)
    ):
        found_body = Body.ORGANISATION
    if (
        found_body is None
        and frame.noun
        and kind in _VOTED_ON
        and frame.subject is not None
        and _APPROVAL & set(_lemmas(frame))
    ):
        found_body = body(sentence, frame.subject)
    actors = tuple((agent, role) for agent in who) if role is not None else ()
    if kind is EventType.RATIFICATION and (pattern.type is EventType.SIGNATURE or found_body is None):
        found_body = found_body or _signing_body(frame)
    first, last = frame.scope.first, max(frame.scope.last, frame.last)
    phrase = theme.instrument
    if phrase is not None and not theme.pointed and phrase in document.instruments[index]:
        first, last = min(first, phrase.first), max(last, phrase.last)
    return Candidate(
        kind,
        spoken or reading.modality,
        pattern.id,
        index,
        frame.trigger,
        first,
        min(last, len(sentence.tags)),
        phrase,
        actors,
        parties,
        found_body if kind in _BODIED else None,
        cues=reading.cues,
        governors=frame.cues,
        slot=theme.slot,
        guessed=guessed,
    )


_VOTED_ON = frozenset((EventType.WITHDRAWAL, EventType.TERMINATION, EventType.SUSPENSION))
_APPROVAL = frozenset("approve back endorse pass support vote clear".split())
"""What a body does to an act, which is done by it (coding rule 17)."""
_WITHDRAWN = frozenset("withdraw revoke rescind repeal annul".split())
_PARLIAMENTS = frozenset((Body.LEGISLATURE, Body.LOWER_HOUSE, Body.UPPER_HOUSE, Body.PEOPLE))


def _lemmas(frame: Frame) -> list[str]:
    """Lemmas of the words that govern the trigger."""
    norms = frame.sentence.norms
    return [VERBS.get(norms[cue], (norms[cue],))[0] for cue in frame.cues]


def _refused(pattern: Pattern, reading: Reading) -> tuple[EventType, Role | None, Reading]:
    """The type, role and reading of what was found, where the act may have been refused (coding rules 4, 16)."""
    if not reading.refused:
        return pattern.type, pattern.role, reading
    if pattern.type in _CONSENT:
        done = reading.modality is Modality.NEGATED
        return EventType.REJECTION, Role.REJECTER, reading._replace(modality=Modality.OCCURRED) if done else reading
    return pattern.type, pattern.role, reading._replace(modality=Modality.NEGATED)


_WELCOMES = frozenset("accept back endorse support approve".split())
"""What a side does with a truce without ratifying it."""


_GATHERINGS = frozenset(
    "countries nations states representatives delegates leaders ministers negotiators envoys diplomats".split()
)


def _is_gathering(frame: Frame) -> bool:
    """Whether many states' people act together, who adopt a text and do not ratify it."""
    region = frame.subject
    return region is not None and any(norm in _GATHERINGS for norm in frame.sentence.norms[region.first : region.last])


def _into_law(frame: Frame) -> bool:
    """Whether what is signed becomes law by it."""
    norms = frame.sentence.norms[frame.last : frame.last + 40]
    return any(norms[at : at + 2] == ("into", "law") for at in range(len(norms)))


def _signing_body(frame: Frame) -> Body | None:
    """The office of one who signs a law: head of state, or of government."""
    region: Region | None = frame.subject
    if region is None:
        return None
    norms = frame.sentence.norms[region.first : region.last]
    if not (
        _into_law(frame)
        or any(norm in ("bill", "law", "decree") for norm in frame.sentence.norms[region.last : frame.trigger])
    ):
        return None
    if any(norm in ("president", "king", "queen", "emir", "sultan", "governor") for norm in norms):
        return Body.HEAD_OF_STATE
    return (
        Body.GOVERNMENT if any(norm in ("premier", "minister", "chancellor") for norm in norms) else Body.HEAD_OF_STATE
    )
