"""Items become articles, with identifiers that stay the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from connectors.feeds.document import BadPart, Document, Item, Passage
from connectors.feeds.identity import NamedBy, named_by
from connectors.feeds.items import FeedItem, article_of, articles_of, replay_article
from schemas.article import Article, article_id
from schemas.codec import encode
from schemas.dead_letter import dead_letter
from schemas.errors import BadRecord
from schemas.feed import Feed
from schemas.identifiers import content_hash
from schemas.vocabulary import Stage, TextSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED = Feed(url="https://user:secret@outlet.example/rss", name="Outlet")
WHOLE = Item(
    title=Passage("A <b>pact</b> &amp; more"),
    link="https://outlet.example/a?utm_source=rss",
    guid="a-1",
    content=Passage("<p>One.</p><p>Two.</p>"),
    summary=Passage("One."),
    language="de-at",
    published=NOW - timedelta(hours=1),
    published_source="pubDate",
)


def _articles(*items: Item, feed: Feed = FEED) -> tuple[Article, ...]:
    return articles_of(Document(kind="RSS 2.0", items=items), feed, NOW).articles


def test_an_item_becomes_an_article() -> None:
    """Every field is taken over, as plain text, under the address without credentials."""
    assert _articles(WHOLE) == (
        Article(
            id=article_id(url="https://outlet.example/a", feed="", guid=None),
            revision=1,
            content_hash=content_hash("A pact & more", "One.\n\nTwo."),
            outlet="Outlet",
            fetched=NOW,
            title="A pact & more",
            text="One.\n\nTwo.",
            text_source=TextSource.CONTENT,
            url="https://outlet.example/a?utm_source=rss",
            feed="https://outlet.example/rss",
            language="de-at",
            published=NOW - timedelta(hours=1),
            published_source="pubDate",
        ),
    )


@pytest.mark.parametrize("field", ["title", "link", "guid", "content", "summary", "language", "published"])
def test_an_item_without_one_of_its_elements_still_becomes_an_article(field: str) -> None:
    """Nothing that may be missing costs the article, and its identifier is the same at the next poll."""
    item = replace(WHOLE, **{field: None})
    (first,) = _articles(item)
    (again,) = articles_of(Document(kind="RSS 2.0", items=(item,)), FEED, NOW + timedelta(days=1)).articles
    assert again.id == first.id


def test_the_summary_is_the_text_where_the_content_says_less() -> None:
    """Some feeds have but a picture for content."""
    (article,) = _articles(replace(WHOLE, content=Passage("<img src='x'>")))
    assert (article.text, article.text_source) == ("One.", TextSource.SUMMARY)


def test_an_item_with_a_title_alone_has_no_text_source() -> None:
    """No text comes from nowhere."""
    (article,) = _articles(Item(title=Passage("Title")))
    assert (article.title, article.text, article.text_source, article.url) == ("Title", "", TextSource.NONE, None)


def test_an_implausible_date_is_no_date() -> None:
    """Neither the date nor where it came from is kept."""
    (article,) = _articles(replace(WHOLE, published=NOW + timedelta(days=3)))
    assert (article.published, article.published_source) == (None, None)


@pytest.mark.parametrize(
    ("name", "title", "outlet"),
    [("Given", "Own", "Given"), ("", "<b>Own</b> &amp; Co", "Own & Co"), ("", None, "outlet.example")],
)
def test_the_outlet_is_the_given_name_or_the_feeds_title_or_its_host(name: str, title: str | None, outlet: str) -> None:
    """In this order."""
    document = Document(kind="RSS 2.0", title=Passage(title) if title else None, items=(WHOLE,))
    (article,) = articles_of(document, replace(FEED, name=name), NOW).articles
    assert article.outlet == outlet


def test_the_feeds_language_is_taken_where_the_item_has_none() -> None:
    """The item's own comes first."""
    document = Document(kind="RSS 2.0", language="fr", items=(replace(WHOLE, language=None),))
    assert articles_of(document, FEED, NOW).articles[0].language == "fr"


def test_articles_come_oldest_first() -> None:
    """Feeds list the newest first, logs the oldest; of undated items the last is the oldest."""
    items = [
        Item(title=Passage(title), published=published)
        for title, published in (("c", NOW), ("b", NOW - timedelta(1)), ("y", None), ("x", None))
    ]
    assert [article.title for article in _articles(*items)] == ["b", "x", "y", "c"]


def test_an_item_twice_in_a_document_is_one_article() -> None:
    """The same content under the same name counts once."""
    assert len(_articles(WHOLE, WHOLE)) == 1


