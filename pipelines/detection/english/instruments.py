"""Noun phrases that name an instrument."""

from typing import NamedTuple

from pipelines.detection.english.registry import Registered, registry
from pipelines.detection.english.tagging import Sentence
from pipelines.detection.english.words import KINDS

_RIGHT = frozenset("nPEJDYMobI-'\"wHTg")
_LONGEST = 24
"""A phrase ends at most so many tokens after its head."""
_COMPLEMENTS = frozenset("on for of against concerning regarding about governing".split())
_PEACEFUL_KIND = frozenset(("ceasefire", "truce", "cease"))
_WEAK_MODIFIERS = frozenset("first last second third final latest".split())
_SOFT_HEADS = frozenset(
    (
        "declaration declarations plan plans framework texts documents proposal proposals amendment amendments "
        "constitution annex"
    ).split()
)
_PAUSES = frozenset("pause halt cessation end suspension".split())
_FIGHTING = frozenset("fighting hostilities violence attacks".split())
"""A pause in the fighting is a ceasefire by another name."""
_POINTERS = frozenset(("document", "text", "instrument"))
"""Heads that name an instrument only by pointing back to one."""
_TREATY_WORDS = frozenset(
    (
        "peace ceasefire truce nuclear trade accession joint border security disarmament climate settlement roadmap "
        "treaty draft initial eu draft"
    ).split()
)


class InstrumentPhrase(NamedTuple):
    """An instrument as a sentence names it."""

    first: int
    last: int
    head: int
    """Index of the head noun."""
    name: str
    kind: str
    codes: tuple[str, ...]
    """Parties that the phrase gives: modifiers, possessor, "between …", "with …"."""
    own: tuple[str, ...]
    """Those of them that are modifiers or the possessor."""
    companions: tuple[str, ...]
    """Those of them that follow "with"."""
    definite: bool
    """Introduced by "the", "this", "its": it may point back to another."""
    bare: bool
    """Nothing but a determiner and the head."""
    proper: bool
    """A capitalised name."""
    plural: bool
    id: str | None = None

    @property
    def points(self) -> bool:
        """Whether the head alone names no instrument."""
        return self.bare and self.name.lower() in _POINTERS


def phrases(text: str, sentence: Sentence) -> list[InstrumentPhrase]:
    """The instrument phrases of a sentence, in order, never overlapping."""
    found: list[InstrumentPhrase] = []
    position, count = 0, len(sentence.tags)
    known = registry()
    while position < count:
        named = known.at(sentence.tokens, sentence.norms, position)
        if named is not None and not _in_longer_name(sentence, position, named.last):
            found.append(_registered(text, sentence, position, named))
            position = named.last
            continue
        if _is_head(sentence, position):
            phrase = _phrase(text, sentence, position)
            if phrase is not None:
                if found and phrase.first < found[-1].last:
                    phrase = phrase._replace(first=found[-1].last)
                found.append(phrase)
                position = max(phrase.last, position + 1)
                continue
        position += 1
    return found


