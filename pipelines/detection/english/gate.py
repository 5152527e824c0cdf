"""The cheap questions asked first: may an article, and which of its sentences may, hold a treaty event at all?"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.detection.english.statistics.senses import senses
from pipelines.detection.english.verbs import VERBS
from schemas.mention import Span

_THEMES = (
    "treat",
    "agree",
    "convention",
    "protocol",
    "pact",
    "accord",
    " deal",
    "memorand",
    "cease",
    "truce",
    "armistice",
    "statute",
    "charter",
    "covenant",
    "talks",
    "negotiat",
    "accession",
    "acced",
    "member",
    "tribunal",
    "arbitrat",
    "court of justice",
    "world court",
    "gatt",
    "icj",
    "itlos",
    "european court",
    "supplying",
    "cooperation with",
    "lapsed",
    " no to",
    "world trade",
    "wto",
    "airspace",
    "sanction",
    "embargo",
    "chemical",
    "nato",
    "european union",
    "criminal court",
    "ratif",
    "withdr",
    "denounc",
    "referend",
    "constitution",
    "declaration",
    "candidate",
    "violat",
    "breach",
    "accus",
    "alleg",
    "into force",
    "in force",
    "into effect",
    "new start",
    "court of arbitration",
    "human rights court",
    "court of human",
    "high court",
    "supreme court",
    "constitutional court",
    " union",
    "participation",
    "organi",
    "join",
    "admit",
    " effect",
    "pause",
    "hostilities",
    "fighting",
    "legal action",
    "peace",
    "sarin",
    "chlorine",
    "waters",
    "limit",
    " sue",
)
"""Stems of which a sentence has one when a pattern finds something in it by itself."""
_ANCHORS = (
    "treat",
    "agreement",
    "convention",
    "protocol",
    "pact",
    "accord",
    "truce",
    "ceasefire",
    "cease-fire",
    "statute",
    "charter",
    "memorand",
    "talks",
    "court of justice",
    "tribunal",
    "armistice",
    "accession",
    "accus",
)
"""Stems of an article whose sentences may go on about what others have named."""
_UNTELLING = frozenset("comply consider fight hold hope law plan say start threaten welcome withdrawtroops".split())
"""Senses of words that by themselves tell of no step."""


def may_hold_event(text: str) -> bool:
    """False only where no pattern could find anything."""
    lowered = text.lower()
    return any(stem in lowered for stem in _THEMES) or _changes_membership(text, lowered, 0, len(text))


_STEM = 6
_LEAVING = ("leav", "quit", "exit", "pull", "left")
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")


def _changes_membership(text: str, sentence: str, start: int, end: int) -> bool:
    """Whether a sentence may tell of leaving an organisation that is named by its acronym."""
    return any(stem in sentence for stem in _LEAVING) and _ACRONYM.search(text, start, end) is not None


def promising(text: str, spans: Sequence[Span]) -> tuple[int, ...]:
    """Indices of the sentences in which something could be found, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return tuple(range(len(spans)))
    found: list[int] = []
    anchored = any(stem in lowered for stem in _ANCHORS)
    goes_on = _elliptic()
    for index, (start, end) in enumerate(spans):
        sentence = lowered[start:end]
        if (
            any(stem in sentence for stem in _THEMES)
            or _changes_membership(text, sentence, start, end)
            or (anchored and goes_on.search(sentence) is not None)
        ):
            found.append(index)
    return tuple(found)


@lru_cache(maxsize=1)
def _elliptic() -> re.Pattern[str]:
    """Words of a sentence that may go on about what another has named: the stems of those with a telling sense."""
    telling = {word for word, known in senses().items() if not _UNTELLING.issuperset(known)}
    forms = telling.union(form for form, (of, _) in VERBS.items() if of in telling)
    return re.compile(r"\b(?:" + "|".join(sorted({form[:_STEM] for form in forms})) + ")")
