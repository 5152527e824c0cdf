"""Addresses of feeds as people type them."""

from pathlib import Path

import pytest

from connectors.feeds import feed_address
from schemas.errors import Misconfigured


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://News.example/rss?a=b#top ", "https://News.example/rss?a=b"),
        ("HTTP://news.example/rss", "http://news.example/rss"),
        ("feed://news.example/rss", "http://news.example/rss"),
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("file:///srv/gone.xml", "file:///srv/gone.xml"),
        ("file://localhost/srv/gone.xml", "file:///srv/gone.xml"),
    ],
)
def test_an_address_is_taken_as_it_is_meant(typed: str, address: str) -> None:
    """Without fragment, with its scheme in small letters."""
    assert feed_address(typed) == address


def test_a_path_becomes_a_file_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative ones too, whatever they are called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a feed.xml").touch()
    assert (
        feed_address("a feed.xml") == feed_address(str(tmp_path / "a feed.xml")) == f"{tmp_path.as_uri()}/a%20feed.xml"
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "news.example/rss",
            "feed 'news.example/rss': neither a file here nor an http, https or file address; did you mean"
            " https://news.example/rss?",
        ),
        ("./none.xml", "feed './none.xml': neither a file here nor an http, https or file address"),
        ("", "feed '': neither a file here nor an http, https or file address"),
        ("ftp://x/y", "feed 'ftp://x/y': neither a file here nor an http, https or file address"),
        ("https:///rss", "feed 'https:///rss': no host: an address such as https://news.example/rss"),
        ("http://[half", "feed 'http://[half': no address: Invalid IPv6 URL"),
        ("file://there/x", "feed 'file://there/x': a local file, such as file:///srv/feeds/archive.xml"),
    ],
)
def test_what_is_no_address_says_what_would_be_right(typed: str, message: str) -> None:
    """Each mistake with its sentence."""
    with pytest.raises(Misconfigured) as raised:
        feed_address(typed)
    assert str(raised.value) == message
