"""Lists of feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.opml import read_opml, write_opml
from schemas.errors import Misconfigured
from schemas.feed import Feed

LIST = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Europe"><outline text="Caf\xe9 &amp; Co" type="rss" xmlUrl="https://a.example/rss"/>
<outline text="Deep"><outline title="B &nbsp; B" XMLURL=" http://b.example/feed "/></outline></outline>
<outline text="again" xmlUrl="https://a.example/rss"/><outline text="a link" url="https://c.example/"/>
</body></opml>"""


def test_a_list_is_read_with_its_folders_forgotten() -> None:
    """Nested outlines, any case of the attribute, each address once; what is no feed is passed over."""
    assert read_opml(LIST) == (
        Feed(url="https://a.example/rss", name="Café & Co"),
        Feed(url="http://b.example/feed", name="B \u00a0 B"),
    )


@given(
    st.lists(
        st.builds(Feed, url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z&<\"']{0,9}", fullmatch=True)), unique=True
    )
)
def test_what_is_written_is_read_again(feeds: list[Feed]) -> None:
    """Addresses survive the round trip, a feed without a name is named by its address."""
    assert read_opml(write_opml(feeds)) == tuple(Feed(url=feed.url, name=feed.url) for feed in feeds)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1).map(str.strip).filter(bool))
def test_names_survive_whatever_they_hold(name: str) -> None:
    """Quotes, brackets and ampersands are escaped."""
    (feed,) = read_opml(write_opml([Feed(url="https://a.example/", name=name)]))
    assert feed.name == name


def test_local_files_are_not_written() -> None:
    """Elsewhere they are not, and there no list may name them."""
    assert read_opml(write_opml([Feed(url="file:///srv/x.xml"), Feed(url="https://a.example/", name="A")])) == (
        Feed(url="https://a.example/", name="A"),
    )


BAD = {
    "empty": (b"", "feeds.opml: is empty"),
    "not xml": (b"hello", "feeds.opml: not well-formed XML: syntax error: line 1, column 0"),
    "no opml": (b"<rss/>", "feeds.opml: an XML document <rss>, not OPML"),
    "truncated": (b"<opml><body>", "feeds.opml: not well-formed XML: no element found: line 1, column 12"),
    "file": (
        b"<opml>\n<outline xmlUrl='file:///etc/passwd'/></opml>",
        "feeds.opml, line 2: xmlUrl = 'file:///etc/passwd': an http or https address",
    ),
    "entities": (
        b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>",
        "feeds.opml: declares entities or attributes in its document type: refused",
    ),
    "deep": (b"<opml>" + b"<outline>" * 300, "feeds.opml: outlines nested more than 200 deep"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD.keys())
def test_a_list_that_cannot_be_used_says_where_and_why(data: bytes, message: str) -> None:
    """A list comes from elsewhere: it may not expand, and may not have local files read."""
    with pytest.raises(Misconfigured) as raised:
        read_opml(data, source="feeds.opml")
    assert str(raised.value) == message
