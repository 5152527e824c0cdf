"""Who does what to whom around a trigger: subject, object and prepositional phrases, by clause and not by nearness."""

from typing import NamedTuple

from pipelines.detection.english.subjects import NOUN_PHRASE, Region, cues, noun_phrase_start, subject, verb_before
from pipelines.detection.english.tagging import Sentence

_LONGEST = 80
"""No noun phrase has more tokens; what goes on so long without a verb or a stop is no sentence."""
_LISTED = 30
"""A list has its conjunction within so many tokens."""
_NEAR = 4
"""A noun's verb stands within so many tokens of it."""
_ROUNDS = frozenset("round rounds series session phase set".split())
_PREDICATES = frozenset("due set expected scheduled likely unlikely ready bound about slated".split())
"""Adjectives that say of an infinitive whether it is to come."""
_SAYS = frozenset(("say", "says", "said", "saying", "think", "thinks", "believe", "believes", "believed"))
"""Verbs whose object is a clause, never a noun."""
_BE = frozenset(("is are was were be been being 's 're isn't aren't wasn't weren't get gets got").split())


class Attachment(NamedTuple):
    """A preposition and what it governs."""

    preposition: str
    region: Region


class Frame(NamedTuple):
    """A trigger with its arguments."""

    sentence: Sentence
    trigger: int
    """Index of the trigger's first token."""
    last: int
    """Index after the trigger, particles included."""
    lemma: str
    noun: bool
    passive: bool
    finite: bool
    subject: Region | None
    object: Region | None
    attachments: tuple[Attachment, ...]
    cues: tuple[int, ...]
    """Indices of the words that govern the trigger: auxiliaries, modals, negations, governing verbs, nearest first."""
    scope: Region
    """The clause."""
    possessor: Region | None = None
    """Of a noun."""

    def attached(self, *prepositions: str) -> tuple[Region, ...]:
        """What the given prepositions govern, in order."""
        return tuple(each.region for each in self.attachments if each.preposition in prepositions)


def verb_frame(sentence: Sentence, trigger: int, last: int, lemma: str) -> Frame:
    """The frame of the verb at `trigger`, whose particles end before `last`."""
    tags, norms = sentence.tags, sentence.norms
    own = cues(sentence, trigger)
    if tags[trigger] == "a" and tags[trigger + 1 : trigger + 2] == "x":
        own = (trigger + 1, *own)
    passive = _passive(sentence, trigger, own)
    doer, governors = subject(sentence, trigger)
    following, attachments, end = _right(sentence, last)
    if following is None and not attachments and not passive and tags[last : last + 1] == "c":
        # "signed but not ratified the treaty"
        second = last + 1
        while second < len(tags) and tags[second] in "xRa":
            second += 1
        if second < len(tags) and tags[second] == tags[trigger] and tags[second] in "vw":
            following, attachments, end = _right(sentence, second + 1)
    begin = doer.first if doer is not None and doer.first < trigger else trigger
    finite = tags[trigger] in "vw" and not any(norms[cue] == "to" for cue in own)
    governing = tuple(dict.fromkeys((*own, *governors)))
    return Frame(
        sentence,
        trigger,
        last,
        lemma,
        False,
        passive,
        finite,
        doer,
        following,
        attachments,
        governing,
        Region(begin, end),
    )


def noun_frame(sentence: Sentence, trigger: int, last: int, lemma: str) -> Frame:
    """The frame of the noun at `trigger`: whose it is, and what follows it."""
    first, possessor = _possessor(sentence, trigger)
    following, attachments, end = _right(sentence, last)
    begin = possessor.first if possessor else first
    governor = _governor_of_noun(sentence, begin)
    while governor is not None and sentence.norms[governor] in _ROUNDS:
        # "a new round of talks is due": what the round does, the talks do
        begin, possessor_of_round = _possessor(sentence, governor)
        possessor = possessor or possessor_of_round
        governor = _governor_of_noun(sentence, begin)
    doer: Region | None = None
    path: tuple[int, ...] = ()
    follower = _follower_of_noun(sentence, max(end, last))
    if governor is not None and follower is not None and sentence.norms[governor] in _SAYS:
        # "said talks would resume": what is said of the noun comes after it
        path = tuple(range(follower, max(end, last) - 1, -1))
    elif governor is not None:
        verb = governor if sentence.tags[governor] in "vwg" else verb_before(sentence, governor)
        if verb is not None:
            doer, governors = subject(sentence, verb)
            path = (governor,)
            if verb == governor or (sentence.tags[governor] == "n" and governor - verb < _NEAR):
                path = (governor, verb, *cues(sentence, verb), *governors)
        else:
            path = (governor,)
    elif begin and sentence.tags[begin - 1] in "amxR":
        # "are close to": the noun or adjective is what its subject is said to be
        doer, governors = subject(sentence, begin)
        path = (*cues(sentence, begin), *governors)
    elif follower is not None:
        path = tuple(range(follower, max(end, last) - 1, -1))
    return Frame(
        sentence,
        trigger,
        last,
        lemma,
        True,
        False,
        False,
        doer,
        following if last > trigger + 1 else None,
        attachments,
        tuple(dict.fromkeys(path)),
        Region(begin, end),
        possessor,
    )


def _possessor(sentence: Sentence, trigger: int) -> tuple[int, Region | None]:
    """Where the phrase of a noun begins, and whose the noun is."""
    tags = sentence.tags
    first = trigger
    while first and trigger - first < 8 and _modifies(sentence, first - 1):
        first -= 1
    if first and tags[first - 1] == "'":
        return first, Region(noun_phrase_start(sentence, first - 1), first - 1)
    if any(entity.first >= first for entity in sentence.within(first, trigger)):
        return first, Region(first, trigger)
    return first, None


