"""Documents of every format, good and bad."""

import resource
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from connectors.feeds.answer import BadFeed
from connectors.feeds.document import BadPart, Document, Item, Passage
from connectors.feeds.parse import parse

URL = "https://outlet.example/feeds/main"

RSS_2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Outlet &amp; Sons</title><link>https://outlet.example/</link><language>en_GB</language>
<item><title>A pact</title><link>/a?utm_source=rss</link><guid isPermaLink="false">a-1</guid>
<pubDate>Mon, 02 Nov 2026 10:00:00 +0200</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>The whole.</p>]]></content:encoded></item>
</channel></rss>"""
RSS_091 = b"""<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title><item><title>Caf&eacute; accord</title>
<link>https://outlet.example/old</link></item></channel></rss>"""
RSS_1 = b"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://outlet.example/"><title>Record</title>
<dc:language>fr</dc:language></channel><item rdf:about="https://outlet.example/r"><title>Trait\xc3\xa9</title>
<link>https://outlet.example/r</link><description>Texte</description><dc:date>2026-11-02T08:00:00Z</dc:date></item>
</rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://outlet.example/base/">
<title>Blatt</title><entry xml:lang="de-AT"><title type="html">Ein &lt;b&gt;Vertrag&lt;/b&gt;</title>
<id>tag:outlet.example,2026:1</id><link rel="alternate" href="eins"/><updated>2026-11-03T00:00:00Z</updated>
<published>2026-11-02T08:00:00Z</published><summary>Kurz</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Lang</p></div></content></entry></feed>"""
JSON_11 = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Ledger", "language": "en", "items": [
{"id": 7, "url": "seven", "title": "A <b>deal</b>", "content_html": "<p>Whole</p>", "summary": "Short",
 "date_published": "2026-11-02T10:00:00+02:00", "language": "pt-BR"}, "no item",
{"id": "8", "content_text": "Just text", "date_modified": "2026-11-01T00:00:00"}]}"""
NOVEMBER_2 = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_rss_2_is_read_whole() -> None:
    """Every element that an article needs, links made absolute, the date in UTC."""
    assert parse(RSS_2, url=URL) == Document(
        kind="RSS 2.0",
        title=Passage("Outlet & Sons", html=False),
        language="en-gb",
        items=(
            Item(
                title=Passage("A pact", html=False),
                link="https://outlet.example/a?utm_source=rss",
                guid="a-1",
                content=Passage("<p>The whole.</p>"),
                summary=Passage("Short."),
                published=NOVEMBER_2,
                published_source="pubDate",
            ),
        ),
    )


def test_rss_0_91_with_netscapes_document_type_is_read() -> None:
    """A document type that declares nothing itself is no danger; HTML's entities are known without it."""
    document = parse(RSS_091, url=URL)
    assert document.kind == "RSS 0.91 (Userland)"
    assert [(item.title, item.link) for item in document.items] == [
        (Passage("Café accord", html=False), "https://outlet.example/old")
    ]


def test_rss_1_is_read_with_dublin_core() -> None:
    """RDF items lie beside the channel, their dates and languages are Dublin Core's."""
    document = parse(RSS_1, url=URL)
    assert (document.kind, document.language) == ("RSS 1.0", "fr")
    (item,) = document.items
    assert (item.title, item.link, item.guid) == (
        Passage("Traité", html=False),
        "https://outlet.example/r",
        "https://outlet.example/r",
    )
    assert (item.summary, item.published, item.published_source) == (Passage("Texte"), NOVEMBER_2, "dc:date")


def test_atom_is_read_with_its_base_and_languages() -> None:
    """Relative links follow xml:base, an entry's language comes before the feed's, published before updated."""
    document = parse(ATOM, url=URL)
    assert (document.kind, document.title, document.language) == ("Atom 1.0", Passage("Blatt", html=False), "de")
    (item,) = document.items
    assert (item.title, item.link) == (Passage("Ein <b>Vertrag</b>"), "https://outlet.example/base/eins")
    assert (item.language, item.published, item.published_source) == ("de-at", NOVEMBER_2, "published")
    assert (item.summary, item.content) == (Passage("Kurz", html=False), Passage("<p>Lang</p>"))


def test_json_feed_is_read_and_what_is_no_item_set_aside() -> None:
    """Numbers as ids are coerced, relative addresses resolved, a string among the items is a bad item."""
    assert parse(JSON_11, url=URL) == Document(
        kind="JSON Feed 1.1",
        title=Passage("Ledger", html=False),
        language="en",
        items=(
            Item(
                title=Passage("A <b>deal</b>", html=False),
                link="https://outlet.example/feeds/seven",
                guid="7",
                content=Passage("<p>Whole</p>"),
                summary=Passage("Short", html=False),
                language="pt-br",
                published=NOVEMBER_2,
                published_source="date_published",
            ),
            Item(
                guid="8",
                content=Passage("Just text", html=False),
                published=datetime(2026, 11, 1, tzinfo=UTC),
                published_source="date_modified",
            ),
        ),
        bad_items=(BadPart(b'"no item"', "an item of a JSON Feed is an object, and this is none"),),
    )


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd", "ftp://x/y"])
def test_only_web_addresses_are_links(link: str) -> None:
    """An item whose link leads nowhere on the web has none."""
    data = f"<rss version='2.0'><channel><item><title>t</title><link>{link}</link></item></channel></rss>".encode()
    assert parse(data, url=URL).items[0].link is None


