"""Lines of archives, and files of them."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from apache_beam.pvalue import TaggedOutput
from hypothesis import given
from hypothesis import strategies as st

from pipelines.transforms.read_archive import LONGEST, ReadChunkFn
from schemas.archive_line import article_of
from schemas.article import article_id
from schemas.codec import encode
from schemas.errors import BadRecord
from tests.articles import stream

TIME = "2026-03-01T12:00:00Z"
LINE = {"outlet": "Gazette", "url": "https://gazette.example/1", "published": TIME, "text": "Chile ratified a treaty."}


def test_a_published_article_record_is_a_line() -> None:
    """And comes back as it was, but for what an archive does not tell: its feed, and where its times came from."""
    [article] = stream(1)
    assert article_of(encode(article)) == article


def test_a_line_needs_little() -> None:
    """An article of a feed with the same address is the same article."""
    article = article_of(msgspec.json.encode(LINE))
    assert article.id == article_id(url=LINE["url"], feed="a feed", guid="a guid")
    assert article.published == article.fetched == article.seen == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert article.revision == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({**LINE, "url": None}, "neither url nor id"),
        ({**LINE, "published": None}, "neither published nor fetched"),
        ({**LINE, "published": "1812-01-01T00:00:00Z"}, "before 1900"),
        ({**LINE, "outlet": None}, "outlet"),
        ({**LINE, "revision": 0}, "revision"),
        ([1], "object"),
    ],
)
def test_a_line_that_lacks_something_is_no_article(line: object, reason: str) -> None:
    """The reason names it."""
    with pytest.raises(BadRecord, match=reason):
        article_of(msgspec.json.encode(line))


@given(
    lines=st.lists(st.sampled_from([b"", b"x", msgspec.json.encode(LINE), b" " * 7, b"[1, 2, 3]"]), max_size=12),
    chunk=st.integers(1, 200),
    ends=st.booleans(),
)
def test_each_line_is_in_one_part_of_a_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], chunk: int, ends: bool
) -> None:
    """However a file is divided; the last line may lack its end."""
    file = tmp_path_factory.mktemp("archive") / "file"
    file.write_bytes(b"\n".join(lines) + (b"\n" if ends and lines else b""))
    assert read(file, chunk) == [line for line in lines if line.strip()]


def read(file: Path, chunk: int) -> list[bytes]:
    """The lines that a file gives, part by part."""
    fn = ReadChunkFn()
    found = [
        one for start in range(0, file.stat().st_size, chunk) for one in fn.process((str(file), start, start + chunk))
    ]
    return [
        one.value.data.rstrip(b"\n") if isinstance(one, TaggedOutput) else msgspec.json.encode(LINE) for one in found
    ]


def test_a_line_without_end_is_set_aside_and_not_read_whole(tmp_path: Path) -> None:
    """The next one comes."""
    file = tmp_path / "file"
    file.write_bytes(b"x" * (3 * LONGEST) + b"\n" + msgspec.json.encode(LINE) + b"\n")
    rejected, article = ReadChunkFn().process((str(file), 0, file.stat().st_size))
    assert (len(rejected.value.data), article.outlet) == (LONGEST + 1, "Gazette")
    assert "longer than" in rejected.value.reason
