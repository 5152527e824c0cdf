"""What the confidence of a candidate is computed from."""

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.document import Document
from pipelines.detection.english.exclusions import COMPANY_WORDS
from pipelines.detection.english.verbs import VERBS

_DOMESTIC = frozenset(
    (
        "bill law election elections party parties opposition coalition governor mayor union strike company court "
        "prime-time league season players club police protesters students workers budget constitutional amendment "
        "contract companies vaccine doses hospital"
    ).split()
)
_STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def features(document: Document, candidate: Candidate, everything: list[Candidate]) -> tuple[str, ...]:
    """Names of the features that hold, each once."""
    sentence = document.sentences[candidate.sentence]
    norm = sentence.norms[candidate.trigger]
    lemma = VERBS[norm][0] if norm in VERBS else norm
    kind = candidate.type.value
    found = [
        "bias",
        f"type={kind}",
        f"pattern={candidate.pattern}",
        f"lemma={kind}:{lemma}",
        f"modality={candidate.modality.value}",
        f"type,modality={kind},{candidate.modality.value}",
        f"tag={sentence.tags[candidate.trigger]}",
        f"actors={min(3, len(candidate.actors))}",
        f"type,actors={kind},{min(2, len(candidate.actors))}",
        f"parties={min(4, len(candidate.parties))}",
        f"date={'none' if candidate.date is None else len(candidate.date)}",
        f"body={candidate.body}",
        f"vote={candidate.vote is not None}",
        f"place={_place(document, candidate)}",
        f"slot={candidate.slot}",
    ]
    learned = "learned" if candidate.pattern.startswith("learned.") else "worded"
    found += [learned, f"reread={candidate.reread}"]
    for step in _STEPS:
        if candidate.support >= step:
            found += [f"support>={step}", f"{learned},support>={step}", f"support,type>={step},{kind}"]
        if candidate.sure >= step:
            found += [f"sure>={step}", f"{learned},sure>={step}"]
    found += [f"cue={cue}" for cue in candidate.cues]
    found += [f"actor={agent.kind}" for agent, _ in candidate.actors]
    found += _of_instrument(candidate)
    found += _of_words(document, candidate)
    rivals = [other for other in everything if other.sentence == candidate.sentence and other is not candidate]
    if any(other.trigger == candidate.trigger for other in rivals):
        found.append("rival=same trigger")
    if any(other.type is candidate.type for other in rivals):
        found.append("rival=same type")
    found += _of_article(document, candidate, everything)
    return tuple(dict.fromkeys(found))


def _of_article(document: Document, candidate: Candidate, everything: list[Candidate]) -> list[str]:
    """What other candidates of the article speak for or against one more."""
    mine = {agent.code for agent, _ in candidate.actors} | set(candidate.parties)
    same = [
        other
        for other in everything
        if other is not candidate
        and other.type is candidate.type
        and (not mine or mine.intersection(other.parties) or any(agent.code in mine for agent, _ in other.actors))
    ]
    found = []
    if same:
        found.append("again")
        best = max(other.support for other in same)
        found.append("again, likelier" if best > candidate.support else "again, less likely")
        if any(other.modality is not candidate.modality and other.support > candidate.support for other in same):
            found.append(f"again, otherwise={candidate.modality.value}")
        if _place(document, candidate) == "title":
            found.append("again, title")
    found.append(f"many={min(6, sum(other.type is candidate.type for other in everything))}")
    found.append(f"all={min(12, len(everything)) // 2}")
    return found


def _of_instrument(candidate: Candidate) -> list[str]:
    phrase = candidate.instrument
    kind = candidate.type.value
    if phrase is None:
        return ["instrument=none", f"type,instrument={kind},none"]
    found = [f"instrument={phrase.kind}", f"type,instrument={kind},{phrase.kind}", f"codes={min(2, len(phrase.codes))}"]
    found += [name for name in ("definite", "bare", "proper", "plural") if getattr(phrase, name)]
    if phrase.id is not None:
        found.append("registered")
    return found


def _of_words(document: Document, candidate: Candidate) -> list[str]:
    """Whether words of business or home affairs stand in the sentence, and how many states it and the lead name."""
    sentence = document.sentences[candidate.sentence]
    norms = sentence.norms
    found = []
    named = {position for entity in sentence.entities for position in range(entity.first, entity.last)}
    words = {norm for position, norm in enumerate(norms) if position not in named}
    if words & COMPANY_WORDS:
        found.append("business")
    if words & _DOMESTIC:
        found.append("domestic")
    states = {entity.codes[0] for entity in sentence.entities}
    found.append(f"states={min(4, len(states))}")
    around = {entity.codes[0] for other in document.promising[:12] for entity in document.sentences[other].entities}
    found.append(f"article states={min(4, len(around))}")
    return found


def _place(document: Document, candidate: Candidate) -> str:
    """Where in the article the sentence stands."""
    if document.title_length and candidate.sentence == 0:
        return "title"
    if document.telling < 6:
        return "short"
    return "lead" if candidate.sentence < 4 else "body"