def test_a_guid_is_the_same_wherever_the_feed_is_asked() -> None:
    """It is no relative address: a feed that moves would change all its articles' identifiers."""
    data = b"""<rss version="2.0"><channel><item><guid>zz</guid></item>
    <item><guid>https://outlet.example/perma</guid></item>
    <item><guid isPermaLink="false">https://outlet.example/id</guid></item>
    <item><guid>x</guid><link> /a b
    </link></item></channel></rss>"""
    items = parse(data, url=URL).items
    assert [(item.guid, item.link) for item in items] == [
        ("zz", None),
        ("https://outlet.example/perma", "https://outlet.example/perma"),
        ("https://outlet.example/id", None),
        ("x", "https://outlet.example/a b"),
    ]
    assert [item.guid for item in parse(data, url="https://new.example/").items] == [item.guid for item in items]


def test_the_caption_of_a_picture_is_not_the_text() -> None:
    """Media RSS has a title and a description of its own."""
    data = b"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>Title</title>
    <description>Text</description><media:content url="x"><media:title>Picture</media:title>
    <media:description>A caption longer than the text</media:description></media:content></item></channel></rss>"""
    (item,) = parse(data, url=URL).items
    assert (item.title, item.summary, item.content) == (Passage("Title", html=False), Passage("Text"), None)


@pytest.mark.parametrize("slip", [b"&amp;", b"&", b"& ", b"&unheardof;", b"&#0;", b"&#xD800;", b"&#99999999;", b"< "])
def test_slips_of_escaping_are_mended(slip: bytes) -> None:
    """A bare ampersand or bracket, an unknown name or an impossible reference costs nothing else."""
    document = parse(RSS_2.replace(b"A pact", b"AT&T 1 " + slip), url=URL)
    (item,) = document.items
    assert item.title is not None
    assert item.title.text.startswith("AT&T 1")
    assert (item.link, item.summary) == ("https://outlet.example/a?utm_source=rss", Passage("Short."))


def test_a_document_that_is_not_well_formed_is_read_as_far_as_it_makes_sense() -> None:
    """A wrong end tag in the middle does not cost the items after it, and the trouble is told."""
    data = b"<rss version='2.0'><channel><item><title>One</titel></item><item><title>Two</title></item></channel></rss>"
    document = parse(data, url=URL)
    assert [item.title for item in document.items] == [Passage("One", html=False), Passage("Two", html=False)]
    assert document.problems == ("not well-formed XML: mismatched tag in line 1",)


def test_an_undeclared_prefix_costs_nothing() -> None:
    """A prefix without its namespace is common, and no reason to refuse a feed."""
    data = RSS_2.replace(b"<item>", b"<item><media:thumbnail url='x'/>")
    assert parse(data, url=URL).items[0].title == Passage("A pact", html=False)


@pytest.mark.parametrize("cut", ["<item><title>Two", "<item><title>Two</title></item", "<!-- ", "<item><![CDATA[x", ""])
def test_a_truncated_document_gives_its_whole_items_and_its_rest(cut: str) -> None:
    """Items that are whole are kept; the rest comes with its bytes and where it broke off."""
    head = "<rss version='2.0'><channel><title>T</title><item><title>One</title></item>"
    document = parse(f"{head}{cut}".encode(), url=URL)
    assert [item.title for item in document.items] == [Passage("One", html=False)]
    assert document.rest is not None
    assert document.rest.data == cut.encode()
    assert document.rest.reason.startswith("the document breaks off (")


def test_a_truncated_json_feed_gives_its_whole_items_and_its_rest() -> None:
    """The same for JSON Feed."""
    document = parse(JSON_11[:-40], url=URL)
    assert [item.guid for item in document.items] == ["7"]
    assert document.rest is not None
    assert document.rest.data.startswith(b',\n{"id": "8"')


def test_a_truncated_document_without_a_whole_item_is_bad() -> None:
    """There is nothing to keep."""
    with pytest.raises(BadFeed, match=r"^breaks off before its first item is whole: no element found in line 1$"):
        parse(b"<rss version='2.0'><channel><item><title>One</title>", url=URL)


HTML = b"""<!DOCTYPE html><html><head><title>Outlet</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml"></head><body>Hello</body></html>"""
BAD = {
    "empty": (b"", "is empty"),
    "html": (HTML, "is a web page (HTML), not a feed; the page names its feed: https://outlet.example/rss.xml"),
    "html without a feed": (b"<html><body>x</body></html>", "is a web page (HTML), not a feed"),
    "xhtml": (
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "is a web page (HTML), not a feed",
    ),
    "text": (b"Service Unavailable", "is neither XML nor JSON; it begins with 'Service Unavailable'"),
    "opml": (b"<opml version='2.0'/>", "is an XML document <opml>, not a feed"),
    "json": (b'{"a": 1}', 'is JSON and not a JSON Feed: its "version" is none of jsonfeed.org'),
    "json list": (b'{"version": "https://jsonfeed.org/version/1"}', 'is a JSON Feed without a list of "items"'),
    "broken json": (b'{"a": ', "is no JSON: Expecting value: line 1 column 7 (char 6)"),
    "deep json": (b'{"a":' + b"[" * 200_000, "is JSON nested too deep to be read"),
    "deep xml": (b"<rss>" + b"<a>" * 300, "nests elements more than 200 deep"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD.keys())
def test_what_is_no_feed_is_named_for_what_it_is(data: bytes, message: str) -> None:
    """Each kind of bad input has its own message, and keeps its bytes."""
    with pytest.raises(BadFeed) as raised:
        parse(data, url=URL)
    assert str(raised.value) == message
    assert raised.value.data[:20] == data[:20]


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">%s]>
<rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>""" % b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10)
)
QUADRATIC = b'<!DOCTYPE rss [<!ENTITY a "%s">]><rss version="2.0"><channel>%s</channel></rss>' % (
    b"x" * 50_000,
    b"<item><title>&a;</title></item>" * 20_000,
)
DEFAULTS = b'<!DOCTYPE rss [<!ATTLIST item x CDATA "%s">]><rss version="2.0"><channel>%s</channel></rss>' % (
    b"x" * 1_000_000,
    b"<item/>" * 100_000,
)
EXPANDING = {
    "billion laughs": (LAUGHS, "declares the entity 'l0'"),
    "quadratic blow-up": (QUADRATIC, "declares the entity 'a'"),
    "external entity": (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
        "declares the entity 'x'",
    ),
    "parameter entity": (
        b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><rss/>',
        "declares the entity 'p'",
    ),
    "attribute defaults": (DEFAULTS, "declares attributes of the element 'item'"),
    "utf-16": (LAUGHS.decode().encode("utf-16"), "declares the entity 'l0'"),
}


@pytest.mark.parametrize(("data", "message"), EXPANDING.values(), ids=EXPANDING.keys())
def test_a_document_that_would_expand_is_refused_at_once(data: bytes, message: str) -> None:
    """Entities and defaults are refused where they are declared: no time, no memory, no file, no connection."""
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadFeed, match=message):
        parse(data, url=URL)
    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


SLOW = {
    "open tags": b"<rss version='2.0'><channel> & <item><description>" + b"<a " * 700_000,
    "comments": b"<rss version='2.0'><channel> & <item>" + b"<!-- " * 400_000,
    "cdata": b"<rss version='2.0'><channel> & <item>" + b"<![CDATA[" * 200_000,
    "ampersands": b"<rss version='2.0'><channel> & <item><title>" + b"&a" * 1_000_000,
    "declarations": b"<rss version='2.0'><channel> & <item>" + b"<!x " * 500_000,
    "attributes": b"<rss version='2.0'><channel><item " + b" ".join(b"a%d='b'" % n for n in range(150_000)) + b"/>",
    "entities": b"<rss version='2.0'><channel><item><title>" + b"&nbsp;" * 300_000,
    "recovered attributes": b"<rss version='2.0'><channel></x><item " + b" ".join(b"a%d=b" % n for n in range(150_000)),
    "items": b"<rss version='2.0'><channel>" + b"<item/>" * 100_000 + b"</channel></rss>",
    "spaces": b" " * 2_000_000 + b"<rss version='2.0'><channel/></rss>",
    "line breaks": b"<rss version='2.0'><channel><item><title>"
    + b"\n " * 1_000_000
    + b"</title></item></channel></rss>",
    "declaration": b"<?xml" + b" " * 2_000_000,
    "comment": b"<rss version='2.0'><channel><!--" + b"x" * 2_000_000 + b"--></channel></rss>",
    "attribute": b"<rss version='2.0' x='" + b"x" * 2_000_000 + b"'><channel/></rss>",
    "json": b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 600_000,
    "html": b"<!-- " * 400_000 + b"<html>",
    "links": b"<html>" + b"<link rel=alternate " * 100_000,
}


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW.keys())
def test_two_megabytes_made_to_be_slow_are_read_in_time(data: bytes) -> None:
    """The worst two megabytes known take seconds of one thread, not minutes."""
    began = time.process_time()
    with suppress(BadFeed):
        parse(data, url=URL)
    assert time.process_time() - began < 20
