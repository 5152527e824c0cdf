"""What exactly agreeing reports say, and how two states of it become one."""

from functools import lru_cache

import msgspec

from schemas.identifiers import content_id, stable_hash
from schemas.mention import Mention
from schemas.state import Cell, Report, Source, Voice
from schemas.vocabulary import EventType

VOICES = 32
"""Articles that a cell keeps: those with the least `stable_hash`, which is a fair sample of all."""

OUTLETS = 64
"""Hashes that a cell keeps to estimate how many outlets there are: exact up to 63, then within an eighth."""

SIDED = frozenset({EventType.ALLEGATION, EventType.DENIAL, EventType.DISPUTE})
"""Types in which the same two actors make another act with their roles changed."""

rank = lru_cache(maxsize=1 << 16)(stable_hash)
"""Who is kept where not all can be: the least."""


def cell_of(aggregate: str, source: Source, report: Report) -> Cell:
    """The cell to which a report belongs, with this report alone."""
    mention = report.mention
    actors = tuple(sorted({actor.code for actor in mention.actors}))
    sides = _sides(mention)
    return Cell(
        id=content_id("evt", aggregate, mention.modality, *actors, None, *sides, None, mention.body, mention.date),
        modality=mention.modality,
        actors=actors,
        sides=sides,
        body=mention.body,
        date=mention.date,
        first_seen=source.seen,
        last_seen=source.seen,
        voices={source.article: Voice(source, report)},
        outlet_hashes=(rank(source.outlet),),
    )


def merge_cells(one: Cell, other: Cell) -> Cell:
    """Both states of a cell in one; commutative, associative, idempotent. `one` itself where `other` adds nothing.

    An article's later revision replaces its earlier one, also when it comes first.
    """
    voices = _merge_voices(one.voices, other.voices)
    hashes = one.outlet_hashes
    if not set(other.outlet_hashes) <= set(hashes):
        hashes = tuple(sorted({*hashes, *other.outlet_hashes})[:OUTLETS])
    first_seen = min(one.first_seen, other.first_seen)
    last_seen = max(one.last_seen, other.last_seen)
    if (
        voices is one.voices
        and hashes == one.outlet_hashes
        and first_seen == one.first_seen
        and last_seen == one.last_seen
    ):
        return one
    return msgspec.structs.replace(one, first_seen=first_seen, last_seen=last_seen, voices=voices, outlet_hashes=hashes)


def _merge_voices(one: dict[str, Voice], other: dict[str, Voice]) -> dict[str, Voice]:
    changed: dict[str, Voice] = {}
    for article, voice in other.items():
        known = one.get(article)
        latest = voice if known is None else _later(known, voice)
        if latest is not known:
            changed[article] = latest
    if not changed:
        return one
    voices = {**one, **changed}
    if len(voices) > VOICES:
        kept = sorted(voices, key=rank)[:VOICES]
        if all(voices[article] is one.get(article) for article in kept):
            return one
        voices = {article: voices[article] for article in kept}
    return voices


def _later(one: Voice, other: Voice) -> Voice:
    """The later revision; of one revision the more confident report, then the one that begins earlier in the text."""
    if one == other:
        return one
    return max(one, other, key=_precedence)


def _precedence(voice: Voice) -> tuple[int, float, int, bytes]:
    mention = voice.report.mention
    start = mention.evidence[0].start if mention.evidence else 0
    # The encoding decides between reports that differ in nothing else, so that the order of arrival never does.
    return voice.source.revision, mention.confidence, -start, msgspec.json.encode(voice, order="deterministic")


def _sides(mention: Mention) -> tuple[str, ...]:
    if mention.type not in SIDED:
        return ()
    return tuple(sorted({f"{actor.role}:{actor.code}" for actor in mention.actors}))
