"""Tagged sentences: one letter for each token (see `words.py`), and the names among them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipelines.detection.english.dateline import dateline_end
from pipelines.detection.english.gazetteer.load import Name
from pipelines.detection.english.names import Entity, Names
from pipelines.detection.english.tokens import Token, tokenize
from pipelines.detection.english.verbs import NOUN_TOO, VERBS, Form
from pipelines.detection.english.words import TAGS

_SIGNS = {
    ",": ",",
    ";": ";",
    ":": ";",
    "(": "(",
    ")": ")",
    '"': '"',
    "'": "'",
    "'s": "'",
    "-": "-",
    "/": "-",
    ".": ".",
    "!": ".",
    "?": ".",
}
_NAME_TAGS = {"demonym": "J", "leader": "H", "body": "b"}
_BEFORE_NOUN = frozenset("dpJ'gT")
_BEFORE_VERB = frozenset("tmuRxrh")


class Sentence(NamedTuple):
    """A sentence, its tokens, their tags and the names among them."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    norms: tuple[str, ...]
    tags: str
    entities: tuple[Entity, ...]
    """In order, never overlapping."""

    def offset(self, first: int, last: int) -> tuple[int, int]:
        """Offsets into the article of tokens ``[first, last)``."""
        return self.tokens[first].start, self.tokens[last - 1].end

    def within(self, first: int, last: int) -> tuple[Entity, ...]:
        """The names that begin in ``[first, last)``."""
        return tuple(entity for entity in self.entities if first <= entity.first < last)


def analyse(text: str, start: int, end: int, names: Names) -> Sentence:
    """The tagged sentence ``text[start:end]``."""
    tokens = tuple(tokenize(text, start, end))
    norms = tuple(token.norm for token in tokens)
    entities: list[Entity] = []
    tags: list[str] = []
    shouting = len(tokens) > 2 and text[start:end].isupper()
    position, count = 0, len(tokens)
    filed = dateline_end(text, start, end)
    while position < count and tokens[position].start < filed:
        tags.append(".")
        position += 1
    while position < count:
        if norms[position] in names:
            named = names.at(tokens, norms, position)
            if named is not None and not (shouting and norms[position] in _SHOUTED):
                last, name = named
                if name is not None:
                    entities.append(Entity(position, last, name, name.codes[:1]))
                tags.append(_tag_of(name, norms[last - 1]) * (last - position))
                position = last
                continue
        tags.append(_tag(tokens, norms, tags, position, shouting))
        position += 1
    return Sentence(start, end, tokens, norms, "".join(tags), tuple(entities))


_SHOUTED = frozenset("us who may march can".split())
"""Words that are names only when the words around them are not in capitals as well."""


def _tag_of(name: Name | None, last: str) -> str:
    """The tag of a name; a plural demonym ("the Houthis") is a name of those people, no adjective."""
    if name is None:
        return "P"
    if name.kind == "demonym" and last.endswith("s") and not last.endswith("ss"):
        return "E"
    return _NAME_TAGS.get(name.kind, "E")


def _tag(tokens: Sequence[Token], norms: Sequence[str], tags: Sequence[str], position: int, shouting: bool) -> str:
    """The tag of a token that is part of no name."""
    norm = norms[position]
    sign = _SIGNS.get(norm)
    if sign is not None:
        return _quote_or(sign, tokens, position)
    if (
        norm == "to"
        and 0 < position < len(norms) - 1
        and norms[position - 1].isdigit()
        and norms[position + 1].isdigit()
    ):
        return "D"
    if norm[0].isdigit():
        return "Y" if len(norm) == 4 and norm.isdigit() and "1600" <= norm <= "2199" else "D"
    # newswires of old wrote "the U.S. Had said": a capital after an abbreviation says nothing
    capital = (
        tokens[position].word[0].isupper() and not shouting and not (position and norms[position - 1].endswith("."))
    )
    listed = _listed_tag(norms, position, capital, shouting)
    return listed if listed is not None else _open_tag(tokens, norms, tags, position, capital)


def _listed_tag(norms: Sequence[str], position: int, capital: bool, shouting: bool) -> str | None:
    """The tag of a closed-class word; None for others, and where it stands for something else here."""
    norm = norms[position]
    if norm in ("side", "sides") and tuple(norms[position + 1 : position + 2]) == ("with",):
        return "v"
    tag = TAGS.get(norm)
    if tag == "M" and norm in _HARDLY_MONTHS:
        return "M" if capital and position and _dated(norms, position) else ("m" if norm == "may" else None)
    return None if tag in ("W", "M") and not capital and not shouting else tag


_HARDLY_MONTHS = frozenset("may march mar jun dec sun sat mon wed sep".split())
"""Months and days that are other words as often."""


def _open_tag(tokens: Sequence[Token], norms: Sequence[str], tags: Sequence[str], position: int, capital: bool) -> str:
    """The tag of an open-class word: by the verb list, its capital, its ending."""
    norm = norms[position]
    verb = VERBS.get(norm)
    if verb is not None and (not capital or not position or tags[-1] == '"' or _title_case(tokens)):
        return _verb_tag(norm, verb[1], tokens, norms, tags, position)
    if capital:
        return "P"
    if norm.endswith("ed") and len(norm) > 4:
        return "w"
    return "R" if norm.endswith("ly") and len(norm) > 4 else "n"


