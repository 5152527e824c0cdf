"""Rows of text as CSV or tab-separated values, safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from schemas.event import EventView

RISKY = "=+-@＝＋－＠'"
"""What a spreadsheet takes for the beginning of a formula, also in full width; and our own mark, so that it can be
taken off again."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

Rows = Callable[[EventView], Iterator[Sequence[str]]]


def write_csv(out: BinaryIO, columns: Sequence[str], rows: Rows, views: Iterable[EventView]) -> int:
    """RFC 4180 in UTF-8, a line of names first; returns how many events were written."""
    writer = csv.writer(_Utf8(out))  # ends lines with CR LF, and so quotes cells that hold either
    writer.writerow(columns)
    written = 0
    for view in views:
        writer.writerows([guarded(cell) for cell in row] for row in rows(view))
        written += 1
    return written


def write_tsv(out: BinaryIO, columns: Sequence[str], rows: Rows, views: Iterable[EventView]) -> int:
    """UTF-8, a line of names first; returns how many events were written.

    These files know no quoting, so tabs and line ends within a cell become a blank.
    """
    out.write(_line(columns))
    written = 0
    for view in views:
        out.writelines(_line([guarded(_CONTROLS.sub(" ", cell)) for cell in row]) for row in rows(view))
        written += 1
    return written


def guarded(cell: str) -> str:
    """The same with an apostrophe before it where a spreadsheet could run it as a formula; numbers stay numbers."""
    start = cell.lstrip()[:1]
    return f"'{cell}" if start and start in RISKY and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell.removeprefix("'")


class _Utf8:
    """What csv writes to; a `TextIOWrapper` would close the stream it was given when a reader has gone."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode())


def _line(cells: Sequence[str]) -> bytes:
    return ("\t".join(cells) + "\n").encode()
