"""How a sentence speaks of a happening: by the words that govern its trigger."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.verbs import VERBS, Form
from pipelines.detection.english.words import CONDITIONAL_MODALS, FUTURE, MODALS_OF_POSSIBILITY, NEGATIONS
from schemas.vocabulary import Modality

_GOVERNORS: Mapping[str, Modality] = MappingProxyType(
    {
        word: modality
        for modality, words in {
            Modality.SCHEDULED: (
                "ahead deadline timetable eve plan plans decide decision intend intention vow pledge promise "
                "agree commit prepare due set scheduled schedule undertake slated poised bound resolve plan "
                "planned upcoming imminent agreed forthcoming determined expected_on preparations"
            ),
            Modality.PROPOSED: (
                "negotiations negotiate talks deadlock urge ask call calls press demand demands want hope hopes "
                "expect consider propose proposal proposals offer offers seek suggest recommend invite push mull "
                "weigh study explore wish like look plead encourage request favour favor advocate eye aim ready "
                "willing prepared open likely possible discuss debate appeal insist possibility prospect "
                "prospects efforts effort bid attempt try pressure willingness potential chance interest "
                "interested envisage envision contemplate advise argue should support support proposed expected "
                "hopeful idea readiness desire way ways chances opportunity campaign move toward towards step "
                "steps need_for application apply"
            ),
            Modality.CONDITIONAL: (
                "warn warning warnings risk event case threaten threat threats need needs require requires "
                "subject await awaiting pending depend awaits condition"
            ),
            Modality.NEGATED: (
                "reverse backtrack retract "
                "unlikely fail failure suspend postpone delay halt avoid cancel shelve abandon defer drop prevent "
                "stall unable stop stops freeze deny denied without unsigned unratified impossible"
            ),
        }.items()
        for word in words.split()
    }
)
_CONSENT_REFUSED = frozenset(
    ("veto vetoes refuse refusal decline reject oppose rejection refuses declined opposition balk").split()
)
_CONDITIONS = frozenset("if unless provided once until till".split())


class Reading(NamedTuple):
    """A modality, with the words that decided it."""

    modality: Modality
    refused: bool
    """Whether the act was refused rather than merely not done."""
    cues: tuple[str, ...]


class _Sign(NamedTuple):
    """What one governing word says."""

    word: str
    modality: Modality = Modality.OCCURRED
    negative: bool = False
    refused: bool = False


def read(frame: Frame) -> Reading:
    """The modality of the happening that a frame's trigger names."""
    signs = [sign for order in range(len(frame.cues)) if (sign := _sign(frame, order)) is not None]
    if frame.noun and (described := _described(frame)) is not None:
        signs.append(described)
    if _denied(frame):
        signs.append(_Sign("deny", negative=True))
    if _nobody(frame):
        signs.append(_Sign("neither", negative=True))
    modality = max((sign.modality for sign in signs), key=_STRENGTH.index, default=Modality.OCCURRED)
    negative = any(sign.negative for sign in signs)
    refused = any(sign.refused for sign in signs)
    seen = [sign.word for sign in signs]
    if modality is Modality.OCCURRED and not refused and not negative and _merely_intended(frame):
        seen.append("to")
        modality = Modality.SCHEDULED
    if modality is Modality.OCCURRED and not refused and not negative and _is_arranged(frame):
        seen.append("next")
        modality = Modality.SCHEDULED
    if modality is Modality.CONDITIONAL and _is_reported_plan(frame, seen):
        modality = Modality.SCHEDULED
    if modality is Modality.OCCURRED and not negative and _is_yet_to_end(frame):
        seen.append("present")
        modality = Modality.SCHEDULED
    if (
        frame.lemma in _TAKING_EFFECT
        and (modality is not Modality.OCCURRED or _in_present(frame))
        and _after_term(frame, modality)
    ):
        seen.append("days after")
        modality = Modality.CONDITIONAL
    if modality in (Modality.SCHEDULED, Modality.CONDITIONAL) and _conditioned(frame):
        seen.append("if")
        refused = refused or (negative and modality is Modality.SCHEDULED)
        modality = Modality.CONDITIONAL
    elif negative and modality is Modality.SCHEDULED:
        # "will not": consent refused, or the step negated (coding rules 4, 16)
        refused, modality = True, Modality.OCCURRED
    elif negative and modality is not Modality.CONDITIONAL:
        modality = Modality.NEGATED
    return Reading(modality, refused, tuple(seen))


