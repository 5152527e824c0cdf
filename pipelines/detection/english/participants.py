"""Who takes part in a happening: those who act, those who act with them, and what stands for them."""

from pipelines.detection.english.actors import Agent, agents, body
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import is_business
from pipelines.detection.english.happening import governing
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.themes import FoundTheme, is_organisation, slot_regions
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import EventType

_GROUPS = frozenset(
    (
        "sides countries nations parties governments states leaders ministers presidents both two neighbours "
        "neighbors capitals three them they delegations"
    ).split()
)
_DELAYS = frozenset("suspend postpone delay halt defer freeze shelve complete finish".split())
"""What is done to a step by those whose step it is."""
_SINGLE = frozenset("it he she we both they".split())
_OFFICES = frozenset(
    (
        "government parliament country president cabinet minister premier senate lawmakers mps chancellor king "
        "delegation kingdom republic capital administration authorities parliamentarians deputies voters referendum "
        "negotiators officials"
    ).split()
)


def acting(
    document: Document, index: int, frame: Frame, pattern: Pattern, theme: FoundTheme
) -> tuple[tuple[Agent, ...], tuple[Region, ...]]:
    """Who acts, each code once, and the noun phrases that name them."""
    regions = _agent_regions(frame, pattern)
    found: dict[str, Agent] = {}
    for region in regions:
        for agent in _who(document, index, frame.sentence, region, theme):
            found.setdefault(agent.code, agent)
    if not found and frame.noun and frame.subject is not None and _DELAYS & governing(frame):
        # "Ecuador suspended ratification"
        regions = (*regions, frame.subject)
        for agent in _who(document, index, frame.sentence, frame.subject, theme):
            found.setdefault(agent.code, agent)
    if not found and frame.noun and pattern.mutual and theme.instrument is not None:
        found = {code: Agent(code, code, None, "") for code in theme.instrument.codes}
    if theme.organisation is not None and pattern.type is not EventType.NEGOTIATION:
        found.pop(theme.organisation.code, None)
    return tuple(found.values()), regions


def with_partners(
    frame: Frame, pattern: Pattern, theme: FoundTheme, who: tuple[Agent, ...]
) -> tuple[tuple[Agent, ...], tuple[str, ...]]:
    """Those who act, partners of a mutual act included, and the parties."""
    codes = dict.fromkeys(agent.code for agent in who)
    instrument = theme.instrument
    partners: list[Agent] = []
    if pattern.mutual:
        if instrument is not None:
            given = instrument.companions if who else instrument.codes
            partners.extend(Agent(code, code, None, "") for code in given)
        for region in frame.attached("between") if frame.passive else frame.attached("with", "between"):
            partners.extend(agents(frame.sentence, region))
    everyone = {agent.code: agent for agent in (*partners, *who)}
    ordered = [*codes, *(code for code in everyone if code not in codes)]
    parties = dict.fromkeys(ordered)
    parties.update(dict.fromkeys(instrument.codes if instrument is not None else ()))
    if theme.organisation is not None:
        parties.update({theme.organisation.code: None})
    return tuple(everyone[code] for code in ordered), tuple(parties)


def bystanders(document: Document, index: int) -> tuple[str, ...]:
    """The states that the sentence, or the one before, names besides: the parties where nothing closer tells them."""
    for earlier in (index, index - 1):
        if earlier < 0:
            break
        sentence = document.sentences[earlier]
        inside = [
            (phrase.first, phrase.last, phrase.codes) for phrase in document.instruments[earlier] if phrase.proper
        ]
        hidden = {
            code
            for entity in sentence.entities
            for first, last, codes in inside
            if first <= entity.first < last and entity.codes[0] not in codes
            for code in entity.codes
        }
        everyone = agents(sentence, Region(0, len(sentence.tags)))
        named = [
            agent.code for agent in everyone if agent.kind not in ("court", "weak_seat") and agent.code not in hidden
        ]
        if named:
            return tuple(named[:2])
    return document.main_states


def named_or_meant(document: Document, index: int, region: Region) -> tuple[Agent, ...]:
    """Those whom a noun phrase names, or for whom its pronoun or collective stands."""
    return _who(document, index, document.sentences[index], region, FoundTheme(None, None, "", False))


def _agent_regions(frame: Frame, pattern: Pattern) -> tuple[Region, ...]:
    if not frame.noun and frame.passive and pattern.agents[:1] == ("subject",):
        doers = frame.attached("by")
        ends = {region.last + 1 for region in doers}
        # "by both houses of the parliament"
        return (*doers, *(region for region in frame.attached("of") if region.first in ends))
    regions: list[Region] = []
    for slot in pattern.agents:
        if slot == "possessor":
            if frame.possessor is not None:
                regions.append(frame.possessor)
        else:
            regions.extend(slot_regions(frame, slot))
        if frame.noun and any(agents(frame.sentence, region) for region in regions):
            break
    return tuple(regions)


def _who(document: Document, index: int, sentence: Sentence, region: Region, theme: FoundTheme) -> tuple[Agent, ...]:
    """Those whom a region names, or for whom its pronoun or collective stands."""
    instrument = theme.instrument
    direct = agents(sentence, region)
    if instrument is not None and not theme.pointed and region.first <= instrument.head < region.last:
        direct = tuple(agent for agent in direct if agent.code not in instrument.codes)
    if direct:
        return () if is_business(sentence, region) else direct
    words = sentence.norms[region.first : region.last]
    collective = any(word in _GROUPS for word in words)
    if collective and _is_counted(sentence, region):
        return ()
    if collective and instrument is not None and len(instrument.codes) > 1:
        return tuple(Agent(code, " ".join(words), None, "") for code in instrument.codes)
    if collective and len(document.main_states) == 2 and words[-1:] != ("they",):
        return tuple(Agent(code, " ".join(words), None, "") for code in document.main_states)
    pronoun = len(words) == 1 and words[0] in _SINGLE
    if pronoun or collective or body(sentence, region) is not None or any(word in _OFFICES for word in words):
        return antecedent(document, index, region.first, plural=collective, state=words[-1:] == ("country",))
    return ()


def _is_counted(sentence: Sentence, region: Region) -> bool:
    """Whether a group is told by its number alone: "nearly 200 countries" (coding rule 10)."""
    return any(
        sentence.tags[at] == "D" and sentence.norms[at] not in ("two", "both", "first", "second")
        for at in range(region.first, region.last)
    )


def antecedent(
    document: Document, index: int, position: int, *, plural: bool, state: bool = False
) -> tuple[Agent, ...]:
    """Those last named before a token: the subject's side of the sentence, or of one of the three before."""
    for earlier in range(index, max(-1, index - 4), -1):
        sentence = document.sentences[earlier]
        limit = position if earlier == index else len(sentence.tags)
        named = agents(sentence, Region(0, limit))
        if named and plural:
            # "they" are those named before the first verb, two or more of them; else the first two
            verb = next((at for at in range(limit) if sentence.tags[at] in "vw"), limit)
            together = agents(sentence, Region(0, verb))
            return together if len(together) > 1 else named[:2]
        if named and state:
            return tuple(agent for agent in named if not is_organisation(agent.code))[:1] or named[:1]
        if named:
            return named[:1]
    return ()
