"""What a happening is about: the instrument, the organisation or the aim that fills a pattern's slot."""

from functools import lru_cache
from typing import NamedTuple

from pipelines.detection.english.actors import Agent, agents
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.gazetteer import courts, organisations
from pipelines.detection.english.instruments import InstrumentPhrase
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.pattern import Pattern, Theme

_PRONOUNS = frozenset("it them they this that".split())
_AIMS = frozenset(
    (
        "nuclear trade peace ceasefire truce accession border boundary membership climate disarmament "
        "denuclearization treaty treaties agreement accord pact deal convention protocol fisheries fishing brexit "
        "tariff tariffs missile missiles arms weapons settlement reunification hostage hostages prisoner "
        "normalization normalisation withdrawal memorandum charter armistice demarcation visa readmission "
        "extradition bailout enlargement free conflict war dispute status sovereignty sharing water dam customs "
        "maritime security partnership union gatt"
    ).split()
)
_NO_AIMS = frozenset(
    (
        "coalition contract wage pay union merger takeover strike labor labour salary cabinet government "
        "constitutional company bargaining loan"
    ).split()
)
_CONTAINERS = frozenset(
    (
        "phase stage outline principles details wording language conditions ratification series set number package "
        "raft bundle part parts text texts terms draft drafts version pair couple range host provisions clauses "
        "copy talk offer proposal proposals call calls idea clause one plan plans demand copies batch majority kind "
        "sort three two several bill law protocol letter letters instrument round"
    ).split()
)
_OTHER_HEADS = frozenset(
    (
        "negotiations negotiation talks violations violation vote process obligations members parties body "
        "organisation organization partner partners partnership commitments discussions summit conference "
        "ratification bid efforts line limits zone monitors monitoring mission process verification room hopes "
        "breach breaches extension terms rules provisions system regime"
    ).split()
) - {"terms", "provisions", "extension"}
_ALLIANCES = frozenset("alliance bloc organisation organization".split())
_AREAS = frozenset(("schengen",))
"""What is joined and left like an organisation, and has no code."""
_NON_STATES = frozenset(("organisation", "court"))


class FoundTheme(NamedTuple):
    """What a happening is about."""

    instrument: InstrumentPhrase | None
    organisation: Agent | None
    slot: str
    pointed: bool
    """Whether a pronoun stood for it."""


def theme_of(document: Document, index: int, frame: Frame, pattern: Pattern) -> FoundTheme | None:
    """What fills the pattern's slots in a frame; None where nothing that it needs does."""
    for slot in pattern.slots:
        for region in slot_regions(frame, slot):
            found = _theme_in(document, index, frame, region, slot, pattern)
            if found is not None:
                return found
    related = _object_relative(document, index, frame, pattern)
    if related is not None:
        return FoundTheme(related, None, "relative", False)
    if _may_be_understood(frame, pattern) or _takes_part(frame, pattern):
        understood = document.before(index, frame.trigger) or document.main_instrument
        if understood is not None and (understood.proper or understood.kind in ("treaty", "convention", "ceasefire")):
            return FoundTheme(understood, None, "understood", True)
    if pattern.theme is Theme.ANYTHING:
        if pattern.id == "ratification.act":
            return _of_act(document, index, frame)
        return FoundTheme(None, None, "", False)
    return _of_talks(document, index, frame) if pattern.theme is Theme.TALKS else None


def _of_talks(document: Document, index: int, frame: Frame) -> FoundTheme | None:
    """What talks aim at; the slot says how that is known, and so how likely they are to be about a treaty."""
    named = document.instruments[index]
    if frame.lemma == "meet" and not _has_aim(frame):
        return None
    if _has_aim(frame):
        return FoundTheme(_aimed_at(document, index, frame), None, "aim", False)
    if named and "of" in frame.sentence.norms[max(0, frame.trigger - 2) : frame.trigger]:
        return FoundTheme(named[0], None, "beside", False)
    sides = agents(frame.sentence, frame.subject) if frame.subject is not None else ()
    if len(sides) > 1 or frame.attached("with", "between"):
        return FoundTheme(None, None, "no aim", False)
    return FoundTheme(None, None, "earlier", False) if document.before(index, 0) is not None else None


