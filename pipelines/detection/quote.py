"""The sentence that shows a mention, with the evidence marked in it."""

import re
from collections.abc import Sequence

from schemas.event import Quote
from schemas.mention import Span

_LONGEST = 400
_BREAK = re.compile(r"[.!?][\"'”’)\]]*\s|\n")


def quote(title: str, text: str, evidence: Sequence[Span]) -> Quote:
    r"""The sentences that hold the first of the evidence, at most about 400 characters, with the evidence marked.

    Args:
        title: The headline; may be empty.
        text: The article without its headline.
        evidence: Spans into ``title + "\n" + text``, or into `text` where the title is empty.
    """
    whole = f"{title}\n{text}" if title else text
    if not evidence:
        return Quote(" ".join(whole[:_LONGEST].split()))
    first = evidence[0]
    start = max(
        (match.end() for match in _BREAK.finditer(whole, max(0, first.start - _LONGEST), first.start)),
        default=max(0, first.start - _LONGEST),
    )
    closing = _BREAK.search(whole, first.end, first.end + _LONGEST)
    end = closing.start() + 1 if closing is not None else min(len(whole), first.end + _LONGEST)
    end = min(end, max(start + _LONGEST, first.end))
    if first.end - first.start > _LONGEST:
        start, end = first.start, first.start + _LONGEST
    elif end - start > _LONGEST:
        start = max(start, first.start - (_LONGEST - (first.end - first.start)) // 2)
    piece = whole[start:end].rstrip()
    leading = len(piece) - len(piece.lstrip())
    start, piece = start + leading, piece.lstrip()
    marks = tuple(
        Span(max(span.start, start) - start, min(span.end, start + len(piece)) - start)
        for span in evidence
        if span.start < start + len(piece) and span.end > start
    )
    return Quote(piece, marks)
