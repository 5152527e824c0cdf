"""Finds what the patterns word, in one sentence of a document."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english import modality
from pipelines.detection.english.actors import Agent, agents, body
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame, noun_frame, noun_phrase_end, verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import (
    BARGAINS,
    has_unknown_partner,
    is_business,
    is_factional,
    is_firm,
    is_nobody,
    is_priced,
    is_private,
    is_purchase,
    is_spokesman_of_business,
    is_venture,
)
from pipelines.detection.english.happening import body_of, governing, happening, welcomes_only
from pipelines.detection.english.instruments import InstrumentPhrase
from pipelines.detection.english.modality import Reading
from pipelines.detection.english.participants import acting, bystanders, with_partners
from pipelines.detection.english.patterns import PATTERNS
from pipelines.detection.english.subjects import Region
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
    yield from _truces(document, index)
    triggers = _triggers()
    words = frozenset(sentence.norms)
    for position, norm in enumerate(sentence.norms):
        tag = sentence.tags[position]
        if tag not in "vwgnabPp":
            continue
        if norm in triggers.nouns and tag in "ngwbPp" and not _is_heading(document, index):
            for pattern in triggers.nouns[norm]:
                if not pattern.needs or not words.isdisjoint(pattern.needs):
                    yield from _match(document, index, position, norm, pattern)
            if tag != "g":
                continue
        if tag in "vwga":
            lemma = VERBS[norm][0] if norm in VERBS else "be" if tag == "a" else ""
            for pattern in triggers.verbs.get(lemma, ()):
                if not pattern.needs or not words.isdisjoint(pattern.needs):
                    yield from _match(document, index, position, lemma, pattern)


_BOTH = 2
_STARTING = frozenset("effective from starting beginning on".split())


def _truces(document: Document, index: int) -> Iterator[Candidate]:
    """The beginnings of ceasefires that are dated in their own noun phrase: "agreed to a truce from Friday"."""
    sentence = document.sentences[index]
    tags, norms = sentence.tags, sentence.norms
    for phrase in document.instruments[index]:
        if phrase.kind != "ceasefire" or is_private(phrase) or not _is_made(sentence, phrase.first):
            continue
        at = phrase.last
        if norms[at : at + 1] in (("in",), ("across",)):
            at = noun_phrase_end(sentence, at + 1)
        if norms[at : at + 1] == ("to",) and norms[at + 1 : at + 2] in (("begin",), ("start",)):
            at += 1
        elif norms[at : at + 1] not in [(word,) for word in _STARTING]:
            continue
        dated = at + 2 if norms[at + 1 : at + 2] in (("from",), ("on",), ("at",)) else at + 1
        if not tags[dated : dated + 1] or tags[dated] not in "WMD" or tags[dated : dated + 2] == "DT":
            continue
        if norms[at] == "on" and "-" not in tags[dated : dated + 4]:
            # "agreed to a truce on Monday": the day of the agreement, not a span of days
            continue
        parties = phrase.codes or bystanders(document, index)
        yield Candidate(
            EventType.ENTRY_INTO_FORCE,
            Modality.SCHEDULED,
            "entry_into_force.ceasefire-from",
            index,
            at,
            phrase.first,
            min(dated + 2, len(tags)),
            phrase,
            (),
            parties,
            cues=("from",),
            guessed=not phrase.codes,
        )


def _is_made(sentence: Sentence, first: int) -> bool:
    """Whether a ceasefire is agreed, announced or declared right before its name."""
    before = sentence.norms[max(0, first - 4) : first]
    return any(VERBS.get(norm, ("",))[0] in ("agree", "announce", "declare", "reach", "sign") for norm in before)


def _match(document: Document, index: int, position: int, lemma: str, pattern: Pattern) -> Iterator[Candidate]:
    sentence = document.sentences[index]
    if lemma == "clear" and VERBS.get(sentence.norms[position - 2], ("",))[0] == "make" and position > 1:
        # "made it clear"
        return
    last = _after_particles(sentence, position + 1, pattern.particles)
    if last is None or sentence.norms[position + 1 : position + 2] in [(word,) for word in pattern.forbids]:
        return
    if pattern.noun and sentence.tags[last : last + 1] in ("n", "I", "o", "b") and sentence.tags[position] not in "gp":
        # "accession talks", "withdrawal agreement": a modifier, no happening
        return
    frame = noun_frame(sentence, position, last, lemma) if pattern.noun else verb_frame(sentence, position, last, lemma)
    if (pattern.intransitive and _ends_something(frame)) or not _has_needed(frame, pattern):
        return
    if pattern.noun and _is_paper(frame):
        return
    theme = theme_of(document, index, frame, pattern)
    if theme is None or excluded(frame, pattern, theme):
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
        found = _candidate(document, index, frame, pattern, theme, reading)
        if found is not None:
            yield found


def _ends_something(frame: Frame) -> bool:
    """Whether the trigger has an object: "a treaty ending 11 years of war" ends the war."""
    tags = frame.sentence.tags
    return frame.object is not None or (
        tags[frame.trigger] == "g" and tags[frame.last : frame.last + 1] in tuple("dDn")
    )


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


def excluded(frame: Frame, pattern: Pattern, theme: FoundTheme) -> bool:
    """Whether what was found in a frame binds no state."""
    if (
        theme.instrument is not None
        and is_private(theme.instrument)
        and not _is_between_states(frame, theme.instrument)
    ):
        return True
    if welcomes_only(frame, pattern, theme) or _is_of_other_paper(frame, pattern):
        return True
    sentence = frame.sentence
    if frame.subject is not None and not frame.passive and is_business(sentence, frame.subject):
        return True
    if theme.instrument is not None and not theme.instrument.proper:
        if frame.subject is not None and not frame.noun and not frame.passive:
            if theme.instrument.kind in BARGAINS and (
                is_nobody(sentence, frame.subject) or is_factional(sentence, frame.subject)
            ):
                return True
            if is_venture(sentence, frame.subject) or is_spokesman_of_business(sentence, frame.subject):
                return True
        if is_priced(theme.instrument) and is_business(sentence, Region(0, len(sentence.tags))):
            return True
        partners = _partners(frame, theme.instrument)
        if is_purchase(sentence) and not partners and not theme.instrument.companions:
            return True
        if any(has_unknown_partner(sentence, region) or is_business(sentence, region) for region in partners):
            return True
        return (
            frame.subject is not None
            and is_firm(sentence, frame.subject)
            and any(is_firm(sentence, region) for region in partners)
        )
    return False


def _is_heading(document: Document, index: int) -> bool:
    """Whether a sentence of the text has no verb, nor a word that could be one: a heading or a link."""
    if index == 0 and document.title_length > 0:
        return False
    sentence = document.sentences[index]
    tags = sentence.tags
    if "v" in tags or "w" in tags or "a" in tags or "m" in tags:
        return False
    return not any(norm in VERBS for norm in sentence.norms)


_PAPERS = {
    "termination.terminate": frozenset("ratification signature participation".split()),
    "suspension.suspend": frozenset(("ratification", "signing", "signature", "accession")),
    "rejection.reject": frozenset("challenge appeal complaint lawsuit petition motion case claim claims".split()),
}


def _is_of_other_paper(frame: Frame, pattern: Pattern) -> bool:
    """Whether it is not the instrument that is ended or rejected, but a consent to it, or a claim about it."""
    others = _PAPERS.get(pattern.id)
    if others is None or frame.object is None or frame.passive:
        return False
    return bool(others.intersection(frame.sentence.norms[frame.object.first : frame.object.last]))


def _is_between_states(frame: Frame, phrase: InstrumentPhrase) -> bool:
    """Whether states are on both sides of an instrument, whatever its words."""
    if frame.subject is None or frame.passive or phrase.kind in ("ceasefire", "protocol"):
        return False
    sides = agents(frame.sentence, frame.subject)
    if not phrase.companions and len(sides) < _BOTH:
        return False
    if any(is_firm(frame.sentence, region) for region in (frame.subject, *_partners(frame, phrase))):
        return False
    return bool(sides) and not is_business(frame.sentence, frame.subject)


def _partners(frame: Frame, phrase: InstrumentPhrase) -> tuple[Region, ...]:
    """Those with whom an instrument is made: after the verb, or after the instrument's own name."""
    beside = frame.attached("with", "between")
    sentence = frame.sentence
    if phrase.last < len(sentence.tags) and sentence.norms[phrase.last] == "with":
        own = Region(phrase.last + 1, noun_phrase_end(sentence, phrase.last + 1))
        return beside if own in beside else (*beside, own)
    return beside


def binds_nobody(document: Document, theme: FoundTheme) -> bool:
    """Whether an article about business, sport or work names no state as a side of its unnamed bargain."""
    phrase = theme.instrument
    if phrase is None:
        # talks with no aim named
        return theme.slot in ("no aim", "earlier", "beside") and document.about_business
    if phrase.proper or phrase.codes or phrase.id is not None:
        return False
    return phrase.kind not in ("treaty", "convention") and document.about_business


def _candidate(
    document: Document, index: int, frame: Frame, pattern: Pattern, theme: FoundTheme, reading: Reading
) -> Candidate | None:
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
    if not who and binds_nobody(document, theme):
        return None
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