A, B = Passage("one text"), Passage("another text")
NAMES = {
    "link": ((Item(link="https://a.example/1", guid="g"),), [NamedBy.LINK]),
    "guid": ((Item(guid="g", summary=A),), [NamedBy.GUID]),
    "content": ((Item(summary=A),), [NamedBy.CONTENT]),
    "guid twice, links differ": (
        (Item(link="https://a.example/1", guid="g"), Item(link="https://a.example/2", guid="g")),
        [NamedBy.LINK, NamedBy.LINK],
    ),
    "guid twice, no links": ((Item(guid="g", summary=A), Item(guid="g", summary=B)), [NamedBy.CONTENT] * 2),
    "guid twice, same item": ((Item(guid="g", summary=A), Item(guid="g", summary=A)), [NamedBy.GUID] * 2),
    "link twice, guids differ": (
        (Item(link="https://a.example/", guid="g"), Item(link="https://a.example/#x", guid="h")),
        [NamedBy.GUID] * 2,
    ),
    "link twice, no guids": (
        (Item(link="https://a.example/", summary=A), Item(link="https://a.example/", summary=B)),
        [NamedBy.CONTENT] * 2,
    ),
    "link and guid twice": (
        (
            Item(link="https://a.example/1", guid="g", summary=A),
            Item(link="https://a.example/1", guid="g", summary=B),
        ),
        [NamedBy.LINK] * 2,
    ),
}


@pytest.mark.parametrize(("items", "names"), NAMES.values(), ids=NAMES.keys())
def test_what_differing_items_share_names_none_of_them(items: tuple[Item, ...], names: list[NamedBy]) -> None:
    """Link before guid before content, unless several items of the document would fall together."""
    assert named_by(items) == names


def test_a_guid_used_twice_without_links_loses_nothing() -> None:
    """Both texts are articles of their own, whatever their order."""
    one, other = Item(guid="g", summary=A), Item(guid="g", summary=B)
    forth, back = _articles(one, other), _articles(other, one)
    assert {article.id for article in forth} == {article.id for article in back}
    assert len({article.id for article in forth}) == 2


_passages = st.none() | st.builds(Passage, st.text(max_size=20), st.booleans())
_items = st.builds(
    Item,
    title=_passages,
    link=st.none() | st.sampled_from(["https://a.example/1", "https://a.example/2", "http://b.example/?q=1&utm_x=2"]),
    guid=st.none() | st.sampled_from(["g", "h", ""]),
    content=_passages,
    summary=_passages,
    language=st.none() | st.just("en"),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    published_source=st.just("pubDate"),
)


@given(st.lists(_items, max_size=6), st.randoms(use_true_random=False))
def test_identifiers_are_the_same_at_each_poll_and_in_each_order(items: list[Item], random: object) -> None:
    """A document that is polled again, its items shuffled, gives the same articles but for the time of the poll."""
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = articles_of(Document(kind="x", items=tuple(items)), FEED, NOW)
    later = articles_of(Document(kind="x", items=tuple(shuffled)), FEED, NOW + timedelta(minutes=5))
    assert {(article.id, article.content_hash) for article in first.articles} == {
        (article.id, article.content_hash) for article in later.articles
    }
    assert {letter.id for letter in first.failed} == {letter.id for letter in later.failed}
    assert len(first.articles) + len(first.failed) >= min(1, len(items))


def test_an_item_of_nothing_is_a_dead_letter() -> None:
    """It has nothing to make an article of, and is the same letter at the next poll."""
    document = Document(kind="x", items=(Item(), WHOLE, Item()), bad_items=(BadPart(b'"x"', "no object"),))
    made = articles_of(document, FEED, NOW)
    assert len(made.articles) == 1
    assert [(letter.stage, letter.source, letter.reason) for letter in made.failed] == [
        (Stage.ARTICLE, "https://outlet.example/rss", "no object"),
        (
            Stage.ARTICLE,
            "https://outlet.example/rss",
            "an item without title, text, link and guid: there is nothing to make an article of",
        ),
    ]
    assert [letter.id for letter in made.failed] == [
        letter.id for letter in articles_of(document, FEED, NOW + timedelta(1)).failed
    ]


def test_an_item_that_makes_the_code_raise_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug sets its item aside with the traceback; once it is mended, the letter gives the article."""

    def raises(item: FeedItem, fetched: datetime) -> Article:
        if item.item.guid == "bad":
            raise ZeroDivisionError("of all things")
        return article_of(item, fetched)

    bad = replace(WHOLE, guid="bad", link=None)
    with monkeypatch.context() as patched:
        patched.setattr("connectors.feeds.items.article_of", raises)
        made = articles_of(Document(kind="x", items=(bad, WHOLE)), FEED, NOW)
    assert [article.title for article in made.articles] == ["A pact & more"]
    (letter,) = made.failed
    assert letter.reason.rstrip().endswith("ZeroDivisionError: of all things")
    assert (replay_article(letter),) == _articles(bad)


def test_a_letter_that_holds_an_article_gives_it_back() -> None:
    """A later stage records the article itself."""
    (article,) = _articles(WHOLE)
    letter = dead_letter(Stage.ARTICLE, encode(article), source="log", reason="x", now=NOW)
    assert replay_article(letter) == article


@pytest.mark.parametrize(
    ("stage", "data", "message"),
    [
        (Stage.FEED, b"{}", "a letter of the stage 'feed' holds no article"),
        (Stage.ARTICLE, b"x" * 300_000, "only the first 262144 of 300000 bytes were kept"),
        (Stage.ARTICLE, b'"no item"', "not a valid Article: Expected `object`, got `str`"),
    ],
)
def test_a_letter_without_a_whole_article_is_refused(stage: Stage, data: bytes, message: str) -> None:
    """The message says what it is instead."""
    with pytest.raises(BadRecord, match=message):
        replay_article(dead_letter(stage, data, source="s", reason="r", now=NOW))