def _is_arranged(frame: Frame) -> bool:
    """Whether a verb in progress is dated ahead: "is convening talks on Thursday next week"."""
    norms, tags = frame.sentence.norms, frame.sentence.tags
    before = range(frame.trigger - 1, max(0, frame.trigger - 8), -1) if frame.noun else ()
    for at in (*frame.cues, frame.trigger, *before):
        if tags[at] == "g" and norms[at - 1] in ("is", "are", "'re") and at:
            return any(
                norms[later] == "tomorrow" or (norms[later] == "next" and tags[later + 1 : later + 2] in tuple("TWM"))
                for later in range(at, len(norms))
            )
    if frame.noun or tags[frame.trigger] != "v":
        return False
    return any(
        norms[later] == "next" and tags[later + 1 : later + 2] in tuple("TWM")
        for later in range(frame.last, min(frame.last + 8, len(norms)))
        if not set(tags[frame.last : later]) & set(",;krs")
    )


_PLANNED = frozenset("planned upcoming forthcoming scheduled imminent future due".split())
_CONCEIVABLE = frozenset("proposed possible potential prospective hoped".split())


def _described(frame: Frame) -> _Sign | None:
    """What the words beside a noun say of it: "planned talks", "a possible withdrawal", "talks due in May"."""
    norms = frame.sentence.norms
    beside = (*norms[max(0, frame.trigger - 4) : frame.trigger], *norms[frame.last : frame.last + 2])
    for word in beside:
        if word in _PLANNED:
            return _Sign(word, Modality.SCHEDULED)
        if word in _CONCEIVABLE:
            return _Sign(word, Modality.PROPOSED)
    return None


def _sign(frame: Frame, order: int) -> _Sign | None:
    """What the governing word of that order says; None where it says nothing of the modality."""
    norms, cue = frame.sentence.norms, frame.cues[order]
    word = norms[cue]
    lemma = VERBS.get(word, (word,))[0]
    if (lemma, *norms[cue + 1 : cue + 2]) in (("call", "off"), ("put", "off"), ("rule", "out")):
        return _Sign(f"{lemma} {norms[cue + 1]}", negative=True)
    if lemma == "agree" and frame.lemma not in _TALKS:
        # "agreed an extension", "agreed to extend" is done; "agreed to hold …" is to come
        planned = any(norms[other] == "to" for other in frame.cues)
        if frame.lemma in _REFORMS and norms[cue + 1 : cue + 2] == ("to",):
            return _Sign(word, Modality.SCHEDULED)
        if frame.lemma in _AGREED_ACTS or (frame.noun and not planned):
            return None
    if lemma == "open" and frame.sentence.tags[cue] in "vwg":
        return None
    auxiliary = _auxiliary(frame, order, word)
    if auxiliary is not None:
        return auxiliary
    if word in _CONDITIONS or (word == "before" and "m" in frame.sentence.tags):
        return _Sign(word, Modality.CONDITIONAL)
    if lemma in _CONSENT_REFUSED:
        return _Sign(word, refused=True)
    governor = _GOVERNORS.get(lemma) or _GOVERNORS.get(word)
    if governor is None or (governor is Modality.NEGATED and frame.lemma in _TALKS and lemma in _BROKEN_OFF):
        return None
    if governor is Modality.NEGATED:
        return _Sign(word, negative=True)
    return _Sign(word, governor, negative=cue > 0 and norms[cue - 1] == "no")


def _auxiliary(frame: Frame, order: int, word: str) -> _Sign | None:
    """What a modal, a negation, "yet" or the "to" of "is to" says."""
    norms, cue = frame.sentence.norms, frame.cues[order]
    if word in FUTURE or word == "won't":
        return _Sign(word, Modality.SCHEDULED, negative=word == "won't")
    if (word in CONDITIONAL_MODALS or word == "should") and norms[cue + 1 : cue + 2] == ("have",):
        # "would have signed": it did not
        return _Sign(f"{word} have", negative=True)
    if word in CONDITIONAL_MODALS:
        return _Sign(word, Modality.CONDITIONAL, negative=word == "wouldn't")
    if word in MODALS_OF_POSSIBILITY:
        needed = word == "must" and frame.lemma in _PREREQUISITES
        return _Sign(word, Modality.CONDITIONAL if needed else Modality.PROPOSED, negative=word.endswith("n't"))
    if word in NEGATIONS or word == "against":
        return _Sign(word, negative=True)
    if word == "yet" and any(norms[other] == "to" for other in frame.cues):
        return _Sign(word, negative=True)
    if word == "to" and cue and order <= 2 and norms[cue - 1] in ("is", "are", "was", "were", "be"):
        return _Sign("is to", Modality.SCHEDULED)
    return None


_PREREQUISITES = frozenset("ratify approve ratification approval pass accept consent receive endorse".split())
"""What an instrument needs: that it "must" be done is a condition, not a demand."""
_REPORTING = frozenset(
    ("say announce tell report state add declare confirm reveal write pledge insist indicate").split()
)


def _is_reported_plan(frame: Frame, seen: list[str]) -> bool:
    """Whether "would" is but the "will" of a report in the past: "said that Oman would sign in May"."""
    if not seen or any(word not in ("would", "'d", "wouldn't", "not", "never") for word in seen) or _conditioned(frame):
        return False
    norms = frame.sentence.norms
    return any(VERBS.get(norm, ("",))[0] in _REPORTING and not norm.endswith("s") for norm in norms)


