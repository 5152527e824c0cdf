"""From text to tree, and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.errors import BadQuery
from schemas.query.fields import FIELDS
from schemas.query.parse import DEEPEST, LONGEST_QUERY, parse
from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words, normal
from schemas.query.unparse import unparse
from tests.unit.query.strategies import queries

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
IRAN, RUSSIA, TREATY = Words("text", ("iran",)), Words("text", ("russia",)), Words("text", ("treati",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran", IRAN),
        ("text:Iran", IRAN),
        ("Iran treaties", And((IRAN, TREATY))),
        ("iran AND russia treaty", And((IRAN, RUSSIA, TREATY))),
        ("iran and russia", And((IRAN, Words("text", ("and",)), RUSSIA))),
        ("iran OR russia AND treaty", Or((IRAN, And((RUSSIA, TREATY))))),
        ("iran russia OR treaty", And((IRAN, Or((RUSSIA, TREATY))))),
        ("iran -russia", And((IRAN, Not(RUSSIA)))),
        ("+iran NOT russia", And((IRAN, Not(RUSSIA)))),
        ("NOT NOT iran", IRAN),
        ("iran iran (iran)", IRAN),
        ("Iran – Russia!", And((IRAN, RUSSIA))),
        ('"the Treaties of Iran"', Words("text", ("the", "treati", "of", "iran"))),
        ("Iran-Russia", Words("text", ("iran", "russia"))),
        ("U.S.", Words("text", ("us",))),
        ("uran*", Words("text", ("uran",), prefix=True)),
        ("nuclear-weap*", Words("text", ("nuclear", "weap"), prefix=True)),
        ("条*", Words("text", ("条",))),
        (r"\(iran\) \"", IRAN),
        ("*", Everything()),
        ("*:*", Everything()),
        ("iran OR *", Everything()),
        ("iran AND *", IRAN),
        ("NOT *", Not(Everything())),
        ("party:irn", Keyword("party", "IRN")),
        ("PARTY: IRN", Keyword("party", "IRN")),
        ('party:"AND"', Keyword("party", "AND")),
        ("party:(IRN OR -RUS)", Or((Keyword("party", "IRN"), Not(Keyword("party", "RUS"))))),
        ("type:Ratification", Keyword("type", "ratification")),
        ('type:"Entry into force"', Keyword("type", "entry_into_force")),
        ("type:entry-into-force", Keyword("type", "entry_into_force")),
        ("language:en_GB", Keyword("language", "en-gb")),
        ("dossier:NPT", Keyword("dossier", "npt")),
        ("instrument:irn-rus-2025", Words("instrument", ("irn", "rus", "2025"))),
        ('outlet:"Moscow Times"', Words("outlet", ("moscow", "time"))),
        ("body:*", Exists("body")),
        ("instrument:*", Exists("instrument")),
        ("date:*", Range("date", None, None)),
        ("date:2025-05", Range("date", "2025-05-01", "2025-05-31")),
        ("date:2025-05/2025-08", Range("date", "2025-05-01", "2025-08-31")),
        ("date:>2025-05", Range("date", "2025-06-01", None)),
        ("date:>=2025-05", Range("date", "2025-05-01", None)),
        ("date:<2025-05", Range("date", None, "2025-04-30")),
        ("date:<=2025-05", Range("date", None, "2025-05-31")),
        ("date:[2025-05 TO 2025-06]", Range("date", "2025-05-01", "2025-06-30")),
        ("date:{2025-05 TO 2025-07}", Range("date", "2025-06-01", "2025-06-30")),
        ('date:["2025" TO *]', Range("date", "2025-01-01", None)),
        ("date:[now-30d TO now]", Range("date", "2025-05-02", "2025-06-01")),
        ("seen:>now-2h", Range("seen", "2025-06-01T10:00:00.000001Z", None)),
        ("seen:2025-05-21", Range("seen", "2025-05-21T00:00:00.000000Z", "2025-05-21T23:59:59.999999Z")),
        ("seen:<2025-05-21T10:20:30Z", Range("seen", None, "2025-05-21T10:20:29.999999Z")),
        ("confidence:>=0.8", Range("confidence", 0.8, None)),
        ("confidence:{.5 TO 1]", Range("confidence", 0.5000000000000001, 1.0)),
        ("outlets:3", Range("outlets", 3, 3)),
        ("outlets:>3", Range("outlets", 4, None)),
        (
            'party:IRN AND type:(ratification OR signature) AND "uranium"',
            And(
                (
                    Keyword("party", "IRN"),
                    Or((Keyword("type", "ratification"), Keyword("type", "signature"))),
                    Words("text", ("uranium",)),
                )
            ),
        ),
    ],
)
def test_a_query_is_read_as_written(text: str, expected: Query) -> None:
    """Every form of the language."""
    assert parse(text, now=NOW) == expected


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", None, 'nothing to look for; write words or fields (party:IRN AND type:ratification AND "nuclear energy")'),
        (" \n", None, "nothing to look for; write words or fields"),
        ("— …", 0, "no letter or digit in it"),
        ("(iran", 0, "this parenthesis is not closed; add )"),
        ('(iran ")" (russia', 10, "this parenthesis is not closed; add )"),
        ("iran)", 4, "no parenthesis is open here"),
        ('iran "treaty', 5, "this quotation mark has no partner"),
        ("iran AND", 8, "something is missing at the end"),
        ("AND iran", 0, 'AND stands between two conditions; for the word write "AND"'),
        ("party:AND", 6, 'AND stands between two conditions; for the word write "AND"'),
        ("iran && russia", 5, "operators are AND, OR and NOT"),
        ("iran !russia", 5, "operators are AND, OR and NOT"),
        ("'tis", 0, '"\'" is out of place here'),
        ("iran~2", 0, "words are matched exactly, but for their endings; leave ~ out"),
        ("iran~1.2.3", 4, "~ and ^ are not supported"),
        ('x "iran treaty"~2', 2, "the words of a phrase stand next to each other; leave ~ out"),
        ("iran^2", 0, "no part counts more than another here"),
        ("/ira[nq]/", 0, "regular expressions are not supported"),
        ("and/or /x", 7, "regular expressions are not supported"),
        ("*ran", 0, "* may stand at the end of a word only"),
        ("x ir?n", 4, "* may stand at the end of a word only"),
        ("x i*", 2, "at least 2 letters before *"),
        ('x "nuclear weap*"', 2, "* does nothing between quotation marks; write nuclear-weap*"),
        ("x typ:iran", 2, "no field 'typ'; did you mean type?"),
        ("https://example.org", 0, "no field 'https'; there are accused, accuser, actor, body, confidence, date,"),
        ("x type:ratified", 7, "type has no value 'ratified'; did you mean ratification?"),
        ("body:xyz", 5, "body has no value 'xyz'; it takes committee, court, government, head_of_state,"),
        ("body:leg*", 5, "* stands at the end of words only; body takes the organ that consents: committee, court,"),
        ('party:"Iran Russia"', 6, "party takes a code such as IRN or EU, not 'Iran Russia'"),
        ("language:1", 9, "language takes a language tag such as en or pt-br"),
        ('dossier:" "', 8, "dossier takes the id of a dossier"),
        ("instrument:—", 11, "instrument takes words of its name, or a registry id: at least one letter or digit"),
        ("change:new", 0, "only developments have change: it can be watched and subscribed to, not searched"),
        ("type:(ratification date:2025)", 19, "a field within the field type"),
        ("seen:10:30", 5, "a field within the field seen"),
        ("[1 TO 2]", 0, "a range needs a field before it"),
        ("type:[a TO b]", 5, "type takes what happened, and no range"),
        ("date:[-1 TO 2]", 6, "an end of a range is a value, or * where it is open"),
        ("date:2025-13", 5, "date takes a day (2025-05-21), month (2025-05), year (2025) or interval"),
        ("date:[2026 TO 2025]", 5, "nothing lies between these two"),
        ("date:>9999", 5, "there is no date beyond this one"),
        ("confidence:>80", 11, "confidence takes numbers from 0 to 1, not '80'"),
        ("confidence:<0", 11, "nothing lies there: confidence goes from 0 to 1"),
        ("outlets:1.5", 8, "outlets takes whole numbers, not '1.5'"),
    ],
)
def test_a_bad_query_shows_the_place_and_what_would_be_right(text: str, position: int | None, reason: str) -> None:
    """Each kind of mistake."""
    with pytest.raises(BadQuery) as caught:
        parse(text, now=NOW)
    assert caught.value.reason.startswith(reason)
    assert caught.value.position == position


def test_a_relative_date_needs_a_moment_to_be_relative_to() -> None:
    """A stored query must not mean something else tomorrow without anybody saying so."""
    with pytest.raises(BadQuery, match="'now-30d' is relative to a moment that is not given here; write a day"):
        parse("date:>now-30d")


def test_change_is_asked_of_developments_only() -> None:
    """And there in the closed list."""
    assert parse("change:Corroborated", for_developments=True) == Keyword("change", "corroborated")
    with pytest.raises(BadQuery, match="change has no value 'never'; it takes cancelled, contradicted, corroborated"):
        parse("change:never", for_developments=True)


def test_names_are_taken_for_codes_where_these_are_known() -> None:
    """And codes that are not among them are refused, with the nearest name."""
    codes = {"iran": "IRN", "european union": "EU", "andorra": "AND"}
    assert parse('party:(Iran OR eu) actor:"European Union"', codes=codes) == And(
        (Or((Keyword("party", "IRN"), Keyword("party", "EU"))), Keyword("actor", "EU"))
    )
    with pytest.raises(BadQuery, match=r"party knows no 'Irann'; did you mean iran\?"):
        parse("party:Irann", codes=codes)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "(" * 4999 + "a" + ")" * 4999,
        "NOT " * 2000 + "a",
        "-" * 2000 + "a",
        "+" * 9000,
        "a:" * 3000,
        "type:(" * 1000 + "a" + ")" * 1000,
        "x" * (LONGEST_QUERY + 1),
        "x " * 500_000,
    ],
)
def test_deep_and_long_queries_are_refused(text: str) -> None:
    """Without recursion errors."""
    with pytest.raises(BadQuery):
        parse(text)


def test_threads_parse_at_the_same_time() -> None:
    """Without getting into each other's way, as a server does it."""
    texts = [f'party:IRN AND (type:ratification OR "w{number} x") -date:>=2025 y{number}*' for number in range(300)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(parse, texts)) == [parse(text) for text in texts]


