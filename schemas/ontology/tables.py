"""The tables: which codes there are, and which event takes which. README.md says what each column and basis means."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

from msgspec import Struct

from schemas.ontology.conditions import Condition, condition
from schemas.vocabulary import EventType, Modality

AUXILIARY = frozenset({"future", "historical", "hypothetical", "negation"})
"""PLOVER's auxiliary modes, which it keeps among the contexts."""


class CameoCode(Struct, frozen=True):
    """One code of CAMEO that our events take."""

    code: str
    name: str
    quad: int
    """1 verbal and 2 material cooperation, 3 verbal and 4 material conflict."""
    goldstein: float
    """GDELT's scale of conflict and cooperation, -10 to 10."""


class PloverMode(Struct, frozen=True):
    """One category of PLOVER that our events take, with a mode or without."""

    type: str
    mode: str
    """Empty for the category itself."""
    quad: int
    """As in CAMEO."""
    intensity: float
    """PLOVER's scale of conflict and cooperation, -10 to 10."""


class Coding(Struct, frozen=True):
    """How events of one type and modality are coded where `holds`."""

    type: EventType
    modality: Modality
    when: str
    holds: Condition
    cameo: CameoCode
    plover: PloverMode
    contexts: tuple[str, ...]
    cameo_basis: str
    plover_basis: str
    judgement: str
    """What in this row is our reading, and not said in so many words by the manual; empty where nothing is."""


class Topic(Struct, frozen=True):
    """A PLOVER context that an event has besides where `holds`."""

    context: str
    when: str
    holds: Condition
    basis: str


@functools.cache
def cameo_codes() -> Mapping[str, CameoCode]:
    """By code."""
    return {
        code: CameoCode(code, name, int(quad), float(goldstein))
        for code, name, quad, goldstein, _ in _rows("cameo.tsv", "code", "name", "quad", "goldstein", "basis")
    }


@functools.cache
def plover_modes() -> Mapping[tuple[str, str], PloverMode]:
    """By type and mode."""
    return {
        (type_, mode): PloverMode(type_, mode, int(quad), float(intensity))
        for type_, mode, quad, intensity, _ in _rows("plover.tsv", "type", "mode", "quad", "intensity", "basis")
    }


@functools.cache
def codings() -> Mapping[tuple[EventType, Modality], Sequence[Coding]]:
    """By type and modality, in the order in which they are tried; the last of each always holds."""
    found: dict[tuple[EventType, Modality], list[Coding]] = {}
    columns = ("type", "modality", "when", "cameo", "plover", "mode", "contexts")
    for row in _rows("coding.tsv", *columns, "cameo_basis", "plover_basis", "judgement"):
        type_, modality, when, cameo, plover, mode, contexts, cameo_basis, plover_basis, judgement = row
        coding = Coding(
            EventType(type_),
            Modality(modality),
            when,
            condition(when),
            cameo_codes()[cameo],
            plover_modes()[plover, mode],
            tuple(contexts.split()),
            cameo_basis,
            plover_basis,
            judgement,
        )
        found.setdefault((coding.type, coding.modality), []).append(coding)
    return found


@functools.cache
def topics() -> Sequence[Topic]:
    """By context."""
    return [
        Topic(context, when, condition(when), basis)
        for context, when, basis in _rows("contexts.tsv", "context", "when", "basis")
    ]


def _rows(file: str, *columns: str) -> Iterator[list[str]]:
    """The cells of each row, in the order of the file.

    Raises:
        ValueError: Its header or the number of cells of a row is another.
    """
    header, *lines = resources.files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != columns:
        raise ValueError(f"{file}:1: the header must be {' '.join(columns)}, separated by tabs: {header!r}")
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ValueError(f"{file}:{number}: {len(columns)} cells wanted, found {len(cells)}: {line[:80]!r}")
        yield cells
