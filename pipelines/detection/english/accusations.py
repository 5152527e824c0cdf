"""Allegations, and what the accused answer."""

from collections.abc import Iterator

from pipelines.detection.english import modality
from pipelines.detection.english.actors import Agent, agents
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame, verb_frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.participants import antecedent, named_or_meant
from pipelines.detection.english.patterns.quarrel import ACCUSE, BLAME, BREACH, DENY, VIOLATE, VIOLATION
from pipelines.detection.english.subjects import Region, verb_before
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.themes import is_organisation
from pipelines.detection.english.verbs import VERBS
from schemas.vocabulary import EventType, Modality, Role

_BLAME = frozenset(BLAME)
_ACCUSE = frozenset(ACCUSE.lemmas) - _BLAME
_VIOLATE = frozenset(VIOLATE)
_VIOLATION = frozenset(VIOLATION)
_SAY = frozenset(
    ("say claim allege state report assert complain argue announce maintain declare find conclude").split()
)
_FORBIDDEN = frozenset(
    (
        "ceasefire truce sanctions embargo airspace treaty treaties chemical convention agreement accord pact "
        "protocol deal nuclear armistice waters sovereignty resolution resolutions memorandum nonproliferation "
        "proliferation wto gatt"
    ).split()
)
_TRESPASSES = frozenset("enter cross intrude penetrate fly".split())
_IT = frozenset("it them him her".split())
_USES = frozenset("use deploy fire drop employ".split())
_AGENTS = frozenset("sarin chlorine chemical nerve mustard novichok".split())
_BREACHES = _VIOLATE | frozenset(("supply", "arm", "send", "sell", "provide", "use", "fire", "cross", "enter"))
_NOT_YET = frozenset(
    (
        "to would could might may will if not never prevent without should must against avoid deny denies denied "
        "denying"
    ).split()
)
_DENIALS = frozenset(DENY.lemmas)
_CHARGES = frozenset(
    ("allegation allegations accusation accusations charge charges claim claims assertion report reports").split()
)


def candidates(document: Document, index: int, accused: Candidate | None) -> Iterator[Candidate]:
    """Allegations and denials in the sentence at `index`; `accused` is the allegation last made before it."""
    sentence = document.sentences[index]
    done: list[tuple[int, int]] = []
    for position, norm in enumerate(sentence.norms):
        tag = sentence.tags[position]
        lemma = VERBS[norm][0] if tag in "vwg" and norm in VERBS else ""
        found: Candidate | None = None
        if lemma in _ACCUSE or (lemma in _BLAME and _for_breach(sentence, position)):
            found = _accusation(document, index, position, lemma)
        elif _tells_of_breach(sentence, position, lemma):
            if any(first <= position < last for first, last in done):
                continue
            found = _breach(document, index, position, norm, lemma)
        elif lemma in _DENIALS:
            found = _denial(document, index, position, lemma, accused)
        if found is not None:
            done.append((found.first, max(found.last, position + 1)))
            if found.type is EventType.ALLEGATION:
                accused = found
            yield found


def _tells_of_breach(sentence: Sentence, position: int, lemma: str) -> bool:
    """Whether a word speaks of a breach, of trespass, or of chemical weapons (coding rule 9)."""
    after = sentence.norms[position + 1 : position + 7]
    if lemma == "break":
        return not _is_phrasal(sentence, position)
    if lemma in _VIOLATE or sentence.norms[position] in _VIOLATION:
        return True
    if lemma in _TRESPASSES:
        return "airspace" in after or ("territorial" in after and "waters" in after)
    if lemma == "exceed":
        return "limit" in after or "limits" in after
    return lemma in _USES and any(word in _AGENTS for word in after)


def _for_breach(sentence: Sentence, position: int) -> bool:
    """Whether somebody is blamed "for violating" something."""
    norms = sentence.norms
    return any(
        norms[at] == "for" and VERBS.get(norms[at + 1], ("",))[0] in _VIOLATE
        for at in range(position + 1, min(position + 9, len(norms) - 1))
    )


