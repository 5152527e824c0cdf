"""What an event shows: the most precise and best attested that its reports say."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from pipelines.consolidation.cell import VOICES, rank
from pipelines.consolidation.dates import day, days
from pipelines.consolidation.events import Event
from pipelines.consolidation.outlets import SAMPLE, count_outlets, independent, kmv
from schemas.event import EventView, Quote
from schemas.mention import Actor, Edtf, Instrument, Vote
from schemas.ontology import coded
from schemas.state import Cell, EventBrief, Voice
from schemas.vocabulary import EventStatus, EventType, Modality

HISTORY_DAYS = 30
"""Days between a happening and its first report from which on it is history."""

CERTAIN = 0.99
"""No number of outlets makes a finding surer than this: they may all be read wrongly in the same way."""

CALLED_OFF = re.compile(
    r"\b(?:call(?:s|ed|ing)?\s(?:\w+\s){0,4}off|cancel\w*|postpon\w*|put(?:s|ting)?\s(?:\w+\s){0,4}(?:off|on\s+(?:hold|ice))"
    r"|shelv\w*|scrap\w*|abandon\w*|suspend\w*|halt\w*|dropp?\w*|defer\w*|block\w*|fro(?:ze|zen))\b",
    re.IGNORECASE,
)


def draft(event: Event, type_: EventType, live: Callable[[Cell], Sequence[Voice]]) -> EventView:
    """The view of an event without its place among others: revision 0, no dossier, no status of the dossier, no links.

    An event that no article stands by any longer shows what was last said, as retracted, with no articles or outlets.
    """
    said = [(cell, list(live(cell))) for cell in event.cells]
    standing = [(cell, voices) for cell, voices in said if voices]
    retracted = not standing
    if retracted:
        standing = [(cell, list(cell.voices.values())) for cell in event.cells]
    cells = [cell for cell, _ in standing]
    heard = _heard(standing)
    ranked = list({voice.source.article: voice for voice in reversed(heard)}.values())[::-1]
    best = ranked[0]
    groups = independent(ranked)
    articles = {voice.source.article for _, voices in standing for voice in voices}
    first_seen = min(cell.first_seen for cell in event.cells)
    date = _most_precise_date(standing)
    view = EventView(
        id=event.id,
        aliases=event.aliases,
        revision=0,
        dossier="",
        type=type_,
        modality=event.cells[0].modality,
        event_status=EventStatus.RETRACTED if retracted else EventStatus.STANDING,
        instrument=_instrument(ranked),
        parties=tuple(sorted({code for voice in ranked for code in voice.report.mention.parties})),
        actors=_actors(heard),
        body=next((cell.body for cell in cells if cell.body is not None), None),
        vote=_vote(ranked),
        date=date,
        claim=next((voice.report.mention.claim for voice in ranked if voice.report.mention.claim), None),
        first_seen=first_seen,
        last_seen=max(cell.last_seen for cell in event.cells),
        news=is_news(date, first_seen),
        articles=0 if retracted else _articles(cells, articles),
        outlets=0 if retracted else count_outlets(groups, cells),
        outlet_names=() if retracted else tuple(sorted({voice.source.outlet for voice in ranked})[:VOICES]),
        languages=tuple(sorted({voice.source.language for voice in ranked if voice.source.language})),
        headline=best.source.title,
        url=best.source.url,
        quote=best.report.quote,
        confidence=0.0 if retracted else _confidence(groups),
    )
    return coded(view)


def brief(view: EventView) -> EventBrief:
    """What the dossier keeps of an event; status and links are those of the draft."""
    return EventBrief(
        id=view.id,
        type=view.type,
        modality=view.modality,
        actors=tuple(Actor(actor.code, actor.role) for actor in view.actors),
        parties=view.parties,
        body=view.body,
        date=view.date,
        claim=view.claim,
        first_seen=view.first_seen,
        news=view.news,
        called_off=view.modality is Modality.NEGATED and calls_off(view.quote),
        status=view.event_status,
        links=view.links,
    )


def is_news(date: Edtf | None, first_seen: datetime) -> bool:
    """Whether a happening of that date was told within 30 days; what has no date is."""
    return date is None or days(date).last >= day(first_seen) - HISTORY_DAYS


def calls_off(quote: Quote) -> bool:
    """Whether a sentence says of a step that it is called off or put off (English)."""
    return CALLED_OFF.search(quote.text) is not None


def _heard(standing: Sequence[tuple[Cell, Sequence[Voice]]]) -> list[Voice]:
    """The voices from which the view is made, the best evidence first: of a sample of articles, and one of each cell.

    The best is the most confident, then the earliest, then by article, place in its text and cell.
    """
    articles = {voice.source.article for _, voices in standing for voice in voices}
    if len(articles) > SAMPLE:
        firsts = [min((voice.source.article for voice in voices), key=rank) for _, voices in standing]
        articles = {*sorted(articles, key=rank)[:SAMPLE], *firsts}
    keyed = [
        (_evidence_order(voice, cell), voice)
        for cell, voices in standing
        for voice in voices
        if voice.source.article in articles
    ]
    return [voice for _, voice in sorted(keyed, key=itemgetter(0))]


def _evidence_order(voice: Voice, cell: Cell) -> tuple[float, datetime, str, int, str]:
    mention = voice.report.mention
    start = mention.evidence[0].start if mention.evidence else 0
    return -mention.confidence, voice.source.seen, voice.source.article, start, cell.id


def _most_precise_date(standing: Sequence[tuple[Cell, Sequence[Voice]]]) -> Edtf | None:
    """The date that covers the fewest days; of several the one that most say, then the earliest."""
    support: Counter[Edtf] = Counter()
    for cell, voices in standing:
        if cell.date is not None:
            support[cell.date] += len(voices)
    return min(support, key=lambda date: (days(date).length, -support[date], days(date).first, date), default=None)


def _vote(ranked: Sequence[Voice]) -> Vote | None:
    """The tally with the most numbers; of several the one that most say, then the best evidence's."""
    votes = [voice.report.mention.vote for voice in ranked if voice.report.mention.vote is not None]
    support = Counter(votes)
    return min(votes, key=lambda vote: (-_numbers(vote), -support[vote], votes.index(vote)), default=None)


