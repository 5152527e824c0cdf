"""Datelines: where and by which agency a report was filed, which says nothing of who acts in it."""

import re

_DATELINE = re.compile(
    r"""\s*(?:
        [A-Z][A-Z.'’\-]{2,}(?:[ ][A-Z][A-Z.'’\-]+){0,3}     # LONDON, NEW YORK, ST. PETERSBURG
        (?:[,/][ ]?[A-Z][A-Za-z.]+(?:[ ][A-Z][A-Za-z.]+){0,2})?   # , Thailand
        (?:,?[ ](?:[A-Z][a-z]{2,8}\.?[ ]\d{1,2}|\d{1,2}[ ][A-Z][a-z]{2,8})(?:,?[ ]\d{4})?)?,?  # , Oct 3
        [ ]?(?:\([^)\n]{2,40}\))?                       # (Reuters)
      | (?:AFP|AN[IS]A?|AP|BBC|CNN|CP|DPA|EFE|IANS|IRNA|KUNA|PA|PTI|REUTERS|Reuters|SPA|TASS|UPI|XINHUA|Xinhua)
    )[ ]?(?:-{1,2}|[—–_]|:(?=[ ]))[ ]+""",
    re.VERBOSE,
)
_SHOUTED = re.compile(r"[a-z]")


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the dateline ends that opens ``text[start:end]``; `start` where none does.

    A sentence all in capitals has none that could be told from its words.
    """
    found = _DATELINE.match(text, start, end)
    if found is None or not _SHOUTED.search(text, found.end(), end):
        return start
    return found.end()
