"""A sentence with its names taken out: what is left says the same of other states and other treaties."""

from typing import NamedTuple

from pipelines.detection.english.document import Document
from pipelines.detection.english.statistics.senses import lemma
from pipelines.detection.english.subjects import Region
from pipelines.detection.english.tagging import Sentence

_NAMED = {
    "acronym": "<org>",
    "body": "<body>",
    "court": "<court>",
    "group": "<group>",
    "leader": "<leader>",
    "organ": "<organ>",
    "organisation": "<org>",
}
_TAGGED = {"M": "<date>", "Y": "<date>", "W": "<date>", "D": "<number>", "P": "<name>"}
_HEADS = frozenset("nobIEPHvwg")


class Abstract(NamedTuple):
    """A sentence by what its words stand for."""

    number: int
    """Of the sentence in its article."""
    sentence: Sentence
    lemmas: tuple[str, ...]
    symbols: tuple[str, ...]
    """Of each token: its lemma, or in angle brackets what kind of name it is part of."""
    named: frozenset[int]
    """Indices of the tokens that are part of a name, or head an instrument phrase."""
    finite: tuple[int, ...]
    """Indices of the finite verbs, modals and negations."""

    def head(self, region: Region | None) -> str:
        """The symbol of a noun phrase's last word; empty where there is none."""
        if region is None:
            return ""
        for position in range(min(region.last, len(self.symbols)) - 1, region.first - 1, -1):
            if self.sentence.tags[position] in _HEADS:
                return self.symbols[position]
        return ""

    def within(self, region: Region | None, most: int) -> tuple[str, ...]:
        """The symbols of the first tokens of a region, each once."""
        return () if region is None else tuple(dict.fromkeys(self.symbols[region.first : region.last][:most]))


def abstract(document: Document, index: int) -> Abstract:
    """The sentence at `index`, abstracted."""
    sentence = document.sentences[index]
    lemmas = tuple(map(lemma, sentence.norms, sentence.tags))
    symbols = [_TAGGED.get(tag, word) for word, tag in zip(lemmas, sentence.tags, strict=True)]
    named: set[int] = set()
    for entity in sentence.entities:
        positions = range(entity.first, entity.last)
        named.update(positions)
        for position in positions:
            symbols[position] = _NAMED.get(entity.name.kind, "<state>")
    for phrase in document.instruments[index]:
        named.add(phrase.head)
        for position in range(phrase.first, min(phrase.last, len(symbols))):
            if phrase.proper or position == phrase.head:
                symbols[position] = f"<{phrase.kind}>"
    finite = tuple(position for position, tag in enumerate(sentence.tags) if tag in "mxv")
    return Abstract(index, sentence, lemmas, tuple(symbols), frozenset(named), finite)
