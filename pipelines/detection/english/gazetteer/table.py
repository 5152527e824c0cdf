"""Rows of a gazetteer table, and the two small notations that its cells use.

``names`` cells: aliases separated by `` | ``; a trailing ``?`` marks a weak one, which counts only where the article
names the same entry by another, sure name.

``not_when`` cells: rules separated by `` | `` or ``;`` within a surface's part, as in
``Georgia = before: Atlanta, South; after: Tech | Georgian = after: Bay``. ``before`` lists words that stand directly
before the surface, ``after`` words that stand directly after it; a comma between them does not count, and words are
compared as written. The part of a surface runs to the next ``Surface =``.
"""

import functools
import re
from collections.abc import Mapping
from importlib import resources

import msgspec

_PACKAGE = "pipelines.detection.english.gazetteer"
_RULE = re.compile(r"^(?:(?P<surface>[^=:]+?) = )?(?P<side>before|after): (?P<words>.+)$")


class Alias(msgspec.Struct, frozen=True, order=True):
    """One way to write an entry."""

    surface: str
    weak: bool = False  # True: counts only beside a sure name of the same entry


class NotWhen(msgspec.Struct, frozen=True):
    """Neighbours that forbid a reading; each is one word or several, compared as written."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One line of a table."""

    file: str
    line: int  # from 1, the header being line 1
    cells: Mapping[str, str]

    def error(self, what: str) -> ValueError:
        """An error that names file and line; `what` says what is wrong and what would be right."""
        return ValueError(f"{self.file}:{self.line}: {what}")

    def required(self, column: str) -> str:
        """The cell's text.

        Raises:
            ValueError: If it is empty.
        """
        if not self.cells[column]:
            raise self.error(f"{column} is empty")
        return self.cells[column]

    def flag(self, column: str) -> bool:
        """True for ``yes``, False for ``no``.

        Raises:
            ValueError: If the cell says something else.
        """
        if self.cells[column] not in {"yes", "no"}:
            raise self.error(f"{column}: {self.cells[column]!r}: yes or no")
        return self.cells[column] == "yes"

    def texts(self, column: str) -> tuple[str, ...]:
        """The cell's parts between `` | ``, in the order of the file; none where the cell is empty.

        Raises:
            ValueError: If a part is empty, is repeated, or a ``|`` lacks its spaces.
        """
        cell = self.cells[column]
        if not cell:
            return ()
        parts = tuple(cell.split(" | "))
        if any(not part or part != part.strip() or "|" in part for part in parts):
            raise self.error(f"{column}: separate aliases by ' | ', with no empty one: {cell!r}")
        if len(set(parts)) != len(parts):
            raise self.error(f"{column}: an alias is repeated: {cell!r}")
        return parts

    def names(self, column: str) -> tuple[Alias, ...]:
        """The cell's aliases, a trailing ``?`` read as weak.

        Raises:
            ValueError: As `texts`.
        """
        return tuple(
            Alias(part[:-1].rstrip(), True) if part.endswith("?") else Alias(part) for part in self.texts(column)
        )

    def not_when(self, surfaces: frozenset[str]) -> dict[str, NotWhen]:
        """By surface, the neighbours that forbid it.

        Raises:
            ValueError: If a rule is malformed or names a surface that the row does not have.
        """
        cell = self.cells["not_when"]
        found: dict[str, NotWhen] = {}
        surface = ""
        for rule in cell.split("; ") if cell else ():
            match = _RULE.match(rule)
            if match is None:
                raise self.error(f"not_when: {rule!r}: write 'Surface = before: A, B; after: C'")
            surface = match["surface"] or surface
            if surface not in surfaces:
                raise self.error(f"not_when: {surface!r} is no name of this row")
            words = tuple(word.strip() for word in match["words"].split(","))
            if not all(words) or len(set(words)) != len(words):
                raise self.error(f"not_when: {rule!r}: an empty or repeated word")
            old = found.get(surface, NotWhen())
            if match["side"] == "before":
                found[surface] = NotWhen(old.before + words, old.after)
            else:
                found[surface] = NotWhen(old.before, old.after + words)
        return found


@functools.cache
def rows(file: str, *columns: str) -> tuple[Row, ...]:
    """The rows of one table, in the order of the file.

    Args:
        file: Its name, beside this module.
        columns: What its header must say.

    Raises:
        ValueError: If the header differs, a line has another number of cells, or a cell has blanks at its ends.
    """
    return parse(file, resources.files(_PACKAGE).joinpath(file).read_text(encoding="utf-8"), columns)


def parse(file: str, text: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """The rows of a table's text; arguments and errors as those of `rows`."""
    header, *lines = text.removesuffix("\n").split("\n")
    if tuple(header.split("\t")) != columns:
        raise ValueError(f"{file}:1: the header must be {' '.join(columns)}, separated by tabs: {header!r}")
    found = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ValueError(f"{file}:{number}: {len(columns)} cells wanted, found {len(cells)}: {line[:80]!r}")
        if any(cell != cell.strip() for cell in cells):
            raise ValueError(f"{file}:{number}: a cell begins or ends with a blank: {line[:80]!r}")
        found.append(Row(file, number, dict(zip(columns, cells, strict=True))))
    return tuple(found)