_AGREED_ACTS = frozenset("extend renew prolong amend revise terminate end suspend".split())
"""What two sides have done once they agree to do it."""

_REFORMS = frozenset("reform changes revision amendment amendments".split())
"""What is agreed "to" and still to be made."""

_TALKS = frozenset(["talks", "negotiations", "negotiation"])
_BROKEN_OFF = frozenset("suspend halt stall freeze stop abandon drop".split())
"""What happens to talks that were under way (coding rule 16)."""

_CARRIED_OUT = frozenset(
    (
        "begin start continue manage vote help move proceed go use used appear seem rush come return happen make "
        "meet become force compel allow enable lead prompt cause persuade convince see claim report find"
    ).split()
)
"""What governs an infinitive and says that it is done."""


def _merely_intended(frame: Frame) -> bool:
    """Whether the trigger is an infinitive that nothing says was carried out: "Malta to sign", "a bill to leave"."""
    norms = frame.sentence.norms
    if frame.noun:
        return False
    for order, cue in enumerate(frame.cues):
        if norms[cue] == "to" and order <= 2 and cue < frame.trigger and _is_ranked(frame, cue):
            return False
        if norms[cue] == "to" and order <= 2 and cue < frame.trigger:
            governing = [VERBS.get(norms[other], (norms[other],))[0] for other in frame.cues[order + 1 :]]
            if frame.lemma in _AGREED_ACTS and {"agree", "agreement", "deal", "reach", "strike"} & set(governing):
                return False
            return not any(word in _CARRIED_OUT for word in governing)
    return False


_ORDINAL = re.compile(r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|last|latest|only)")


def _is_ranked(frame: Frame, infinitive: int) -> bool:
    """Whether the infinitive says what somebody was the first, the last or the fiftieth to do."""
    before = frame.sentence.norms[max(0, infinitive - 5) : infinitive]
    verbs = [norm for norm in before if norm in ("is", "was", "became", "becomes", "becoming", "were", "are")]
    return bool(verbs) and any(_ORDINAL.fullmatch(norm) for norm in before)


def _denied(frame: Frame) -> bool:
    """Whether the clause is what somebody denies: "denies that it had …", "denied an assertion that it had …"."""
    sentence = frame.sentence
    first = frame.subject.first if frame.subject is not None else frame.trigger
    if frame.noun or not first or sentence.tags[first - 1] != "h":
        return False
    before = sentence.norms[max(0, first - 7) : first - 1]
    return any(VERBS.get(norm, ("",))[0] == "deny" for norm in before)


_STRENGTH = (Modality.OCCURRED, Modality.SCHEDULED, Modality.PROPOSED, Modality.CONDITIONAL)


def _nobody(frame: Frame) -> bool:
    """Whether the subject itself denies the act: "neither France nor Spain", "no state"."""
    if frame.subject is None or frame.noun:
        return False
    norms = frame.sentence.norms
    return any(
        norm in ("neither", "nor", "no", "none", "nobody")
        for norm in norms[max(0, frame.subject.first - 1) : frame.subject.last]
    )


_TAKING_EFFECT = frozenset("enter come take go become be".split())
_TERMS = frozenset("days months weeks day month".split())
_STEPS = frozenset(
    (
        "exchange deposit ratification ratifications ratify ratified approval notification notes instruments instrument"
    ).split()
)


def _in_present(frame: Frame) -> bool:
    known = VERBS.get(frame.sentence.norms[frame.trigger])
    return known is not None and bool(known[1] & (Form.BASE | Form.PRESENT)) and not known[1] & Form.PAST


def _is_yet_to_end(frame: Frame) -> bool:
    """Whether an instrument "expires" in a clause that only dates it: "before it expires", "which expires in May"."""
    if frame.noun or frame.lemma not in ("expire", "lapse") or not _in_present(frame):
        return False
    first = frame.subject.first if frame.subject is not None else frame.trigger
    return any(tag in "rhks" for tag in frame.sentence.tags[max(0, first - 1) : frame.trigger])


def _after_term(frame: Frame, modality: Modality) -> bool:
    """Whether entry into force hangs on a step to come: "thirty days after the exchange of instruments" (rule 22)."""
    following = frame.sentence.norms[frame.last : frame.last + 16]
    if modality is Modality.OCCURRED and not any(word in _TERMS for word in following):
        return False
    linked = any(word in ("after", "following", "upon", "when", "once") for word in following)
    return linked and any(word in _STEPS for word in following)


def _conditioned(frame: Frame) -> bool:
    """Whether a condition follows in the same sentence."""
    norms = frame.sentence.norms
    after = norms[frame.last : frame.last + 30]
    return any(word in ("if", "unless", "once", "provided") for word in after) or norms[:1] in (
        ("if",),
        ("once",),
        ("unless",),
        ("provided",),
        ("when",),
    )
