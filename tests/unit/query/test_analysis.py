"""The one text analysis."""

import sqlite3
import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.query.analysis import LONGEST, prefix_token, stored, tokens, words
from schemas.query.stemming import stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran's parliament", ("iran", "parliament")),
        ("Iran’s parliament", ("iran", "parliament")),
        ("the U.S. and the U.N", ("the", "us", "and", "the", "un")),
        ("J.K.Rowling", ("jk", "rowl")),
        ("Ürümqi İSTANBUL straße", ("urumqi", "istanbul", "strass")),
        ("１９２ votes ½ ² ٢٠٢٥", ("192", "vote", "1", "2", "2", "2025")),
        ("日本と条約", ("日", "本", "と", "条", "約")),
        ("조약을", ("조", "약", "을")),
        ("संधि पर", ("संधि", "पर")),
        ("مُعاهَدة", ("معاهدة",)),
        ("New START (2010)—extended_2021", ("new", "start", "2010", "extend", "2021")),
        ("co\u00adoperation", ("cooperation",)),
        ("\u202e!?\t—\ud800", ()),
    ],
)
def test_tokens_are_folded_split_and_stemmed(text: str, expected: tuple[str, ...]) -> None:
    """What each kind of writing becomes."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "family",
    [
        ("ratify", "ratifies", "ratified", "ratifying"),
        ("treaty", "treaties"),
        ("cancel", "cancels", "cancelled", "canceled", "cancelling"),
        ("terminate", "terminates", "terminated", "terminating"),
        ("agree", "agrees", "agreed", "agreeing"),
        ("sign", "signs", "signed", "signing"),
        ("pass", "passes", "passed", "passing"),
        ("call", "calls", "called", "calling"),
        ("stop", "stops", "stopped", "stopping"),
    ],
)
def test_forms_of_a_word_share_their_stem(family: tuple[str, ...]) -> None:
    """Plural, past and -ing."""
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    "pair", [("news", "new"), ("united", "unit"), ("status", "state"), ("bring", "br"), ("need", "ne")]
)
def test_different_words_keep_different_stems(pair: tuple[str, str]) -> None:
    """No ending is taken off that is none."""
    assert stem(pair[0]) != stem(pair[1])


def test_long_tokens_are_cut() -> None:
    """Index and query cut at the same place."""
    assert tokens("ba" * 21) == tokens("ba" * 2000) == ("ba" * (LONGEST // 2),)


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), max_size=20))
def test_the_stem_of_a_stem_is_itself(word: str) -> None:
    """So that a stem may be written into a query."""
    assert stem(stem(word)) == stem(word)


@given(st.text())
def test_tokens_of_tokens_are_themselves(text: str) -> None:
    """Analysis ends after one step, for any text."""
    found = tokens(text)
    assert tokens(" ".join(found)) == found


@given(st.text())
@example("Ù.A")
def test_composed_and_decomposed_texts_have_the_same_tokens(text: str) -> None:
    """Canonically equal texts are the same words."""
    assert tokens(unicodedata.normalize("NFC", text)) == tokens(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("written", "looked_for"), [("treaties", "treati"), ("treaty", "treat"), ("ratifi", "ratifi")])
def test_a_beginning_is_looked_for_among_stems(written: str, looked_for: str) -> None:
    """What is written of a word is cut to what its stem begins with."""
    assert prefix_token(written) == looked_for


@given(st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=20))
def test_a_whole_word_is_found_as_its_own_beginning(word: str) -> None:
    """`word*` finds the word."""
    assert stem(word).startswith(prefix_token(word))
    assert prefix_token(prefix_token(word)) == prefix_token(word)


def test_no_character_makes_fts5_and_us_disagree() -> None:
    """Every code point, as a token of its own and within a word, is one token for unicode61: the one that we stored."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 0')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
    ours: set[str] = set()
    for code in range(sys.maxunicode + 1):
        found = {stored(token) for token in (*words(chr(code)), *words(f"b{chr(code)}d"))}
        if not found <= ours:
            connection.execute("INSERT INTO t (rowid, text) VALUES (?, ?)", (code, " ".join(sorted(found - ours))))
            ours |= found
    theirs = [term for (term,) in connection.execute("SELECT term FROM v")]
    connection.close()
    assert len(ours) > 100_000
    assert sorted(theirs) == sorted(ours)


@settings(max_examples=300)
@given(st.lists(st.text(), min_size=1, max_size=4))
@example(["ß x \u0345 ﷺ İ ǅ", "x"])
def test_fts5_stores_exactly_our_tokens_in_our_order(texts: list[str]) -> None:
    """Whole texts, all of Unicode, against a real table."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 0')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
    expected = []
    for number, text in enumerate(texts, 1):
        found = [stored(token) for token in tokens(text)]
        expected += [(number, place, token) for place, token in enumerate(found)]
        connection.execute("INSERT INTO t (rowid, text) VALUES (?, ?)", (number, " ".join(found)))
    theirs = list(connection.execute('SELECT doc, "offset", term FROM v ORDER BY doc, "offset"'))
    connection.close()
    assert theirs == expected


@given(st.text(min_size=1), st.text(min_size=1))
def test_stored_tokens_are_ascii_and_keep_equality_and_beginnings(one: str, other: str) -> None:
    """Different stay different, and a beginning stays a beginning, and only that."""
    assert all(character in "abcdefghijklmnopqrstuvwxyz0123456789" for character in stored(one.casefold()))
    assert (stored(one) == stored(other)) == (one == other)
    assert stored(one + other).startswith(stored(one))
    assert stored(other).startswith(stored(one)) == other.startswith(one)


@given(st.text(min_size=LONGEST))
def test_stored_tokens_are_short_enough_for_every_analyzer(text: str) -> None:
    """Elasticsearch's analyzers split tokens of more than 255 characters."""
    assert all(len(stored(token)) <= 255 for token in tokens(text))
