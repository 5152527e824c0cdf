"""What the models say of a sentence: which of its words tell of a happening, of which type, in which modality."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipelines.detection.english.candidates import Candidate
from pipelines.detection.english.clauses import Frame
from pipelines.detection.english.document import Document
from pipelines.detection.english.statistics import clues
from pipelines.detection.english.statistics.abstract import Abstract, abstract
from pipelines.detection.softmax import Softmax, softmax
from schemas.vocabulary import EventType, Modality

_DATA = "pipelines.detection.english.data"
NOTHING = "nothing"
"""The class of a token that tells of no happening."""
_OPEN = frozenset("vwgnabPp")
_TRUCES = frozenset(("ceasefire", "truce"))


class Models(NamedTuple):
    """The two models, fitted together."""

    types: Softmax
    modalities: Softmax


@lru_cache(maxsize=1)
def models() -> Models:
    """The models that the detector ships with."""
    return Models(softmax(_DATA, "types.msgpack"), softmax(_DATA, "modalities.msgpack"))


class Teller(NamedTuple):
    """A token that may tell of a happening."""

    position: int
    frame: Frame
    chances: dict[str, float]
    """By type; what is missing from one is the chance that it tells of nothing."""


def may_tell(view: Abstract, position: int) -> bool:
    """Whether a token can be asked what it tells: a word of an open class that is part of no name."""
    tag = view.sentence.tags[position]
    if tag == "I":
        return view.lemmas[position] in _TRUCES
    if position in view.named or tag not in _OPEN:
        return False
    return tag != "a" or view.lemmas[position] == "be"


class Reader:
    """Reads one sentence with the models; what its tokens share is worked out once."""

    __slots__ = ("_document", "_models", "_rules", "_shared", "_spoken", "_tellers", "view")

    def __init__(self, document: Document, index: int, rules: Sequence[Candidate], fitted: Models) -> None:
        """The sentence at `index` of `document`, in which the patterns found `rules`."""
        self._document, self._rules, self._models = document, rules, fitted
        self.view = abstract(document, index)
        self._shared: list[int] | None = None
        self._spoken: list[int] | None = None
        self._tellers: dict[int, Teller] = {}

    def tellers(self) -> Iterator[Teller]:
        """The tokens whose lemma tells of happenings often enough to be asked, in order."""
        words = self._models.types.words
        for position, word in enumerate(self.view.lemmas):
            if word in words and may_tell(self.view, position):
                yield self.at(position)

    def at(self, position: int) -> Teller:
        """What the token at `position` tells."""
        known = self._tellers.get(position)
        if known is None:
            model = self._models.types
            if self._shared is None:
                self._shared = model.found(clues.of_sentence(self._document, self.view))
            frame = clues.frame_at(self.view, position)
            own = model.found(clues.of_type(self._document, self.view, position, frame, self._rules))
            chances = dict(zip(model.classes, model.probabilities((*self._shared, *own)).tolist(), strict=True))
            del chances[NOTHING]
            known = self._tellers[position] = Teller(position, frame, chances)
        return known

    def modality(self, teller: Teller, kind: EventType) -> tuple[Modality, float]:
        """How the happening is spoken of, and how likely that is."""
        model = self._models.modalities
        if self._spoken is None:
            self._spoken = model.found(clues.of_all_modalities(self._document, self.view))
        found = clues.of_modality(self.view, teller.position, teller.frame, kind, self._rules)
        chances = model.probabilities((*self._spoken, *model.found(found)))
        best = int(chances.argmax())
        return Modality(model.classes[best]), float(chances[best])
