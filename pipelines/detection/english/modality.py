"""How a sentence speaks of a happening: by the words that govern its trigger."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.verbs import VERBS
from pipelines.detection.english.words import CONDITIONAL_MODALS, FUTURE, MODALS_OF_POSSIBILITY, NEGATIONS
from schemas.vocabulary import Modality

_GOVERNORS: Mapping[str, Modality] = MappingProxyType(
    {
        word: modality
        for modality, words in {
            Modality.SCHEDULED: (
                "plan plans decide decision intend intention vow pledge promise agree commit prepare due set scheduled schedule undertake slated "
                "poised bound resolve plan planned upcoming imminent agreed forthcoming determined expected_on preparations"
            ),
            Modality.PROPOSED: (
                "urge ask call calls press demand demands want hope hopes expect consider propose proposal proposals offer offers seek suggest recommend "
                "invite push mull weigh study explore wish like look plead encourage request favour favor advocate eye aim ready "
                "willing prepared open likely possible discuss debate appeal insist possibility prospect prospects efforts effort bid attempt "
                "try pressure willingness potential chance interest interested envisage envision contemplate advise argue should support support "
                "proposed expected hopeful idea readiness desire way ways chances opportunity campaign move toward towards step steps need_for application apply"
            ),
            Modality.CONDITIONAL: "threaten threat threats need needs require requires subject await awaiting pending depend awaits condition",
            Modality.NEGATED: (
                "unlikely fail failure suspend postpone delay halt avoid cancel shelve abandon defer drop prevent stall unable stop stops freeze "
                "deny denied without unsigned unratified impossible"
            ),
        }.items()
        for word in words.split()
    }
)
_CONSENT_REFUSED = frozenset("refuse refusal decline reject oppose rejection refuses declined opposition balk".split())
_CONDITIONS = frozenset("if unless provided once until till".split())
_PRECEDING = frozenset("before until ahead pending".split())


class Reading(NamedTuple):
    """A modality, with the words that decided it."""

    modality: Modality
    refused: bool
    """Whether the act was refused rather than merely not done."""
    cues: tuple[str, ...]


def read(frame: Frame) -> Reading:
    """The modality of the happening that a frame's trigger names."""
    sentence = frame.sentence
    norms = sentence.norms
    modality = Modality.OCCURRED
    negative = refused = False
    seen: list[str] = []
    agreed = frame.noun or frame.lemma in _AGREED_ACTS
    for order, cue in enumerate(frame.cues):
        word = norms[cue]
        lemma = VERBS.get(word, (word,))[0]
        if lemma == "call" and norms[cue + 1 : cue + 2] == ("off",):
            seen.append("call off")
            negative = True
            continue
        if lemma == "agree" and agreed:
            continue
        if word in FUTURE:
            seen.append(word)
            modality = _weaker(modality, Modality.SCHEDULED)
        elif word in ("won't",):
            seen.append(word)
            modality, negative = _weaker(modality, Modality.SCHEDULED), True
        elif word in CONDITIONAL_MODALS:
            seen.append(word)
            modality = _weaker(modality, Modality.CONDITIONAL)
            negative = negative or word == "wouldn't"
        elif word in MODALS_OF_POSSIBILITY:
            seen.append(word)
            modality = _weaker(modality, Modality.CONDITIONAL if word == "must" else Modality.PROPOSED)
        elif word in NEGATIONS:
            seen.append(word)
            negative = True
        elif word in _CONDITIONS:
            seen.append(word)
            modality = Modality.CONDITIONAL
        elif word == "yet" and any(norms[other] == "to" for other in frame.cues):
            seen.append(word)
            negative = True
        elif word == "to" and cue and norms[cue - 1] in ("is", "are", "was", "were", "be") and order <= 2:
            seen.append("is to")
            modality = _weaker(modality, Modality.SCHEDULED)
        elif lemma in _CONSENT_REFUSED:
            seen.append(word)
            refused = True
        elif lemma in _GOVERNORS or word in _GOVERNORS:
            found = _GOVERNORS.get(lemma) or _GOVERNORS[word]
            seen.append(word)
            if found is Modality.NEGATED and frame.lemma in _TALKS and lemma in _BROKEN_OFF:
                continue
            if found is Modality.NEGATED:
                negative = True
            else:
                modality = _weaker(modality, found)
        elif word in ("before", "until"):
            modality = _weaker(modality, Modality.CONDITIONAL) if word == "until" else modality
    if modality is Modality.OCCURRED and not refused and not negative and _merely_intended(frame):
        seen.append("to")
        modality = Modality.SCHEDULED
    if modality in (Modality.SCHEDULED, Modality.CONDITIONAL) and not negative and _conditioned(frame):
        seen.append("if")
        modality = Modality.CONDITIONAL
    if negative:
        if modality is Modality.SCHEDULED:
            refused = True
        elif modality is not Modality.CONDITIONAL:
            modality = Modality.NEGATED
    return Reading(modality, refused, tuple(seen))


_AGREED_ACTS = frozenset("extend renew prolong amend terminate end suspend".split())
"""What two sides have done once they agree to do it."""

_TALKS = frozenset("talks negotiations negotiation".split())
_BROKEN_OFF = frozenset("suspend halt stall freeze stop abandon drop".split())
"""What happens to talks that were under way (coding rule 16)."""

_CARRIED_OUT = frozenset(
    "begin start continue manage vote help move proceed go use used appear seem rush come return happen make meet become force compel "
    "allow enable lead prompt cause persuade convince see claim report find".split()
)
"""What governs an infinitive and says that it is done."""


def _merely_intended(frame: Frame) -> bool:
    """Whether the trigger is an infinitive that nothing says was carried out: "Malta to sign", "a bill to leave"."""
    norms = frame.sentence.norms
    if frame.noun:
        return False
    for order, cue in enumerate(frame.cues):
        if norms[cue] == "to" and order <= 2 and cue < frame.trigger:
            governing = [VERBS.get(norms[other], (norms[other],))[0] for other in frame.cues[order + 1 :]]
            if frame.lemma in _AGREED_ACTS and ("agree" in governing or governing[:1] in (["agreement"], ["deal"])):
                return False
            return not any(word in _CARRIED_OUT for word in governing)
    return False


_STRENGTH = (Modality.OCCURRED, Modality.SCHEDULED, Modality.PROPOSED, Modality.CONDITIONAL)


def _weaker(one: Modality, other: Modality) -> Modality:
    """Of two modalities of words that govern one another, the one further from fact; the nearer word wins a tie of "would"."""
    if Modality.NEGATED in (one, other):
        return Modality.NEGATED
    return max(one, other, key=_STRENGTH.index)


def _conditioned(frame: Frame) -> bool:
    """Whether a condition follows in the same sentence."""
    norms = frame.sentence.norms
    after = norms[frame.last : frame.last + 30]
    return any(word in ("if", "unless", "once", "provided") for word in after) or norms[:1] == ("if",)
