"""The commonest slips of feeds mended: HTML's named characters, bare ampersands and brackets, impossible references."""

import re
from html.entities import html5

from connectors.feeds.encoding import UNUSABLE

# A CDATA section or comment is skipped whole, closed or not, so that the pattern is linear.
SLIP = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,31});|\#(?P<number>[0-9]{1,9}|x[0-9A-Fa-f]{1,8});)?|(?P<bracket><(?![A-Za-z_:/!?]))",
    re.DOTALL,
)
OF_XML = frozenset({"amp", "apos", "gt", "lt", "quot"})
ESCAPED = {"<": "&lt;", "&": "&amp;", ">": "&gt;"}


def mend_xml(text: str) -> str:
    """The text with ``&nbsp;`` and the like as characters, and with ``&`` and ``<`` escaped where they begin nothing.

    A name that HTML does not know becomes literal text; a reference to what is no character goes.
    """
    return SLIP.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    whole, name, number = found[0], found["name"], found["number"]
    if number is not None:
        code = int(number[1:], 16) if number[0] == "x" else int(number)
        return whole if 0 < code <= 0x10FFFF and not UNUSABLE.match(chr(code)) else ""
    if name in OF_XML or whole.startswith("<!"):
        return whole
    if name is None:
        return ESCAPED[whole]
    character = html5.get(f"{name};")
    return f"&amp;{name};" if character is None else "".join(ESCAPED.get(each, each) for each in character)