def _is_phrasal(sentence: Sentence, position: int) -> bool:
    """Whether "break" is "break off", "break down", or has no instrument for its object."""
    after = sentence.tags[position + 1 : position + 6]
    if sentence.tags[position] == "g" and after[:1] == "I" and sentence.tags[position - 1 : position] in ("n", "P"):
        # "the ship breaking protocol"
        return True
    if sentence.norms[position] == "broken" and sentence.norms[position - 1] in ("is", "was", "been", "are", "were"):
        after = sentence.tags[max(0, position - 14) : position]
    return (
        sentence.norms[position + 1 : position + 2] in (("off",), ("down",), ("out",), ("up",))
        or "I" not in after.split("v")[0]
    )


def _accusation(document: Document, index: int, position: int, lemma: str) -> Candidate | None:
    """The allegation of "A accuses B of …"."""
    sentence = document.sentences[index]
    frame = verb_frame(sentence, position, position + 1, lemma)
    end = _clause_end(sentence, position)
    of = next(
        (
            at
            for at in range(position + 1, min(end, position + 30))
            if sentence.norms[at] == "of"
            and sentence.tags[at + 1 : at + 2] in ("g", "n", "d", "w", "J", "E", "R")
            and sentence.tags[at + 1 : at + 2] == "g"
        ),
        None,
    )
    if of is None:
        of = next(
            (
                at
                for at in range(position + 1, min(end, position + 30))
                if sentence.norms[at] in ("of", "over", *(("for",) if lemma in _BLAME else ()))
            ),
            None,
        )
    if of is None:
        return None
    if not _concerns(sentence, of, end) and not (document.instruments[index] and _speaks_of_breach(sentence, position)):
        return None
    accusers = named_or_meant(document, index, frame.subject) if frame.subject and not frame.passive else ()
    accused = agents(sentence, Region(position + 1, of)) or _meant(document, index, frame, position + 1, of, accusers)
    if frame.passive:
        accused = agents(sentence, frame.subject) if frame.subject else ()
        accusers = tuple(agent for region in frame.attached("by") for agent in agents(sentence, region))
    if "each" in sentence.norms[position + 1 : of] or "mutual" in sentence.norms[position + 1 : of]:
        accused = accusers
    return _allegation(
        document, index, sentence, position, accusers, accused, of + 1, end, modality.read(frame), ACCUSE.id
    )


def _meant(
    document: Document, index: int, frame: Frame, first: int, last: int, accusers: tuple[Agent, ...]
) -> tuple[Agent, ...]:
    """The accused of "Peru, which Ecuador accuses of …" and of "Peru left, after Ecuador accused it of …"."""
    sentence, subject = document.sentences[index], frame.subject
    if subject is None:
        return ()
    others = {agent.code for agent in accusers}
    if first == last and sentence.norms[subject.first - 1 : subject.first] in (("which",), ("whom",), ("who",)):
        named = agents(sentence, Region(0, subject.first - 1))[-1:]
    elif last - first == 1 and sentence.norms[first] in _IT:
        named = antecedent(document, index, subject.first, plural=sentence.norms[first] == "them")
    else:
        return ()
    return tuple(agent for agent in named if agent.code not in others)


def _breach(document: Document, index: int, position: int, norm: str, lemma: str) -> Candidate | None:
    """The allegation of "B violated the ceasefire" or "in violation of the treaty"."""
    sentence = document.sentences[index]
    end = _clause_end(sentence, position)
    noun = norm in _VIOLATION and sentence.tags[position] in "ng"
    if not _is_of_instrument(sentence, position, end, noun=noun):
        return None
    frame = verb_frame(sentence, position, position + 1, lemma or norm)
    doing = verb_before(sentence, position) if noun else None
    if noun and sentence.tags[position - 2 : position - 1] == "a" and sentence.norms[position - 1] == "in":
        # "was in breach of"
        doing = position - 2
    if doing is not None:
        # "opened fire in violation of": who did so
        frame = verb_frame(sentence, doing, doing + 1, VERBS.get(sentence.norms[doing], ("",))[0])
    if not noun and any(sentence.norms[cue] in _NOT_YET for cue in frame.cues):
        return None
    accused = named_or_meant(document, index, frame.subject) if frame.subject else ()
    accusers: tuple[Agent, ...] = ()
    said = _reporting(sentence, frame.subject.first if frame.subject else position)
    if said is not None:
        reporter = verb_frame(sentence, said, said + 1, "say")
        if reporter.subject is not None:
            accusers = tuple(
                agent
                for agent in agents(sentence, reporter.subject)
                if agent.code not in [each.code for each in accused]
            )
    if not accused and not accusers:
        accused = _named_first(sentence, position)
    if frame.passive:
        by = tuple(agent for region in frame.attached("by") for agent in agents(sentence, region))
        accused = by or (() if noun else _sides(document, index, frame.subject))
    if noun and sentence.norms[max(0, position - 2) : position] == ("as", "a") and doing is not None:
        # "condemns the launch as a violation": who says so is no breaker
        accusers, accused = accused, ()
    if not accused and not accusers:
        accused = agents(sentence, Region(0, len(sentence.tags)))[:1]
    first = said if said is not None else (frame.subject.first if frame.subject else max(0, position - 1))
    told = said if said is not None and accusers else position
    return _allegation(document, index, sentence, told, accusers, accused, first, end, modality.read(frame), BREACH.id)


