"""HTML's named characters in XML, where they are not declared and yet are common."""

import re
from html.entities import html5

# A CDATA section or comment is skipped whole; in what is left, a name of XML's own five is kept.
OUTSIDE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&([A-Za-z][A-Za-z0-9]{1,31});", re.DOTALL)
OF_XML = frozenset({"amp", "apos", "gt", "lt", "quot"})


def resolve_html_entities(text: str) -> str:
    """The text with ``&nbsp;`` and the like as characters; a name that HTML does not know becomes literal text."""
    return OUTSIDE.sub(_resolve, text)


def _resolve(found: re.Match[str]) -> str:
    name = found[1]
    if name is None or name in OF_XML:
        return found[0]
    character = html5.get(f"{name};")
    if character is None:
        return f"&amp;{name};"
    return "".join({"<": "&lt;", "&": "&amp;", ">": "&gt;"}.get(each, each) for each in character)
