"""Hypothesis strategies for events, developments and queries that have a fair chance to meet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument
from schemas.query.analysis import prefix_token, unspaced
from schemas.query.evaluate import document
from schemas.query.fields import FIELDS, Kind
from schemas.query.stemming import stem
from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words
from schemas.query.values import SHORTEST_PREFIX
from schemas.vocabulary import (
    Body,
    DossierStatus,
    EventStatus,
    EventType,
    InstrumentKind,
    Modality,
    Role,
)

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
CODES = ("IRN", "RUS", "EU", "AND")
LANGUAGES = ("en", "en-gb", "fa", "zh-hant")
DOSSIERS = ("dos-1", "dos-2", "npt 1968 \u00df\\\"'*", "x" * 300)
DATES = (
    "2025-05-21",
    "2025-05",
    "2025",
    "2024/2025-03",
    "2025-02-28/2025-03",
    "2025-02-30",
    "2025-13",
    "0000",
    "2026/2025",
)
RAW_WORDS = (
    "treaty", "treaties", "ratified", "ratification", "uranium", "Iran's", "U.S.", "x", "exit", "Ürümqi", "İstanbul",
    "straße", "条約", "договор", "संधि", "معاهدة", "조약을", "2025", "٢٠٢٥", "½", "a-b", "and", "the", "\U00016ae1",
)  # fmt: skip
TOKENS = (
    "treati", "ratifi", "ratification", "uranium", "iran", "us", "x", "exit", "urumqi", "strass", "条", "約", "договор",
    "संधि", "조", "2025", "1", "2", "a", "b", "and", "the", "nothinghasthis",
)  # fmt: skip
PREFIXES = ("treat", "rat", "ratifi", "uran", "ex", "до", "संध", "20", "iran", "th")

texts = st.lists(st.sampled_from(RAW_WORDS) | st.text(max_size=3), max_size=5).map(" ".join)
moments = st.integers(0, 90 * 86_400).map(lambda seconds: BEGIN + timedelta(seconds=seconds, microseconds=seconds % 7))
instruments = st.builds(
    Instrument,
    name=texts,
    kind=st.sampled_from(InstrumentKind),
    id=st.none() | st.sampled_from(("irn-rus-2025", "npt")),
)
actors = st.builds(Actor, code=st.sampled_from(CODES), role=st.sampled_from(Role))


@st.composite
def views(draw: st.DrawFn, name: str = "evt-1") -> EventView:
    """An event."""
    return EventView(
        id=name,
        revision=1,
        dossier=draw(st.sampled_from(DOSSIERS)),
        dossier_status=draw(st.none() | st.sampled_from(DossierStatus)),
        type=draw(st.sampled_from(EventType)),
        modality=draw(st.sampled_from(Modality)),
        event_status=draw(st.sampled_from(EventStatus)),
        instrument=draw(st.none() | instruments),
        parties=tuple(sorted(draw(st.sets(st.sampled_from(CODES))))),
        actors=tuple(draw(st.lists(actors, max_size=3))),
        body=draw(st.none() | st.sampled_from(Body)),
        date=draw(st.none() | st.sampled_from(DATES)),
        claim=draw(st.none() | texts),
        first_seen=draw(moments),
        last_seen=BEGIN,
        news=draw(st.booleans()),
        articles=1,
        outlets=draw(st.integers(0, 4)),
        outlet_names=tuple(draw(st.lists(texts, max_size=2))),
        languages=tuple(draw(st.lists(st.sampled_from(LANGUAGES), max_size=2))),
        headline=draw(texts),
        quote=Quote(draw(texts)),
        confidence=draw(st.sampled_from((0.0, 0.25, 0.5, 1.0))),
    )


@st.composite
def corpora(draw: st.DrawFn) -> list[EventView]:
    """Up to six events of different ids."""
    return [draw(views(f"evt-{number}")) for number in range(draw(st.integers(1, 6)))]


def _is_prefix(token: str) -> bool:
    alone = len(token) == 1 and unspaced(token)
    return len(token) >= SHORTEST_PREFIX and not alone and prefix_token(token) == token


def _words(field: str) -> st.SearchStrategy[Query]:
    assert all(stem(token) == token for token in TOKENS)
    tokens = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3).map(tuple)
    plain = st.builds(Words, st.just(field), tokens)
    begun = st.builds(
        lambda tokens, last: Words(field, (*tokens, last), prefix=True),
        st.lists(st.sampled_from(TOKENS), max_size=1),
        st.sampled_from(PREFIXES).filter(_is_prefix),
    )
    return plain | begun | st.just(Exists(field))


def _range(field: str, values: Sequence[float] | Sequence[str]) -> st.SearchStrategy[Query]:
    def between(ends: tuple[int, int]) -> Query:
        return Range(field, values[min(ends)], values[max(ends)])

    places = st.integers(0, len(values) - 1)
    return (
        st.tuples(places, places).map(between)
        | places.map(lambda low: Range(field, values[low], None))
        | places.map(lambda high: Range(field, None, values[high]))
        | st.just(Range(field, None, None))
    )


_VALUES = {
    Kind.CODE: st.sampled_from(CODES),
    Kind.IDENTIFIER: st.sampled_from([one.casefold() for one in DOSSIERS]),
    Kind.LANGUAGE: st.sampled_from(("en", "en-gb", "zh", "zh-hant", "de")),
}
_ASCENDING: dict[Kind, Sequence[float] | Sequence[str]] = {
    Kind.COUNT: (0.0, 1.0, 2.0, 3.0, 5.0),
    Kind.DATE: ("2024-12-31", "2025-01-01", "2025-03-01", "2025-05-21", "2025-12-31"),
    Kind.INSTANT: ("2025-01-01T00:00:00.000000Z", "2025-02-01T10:00:00.000001Z", "2025-02-28T23:59:59.999999Z"),
    Kind.NUMBER: (0.0, 0.25, 0.5, 0.75, 1.0),
}


def _leaf(name: str) -> st.SearchStrategy[Query]:
    """Any condition on the field."""
    field = FIELDS[name]
    if field.kind is Kind.WORDS:
        return _words(name)
    if field.ranged:
        return _range(name, _ASCENDING[field.kind])
    values = st.sampled_from(field.values) if field.kind is Kind.CLOSED else _VALUES[field.kind]
    return values.map(lambda value: Keyword(name, str(value))) | st.just(Exists(name))


def queries(*, for_developments: bool = False) -> st.SearchStrategy[Query]:
    """Trees as they may be built, not in normal form; the text is asked as often as all other fields together."""
    names = [name for name in FIELDS if for_developments or name != "change"]
    leaves = st.sampled_from(names).flatmap(_leaf) | _words("text") | st.just(Everything())
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts)))
            | st.lists(inner, max_size=3).map(lambda parts: Or(tuple(parts)))
            | inner.map(Not)
        ),
        max_leaves=8,
    )


@st.composite
def _own(draw: st.DrawFn, views: list[EventView]) -> Query:
    """Tokens that follow one another in an event, though perhaps in two of its texts."""
    texts = document(draw(st.sampled_from(views))).texts
    if not texts:
        return Everything()
    field = draw(st.sampled_from(sorted(texts)))
    tokens = [token for text in texts[field] for token in text]
    start = draw(st.integers(0, len(tokens) - 1))
    return Words(field, tuple(tokens[start : start + draw(st.integers(1, 3))]), prefix=draw(st.booleans()))


@st.composite
def corpora_with_queries(draw: st.DrawFn) -> tuple[list[EventView], list[Query]]:
    """Events, and many queries of each size: single conditions, words of the events themselves, and trees."""
    views = draw(corpora())
    single = st.sampled_from([name for name in FIELDS if name != "change"]).flatmap(_leaf)
    asked = [
        *draw(st.lists(single, min_size=6, max_size=6)),
        *draw(st.lists(_own(views), min_size=3, max_size=3)),
        *draw(st.lists(queries(), min_size=2, max_size=2)),
    ]
    return views, asked
