"""What an unnamed instrument is about, in one word of a closed list."""

from collections.abc import Mapping
from types import MappingProxyType

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.document import Document
from schemas.vocabulary import EventType

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        word: subject
        for subject, words in {
            "aviation": "air aviation skies flight flights airline",
            "border": "border boundary boundaries demarcation maritime frontier",
            "ceasefire": "ceasefire truce armistice hostilities cessation",
            "climate": "climate emissions carbon",
            "culture": "cultural culture education scientific research",
            "defence": "defence defense military alliance bases base",
            "energy": "energy gas oil pipeline electricity power",
            "extradition": "extradition prisoners sentenced judicial legal",
            "finance": "tax taxation loan debt currency banking bailout",
            "fisheries": "fisheries fishing fish tuna whaling",
            "investment": "investment investments",
            "membership": "accession membership enlargement candidacy",
            "migration": "migration migrants refugees asylum readmission visa",
            "nuclear": "nuclear uranium enrichment safeguards",
            "peace": "peace settlement reconciliation normalization normalisation",
            "sanctions": "sanctions embargo",
            "security": "security intelligence counter-terrorism police",
            "space": "space lunar moon satellite",
            "trade": "trade tariff tariffs customs export exports economic commerce",
            "transport": "railway road transit transport shipping",
            "water": "water waters river dam basin",
            "weapons": "weapons arms missile missiles chemical mines munitions disarmament airspace",
        }.items()
        for word in words.split()
    }
)


def subject_matter(document: Document, candidate: Candidate) -> str | None:
    """The word for what the instrument is about, where the registry does not know it; None where no word tells."""
    phrase = candidate.instrument
    if phrase is not None:
        if phrase.id is not None:
            return None
        if phrase.kind == "ceasefire":
            return "ceasefire"
        for word in phrase.name.lower().replace("-", " ").split():
            if word in _WORDS:
                return _WORDS[word]
    if candidate.type in (EventType.ACCESSION, EventType.WITHDRAWAL) and phrase is None:
        return "membership"
    norms = document.sentences[candidate.sentence].norms
    for norm in norms[max(0, candidate.first) : candidate.last]:
        if norm in _WORDS:
            return _WORDS[norm]
    return None