_ACTS = frozenset("act bill law laws bills".split())


def _of_act(document: Document, index: int, frame: Frame) -> FoundTheme | None:
    """What a ratification act is about: the instrument named before it."""
    region = frame.subject if frame.passive else frame.object
    if region is None:
        return None
    words = frame.sentence.norms[region.first : region.last]
    if "ratification" not in words or not _ACTS.intersection(words):
        return None
    named = document.instruments[index] or ()
    about = next(iter(named), None) or document.before(index, frame.trigger) or document.main_instrument
    return FoundTheme(about, None, "act", True) if about is not None else None


def _object_relative(document: Document, index: int, frame: Frame, pattern: Pattern) -> InstrumentPhrase | None:
    """The instrument that a relative clause without an object describes: "the pact that they signed in May"."""
    if (
        frame.noun
        or frame.passive
        or frame.subject is None
        or frame.object is not None
        or "object" not in pattern.slots
    ):
        return None
    if frame.subject.last > frame.trigger:
        return None
    tags = frame.sentence.tags
    before = frame.subject.first
    while before and tags[before - 1] in "rh":
        before -= 1
    if before and tags[before - 1] == ",":
        before -= 1
    return next((phrase for phrase in document.instruments[index] if before - 6 <= phrase.last <= before), None)


_UNDERSTOOD = frozenset(
    (
        "ratify accede withdraw quit join denounce sign leave exit withdrawal departure ratification accession "
        "signature"
    ).split()
)


def _may_be_understood(frame: Frame, pattern: Pattern) -> bool:
    """Whether a verb may leave its instrument unsaid: "Armenia joined in 2024", "Finland is yet to ratify"."""
    if frame.passive or pattern.particles or frame.lemma not in _UNDERSTOOD or frame.object is not None:
        return False
    if frame.noun:
        return (frame.possessor is not None or frame.subject is not None) and not frame.attached(
            "from", "to", "of", "into", "by"
        )
    return frame.subject is not None and not frame.attached("from", "to", "with", "of", "into", "on")


def _takes_part(frame: Frame, pattern: Pattern) -> bool:
    """Whether it is participation that is suspended, in what has been named before."""
    if pattern.id != "suspension.participation" or frame.object is None:
        return False
    return "participation" in frame.sentence.norms[frame.object.first : frame.object.last]


_FAR = 14


def slot_regions(frame: Frame, slot: str) -> tuple[Region, ...]:
    """The regions that fill a slot; "object" is the subject of a passive, and takes "a series of …" with it."""
    if slot == "object":
        if frame.passive:
            return (frame.subject,) if frame.subject else ()
        if frame.object is None:
            return ()
        contained = any(norm in _CONTAINERS for norm in frame.sentence.norms[frame.object.first : frame.object.last])
        further = (
            region
            for region in frame.attached("of", "for", "on")
            if contained and region.first == frame.object.last + 1
        )
        return (frame.object, *further)
    if slot == "subject":
        return (frame.subject,) if frame.subject else ()
    if slot == "beyond":
        return (Region(frame.last, min(frame.last + _FAR, len(frame.sentence.tags))),)
    if slot == "before_last":
        return (Region(frame.last - 1, min(frame.last + 4, len(frame.sentence.tags))),)
    if slot == "before":
        return (Region(max(0, frame.trigger - 16), frame.trigger),)
    if slot == "possessor":
        return (Region(frame.possessor.first if frame.possessor else frame.scope.first, frame.trigger),)
    found = frame.attached(slot)
    for region in found:
        if any(norm in _CONTAINERS for norm in frame.sentence.norms[region.first : region.last]):
            # "agreed on the text of a treaty"
            further = (each for each in frame.attached("of", "for") if each.first == region.last + 1)
            return (*found, *further)
    return found


