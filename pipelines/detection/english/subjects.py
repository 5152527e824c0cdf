"""Whose act a verb is: its subject, through relative clauses, coordination, infinitives and participles."""

from typing import NamedTuple

from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.verbs import VERBS

NOUN_PHRASE = frozenset("nPEJHobdDY'-IMTW\"")
"""Tags inside a noun phrase."""
_AUXILIARY = frozenset("amxR")
_OBJECT_CONTROL = frozenset(
    (
        "urge ask press call invite push allow enable force compel pressure persuade encourage require oblige "
        "request order lead permit demand want tell expect help prompt beg convince exhort instruct prepare pave "
        "wait appeal plead see admit"
    ).split()
)
_WITH_OBJECT = frozenset(["on", "for", "upon"])
_LAWS = frozenset(("bill law decree legislation motion resolution act order document instrument documents").split())
_TOGETHER = frozenset(("join", "follow", "help", "assist", "support"))
_DEEPEST = 5


class Region(NamedTuple):
    """Tokens ``[first, last)`` of a sentence."""

    first: int
    last: int


class Subject(NamedTuple):
    """The subject of a verb, and the words that govern the verb on the way to it, nearest first."""

    region: Region | None
    governors: tuple[int, ...]


_NONE = Subject(None, ())


def cues(sentence: Sentence, verb: int) -> tuple[int, ...]:
    """Auxiliaries, modals, negations, adverbs and "to" right before a verb, nearest first."""
    tags = sentence.tags
    found: list[int] = []
    position = verb - 1
    while position >= 0 and tags[position] in "amxRt":
        found.append(position)
        if tags[position] == "t":
            break
        position -= 1
    return tuple(found)


def subject(sentence: Sentence, verb: int, depth: int = 0) -> Subject:
    """The subject of the verb at `verb`, and what governs it."""
    if depth > _DEEPEST:
        return _NONE
    tags = sentence.tags
    position = verb - 1
    while position >= 0 and tags[position] in _AUXILIARY:
        position -= 1
    position = _before_parenthesis(sentence, position)
    if position < 0:
        return _of_opening(sentence, verb, depth)
    tag = tags[position]
    if tag == "t":
        return _of_infinitive(sentence, position, depth)
    if tag in "rh":
        return _of_relative(sentence, position, depth)
    if tag == "c" or (tag == "," and tags[verb] in "vw"):
        return _of_coordinate(sentence, verb, position, depth)
    if tag in "pk" or (tag == "," and tags[verb] == "g"):
        return _of_main_clause(sentence, verb, position, depth)
    if tag in "vwg" and tags[verb] in "gw":
        # "denied signing", "began negotiating"
        outer = subject(sentence, position, depth + 1)
        return Subject(outer.region, (position, *cues(sentence, position), *outer.governors))
    if tag == "u":
        return Subject(Region(position, position + 1), _subordinator(sentence, position))
    if tag in NOUN_PHRASE or tag == ")":
        return _of_noun_phrase(sentence, verb, position, depth)
    return _NONE


def noun_phrase_start(sentence: Sentence, last: int, *, simple: bool = False) -> int:
    """Where the noun phrase begins that ends before `last`; a `simple` one stops at a comma."""
    first = last
    while first and _goes_on_left(sentence, first, last, simple=simple):
        first -= 1
    tags, norms = sentence.tags, sentence.norms
    while first < last and tags[first] in ",-c)":
        first += 1
    if first and tags[first - 1] in "kp" and first - 1 == sentence.tags.find(tags[first - 1]) and first <= 2:
        comma = tags.find(",", first, last)
        first = comma + 1 if comma > 0 else first
    opening = first < last and (tags[first] in "pWM" or norms[first] in ("today", "yesterday", "meanwhile"))
    if opening:
        comma = tags.find(",", first, last)
        if comma > 0:
            first = comma + 1
    return first


