"""Characters of documents in whatever encoding."""

import pytest

from connectors.feeds.answer import BadFeed
from connectors.feeds.encoding import decode_document

TEXT = "<rss><title>Türkiye – Łódź 日本</title></rss>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    """Each Unicode form is known by its mark or by how a document begins."""
    assert decode_document(TEXT.encode(encoding)) == (TEXT, ())


def test_valid_utf_8_is_utf_8_whatever_is_declared() -> None:
    """A wrong declaration, in the document and in the header, is mended and told."""
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{TEXT}'.encode()
    text, problems = decode_document(data, "text/xml; charset=us-ascii")
    assert text.endswith(TEXT)
    assert problems == ("declared as ISO-8859-1, which it is not: read as utf-8",)


def test_a_right_declaration_is_followed() -> None:
    """What is no UTF-8 is read as declared."""
    data = '<?xml version="1.0" encoding="windows-1251"?><t>Договор</t>'.encode("windows-1251")
    assert decode_document(data) == ('<?xml version="1.0" encoding="windows-1251"?><t>Договор</t>', ())


def test_the_header_is_followed_where_the_document_declares_nothing() -> None:
    """The charset of Content-Type comes second."""
    assert decode_document("<t>Договор</t>".encode("koi8-r"), 'text/xml; charset="koi8-r"') == ("<t>Договор</t>", ())


def test_latin_1_that_calls_itself_utf_8_is_read_as_windows_1252() -> None:
    """The commonest wrong declaration keeps its accents and its curly quotes."""
    data = b'<?xml version="1.0" encoding="utf-8"?><t>Caf\xe9 \x93x\x94</t>'
    text, problems = decode_document(data)
    assert text.endswith("<t>Café “x”</t>")
    assert problems == ("declared as utf-8, which it is not: read as cp1252",)


def test_a_seven_bit_encoding_is_not_taken_for_utf_8() -> None:
    """ISO-2022-JP is valid UTF-8 byte by byte, and means something else."""
    data = '<?xml version="1.0" encoding="iso-2022-jp"?><t>条約</t>'.encode("iso-2022-jp")
    assert decode_document(data)[0].endswith("<t>条約</t>")


@pytest.mark.parametrize("name", ["x-unknown", "utf-7", "base64", "rot13", "unicode_escape", "idna"])
def test_an_encoding_that_is_none_is_passed_over(name: str) -> None:
    """Names of other codecs and unknown names decode nothing."""
    assert decode_document(f'<?xml version="1.0" encoding="{name}"?><t>+AGE-</t>'.encode())[0].endswith("<t>+AGE-</t>")


def test_control_characters_are_left_out_and_counted() -> None:
    """What XML does not allow goes, tabs and line breaks stay."""
    assert decode_document(b"<t>a\x00b\x0b\tc\n</t>") == ("<t>ab\tc\n</t>", ("2 control characters were left out",))


@pytest.mark.parametrize("data", [b"", b" \r\n\t "])
def test_a_document_without_anything_is_empty(data: bytes) -> None:
    """Nothing and white space alone are the same."""
    with pytest.raises(BadFeed, match=r"^is empty$"):
        decode_document(data)
