"""Plain text of HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.document import Passage
from connectors.feeds.html_text import plain_line, plain_text

CASES = {
    "<p>One</p><p>Two</p>": "One\n\nTwo",
    "One<br><br/>Two<br>three": "One\n\nTwo three",
    "<ul><li>a</li><li>b</li></ul>tail": "a\n\nb\n\ntail",
    "<p>a\n\n  b</p>": "a b",
    "Plain &amp; simple &lt;b&gt;": "Plain & simple <b>",
    "A &nbsp;B &hellip; &#8217; &#x2014; &#150;": "A B … ’ — –",
    "x<script>alert('<p>no</p>')</script>y<style>p{}</style>z": "xyz",
    "<!-- hidden -->shown<!-- <p>x</p> -->": "shown",
    "<![CDATA[<b>literal</b>]]>": "<b>literal</b>",
    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\n\nc",
    '<a href="x" title="a > b">link</a> text': "link text",
    "<b>bo</b>ld<i>er</i>": "bolder",
    "unclosed <b>bold <p>next": "unclosed bold\n\nnext",
    "co\u00adoper\u200bate": "cooperate",
    "5 < 6 and 7 > 3": "5 < 6 and 7 > 3",
    "<img src=x><iframe>x</iframe>": "",
    "first\n\nsecond\nstill": "first\n\nsecond still",
    "\x00a\x07b\ud800c": "abc",
    "<title>no</title><h1>Head</h1>Body": "Head\n\nBody",
    "<noscript>Enable</noscript>text": "text",
    "می‌خواهم": "می‌خواهم",
}


@pytest.mark.parametrize(("markup", "text"), CASES.items())
def test_html_becomes_plain_text(markup: str, text: str) -> None:
    """Markup goes, paragraphs stay, entities are resolved."""
    assert plain_text(Passage(markup)) == text


def test_plain_text_with_an_ampersand_is_left_as_it_is() -> None:
    """What calls itself plain is not unescaped."""
    assert plain_text(Passage("R&amp;D < 5", html=False)) == "R&amp;D < 5"


def test_plain_text_with_tags_is_read_as_html() -> None:
    """Feeds mislabel HTML; a title is never HTML."""
    assert plain_line(Passage("A <em>new</em> pact<br>today", html=False)) == "A new pact today"


def test_no_passage_is_no_text() -> None:
    """A missing element gives an empty text."""
    assert plain_text(None) == ""


@given(st.text())
def test_any_text_gives_lines_without_stray_space(text: str) -> None:
    """Whatever comes in, white space is normalised and doing it twice changes nothing for plain text."""
    once = plain_text(Passage(text))
    assert all(paragraph and paragraph == " ".join(paragraph.split()) for paragraph in once.split("\n\n") if once)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep",
        "<a " * 300_000 + ">deep</a>",
        "<a" * 500_000 + ">deep",
        '<a"' * 300_000 + "deep",
        "<p " + " ".join(f"a{n}=b" for n in range(100_000)) + ">deep</p>",
        "&" * 1_000_000 + "deep <b>",
        "<!--" * 250_000 + "deep",
        "<![CDATA[" * 100_000 + "deep",
    ],
    ids=["nested", "open tags", "bare tags", "quotes", "attributes", "ampersands", "comments", "cdata"],
)
def test_text_made_to_be_slow_is_read_in_time(markup: str) -> None:
    """A megabyte of the worst takes a fraction of a second, not minutes."""
    began = time.process_time()
    plain_text(Passage(markup))
    assert time.process_time() - began < 5
