"""How many sources say so independently of each other."""

from collections.abc import Iterable, Sequence

from pipelines.consolidation.cell import OUTLETS, VOICES, rank
from pipelines.consolidation.simhash import copies_of
from schemas.state import Cell, Voice

SAMPLE = 64
"""Articles from which an event's view is made: those with the least rank, which favours none."""


def independent(voices: Iterable[Voice]) -> list[list[Voice]]:
    """Voices in groups of one origin: of one outlet, or with copies of one text.

    Each group is by rank of the article, the groups by their first.
    """
    ordered = sorted(voices, key=lambda voice: rank(voice.source.article))
    group_of: list[int] = []  # by place in `ordered`
    prints: list[int] = []
    outlets: dict[str, int] = {}
    for place, voice in enumerate(ordered):
        akin = {group_of[other] for other in copies_of(voice.source.fingerprint, prints)}
        known = outlets.setdefault(voice.source.outlet, place)
        if known != place:
            akin.add(group_of[known])
        prints.append(voice.source.fingerprint)
        group_of.append(min(akin, default=place))
        if len(akin) > 1:
            group_of = [group_of[place] if group in akin else group for group in group_of]
    groups: dict[int, list[Voice]] = {}
    for voice, group in zip(ordered, group_of, strict=True):
        groups.setdefault(group, []).append(voice)
    return list(groups.values())


def count_outlets(groups: Sequence[Sequence[Voice]], cells: Iterable[Cell]) -> int:
    """How many independent outlets there are: exact while the cells keep every voice, an estimate from then on.

    The estimate is the least of two: the number of distinct outlets by the KMV sketch (Bar-Yossef, Jayram, Kumar,
    Sivakumar, Trevisan: Counting distinct elements in a data stream, RANDOM 2002), and the number of origins by the
    share of the sample that is not alone of its origin (Good 1953, the coverage of a sample): a thousand copies of one
    wire text are still one voice.
    """
    cells = list(cells)
    seen = len(groups)
    size = sum(len(group) for group in groups)
    if size < SAMPLE and all(len(cell.voices) < VOICES for cell in cells):
        return seen
    alone = sum(1 for group in groups if len(group) == 1)
    by_sketch = kmv(hash_ for cell in cells for hash_ in cell.outlet_hashes)
    by_coverage = by_sketch if alone == size else round(seen / (1 - alone / size))
    return max(seen, min(by_sketch, by_coverage))


def kmv(hashes: Iterable[int], k: int = OUTLETS) -> int:
    """The number of distinct values with these least 64-bit hashes: exact below `k`, then (k - 1) / kth least."""
    least = sorted(set(hashes))[:k]
    return len(least) if len(least) < k else round((k - 1) * 2**64 / (least[-1] + 1))