def _goes_on_left(sentence: Sentence, first: int, last: int, *, simple: bool) -> bool:
    """Whether the token before `first` belongs to the noun phrase that ends before `last`."""
    tags, norms = sentence.tags, sentence.norms
    tag = tags[first - 1]
    before = tags[first - 2] if first >= 2 else ""
    if tag in "nPEJHobdDY'-IMTW)(\"":
        return True
    if tag == "w":
        return before in "-dJR'D" and before != ""
    if tag == "g":
        return before != "" and before in "d'nJ" and tags[first] in "nobIP"
    if tag == "c":
        return before in NOUN_PHRASE or before in (",", ")")
    if tag == "p":
        return before in NOUN_PHRASE and norms[first - 1] not in ("despite", "amid", "like", "pending")
    if tag == ",":
        return not simple and before in NOUN_PHRASE and tags[first] in "EPJHdonbDc" and ")" not in tags[first:last]
    return tag == "R" and before == "d"


def verb_before(sentence: Sentence, position: int) -> int | None:
    """The nearest verb before `position` that is not a modifier of a noun."""
    tags = sentence.tags
    for index in range(position - 1, -1, -1):
        tag = tags[index]
        if tag == "v" or (
            tag == "w"
            and tags[index - 1 : index] != "D"
            and (
                tags[index + 1 : index + 2] not in ("n", "I", "o", "b")
                or tags[index - 1 : index] in ("a", "R", "E", "P", "H", "o", "b")
            )
        ):
            return index
        if tag in ";.":
            return None
    return None


def verb_after(sentence: Sentence, position: int) -> int | None:
    """The first finite verb of the main clause after an opening phrase."""
    tags = sentence.tags
    comma = tags.find(",", position)
    for index in range(comma + 1 if comma > 0 else position + 1, len(tags)):
        if tags[index] in "vw":
            return index
    return None


def _before_parenthesis(sentence: Sentence, position: int) -> int:
    """Steps back over what stands between commas or brackets right before a verb."""
    tags = sentence.tags
    if position <= 0:
        return position
    if tags[position] == ")":
        opening = tags.rfind("(", 0, position)
        return opening - 1 if opening > 0 else position
    if tags[position] == ",":
        opening = tags.rfind(",", max(0, position - 28), position)
        if opening > 0 and tags[opening + 1] in "prkgwsdRHPE" and tags[opening - 1] in "nPEJHobIY":
            listed = tags[opening + 1] in "dHPE" and "c" in tags[opening:position]
            return position if listed else opening - 1
    return position


def _of_opening(sentence: Sentence, verb: int, depth: int) -> Subject:
    """Of a participle that opens the sentence: the subject of the main clause after it."""
    if sentence.tags[verb] not in "gw":
        return _NONE
    other = verb_after(sentence, verb)
    return Subject(subject(sentence, other, depth + 1).region, ()) if other is not None else _NONE


def _of_relative(sentence: Sentence, relative: int, depth: int) -> Subject:
    """Of a relative clause: its antecedent; "says that will …" has none."""
    tags = sentence.tags
    before = relative - 1
    if before >= 0 and tags[before] == "p":
        before -= 1
    if before >= 0 and tags[before] == ",":
        before -= 1
    if before >= 0 and (tags[before] in NOUN_PHRASE or tags[before] == ")"):
        simple = tags[relative] == "r"
        first = noun_phrase_start(sentence, before + 1, simple=simple)
        if first and tags[first - 1] == "a" and not sentence.within(first, before + 1) and depth < _DEEPEST:
            # "Samoa is the only member that …": whom the copula speaks of
            return Subject(subject(sentence, first - 1, depth + 1).region, ())
        return Subject(Region(first, before + 1), ())
    return _NONE


