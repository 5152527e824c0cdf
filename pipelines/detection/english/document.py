"""An article as the detector reads it: sentences, instruments and dates, with what "the treaty" and "they" stand for."""

from collections import Counter
from datetime import date
from functools import cached_property

from pipelines.detection.english.dates import When, dates
from pipelines.detection.english.instruments import InstrumentPhrase, phrases
from pipelines.detection.english.names import Names
from pipelines.detection.english.sentences import sentences
from pipelines.detection.english.tagging import Sentence, analyse, settle


class Document:
    """One article, analysed; read-only once made."""

    def __init__(self, whole: str, title_length: int, published: date | None, names: Names) -> None:
        """Reads `whole`, whose first `title_length` code points are the title."""
        self.whole = whole
        self.title_length = title_length
        self.published = published
        read = [analyse(whole, start, end, names) for start, end in sentences(whole)]
        sure = frozenset(
            entity.codes[0] for sentence in read for entity in sentence.entities if not entity.name.weak and len(entity.name.codes) == 1
        )
        self.sentences: tuple[Sentence, ...] = tuple(settle(sentence, sure) for sentence in read)

    @cached_property
    def instruments(self) -> tuple[tuple[InstrumentPhrase, ...], ...]:
        """The instrument phrases of each sentence, those that point back resolved."""
        found: list[tuple[InstrumentPhrase, ...]] = []
        known: list[InstrumentPhrase] = []
        for sentence in self.sentences:
            here: list[InstrumentPhrase] = []
            for phrase in phrases(self.whole, sentence):
                resolved = _resolved(phrase, known) if phrase.definite and _points_back(phrase) else phrase
                here.append(resolved)
                if resolved is phrase and (not phrase.bare or not known):
                    known.append(phrase)
                elif resolved is not phrase:
                    known.append(resolved)
            found.append(tuple(here))
        return tuple(found)

    @cached_property
    def dates(self) -> tuple[tuple[When, ...], ...]:
        """The date expressions of each sentence."""
        return tuple(tuple(dates(self.whole, sentence.start, sentence.end)) for sentence in self.sentences)

    @cached_property
    def main_states(self) -> tuple[str, ...]:
        """The two codes that the headline and the first sentences name most often, most often first."""
        count: Counter[str] = Counter()
        for sentence in self.sentences[:4]:
            count.update(entity.codes[0] for entity in sentence.entities if entity.name.kind not in ("court", "weak_seat"))
        return tuple(code for code, _ in count.most_common(2))

    @cached_property
    def main_instrument(self) -> InstrumentPhrase | None:
        """The instrument that the article is about: the first that it names by more than a bare noun."""
        for named in self.instruments:
            for phrase in named:
                if not phrase.bare and not phrase.plural:
                    return phrase
        return None

    def before(self, index: int, position: int) -> InstrumentPhrase | None:
        """The instrument last named before a token: what "it" may stand for."""
        for phrase in reversed(self.instruments[index]):
            if phrase.last <= position:
                return phrase
        for earlier in range(index - 1, -1, -1):
            if self.instruments[earlier]:
                return self.instruments[earlier][0]
        return None


_GENERIC = frozenset(
    "new same historic bilateral landmark controversial said proposed original final latest international draft mentioned document "
    "current existing modernized present".split()
)


def _points_back(phrase: InstrumentPhrase) -> bool:
    """Whether a definite phrase has no content of its own."""
    words = phrase.name.lower().split()
    return phrase.bare or (not phrase.proper and all(word in _GENERIC for word in words[:-1]))


def _resolved(phrase: InstrumentPhrase, known: list[InstrumentPhrase]) -> InstrumentPhrase:
    """The earlier instrument that a definite phrase stands for, in this phrase's place; the phrase itself where there is none."""
    for same_kind in (True, False):
        for earlier in reversed(known):
            if earlier.plural != phrase.plural or (same_kind and earlier.kind != phrase.kind):
                continue
            if not same_kind and (phrase.kind in ("ceasefire", "statute", "charter") or earlier.kind == "ceasefire"):
                continue
            return phrase._replace(
                name=earlier.name, kind=earlier.kind, id=earlier.id, proper=earlier.proper, bare=earlier.bare,
                codes=tuple(dict.fromkeys((*phrase.codes, *earlier.codes))),
            )  # fmt: skip
    return phrase