def _quote_or(sign: str, tokens: Sequence[Token], position: int) -> str:
    """The tag of a sign; an apostrophe that opens or closes a quotation is a quotation mark."""
    if sign == "'" and tokens[position].norm == "'":
        glued = position > 0 and tokens[position - 1].end == tokens[position].start
        return "'" if glued and tokens[position - 1].norm.endswith("s") else '"'
    return sign


def _title_case(tokens: Sequence[Token]) -> bool:
    """Whether most words are capitalised, as in many headlines."""
    long = [token.word for token in tokens if len(token.word) > 3]
    return len(long) > 2 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def _dated(norms: Sequence[str], position: int) -> bool:
    """Whether a number or a preposition beside it shows that a word is a month."""
    after = norms[position + 1] if position + 1 < len(norms) else ""
    before = norms[position - 1]
    return (
        after[:1].isdigit()
        or before[:1].isdigit()
        or before
        in ("in", "since", "until", "last", "next", "on", "by", "of", "this", "early", "late", "mid", "-", "and")
    )


def _verb_tag(
    norm: str, form: Form, tokens: Sequence[Token], norms: Sequence[str], tags: Sequence[str], position: int
) -> str:
    """Whether a spelling that may be a verb is one here, and in which form."""
    previous = tags[-1][-1] if tags else ""
    if form == Form.GERUND:
        return "g"
    following = norms[position + 1] if position + 1 < len(norms) else ""
    if norm in NOUN_TOO and not _is_verb(norm, form, previous, following, tokens, position):
        return "n"
    if form & (Form.BASE | Form.PRESENT) and previous in _BEFORE_NOUN and norm not in NOUN_TOO and not form & Form.PAST:
        return "v" if previous in "pT'" else "n"
    if form & (Form.BASE | Form.PRESENT) and not form & Form.PARTICIPLE:
        return "v"
    if form & Form.PARTICIPLE:
        return "w" if not (form & Form.BASE and previous in "tm") else "v"
    return "v"


def _is_verb(norm: str, form: Form, previous: str, following: str, tokens: Sequence[Token], position: int) -> bool:
    """Whether a spelling that is a noun as often is a verb, by its neighbours."""
    if previous in _BEFORE_VERB and previous:
        return True
    if not previous or norm in ("talks", "talk"):
        return previous in ("t", "m", "u")
    if previous == "a":
        return bool(form & (Form.PARTICIPLE | Form.GERUND))
    if norm == "rules" and following in (".", ",", "", "of", "on", "and"):
        return False
    plural = position > 0 and previous == "n" and tokens[position - 1].norm.endswith("s")
    if plural and not norm.endswith("s") and form & Form.BASE and following in (*_AFTER_VERB, *_DETERMINERS):
        return True
    if previous in _BEFORE_NOUN or previous in "D-n":
        return bool(previous == "n" and following in _STARTS_OBJECT and norm.endswith("s"))
    if following in _STARTS_OBJECT or (norm in _RATHER_VERBS and following not in ("of", "that", "language")):
        return True
    if previous in "EHPob" and any(
        token.norm in ("talks", "negotiations") for token in tokens[position + 1 : position + 4]
    ):
        # "Israel and Lebanon hold talks"
        return True
    after = tokens[position + 1].word if position + 1 < len(tokens) else ""
    if previous in 'EHPob,"' and after[:1].isupper():
        return True
    return bool(form & Form.PAST) and previous in "EHPobw"


_DETERMINERS = ("the", "its", "their", "a", "an", "this")
_AFTER_VERB = frozenset(
    ("in", "on", "after", "over", "as", "amid", "at", "following", "again", "without", "today", ".", ",", "")
)
_RATHER_VERBS = frozenset(
    (
        "signs sign rejects approves vetoes backs votes vote breaks ends extends claims quits leaves exits rules "
        "orders files drops joins moves talks_not"
    ).split()
)
"""Of the spellings that are a noun as often, those that after a possible subject are the verb."""

_STARTS_OBJECT = frozenset(
    (
        "the a an to its their his her this these that all both any no not some new for on against it them us him "
        "more several two three with without out off that"
    ).split()
)


def settle(sentence: Sentence, sure: Callable[[str], bool], year: int | None) -> Sentence:
    """The sentence with its uncertain names read in the light of the codes that the article names surely.

    One who held no office about `year`, when the article was published, is uncertain too.
    """
    if not any(_uncertain(entity.name, year) or len(entity.name.codes) > 1 for entity in sentence.entities):
        return sentence
    entities: list[Entity] = []
    tags = sentence.tags
    for entity in sentence.entities:
        known = tuple(code for code in entity.name.codes if sure(code))
        if known or not _uncertain(entity.name, year):
            entities.append(entity._replace(codes=known[:1] or entity.name.codes[:1]))
        else:
            tags = tags[: entity.first] + "P" * (entity.last - entity.first) + tags[entity.last :]
    return sentence._replace(entities=tuple(entities), tags=tags)


_AFTERGLOW = 4
"""Years for which one who has left office is still spoken of without the state's name."""


def _uncertain(name: Name, year: int | None) -> bool:
    """Whether a name counts only beside a sure one of the same state."""
    if name.weak or name.kind != "leader" or year is None:
        return name.weak
    began = name.first is not None and year < int(name.first[:4])
    return began or (name.last is not None and year > int(name.last[:4]) + _AFTERGLOW)