def test_a_wide_query_is_no_problem() -> None:
    """As many words as the length allows, and as deep as is said."""
    words = [f"w{number}" for number in range(1500)]
    assert parse(" ".join(words)) == And(tuple(Words("text", (word,)) for word in words))
    assert parse("(" * DEEPEST + "iran" + ")" * DEEPEST) == IRAN


@settings(max_examples=500)
@given(st.text())
@example('a"\\')
@example("a~1.5.5")
@example('"\\')
def test_any_text_is_a_query_or_a_bad_query(text: str) -> None:
    """Nothing else is raised, and what was read can be written and read again."""
    _read_and_write(text)


SYNTAX = (
    *"()[]{}\"'\\/+-!:~^*?<>=&| ", "AND", " OR ", " NOT ", " TO ", "&&", "\n", "type:", "date:", "seen:", "party:",
    "instrument:", "confidence:", "ratification", "2025", "2025-05-21", "T10:20:30Z", "now-1d", "IRN",
    "uran", "0.5", "条",
)  # fmt: skip


@settings(max_examples=1000)
@given(st.lists(st.sampled_from(SYNTAX), max_size=14).map("".join))
def test_any_heap_of_syntax_is_a_query_or_a_bad_query(text: str) -> None:
    """The same of what looks more like a query."""
    _read_and_write(text)


def _read_and_write(text: str) -> None:
    try:
        query = parse(text, now=NOW)
    except BadQuery as bad:
        place = bad.position
    else:
        place = None
        assert parse(unparse(query)) == query == normal(query)
    assert place is None or 0 <= place <= len(text)


@settings(max_examples=500)
@given(queries(for_developments=True))
def test_a_tree_that_is_written_and_read_is_the_same(query: Query) -> None:
    """For trees in normal form."""
    plain = normal(query)
    assert parse(unparse(plain), for_developments=True) == plain


def test_fields_are_in_alphabetical_order() -> None:
    """A reader finds them, and messages list them so."""
    assert list(FIELDS) == sorted(FIELDS)