def _of_coordinate(sentence: Sentence, verb: int, position: int, depth: int) -> Subject:
    """Of a verb after "and" or a comma: the subject of the verb that it is joined to, or the noun that it describes."""
    tags = sentence.tags
    if tags[position] == "," and tags[verb] == "w" and not any(tags[cue] in "am" for cue in cues(sentence, verb)):
        if position and (tags[position - 1] in NOUN_PHRASE or tags[position - 1] == ")"):
            return Subject(Region(noun_phrase_start(sentence, position, simple=True), position), ())
        return _NONE
    other = verb_before(sentence, position)
    if other is None:
        return _NONE
    outer = subject(sentence, other, depth + 1)
    if any(tags[cue] in "am" for cue in cues(sentence, verb)):
        return Subject(outer.region, ())
    return Subject(outer.region, (*cues(sentence, other), *outer.governors))


def _of_main_clause(sentence: Sentence, verb: int, position: int, depth: int) -> Subject:
    """Of a gerund after a preposition, a connective or a comma: the subject of the main clause."""
    if sentence.tags[verb] != "g" and sentence.tags[position] != "k":
        return _NONE
    other = verb_before(sentence, position)
    if other is None:
        other = verb_after(sentence, verb)
    if other is None:
        return Subject(None, (position,))
    outer = subject(sentence, other, depth + 1)
    nearby: tuple[int, ...] = ()
    if VERBS.get(sentence.norms[other], ("",))[0] in _TOGETHER and sentence.norms[position] == "in":
        # "will join Peru in withdrawing"
        return Subject(outer.region, (position, *cues(sentence, other), *outer.governors))
    if other == position - 1:
        nearby = (other, *cues(sentence, other))
    elif position and sentence.tags[position] == "p" and sentence.tags[position - 1] == "n":
        nearby = (position - 1, *((position - 2,) if sentence.tags[position - 2] in "vw" else ()))
    return Subject(outer.region, (position, *nearby))


def _of_noun_phrase(sentence: Sentence, verb: int, position: int, depth: int) -> Subject:
    """The noun phrase before the verb; where that is a law that does something, who made the law."""
    region = Region(noun_phrase_start(sentence, position + 1), position + 1)
    tags, place = sentence.tags, region.first - 2
    if place > 0 and tags[place : place + 2] == "wp" and tags[place - 1] in "nobP":
        # "a conference held in Doha agrees"
        first = noun_phrase_start(sentence, place)
        if (first and tags[first - 1] in ".,;p") or not first:
            region = Region(first, place)
    lawful = sentence.tags[verb] in "gw" and any(norm in _LAWS for norm in sentence.norms[region.first : region.last])
    if lawful and not sentence.within(*region) and region.first:
        maker = region.first - 1
        if maker and tags[maker] == "p" and tags[maker - 1] in "vw":
            # "signs into law a bill ratifying …"
            maker -= 1
        if tags[maker] in "vw":
            outer = subject(sentence, maker, depth + 1)
            return Subject(outer.region, (maker, *cues(sentence, maker)))
    return Subject(region, _subordinator(sentence, region.first))


def _subordinator(sentence: Sentence, first: int) -> tuple[int, ...]:
    """The conjunction that opens the clause whose subject begins at `first`, and the verb that reports the clause."""
    tags = sentence.tags
    before = first - 1
    if before < 0:
        return ()
    if tags[before] in "sk":
        return (before,)
    if tags[before] == "h":
        verb = before - 1
        while verb >= 0 and tags[verb] in 'R"':
            verb -= 1
        return (before, verb, *cues(sentence, verb)) if verb >= 0 and tags[verb] in "vwgn" else (before,)
    return (before, *cues(sentence, before)) if tags[before] in "vw" else ()


