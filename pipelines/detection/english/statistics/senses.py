"""Lemmas, and the few senses in which news of treaties uses them: ``senses.tsv``, alphabetical, one lemma a line.

A sense is what words have in common that may stand for one another in such news: "scrap", "annul" and "lapse" all end
something. It is what a word that no annotated text holds is recognised by.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from pipelines.detection.english.verbs import VERBS

_VERBAL = frozenset("vwga")
_SHORTEST_PLURAL = 5


def lemma(norm: str, tag: str) -> str:
    """The dictionary form of a token; plurals of nouns by their ending."""
    if tag in _VERBAL and norm in VERBS:
        return VERBS[norm][0]
    if len(norm) >= _SHORTEST_PLURAL and norm.endswith("s") and not norm.endswith("ss"):
        return norm[:-3] + "y" if norm.endswith("ies") else norm[:-1]
    return norm


@lru_cache(maxsize=1)
def senses() -> Mapping[str, tuple[str, ...]]:
    """The senses of each lemma that has any."""
    table = resources.files(__package__).joinpath("senses.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines()[1:])
    return {word: tuple(named.split()) for word, named in rows}