def _modifies(sentence: Sentence, position: int) -> bool:
    """Whether a token may stand between a noun's determiner and the noun."""
    tags = sentence.tags
    if tags[position] in "nJEPDT-RI" or (tags[position] == "o" and tags[position - 1 : position] == "-"):
        return True
    return tags[position] in "wg" and tags[position - 1 : position] in ("d", "'", "-", "")


def _passive(sentence: Sentence, verb: int, own: tuple[int, ...]) -> bool:
    """Whether the verb is passive: after a form of "be", or a participle right after the noun that it describes."""
    tags, norms = sentence.tags, sentence.norms
    if tags[verb] != "w":
        return False
    auxiliaries = [norms[cue] for cue in own if tags[cue] == "a"]
    if auxiliaries:
        return auxiliaries[0] in _BE
    following = tags[verb + 1 : verb + 2]
    if norms[verb + 1 : verb + 2] == ("by",):
        return True
    before = verb - 1
    while before >= 0 and tags[before] in "R,)":
        before -= 1
    if before < 0:
        return following in ("p", "k", "W", "M")
    if tags[before] in "In" and (
        following in ("p", "k", "W", "M", "R", ",", ".", "Y", "")
        and norms[verb + 1 : verb + 2] not in (("on",), ("for",), ("with",))
    ):
        return tags[before] == "I" or tags[verb - 1] == ","
    return False


def _right(sentence: Sentence, start: int) -> tuple[Region | None, tuple[Attachment, ...], int]:
    """The object after a verb or noun, the prepositional phrases after it, and where the clause ends."""
    tags, norms = sentence.tags, sentence.norms
    count = len(tags)
    position = start
    while position < count and tags[position] in 'R"-':
        position += 1
    found: Region | None = None
    if position < count and (tags[position] in NOUN_PHRASE or tags[position] in "u("):
        last = noun_phrase_end(sentence, position)
        # "lapsed last month": a time is no object
        found = Region(position, last) if set(tags[position:last]) - set("RTWMYDd") else None
        position = last
    attachments: list[Attachment] = []
    while position < count:
        tag = tags[position]
        if (
            tag == "p"
            or norms[position] == "as"
            or (tag == "t" and tags[position + 1 : position + 2] not in ("v", "a"))
        ):
            last = noun_phrase_end(sentence, position + 1)
            attachments.append(Attachment(norms[position], Region(position + 1, last)))
            position = max(last, position + 1)
        elif tag in "RWMTYDn" or (
            tag == ","
            and tags[position + 1 : position + 2] in ("p", "R")
            and norms[position + 1] not in ("despite", "amid")
        ):
            position += 1
        elif tag == "(":
            close = tags.find(")", position)
            position = close + 1 if close > 0 else count
        else:
            break
    return found, tuple(attachments), position


def noun_phrase_end(sentence: Sentence, start: int) -> int:
    """Where the noun phrase ends that begins at `start`, coordinated members included, prepositional phrases not."""
    tags = sentence.tags
    position, last = start, min(len(tags), start + _LONGEST)
    while position < last:
        if _goes_on_right(tags, position, first=position == start):
            position += 1
        elif tags[position] == "(" and (close := tags.find(")", position)) > 0:
            position = close + 1
        else:
            break
    while position > start and tags[position - 1] in "c,-":
        position -= 1
    return position


def _goes_on_right(tags: str, position: int, *, first: bool) -> bool:
    """Whether a token goes on with the noun phrase before it, or begins one."""
    tag, after = tags[position], tags[position + 1 : position + 2]
    if tag in NOUN_PHRASE:
        return True
    if first:
        return tag == "u" or (tag == "w" and after in ("n", "I", "P"))
    if tag == "w":
        return after in ("n", "I", "P", "o", "b", "-", "E", "J") and tags[position - 1] in "dnJ-RD'"
    if tag == "g":
        return after in ("n", "I", "o", "b") or (tags[position - 1] == "d" and after == "p")
    if tag == "R":
        return after in ("w", "n")
    if tag == "c":
        return after in ("E", "P", "J", "d", "o", "H", "n", "I", "b", "D")
    return tag == "," and after in ("E", "P", "H", "J", "D") and "c" in tags[position : position + _LISTED]


def _governor_of_noun(sentence: Sentence, first: int) -> int | None:
    """The verb, noun or conjunction that governs a noun phrase: "calls for …", "announced …", "after …"."""
    tags = sentence.tags
    position = first - 1
    while position >= 0 and tags[position] in 'dR"D':
        position -= 1
    if position < 0:
        return None
    if tags[position] in "vwgks":
        return position
    if tags[position] in "pt":
        before = position - 1
        while before >= 0 and tags[before] in 'R"':
            before -= 1
        return before if before >= 0 and tags[before] in "vwgn" else position
    return None


def _follower_of_noun(sentence: Sentence, last: int) -> int | None:
    """The verb whose subject a noun phrase is."""
    tags = sentence.tags
    position = last
    while position < len(tags) and (tags[position] in "amxRt" or sentence.norms[position] in _PREDICATES):
        position += 1
    if position < len(tags) and tags[position] in "wg" and position == last:
        # "talks aimed at ending the war opened": the participle describes, the next verb tells
        return next(
            (
                at
                for at in range(position + 1, len(tags))
                if tags[at] == "v" or (tags[at] == "w" and tags[at - 1] in "nPE")
            ),
            None,
        )
    if position < len(tags) and tags[position] in "vw":
        return position
    return position - 1 if position > last else None
