"""Who a noun phrase names: codes, names as written, persons, bodies."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence
from schemas.vocabulary import Body

_LOCATIVE = frozenset(
    (
        "in at near on against over under to into about during despite after before since until upon following via "
        "toward towards for like unlike amid through across inside outside by"
    ).split()
)


class Agent(NamedTuple):
    """One who acts."""

    code: str
    name: str
    person: str | None
    kind: str
    """Of the name: state, organisation, demonym …"""


def agents(sentence: Sentence, region: Region) -> tuple[Agent, ...]:
    """Those whom a noun phrase names, in order, each code once; places where something happens left out."""
    found: dict[str, Agent] = {}
    for entity in sentence.within(*region):
        if _is_place(sentence, region, entity.first, entity.last) or _mediates(sentence, entity.last):
            continue
        first = entity.first
        if entity.codes[0] == "KOR" and sentence.norms[max(0, first - 2) : first] == ("north", "and"):
            found["PRK"] = Agent("PRK", "North Korea", None, entity.name.kind)
        for code in entity.codes:
            if code not in found:
                found[code] = Agent(
                    code,
                    _name(sentence, region, entity.first, entity.last),
                    _person(sentence, region, entity.last),
                    entity.name.kind,
                )
    return tuple(found.values())


_MEDIATING = frozenset(("brokered mediated sponsored hosted facilitated backed led proposed drafted supported").split())


def _mediates(sentence: Sentence, last: int) -> bool:
    """Whether a name only says whose doing something is: "Russian-brokered talks"."""
    return (
        sentence.norms[last : last + 1] == ("-",)
        and sentence.norms[last + 1 : last + 2] != ()
        and sentence.norms[last + 1] in _MEDIATING
    )


def _is_place(sentence: Sentence, region: Region, first: int, last: int) -> bool:
    """Whether a name only says where: it follows a preposition of place, directly or in a list of places."""
    tags, norms = sentence.tags, sentence.norms
    position = first - 1
    while position >= region.first and tags[position] in "dnPRJ-oD'":
        position -= 1
    if position < region.first:
        return False
    if tags[position] == "," and tags[last : last + 1] != "'":
        # "Nairobi, Kenya": the second name says where the first is
        before = position - 1
        while before >= region.first and tags[before] in "PE":
            before -= 1
        return before >= region.first and norms[before] in ("in", "at", "near")
    if tags[position] not in "pk" or norms[position] not in _LOCATIVE:
        return False
    # "lawmakers in Ecuador" are Ecuador's
    return not (norms[position] == "in" and position > region.first and tags[position - 1] in "bo")


def _name(sentence: Sentence, region: Region, first: int, last: int) -> str:
    """The name with the offices around it, as written."""
    tags = sentence.tags
    if last < region.last and tags[last] == "'":
        while last < region.last and tags[last] in "'nobP-" and last - first < 10:
            last += 1
    else:
        while last < region.last and tags[last] in "obP" and last - first < 8:
            last += 1
    tokens = sentence.tokens
    written = [tokens[first].word]
    for before, token in zip(tokens[first : last - 1], tokens[first + 1 : last], strict=True):
        written.append(("" if before.end == token.start else " ") + token.word)
    return "".join(written)


def _person(sentence: Sentence, region: Region, last: int) -> str | None:
    """The person named right after a state and an office: "Iranian President Masoud Pezeshkian"."""
    tags, tokens = sentence.tags, sentence.tokens
    position = last
    offices = 0
    while position < region.last and tags[position] in "obn'" and position - last < 6:
        offices += tags[position] == "o"
        position += 1
    start = position
    while position < region.last and tags[position] in "P-" and position - start < 5:
        position += 1
    if offices and position - start >= 1 and tags[start] == "P":
        return " ".join(token.word for token in tokens[start:position])
    return None


_BODY_WORDS = {
    Body.COMMITTEE: "committee",
    Body.COURT: "court courts tribunal judge judges",
    Body.GOVERNMENT: "cabinet",
    Body.LEGISLATURE: (
        "parliament parliaments legislature congress assembly knesset majlis rada seimas saeima riksdag storting "
        "folketing eduskunta lawmakers legislators mps parliamentarians diet deputies parliamentary"
    ),
    Body.LOWER_HOUSE: "duma commons bundestag sejm",
    Body.PEOPLE: "voters referendum electorate",
    Body.UPPER_HOUSE: "senate senators lords bundesrat",
}
_BODIES: Mapping[str, Body] = MappingProxyType(
    {word: body for body, words in _BODY_WORDS.items() for word in words.split()}
)
_CHAMBERS: Mapping[str, Body] = MappingProxyType(
    {
        "chamber of deputies": Body.LOWER_HOUSE,
        "council of ministers": Body.GOVERNMENT,
        "federation council": Body.UPPER_HOUSE,
        "house of commons": Body.LOWER_HOUSE,
        "house of councillors": Body.UPPER_HOUSE,
        "house of lords": Body.UPPER_HOUSE,
        "house of representatives": Body.LOWER_HOUSE,
        "lok sabha": Body.LOWER_HOUSE,
        "lower chamber": Body.LOWER_HOUSE,
        "lower house": Body.LOWER_HOUSE,
        "national diet": Body.LEGISLATURE,
        "rajya sabha": Body.UPPER_HOUSE,
        "state duma": Body.LOWER_HOUSE,
        "upper chamber": Body.UPPER_HOUSE,
        "upper house": Body.UPPER_HOUSE,
    }
)
"""Chambers of several words, looked for in the joined words of a noun phrase."""


def body(sentence: Sentence, region: Region) -> Body | None:
    """The public body that a noun phrase names."""
    norms = sentence.norms[region.first : region.last]
    for entity in sentence.within(*region):
        if entity.name.body is not None:
            return Body(entity.name.body)
    joined = " ".join(norms)
    if "general assembly" in joined or "security council" in joined:
        return None
    for words, chamber in _CHAMBERS.items():
        if words in joined:
            return chamber
    found = [_BODIES[norm] for norm in norms if norm in _BODIES]
    if not found:
        return None
    if Body.COMMITTEE in found:
        return Body.COMMITTEE
    if "french" in norms or "france" in norms:
        return Body.LOWER_HOUSE if "assembly" in norms else found[0]
    return found[0]
