"""When a happening was, and how the vote on it went."""

import re
from datetime import date

from pipelines.detection.edtf import Towards
from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.dates import When
from pipelines.detection.english.document import Document
from pipelines.detection.english.verbs import VERBS, Form
from schemas.mention import Vote
from schemas.vocabulary import EventType, Modality

_VOTED = frozenset(
    (
        EventType.RATIFICATION,
        EventType.REJECTION,
        EventType.WITHDRAWAL,
        EventType.ADOPTION,
        EventType.TERMINATION,
        EventType.EXTENSION,
        EventType.SUSPENSION,
    )
)
_FARTHEST = 120
_LASTING = frozenset((EventType.EXTENSION, EventType.SUSPENSION, EventType.ADOPTION, EventType.SIGNATURE))
_UNTIL = re.compile(
    r"\b(?:until|till|through|to|for|after|beyond|from|until\s+after|effective(?:\s+(?:from|on))?|(?:starting|beginning)(?:\s+on)?)\s+(?:the\s+)?$"
)
"""Before a date: how long something is to last, not when it happened."""
_SHORT = 6
"""An item of fewer sentences that name somebody is told in the present of its day throughout."""
_LEAD = 3
_EARLIER = frozenset("after since following had previously earlier when before upon".split())
_OTHERS = re.compile(
    r"\b(?:ahead of|prior to|before|in advance of|on the eve of)\s+(?:the |a |an |his |her |its |their )?"
    r"(?:[\w'-]+\s+){0,3}?(?:elections?|vote|summit|meeting|visit|conference|talks|anniversary|deadline|trip|poll)\s+"
    r"(?:on|in|for|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before a date: what else is to be then."""
_OTHER_CUES = frozenset(("ahead", "prior", "before", "advance", "eve"))
_ANY_DAY = date(2000, 1, 1)
"""For dates that need no publication date."""
_DATED_BY_STATEMENT = frozenset((EventType.ALLEGATION, EventType.DENIAL))


def dated(document: Document, candidate: Candidate) -> Candidate:
    """The candidate with its date, resolved against the publication; what lies ahead of it is not past."""
    when = _date(document, candidate)
    ahead = (
        when is not None
        and document.published is not None
        and when[:10] > document.published.isoformat()[: len(when[:10])]
    )
    if ahead and candidate.modality is Modality.OCCURRED:
        return candidate._replace(date=when, modality=Modality.SCHEDULED)
    return candidate._replace(date=when)


def voted(document: Document, candidate: Candidate) -> Candidate:
    """The candidate with the tally of its sentence, where its type has one."""
    if candidate.type not in _VOTED or candidate.modality is not Modality.OCCURRED:
        return candidate
    (found,) = document.tallies[candidate.sentence]
    if found is None:
        return candidate
    vote = found.vote
    if found.ordered and candidate.type is EventType.REJECTION and vote.for_ is not None and vote.against is not None:
        vote = Vote(min(vote.for_, vote.against), max(vote.for_, vote.against), vote.abstain, vote.total)
    return candidate._replace(vote=vote)


def _date(document: Document, candidate: Candidate) -> str | None:
    sentence = document.sentences[candidate.sentence]
    towards = (
        Towards.FUTURE
        if candidate.modality in (Modality.SCHEDULED, Modality.PROPOSED, Modality.CONDITIONAL)
        else Towards.PAST
    )
    best: tuple[int, str] | None = None
    names = [
        (sentence.tokens[phrase.first].start, sentence.tokens[min(phrase.last, len(sentence.tokens)) - 1].end)
        for phrase in document.instruments[candidate.sentence]
        if phrase.last <= len(sentence.tokens)
    ]
    between = not _OTHER_CUES.isdisjoint(sentence.norms)
    for when in document.dates[candidate.sentence]:
        if any(start <= when.start < end for start, end in names):
            continue
        if document.published is None:
            if not when.exact:
                continue
            resolved = when.resolve(_ANY_DAY, towards)
        else:
            resolved = when.resolve(document.published, towards)
        if candidate.modality is Modality.NEGATED and _perfect(document, candidate):
            continue
        if candidate.type in _LASTING and _UNTIL.search(document.whole, max(0, when.start - 9), when.start):
            continue
        if between and _OTHERS.search(document.whole, max(sentence.start, when.start - 70), when.start):
            continue
        if resolved is None:
            continue
        distance = _distance(document, candidate, when)
        if best is None or distance < best[0]:
            best = distance, resolved
    if best is not None and best[0] < _FARTHEST:
        return best[1]
    if document.published is None:
        return None
    return document.published.isoformat() if _happening_now(document, candidate) else None


def _perfect(document: Document, candidate: Candidate) -> bool:
    """Whether it "has not" been done, which has no date."""
    norms = document.sentences[candidate.sentence].norms
    return any(norms[cue] in ("has", "have", "hasn't", "haven't", "never", "yet") for cue in candidate.governors)


def _distance(document: Document, candidate: Candidate, when: When) -> int:
    """How far a date stands from the trigger, across commas, connectives and other verbs."""
    sentence = document.sentences[candidate.sentence]
    trigger = sentence.tokens[candidate.trigger].start
    low, high = min(trigger, when.start), max(trigger, when.start)
    between = [at for at, token in enumerate(sentence.tokens) if low < token.start < high]
    verbs = sum(
        (sentence.tags[at] in "vg" and at not in candidate.governors and not sentence.norms[at].startswith("vot"))
        or (sentence.tags[at] == "w" and sentence.tags[at - 1] in "aR")
        for at in between
    )
    breaks = sum(
        (sentence.tags[at] in "rhks;" and sentence.norms[at] != "as") or sentence.tags[at : at + 2] == "tv"
        for at in between
    )
    commas = sum(sentence.tags[at] == "," for at in between)
    return (high - low) // 3 + 90 * verbs + 60 * breaks + 15 * commas + (20 if when.start < trigger else 0)


def _happening_now(document: Document, candidate: Candidate) -> bool:
    """Whether the words tell of the day of publication: by the present tense of the verb, or of a noun's verb."""
    if candidate.modality is not Modality.OCCURRED:
        return False
    sentence = document.sentences[candidate.sentence]
    short = document.telling < _SHORT
    tags, norms, at = sentence.tags, sentence.norms, candidate.trigger
    if tags[at] == "v":
        return _present(norms[at]) and (short or candidate.sentence < _LEAD)
    governors = [cue for cue in candidate.governors if cue < at]
    if any(norms[cue] in _EARLIER for cue in governors):
        return False
    if tags[at] == "w" and governors and norms[governors[0]] in ("is", "are", "being"):
        return short or candidate.sentence < _LEAD
    if tags[at] == "w" and not governors and candidate.type in _DATED_BY_STATEMENT:
        return short
    if not short:
        return False
    if tags[at] == "n" and not governors:
        # what the noun does: "the talks end"
        return any(tags[cue] == "v" and _present(norms[cue]) for cue in candidate.governors)
    verbs = [cue for cue in governors if tags[cue] in "vwa"] or [
        other for other in range(len(tags)) if tags[other] == "v"
    ][:1]
    if candidate.type in _DATED_BY_STATEMENT:
        return True
    if tags[at] == "n" and not any(tags[cue] in "vw" for cue in governors):
        return False
    return bool(verbs) and any(_present(norms[cue]) for cue in verbs)


def _present(norm: str) -> bool:
    """Whether a verb form is of the present tense."""
    if norm in ("is", "are", "has", "have"):
        return True
    known = VERBS.get(norm)
    return known is not None and bool(known[1] & (Form.BASE | Form.PRESENT)) and not known[1] & Form.PAST
