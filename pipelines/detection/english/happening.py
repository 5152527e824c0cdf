"""What a matched pattern amounts to: the type of the happening, the role of those who act, the body that acted."""

from typing import NamedTuple

from pipelines.detection.english.actors import Agent, body
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.modality import Reading
from pipelines.detection.english.themes import FoundTheme, is_organisation
from pipelines.detection.english.verbs import VERBS
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import Body, EventType, Modality, Role

_CONSENT = frozenset((EventType.SIGNATURE, EventType.RATIFICATION, EventType.ACCESSION, EventType.ADOPTION))
_BODIED = frozenset(
    (
        EventType.EXTENSION,
        EventType.RATIFICATION,
        EventType.REJECTION,
        EventType.SUSPENSION,
        EventType.TERMINATION,
        EventType.WITHDRAWAL,
    )
)
_VOTED_ON = frozenset((EventType.WITHDRAWAL, EventType.TERMINATION, EventType.SUSPENSION))
_APPROVAL = frozenset("approve back endorse pass support vote clear".split())
"""What a body does to an act, which is done by it (coding rule 17)."""
_WITHDRAWN = frozenset("withdraw revoke rescind repeal annul".split())
_PARLIAMENTS = frozenset((Body.LEGISLATURE, Body.LOWER_HOUSE, Body.UPPER_HOUSE, Body.PEOPLE))
_WELCOMES = frozenset("accept back endorse support approve".split())
"""What a side does with a text or a truce without ratifying it."""
_PRESENTS = frozenset("unveil announce make produce".split())
_GATHERINGS = frozenset(
    "countries nations states members governments representatives delegates leaders ministers envoys".split()
)


class Happening(NamedTuple):
    """The type of a happening and what goes with it."""

    type: EventType
    role: Role | None
    modality: Modality


def happening(
    frame: Frame, pattern: Pattern, theme: FoundTheme, reading: Reading, acting_body: Body | None
) -> Happening:
    """What a pattern's match amounts to, by who acted and how the clause speaks of it."""
    kind, role, modality = _refused(pattern, reading)
    spoken = pattern.modality
    if spoken is not None and (modality is not Modality.NEGATED or spoken is Modality.NEGATED):
        modality = spoken
    lemmas = governing(frame)
    if kind is EventType.ACCESSION:
        return _joining(frame, role, modality)
    if kind is EventType.RATIFICATION:
        if acting_body is not None and modality is Modality.NEGATED and "fail" in lemmas:
            return Happening(EventType.REJECTION, Role.REJECTER, Modality.OCCURRED)
        if frame.noun and _WITHDRAWN & lemmas:
            return Happening(EventType.WITHDRAWAL, Role.WITHDRAWER, modality)
        if acting_body is None and frame.lemma in _WELCOMES and _is_gathering(frame):
            kind, role = EventType.ADOPTION, Role.ADOPTER
    if kind is EventType.ADOPTION:
        return _adopting(frame, theme, role, modality, acting_body)
    if kind is EventType.SIGNATURE and _into_law(frame):
        return Happening(EventType.RATIFICATION, Role.RATIFIER, modality)
    if kind is EventType.ENTRY_INTO_FORCE and "provisionally" in _around(frame):
        return Happening(EventType.PROVISIONAL_APPLICATION, None, modality)
    return Happening(kind, role, modality)


def welcomes_only(frame: Frame, pattern: Pattern, theme: FoundTheme) -> bool:
    """Whether a side merely accepts a truce or a plan, which ratifies nothing."""
    if pattern.type is not EventType.RATIFICATION or frame.lemma not in _WELCOMES or theme.instrument is None:
        return False
    if theme.instrument.kind not in ("ceasefire", "plan"):
        return False
    return frame.subject is None or body(frame.sentence, frame.subject) is None


def body_of(
    frame: Frame, pattern: Pattern, kind: EventType, acting_body: Body | None, who: tuple[Agent, ...]
) -> Body | None:
    """The body whose formal act it was, where the type has one."""
    if kind not in _BODIED:
        return None
    if acting_body is not None:
        return acting_body
    if frame.noun and kind in _VOTED_ON and frame.subject is not None and _APPROVAL & governing(frame):
        return body(frame.sentence, frame.subject)
    if kind in (EventType.RATIFICATION, EventType.REJECTION) and "referendum" in frame.sentence.norms:
        return Body.PEOPLE
    if kind is EventType.REJECTION and frame.lemma == "veto" and _is_head_of_state(frame):
        return Body.HEAD_OF_STATE
    alone = kind is pattern.type is EventType.RATIFICATION and not _is_gathering(frame)
    if alone and who and all(is_organisation(agent.code) for agent in who):
        return Body.ORGANISATION
    return _signing_body(frame)


