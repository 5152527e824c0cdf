"""The characters of a document, whatever encoding it declares."""

import codecs
import re

from connectors.feeds.answer import BadFeed

# UTF-32 before UTF-16: the mark of the one begins with that of the other.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML 1.0, appendix F: how "<?" or "{" begins without a mark.
BEGINNINGS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
# Encodings of seven bits: their bytes are valid UTF-8, and mean something else.
SEVEN_BITS = frozenset({"hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr"})
# What these names mean in practice (WHATWG Encoding): supersets of what they say.
IN_PRACTICE = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:\-]{1,40})["']""")
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)
# Not allowed in XML 1.0, and of no use in text.
UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def decode_document(data: bytes, content_type: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text without byte-order mark and control characters, and what was wrong with its encoding.

    A mark decides; else valid UTF-8 is UTF-8, whatever is declared, since nothing else looks like it by chance; else
    the document's own declaration, the HTTP header's, and last Windows-1252, with marks for what fits none of them.

    Raises:
        BadFeed: There are no bytes.
    """
    if not data.strip():
        raise BadFeed("is empty", data)
    text, problem = _decode(data, content_type)
    text = text.lstrip("\ufeff")
    clean = UNUSABLE.sub("", text)
    problems = [problem] if problem else []
    if len(clean) != len(text):
        problems.append(f"{len(text) - len(clean)} control characters were left out")
    return clean, tuple(problems)


def _decode(data: bytes, content_type: str | None) -> tuple[str, str | None]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), None
    for beginning, encoding in BEGINNINGS:
        if data.startswith(beginning):
            return data.decode(encoding, "replace"), None
    declared = [name for name in (_declared(data), _charset(content_type)) if name]
    known = [codec for name in declared if (codec := _codec(name))]
    if not any(codec in SEVEN_BITS for codec in known):
        known.insert(0, "utf-8")
    for codec in known:
        try:
            text = data.decode(codec)
        except ValueError:
            continue
        return text, None if not declared or codec == _codec(declared[0]) else _mended(declared[0], codec, text)
    return data.decode("cp1252", "replace"), _mended(declared[0] if declared else "utf-8", "cp1252", None)


def _mended(declared: str, codec: str, text: str | None) -> str | None:
    if text is not None and text.isascii():
        return None
    return f"declared as {declared}, which it is not: read as {codec}"


def _declared(data: bytes) -> str | None:
    found = DECLARATION.match(data[:400])
    return found[1].decode("ascii") if found else None


def _charset(content_type: str | None) -> str | None:
    found = CHARSET.search(content_type or "")
    return found[1] if found else None


def _codec(name: str) -> str | None:
    """Python's name for a text encoding, None for one it does not know or one that is not for feeds."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding or codec.name in {
        "utf-7",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
    }:
        return None
    return IN_PRACTICE.get(codec.name, codec.name)