def _is_of_instrument(sentence: Sentence, position: int, end: int, *, noun: bool) -> bool:
    """Whether what is broken, by the words around, is an instrument, a truce, a sanction or a ban."""
    norms = sentence.norms
    if noun and not (
        norms[position - 1 : position] == ("in",)
        or norms[position + 1 : position + 2] == ("of",)
        or "I" in sentence.tags[max(0, position - 2) : position]
    ):
        return False
    wanted = _FORBIDDEN | _AGENTS
    passive = not noun and sentence.tags[position - 1 : position] == "a"
    return any(word in wanted for word in norms[max(0, position - (14 if passive else 3)) : min(end, position + 20)])


def _named_first(sentence: Sentence, before: int) -> tuple[Agent, ...]:
    """Those whom a sentence names first: all that are joined by "and", else one."""
    named = agents(sentence, Region(0, before))
    first = sentence.entities[0].last if sentence.entities else 0
    joined = sentence.norms[first : first + 1] == ("and",) or sentence.tags[first : first + 2] == "oc"
    return named[: 2 if joined else 1]


def _sides(document: Document, index: int, region: Region | None) -> tuple[Agent, ...]:
    """Those between whom the truce is that "was broken", nobody says by whom."""
    for phrase in document.instruments[index]:
        if region is not None and region.first <= phrase.head < region.last:
            return tuple(Agent(code, code, None, "") for code in phrase.codes)
    return ()


def _allegation(
    document: Document,
    index: int,
    sentence: Sentence,
    position: int,
    accusers: tuple[Agent, ...],
    accused: tuple[Agent, ...],
    claim_first: int,
    end: int,
    reading: modality.Reading,
    pattern: str,
) -> Candidate | None:
    if not accusers and not accused:
        return None
    if _breaks_etiquette(document, index, position, end):
        return None
    instrument = next((phrase for phrase in document.instruments[index] if phrase.last > position), None) or next(
        (phrase for phrase in document.instruments[index]), None
    )
    start, stop = (
        sentence.offset(claim_first, max(end, claim_first + 1))
        if claim_first < len(sentence.tags)
        else sentence.offset(position, end)
    )
    claim = " ".join(document.whole[start:stop].split()).rstrip(".,;")
    actors = tuple((agent, Role.ACCUSER) for agent in accusers) + tuple((agent, Role.ACCUSED) for agent in accused)
    parties = list(
        dict.fromkeys(
            (
                *(agent.code for agent in accused),
                *(agent.code for agent in accusers if instrument is not None or not is_organisation(agent.code)),
                *(instrument.codes if instrument else ()),
            )
        )
    )
    first = min(claim_first, position)
    return Candidate(
        EventType.ALLEGATION,
        Modality.OCCURRED if reading.modality is not Modality.NEGATED else Modality.NEGATED,
        pattern,
        index,
        position,
        first,
        max(end, position + 1),
        instrument,
        actors,
        tuple(parties),
        claim=claim,
        cues=reading.cues,
    )


def _breaks_etiquette(document: Document, index: int, first: int, last: int) -> bool:
    """Whether it is "protocol", without an article or a name, that is broken: no instrument but good manners."""
    phrases = [phrase for phrase in document.instruments[index] if first <= phrase.first < last]
    return bool(phrases) and all(
        phrase.bare and phrase.kind == "protocol" and not phrase.definite and not phrase.plural for phrase in phrases
    )