def _of_infinitive(sentence: Sentence, infinitive: int, depth: int) -> Subject:
    """Who is to do what follows the "to" at `infinitive`, and the words that govern it."""
    tags, norms = sentence.tags, sentence.norms
    position = infinitive - 1
    while position >= 0 and tags[position] in 'Rx"':
        position -= 1
    position = _before_time(sentence, position)
    if position < 0:
        return Subject(None, (infinitive,))
    path = (infinitive, *range(infinitive - 1, position, -1))
    if tags[infinitive + 1 : infinitive + 2] == "a" and tags[position] in NOUN_PHRASE and position == infinitive - 1:
        # "an accord to be signed": what the infinitive describes is its subject
        governed = _of_governed(sentence, position, path, depth)
        first = noun_phrase_start(sentence, infinitive)
        head = tags.rfind("I", first, infinitive)
        aside = max((at for at in range(first, head) if tags[at] == "p" and norms[at] != "of"), default=-1)
        return Subject(Region(max(first, aside + 1), infinitive), governed.governors)
    tag = tags[position]
    if tag in "vwg":
        outer = subject(sentence, position, depth + 1)
        return Subject(outer.region, (*path, position, *cues(sentence, position), *outer.governors))
    if tag == "a":
        outer = subject(sentence, position + 1, depth + 1)
        return Subject(outer.region, (*path, position, *outer.governors))
    if tag in NOUN_PHRASE or tag in "u)":
        return _of_governed(sentence, position, path, depth)
    return Subject(None, path)


def _before_time(sentence: Sentence, position: int) -> int:
    """Where a time ends that stands between a verb and its infinitive begins: "voted on Friday to withdraw"."""
    tags = sentence.tags
    first = position
    while first >= 0 and tags[first] in "WMDYT":
        first -= 1
    if first == position or first < 0:
        return position
    if tags[first] == "p":
        first -= 1
    return first if first >= 0 and tags[first] in "vw" else position


def _of_governed(sentence: Sentence, position: int, path: tuple[int, ...], depth: int) -> Subject:
    """Who is to act where a noun phrase, ending at `position`, stands before the infinitive."""
    tags, norms = sentence.tags, sentence.norms
    last = position + 1
    start = _plain_start(sentence, last)
    governor = start - 1
    while (
        governor > 0
        and tags[governor] == "p"
        and not (norms[governor] in _WITH_OBJECT and tags[governor - 1] in "vwgn")
    ):
        # "agreed at its summit to …": the phrase between is an aside
        if tags[governor - 1] in "vwg":
            outer = subject(sentence, governor - 1, depth + 1)
            return Subject(outer.region, (*path, governor - 1, *cues(sentence, governor - 1), *outer.governors))
        if tags[governor - 1] not in NOUN_PHRASE:
            break
        path = (*path, governor - 1)
        start = _plain_start(sentence, governor)
        governor = start - 1
    if governor > 0 and tags[governor] == "p" and norms[governor] in _WITH_OBJECT:
        return Subject(Region(start, last), (*path, governor - 1, *cues(sentence, governor - 1)))
    if governor >= 0 and tags[governor] in "vwg":
        lemma = VERBS.get(norms[governor], ("",))[0]
        if lemma in _OBJECT_CONTROL:
            return Subject(Region(start, last), (*path, governor, *cues(sentence, governor)))
        outer = subject(sentence, governor, depth + 1)
        return Subject(outer.region, (*path, position, governor, *cues(sentence, governor), *outer.governors))
    possessive = tags.rfind("'", start, position)
    if possessive > 0:
        return Subject(Region(start, possessive), (*path, position))
    if governor >= 0 and tags[governor] in "amxR":
        # "is ready to", "is a step to": the noun or adjective after a form of "be"
        outer = subject(sentence, start, depth + 1)
        return Subject(outer.region, (*path, position, *cues(sentence, start), *outer.governors))
    return Subject(Region(start, last), (*path, position))


def _plain_start(sentence: Sentence, last: int) -> int:
    """Where the run of noun-phrase words and conjunctions begins that ends before `last`."""
    tags = sentence.tags
    start = last
    while start and (tags[start - 1] in NOUN_PHRASE or tags[start - 1] in "cu)("):
        start -= 1
    return start