def _numbers(vote: Vote) -> int:
    return sum(number is not None for number in (vote.for_, vote.against, vote.abstain, vote.total))


def _instrument(ranked: Sequence[Voice]) -> Instrument | None:
    """That of the best evidence which links one to the registry, else which names one."""
    named = [voice.report.mention.instrument for voice in ranked if voice.report.mention.instrument is not None]
    return next((instrument for instrument in named if instrument.id is not None), named[0] if named else None)


def _actors(heard: Iterable[Voice]) -> tuple[Actor, ...]:
    """Each who acted once, by code: in the role that most give, under the name and person of the best evidence."""
    said: dict[str, list[Actor]] = {}
    for voice in heard:
        for actor in voice.report.mention.actors:
            said.setdefault(actor.code, []).append(actor)
    return tuple(_merged(code, said[code]) for code in sorted(said))


def _merged(code: str, said: Sequence[Actor]) -> Actor:
    support = Counter(actor.role for actor in said)
    role = min(support, key=lambda role: (-support[role], role))
    playing = [actor for actor in said if actor.role == role]
    name = next((actor.name for actor in playing if actor.name), "")
    person = next((actor.person for actor in playing if actor.person), None)
    return Actor(code, role, name, person)


def _articles(cells: Sequence[Cell], known: set[str]) -> int:
    """How many articles say so: exact while the cells keep every voice, then estimated from the least ranks."""
    if all(len(cell.voices) < VOICES for cell in cells):
        return len(known)
    ranks = (rank(article) for cell in cells for article in cell.voices)
    return max(len(known), kmv(ranks, VOICES))


def _confidence(groups: Sequence[Sequence[Voice]]) -> float:
    """Noisy-or over independent outlets of their best report: wrong only if all are, and never more than `CERTAIN`."""
    wrong = 1.0
    for group in groups:
        wrong *= 1.0 - max(voice.report.mention.confidence for voice in group)
    return round(min(CERTAIN, 1.0 - wrong), 4)