def governing(frame: Frame) -> frozenset[str]:
    """Lemmas of the words that govern the trigger."""
    norms = frame.sentence.norms
    return frozenset(VERBS.get(norms[cue], (norms[cue],))[0] for cue in frame.cues)


def _refused(pattern: Pattern, reading: Reading) -> Happening:
    """The same, where the act may have been refused (coding rules 4, 16)."""
    if not reading.refused:
        return Happening(pattern.type, pattern.role, reading.modality)
    if pattern.type in _CONSENT:
        modality = Modality.OCCURRED if reading.modality is Modality.NEGATED else reading.modality
        return Happening(EventType.REJECTION, Role.REJECTER, modality)
    return Happening(pattern.type, pattern.role, Modality.NEGATED)


def _around(frame: Frame) -> tuple[str, ...]:
    return frame.sentence.norms[max(0, frame.trigger - 3) : frame.last + 3]


def _is_gathering(frame: Frame) -> bool:
    """Whether many states' people act together, who adopt a text and do not ratify it."""
    region = frame.subject
    return region is not None and any(norm in _GATHERINGS for norm in frame.sentence.norms[region.first : region.last])


def _adopting(
    frame: Frame, theme: FoundTheme, role: Role | None, modality: Modality, acting_body: Body | None
) -> Happening:
    """An adoption, or what it is by who adopts what: a parliament ratifies, a proposal is made, a text is amended."""
    if acting_body in _PARLIAMENTS:
        return Happening(EventType.RATIFICATION, Role.RATIFIER, modality)
    if theme.instrument is not None and frame.lemma in _PRESENTS and _is_proposal(theme.instrument.name):
        proposed = Modality.PROPOSED if modality is Modality.OCCURRED else modality
        return Happening(EventType.ADOPTION, Role.PROPOSER, proposed)
    if theme.instrument is not None and "amendment" in theme.instrument.name.lower():
        return Happening(EventType.AMENDMENT, Role.AMENDER, modality)
    return Happening(EventType.ADOPTION, role, modality)


def _joining(frame: Frame, role: Role | None, modality: Modality) -> Happening:
    """An accession, or the people's consent to it: "Latvians vote to join the EU in a referendum"."""
    if modality is Modality.OCCURRED and "vote" in governing(frame) and _by_people(frame):
        return Happening(EventType.RATIFICATION, Role.RATIFIER, modality)
    return Happening(EventType.ACCESSION, role, modality)


def _by_people(frame: Frame) -> bool:
    """Whether the sentence tells of a referendum."""
    return any(norm in ("referendum", "plebiscite", "voters") for norm in frame.sentence.norms)


def _is_proposal(name: str) -> bool:
    """Whether what is presented is but proposed."""
    return any(word in ("proposal", "proposals", "plan", "initiative", "draft") for word in name.lower().split())


def _is_head_of_state(frame: Frame) -> bool:
    region = frame.subject
    return region is not None and "president" in frame.sentence.norms[region.first : region.last]


def _into_law(frame: Frame) -> bool:
    """Whether what is signed becomes law by it."""
    norms = frame.sentence.norms[frame.last : frame.last + 40]
    return any(norms[at : at + 2] == ("into", "law") for at in range(len(norms)))


def _signing_body(frame: Frame) -> Body | None:
    """The office of one who signs a law: head of state, or of government."""
    region = frame.subject
    if region is None:
        return None
    near = (
        *frame.sentence.norms[region.last : frame.trigger],
        *(frame.sentence.norms[frame.last : frame.last + 5] if frame.lemma == "sign" else ()),
    )
    if not _into_law(frame) and not any(norm in ("bill", "law", "decree") for norm in near):
        return None
    governs = any(
        norm in ("premier", "minister", "chancellor") for norm in frame.sentence.norms[region.first : region.last]
    )
    return Body.GOVERNMENT if governs else Body.HEAD_OF_STATE