def _denial(document: Document, index: int, position: int, lemma: str, accused: Candidate | None) -> Candidate | None:
    """The denial of an accusation told before."""
    sentence = document.sentences[index]
    after = sentence.norms[position + 1 : position + 8]
    if lemma != "deny" and not any(word in _CHARGES for word in after):
        return None
    if accused is None or accused.sentence == index:
        return _plain_denial(document, index, position, lemma)
    frame = verb_frame(sentence, position, position + 1, lemma)
    region = frame.subject
    if frame.passive:
        region = next(iter(frame.attached("by")), None)
    deniers = agents(sentence, region) if region else ()
    if not deniers and region is not None:
        deniers = tuple(agent for agent, role in accused.actors if role is Role.ACCUSED)
    if not deniers:
        return None
    reading = modality.read(frame)
    end = _clause_end(sentence, position)
    return Candidate(
        EventType.DENIAL,
        reading.modality if reading.modality is not Modality.SCHEDULED else Modality.OCCURRED,
        DENY.id,
        index,
        position,
        frame.scope.first,
        end,
        accused.instrument,
        tuple((agent, Role.DENIER) for agent in deniers[:1]),
        tuple(dict.fromkeys((*accused.parties, *(agent.code for agent in deniers)))),
        claim=accused.claim,
        cues=reading.cues,
    )


def _plain_denial(document: Document, index: int, position: int, lemma: str) -> Candidate | None:
    """The denial of what nobody was told to have alleged: "B denies having violated the treaty"."""
    sentence = document.sentences[index]
    end = _clause_end(sentence, position)
    if not _concerns(sentence, position, end) or not any(
        VERBS.get(norm, ("",))[0] in _BREACHES or norm in _VIOLATION for norm in sentence.norms[position + 1 : end]
    ):
        return None
    frame = verb_frame(sentence, position, position + 1, lemma)
    deniers = named_or_meant(document, index, frame.subject) if frame.subject and not frame.passive else ()
    if not deniers:
        return None
    instrument = next((phrase for phrase in document.instruments[index] if phrase.first > position), None)
    start, stop = sentence.offset(position + 1, max(end, position + 2))
    return Candidate(
        EventType.DENIAL,
        Modality.OCCURRED,
        DENY.id,
        index,
        position,
        frame.scope.first,
        end,
        instrument,
        ((deniers[0], Role.DENIER),),
        tuple(dict.fromkeys((deniers[0].code, *(instrument.codes if instrument else ())))),
        claim=" ".join(document.whole[start:stop].split()).rstrip(".,;"),
    )


def _concerns(sentence: Sentence, first: int, last: int) -> bool:
    """Whether what is alleged is something that an instrument, sanctions or a ceasefire forbids."""
    words = sentence.norms[first:last]
    if any(word in _FORBIDDEN for word in words):
        return True
    return any(word in ("supplying", "arming", "supply", "arms", "weapons") for word in words) and any(
        word in ("military", "weapons", "arms", "drones", "missiles", "arming") for word in words
    )


def _speaks_of_breach(sentence: Sentence, before: int) -> bool:
    """Whether a breach was the talk already: "denied breaking the accord, after Peru accused it of diverting water"."""
    return any(VERBS.get(norm, ("",))[0] in _VIOLATE or norm in _VIOLATION for norm in sentence.norms[:before])


def _clause_end(sentence: Sentence, position: int) -> int:
    """Where the clause ends that holds a token: at the sentence's end, a stronger break, or a new report."""
    for index in range(position + 1, len(sentence.tags)):
        if sentence.tags[index] in ";.":
            return index
        if sentence.tags[index] == "," and sentence.norms[index + 1 : index + 2] in (
            ("while",),
            ("but",),
            ("which",),
            ("and",),
        ):
            return index
    return len(sentence.tags)


def _reporting(sentence: Sentence, before: int) -> int | None:
    """The verb of saying that governs a clause."""
    for index in range(before - 1, max(-1, before - 6), -1):
        if sentence.tags[index] in "vwg" and VERBS.get(sentence.norms[index], ("",))[0] in _SAY:
            return index
        if sentence.tags[index] in ";,.":
            return None
    return None