def _theme_in(
    document: Document, index: int, frame: Frame, region: Region, slot: str, pattern: Pattern
) -> FoundTheme | None:
    sentence = frame.sentence
    if (
        pattern.theme is Theme.MEMBERSHIP
        and slot == "to"
        and frame.sentence.tags[region.first : region.first + 1] == "v"
    ):
        region = Region(region.first, min(region.last + 8, len(sentence.tags)))
    for phrase in document.instruments[index]:
        inside = (
            region.first <= phrase.head < region.last
            or region.first <= phrase.first < region.last
            or phrase.first <= region.first < phrase.last
        )
        if (
            not inside
            or phrase.first <= frame.trigger < phrase.last
            or (pattern.kinds and phrase.kind not in pattern.kinds)
        ):
            continue
        if frame.noun or (_heads(sentence, region, phrase) and not _only_modifies(sentence, phrase)):
            return FoundTheme(phrase, None, slot, False)
    if pattern.theme is Theme.MEMBERSHIP:
        if any(norm in _AREAS for norm in sentence.norms[region.first : region.last]):
            return FoundTheme(None, None, slot, False)
        if any(norm in _ALLIANCES for norm in sentence.norms[region.first : region.last]):
            # "NATO invites Montenegro to join the alliance"
            region = Region(0, region.last)
        for entity in sentence.within(*region):
            weak = entity.name.kind == "acronym" or (entity.name.kind in ("organ", "body") and slot == "subject")
            if entity.name.kind in _NON_STATES or (weak and is_organisation(entity.codes[0])):
                return FoundTheme(None, _named(sentence, region, entity.codes[0]), slot, False)
    pronoun = region.last - region.first == 1 and sentence.norms[region.first] in _PRONOUNS
    if pronoun and pattern.theme in (Theme.INSTRUMENT, Theme.MEMBERSHIP):
        before = document.before(index, region.first)
        if before is not None:
            return FoundTheme(before, None, slot, True)
    return None


def _heads(sentence: Sentence, region: Region, phrase: InstrumentPhrase) -> bool:
    """Whether an instrument is what a noun phrase names, and not the matter of talks or laws that it names."""
    preposition = next(
        (at for at in range(region.first, min(phrase.head, region.last)) if sentence.tags[at] == "p"), None
    )
    if preposition is None or preposition >= phrase.first:
        return True
    return (
        any(norm in _CONTAINERS for norm in sentence.norms[region.first : preposition]) or preposition == region.first
    )


def _only_modifies(sentence: Sentence, phrase: InstrumentPhrase) -> bool:
    """Whether the instrument's name only modifies another noun: "treaty negotiations"."""
    after = phrase.head + 1
    return sentence.tags[after : after + 1] == "n" and sentence.norms[after] in _OTHER_HEADS


def _named(sentence: Sentence, region: Region, code: str) -> Agent:
    return next(
        (agent for agent in agents(sentence, region) if agent.code == code), Agent(code, code, None, "organisation")
    )


def is_organisation(code: str) -> bool:
    """Whether an acronym's code is an organisation's or a court's."""
    return code in _organisations()


def _has_aim(frame: Frame) -> bool:
    """Whether talks aim at an instrument, by the words around them."""
    norms = frame.sentence.norms
    first = max(0, frame.scope.first)
    near = norms[first : frame.trigger] + norms[frame.last : frame.scope.last + 12]
    if frame.lemma == "meet":
        # "meet and sign a treaty": the treaty is the next verb's
        tags = frame.sentence.tags
        joined = next(
            (at for at in range(frame.last, len(tags) - 1) if tags[at] == "c" and tags[at + 1] in "vwR"), len(tags)
        )
        near = norms[first : frame.trigger] + norms[frame.last : min(joined, frame.scope.last + 12)]
    if any(word in _NO_AIMS for word in norms[max(0, frame.trigger - 3) : frame.trigger]):
        return False
    if norms[max(0, frame.trigger - 3) : frame.trigger] == ("six", "-", "party"):
        return True
    return any(word in _AIMS for word in near)


def _aimed_at(document: Document, index: int, frame: Frame) -> InstrumentPhrase | None:
    """The instrument named right after the talks."""
    for phrase in document.instruments[index]:
        if frame.last <= phrase.first <= frame.last + 8:
            return phrase
    return None


@lru_cache(maxsize=1)
def _organisations() -> frozenset[str]:
    return frozenset((*(each.code for each in organisations()), *(each.code for each in courts())))
