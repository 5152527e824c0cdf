"""What has changed since it was last told, so that everything is told once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from pipelines.consolidation.dates import days
from schemas.development import Development, development_id
from schemas.event import EventView
from schemas.mention import Code, Edtf, Vote
from schemas.state import EventBrief
from schemas.vocabulary import Body, Change, EventStatus, Modality, Origin

CORROBORATION = (2, 3, 5, 10, 25, 50, 100, 250, 500, 1000)
"""Numbers of independent outlets that are worth a word."""


class Told(Struct, frozen=True, array_like=True):
    """What has been told of an event; written as JSON in ``Aggregate.announced`` under its founding cell."""

    outlets: int
    """The greatest of `CORROBORATION` that was told, else 0."""
    date: Edtf | None
    body: Body | None
    vote: Vote | None
    actors: tuple[Code, ...]
    withdrawn: int = 0
    """How often it was retracted or came back: odd while it is retracted."""


class News(Struct, frozen=True):
    """A change and its new value."""

    change: Change
    value: str = ""


def tell(view: EventView, told: Told | None) -> tuple[Told | None, list[News]]:
    """What is to be told of an event by itself, with what will have been told then.

    The first is ``new``, or ``history``; an event that was taken back before it could be told is not told at all.
    A change of what is history is not news, but its corroboration and retraction are told.
    """
    retracted = view.event_status is EventStatus.RETRACTED
    actors = tuple(actor.code for actor in view.actors)
    outlets = max((number for number in CORROBORATION if number <= view.outlets), default=0)
    if told is None:
        if retracted:
            return None, []
        news = [News(Change.NEW if view.news else Change.HISTORY)]
        if outlets:
            news.append(News(Change.CORROBORATED, str(outlets)))
        return Told(outlets, view.date, view.body, view.vote, actors), news
    if retracted:
        if told.withdrawn % 2:
            return told, []
        times = told.withdrawn + 1
        return msgspec.structs.replace(told, withdrawn=times), [News(Change.RETRACTED, str(times))]
    news, withdrawn = [], told.withdrawn
    if withdrawn % 2:
        withdrawn += 1
        news.append(News(Change.UPDATED, f"restored {withdrawn}"))
    details = _more_precise(view, actors, told)
    if details and view.news:
        news.append(News(Change.UPDATED, "; ".join(details.values())))
    if outlets > told.outlets:
        news.append(News(Change.CORROBORATED, str(outlets)))
    now = Told(
        outlets=max(outlets, told.outlets),
        date=view.date if "date" in details else told.date,
        body=view.body if "body" in details else told.body,
        vote=view.vote if "vote" in details else told.vote,
        actors=actors if "actors" in details else told.actors,
        withdrawn=withdrawn,
    )
    return now, news


def tell_standing(view: EventView, announced: Mapping[str, str], others: Mapping[str, EventBrief]) -> dict[str, News]:
    """What is to be told of how an event stands to others of its dossier, by the key under which to note it.

    Each change is told once of an event, under whichever of its ids; of a contradiction, the happening hears, not the
    report that it did not happen. Where the other event is history, it is not news and nothing is told.
    """
    links = view.links
    contradicting = links.denied_by or (links.contradicts if view.modality is not Modality.NEGATED else ())
    found = {
        Change.FULFILLED: links.fulfilled_by,
        Change.CANCELLED: links.cancelled_by,
        Change.CONTRADICTED: contradicting,
    }
    news: dict[str, News] = {}
    for change, causes in found.items():
        if not causes or any(f"{change.value} {id_}" in announced for id_ in (view.id, *view.aliases)):
            continue
        cause = min((others[id_] for id_ in causes), key=lambda one: (one.first_seen, one.id))
        if view.news and cause.news:
            news[f"{change.value} {view.id}"] = News(change, cause.id)
    return news


def development(news: News, view: EventView, *, now: datetime, origin: Origin) -> Development:
    """The record of a change of an event."""
    return Development(
        id=development_id(view.id, news.change, news.value),
        change=news.change,
        value=news.value,
        cell=view.id,
        event=view,
        origin=origin,
        recorded=now,
        late_by=max(0.0, (now - view.last_seen).total_seconds()),
    )


def note(told: Told) -> str:
    """The word to keep."""
    return msgspec.json.encode(told).decode()


def noted(words: Iterable[str]) -> Told | None:
    """What the words of an event's cells say, the founding cell's first; None where nothing has been told."""
    all_ = [msgspec.json.decode(word, type=Told) for word in words]
    if not all_:
        return None
    return msgspec.structs.replace(all_[0], outlets=max(told.outlets for told in all_))


def _more_precise(view: EventView, actors: Sequence[Code], told: Told) -> dict[str, str]:
    """The details that are more precise than what was told."""
    details = {}
    if view.date and (told.date is None or days(view.date).length < days(told.date).length):
        details["date"] = f"date {view.date}"
    if view.body and told.body is None:
        details["body"] = f"body {view.body}"
    if view.vote is not None and _numbers(view.vote) > _numbers(told.vote):
        details["vote"] = "vote " + "/".join("-" if n is None else str(n) for n in msgspec.structs.astuple(view.vote))
    if set(actors) > set(told.actors):
        details["actors"] = "actors " + ",".join(actors)
    return details


def _numbers(vote: Vote | None) -> int:
    return 0 if vote is None else sum(number is not None for number in msgspec.structs.astuple(vote))
