"""Identifiers come from content, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import article_id
from schemas.identifiers import canonical_url, content_id

PARTS = st.lists(st.one_of(st.none(), st.text(), st.integers()), max_size=5)


@given(PARTS, PARTS)
def test_content_id_tells_different_parts_apart(one: list[str | int | None], other: list[str | int | None]) -> None:
    """Two identifiers are equal exactly where the texts of the parts are."""
    same = [None if part is None else str(part) for part in one] == [
        None if part is None else str(part) for part in other
    ]
    assert (content_id("x", *one) == content_id("x", *other)) == same


def test_content_id_is_the_same_for_ever() -> None:
    """Stored identifiers outlive releases: this one was computed by the first."""
    assert content_id("evt", "a", None, 1) == "evt-3lktvupwpeshznefoabzn6my"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7#top", "https://news.example/a?id=7"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example:8080/%7Euser", "http://news.example:8080/~user"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("  https://news.example/a?b=&c ", "https://news.example/a?b=&c="),
        ("not an address", "not an address"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_canonical_url_is_one_for_every_way_of_writing_it(written: str, canonical: str) -> None:
    """Scheme, host, default port, fragment and tracking do not tell pages apart."""
    assert canonical_url(written) == canonical


@given(st.text())
def test_canonical_url_is_stable_and_never_raises(text: str) -> None:
    """Applying it again changes nothing, whatever a feed writes."""
    once = canonical_url("https://news.example/" + text)
    assert canonical_url(once) == once


def test_article_id_prefers_the_address_then_the_guid_then_the_content() -> None:
    """An item keeps its identifier whichever of these it has."""
    feed = "https://news.example/rss"
    assert article_id(url="https://a.example/1#x", feed=feed, guid="g") == article_id(
        url="https://a.example/1", feed="other", guid=None
    )
    assert article_id(url=None, feed=feed, guid="g", title="t") == article_id(url=None, feed=feed, guid="g")
    assert article_id(url=None, feed=feed, guid=None, title="t", text="x") != article_id(
        url=None, feed=feed, guid=None, title="tx"
    )