def _in_longer_name(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the words are but a part of somebody's name: "Collective Security Treaty Organization"."""
    return any(each.first <= first and last < each.last for each in sentence.entities)


def _registered(text: str, sentence: Sentence, first: int, named: Registered) -> InstrumentPhrase:
    """The phrase of a name that the registry knows, with the treaty word that may follow it."""
    last = named.last + (sentence.tags[named.last : named.last + 1] == "I")
    start, end = sentence.offset(first, last)
    before = sentence.norms[first - 1] if first else ""
    _, companions, _ = _parties_after(sentence, last)
    codes = tuple(dict.fromkeys((*named.parties, *companions)))
    head = next((at for at in range(first, last) if sentence.tags[at] == "I"), first)
    return InstrumentPhrase(
        first,
        last,
        head,
        " ".join(text[start:end].split()),
        named.kind,
        codes,
        (),
        companions,
        before == "the",
        False,
        True,
        False,
        named.id,
    )


def _is_head(sentence: Sentence, position: int) -> bool:
    """Whether the token heads an instrument phrase."""
    tags, norms = sentence.tags, sentence.norms
    if tags[position] == "I":
        follows = tags[position + 1] if position + 1 < len(tags) else ""
        if follows == "I" or (follows == "-" and tags[position + 2 : position + 3] == "I"):
            return False
        if (
            norms[position] in ("deal", "deals")
            and sentence.norms[position + 1 : position + 2] == ("with",)
            and tags[position - 1 : position] in ("t", "m")
        ):
            return False
        return not (norms[position] in _PEACEFUL_KIND and follows == "n" and norms[position + 1] in _SOFT_HEADS)
    if norms[position] in _PAUSES:
        after = norms[position + 1 : position + 4]
        return after[:1] in (("in",), ("of",), ("to",)) and any(norm in _FIGHTING for norm in after)
    if norms[position] == "constitution" and "european" in norms[max(0, position - 2) : position]:
        return True
    if (
        norms[position] in ("statement", "declaration", "communique", "communiqué")
        and "joint" in norms[max(0, position - 1) : position]
    ):
        return True
    if norms[position] in _POINTERS and tags[position] in "nP":
        return norms[position - 1 : position] in (("the",), ("this",), ("mentioned",), ("said",)) and norms[
            position + 1 : position + 2
        ] != ("of",)
    if norms[position] in _SOFT_HEADS and tags[position] in "nPv":
        before = norms[max(0, position - 2) : position]
        return any(word in _TREATY_WORDS or word in KINDS for word in before if word not in _SOFT_HEADS)
    return False


def _phrase(text: str, sentence: Sentence, head: int) -> InstrumentPhrase | None:
    tags, norms = sentence.tags, sentence.norms
    first = _left_edge(sentence, head)
    last = _right_edge(sentence, head)
    own: list[str] = []
    for entity in sentence.within(first, head):
        # "Kuala Lumpur Accord", "the Kigali climate accord": a city in a name is where it was made,
        # but the "Moscow-Beijing pact" is between their states
        hyphen = sentence.norms[entity.last : entity.last + 1] == ("-",)
        brokered = hyphen and sentence.tags[entity.last + 1] == "w"
        linked = hyphen or sentence.norms[max(0, entity.first - 1) : entity.first] == ("-",)
        if not brokered and (linked or entity.name.kind not in ("seat", "weak_seat")):
            own.extend(code for code in entity.codes if code not in own)
    possessed = first >= 2 and tags[first - 1] == "'"
    if possessed:
        for entity in sentence.entities:
            if entity.last == first - 1:
                own.extend(code for code in entity.codes if code not in own)
    while (first < head and (norms[first] in _WEAK_MODIFIERS or tags[first] in "-,")) or (
        first < head and tags[first] == '"' and norms[first:head].count('"') % 2
    ):
        first += 1
    between, companions, _trailing = _parties_after(sentence, last)
    codes = tuple(dict.fromkeys((*own, *between, *companions)))
    if not codes and sentence.tokens[head].word[0].isupper():
        # "Charter of the Sahel Alliance"
        whose = (entity for entity in sentence.within(head, last) if entity.name.kind == "organisation")
        codes = tuple(dict.fromkeys(entity.codes[0] for entity in whose))
    start, end = sentence.offset(first, last)
    kind = "ceasefire" if norms[head] in _PAUSES else KINDS.get(norms[head], "agreement")
    if any(word in ("ceasefire", "truce") for word in norms[first:head]) or norms[max(0, head - 2) : head] == (
        "cease",
        "-",
    ):
        kind = "ceasefire"
    if norms[head] in _SOFT_HEADS and any(word in KINDS for word in norms[first:head]):
        kind = next(KINDS[word] for word in norms[first:head] if word in KINDS)
    before = norms[first - 1] if first else ""
    proper = (
        any(token.word[0].isupper() for token in sentence.tokens[first:last])
        and sentence.tokens[head].word[0].isupper()
        and last - first > 1
    )
    return InstrumentPhrase(
        first,
        last,
        head,
        " ".join(text[start:end].split()),
        kind,
        codes,
        tuple(own),
        companions,
        before in ("the", "this", "that", "its", "their", "such", "these", "those"),
        last - first == 1,
        proper,
        norms[head].endswith("s"),
    )


def _left_edge(sentence: Sentence, head: int) -> int:
    tags, norms = sentence.tags, sentence.norms
    first = head
    while first and first > head - 14:
        tag = tags[first - 1]
        if (
            tag in "nPDYEJMbo-IT"
            or (tag == "w" and first >= 2 and tags[first - 2] in "dnJPE-'R\"")
            or (tag == "g" and first >= 2 and tags[first - 2] in "d'-nJ")
            or (tag == "R" and first >= 2 and tags[first] in "wn" and tags[first - 2] in "d'")
            or (tag == '"' and first >= 2 and '"' in norms[first : head + 2] + norms[max(0, first - 8) : first - 1])
            or (
                tag == "c"
                and norms[first - 1] in ("and", "&")
                and first >= 2
                and tags[first - 2] in "nP"
                and _one_phrase(sentence, first, head)
            )
            or (
                tag == ","
                and first >= 3
                and tags[first - 2] == "n"
                and tags[first] == "n"
                and "and" in norms[first:head]
            )
        ):
            first -= 1
        else:
            break
    # a state that only stands before the phrase as its subject ("Malta pact") stays; a leading dash does not
    while first < head and tags[first] == "-":
        first += 1
    return first


def _one_phrase(sentence: Sentence, after: int, head: int) -> bool:
    """Whether "and" before `after` joins modifiers of one head, as in "trade and investment agreement"."""
    tags = sentence.tags
    left = after - 2
    steps = 0
    while left >= 0 and tags[left] in "nPJ-EI" and steps < 6:
        left -= 1
        steps += 1
    joined = after < head and "I" not in tags[left + 1 : after - 1]
    return joined and (left < 0 or tags[left] in "dDJ'vwgY" or sentence.tokens[after - 2].word[0].isupper())


def _right_edge(sentence: Sentence, head: int) -> int:
    """Where the phrase ends, with its complements."""
    tags, norms = sentence.tags, sentence.norms
    last = head + 1
    limit = min(len(tags), head + _LONGEST)
    if norms[last : last + 2] in (("in", "principle"), ("of", "understanding")):
        last += 2
    while last < limit and tags[last] == "p" and norms[last] in _COMPLEMENTS:
        following = _complement_end(sentence, last, limit)
        if following == last + 1:
            break
        last = following
    if norms[head] in _PAUSES:
        return min(len(tags), head + 4 if norms[head + 2 : head + 3] == ("the",) else head + 3)
    if last == head + 1 and tags[last : last + 1] == "t" and tags[last + 1 : last + 2] in ("v", "n"):
        # "an agreement to end the war"
        last += 1
        while last < limit and tags[last] not in ",;:srkhamxt.()uW" and (tags[last] != "v" or tags[last - 1] == "t"):
            last += 1
    while last > head + 1 and tags[last - 1] in "dp'-cg\"":
        last -= 1
    return last


def _complement_end(sentence: Sentence, preposition: int, limit: int) -> int:
    """Where a complement ends; right after its preposition where that governs a date or a span of time."""
    tags, norms = sentence.tags, sentence.norms
    position = preposition + 1
    first = tags[position : position + 1]
    dated = first in tuple("WMYm") or (norms[preposition] == "on" and first == "D")
    if dated or (norms[preposition] == "for" and first in ("u", "D")):
        return position
    while position < limit and (tags[position] in _RIGHT or tags[position] == "d" or _joins(sentence, position)):
        if tags[position] == "w" and tags[position - 1] not in "dJ-R":
            break
        position += 1
    return position


def _joins(sentence: Sentence, position: int) -> bool:
    """Whether a conjunction or comma inside a complement joins two nouns."""
    tags, norms = sentence.tags, sentence.norms
    after = tags[position + 1 : position + 2]
    if norms[position] == "and":
        return after in ("n", "P", "d", "J") and tags[position + 2 : position + 3] != "v"
    if norms[position] == ",":
        rest = norms[position + 1 : position + 5]
        return after in ("n", "P") and "and" in rest
    return False


def _parties_after(sentence: Sentence, last: int) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Codes after "between" and after "with", and where they end."""
    tags, norms = sentence.tags, sentence.norms
    between: list[str] = []
    companions: list[str] = []
    position = last
    if tags[position : position + 1] == "(":
        while position < len(tags) and tags[position] != ")":
            position += 1
        position += 1
    while position < len(tags) and norms[position] in ("between", "among", "with"):
        into = companions if norms[position] == "with" else between
        position += 1
        while position < len(tags) and tags[position] in "dnPEJHbo-'cD,IRTw":
            if tags[position] == "," and tags[position + 1 : position + 2] not in ("E", "d", "P", "c", "J"):
                break
            position += 1
        start = next(index for index in range(position - 1, -1, -1) if norms[index] in ("between", "among", "with"))
        for entity in sentence.within(start, position):
            into.extend(code for code in entity.codes if code not in into)
    return tuple(between), tuple(companions), position
