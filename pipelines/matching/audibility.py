"""What a subscriber hears of who has not said which changes count."""

from schemas.development import Development
from schemas.query.evaluate import matches
from schemas.query.tree import Query, fields_used
from schemas.vocabulary import Change


def audible(development: Development, *, names_change: bool) -> bool:
    """Whether queries hear of the development, if they match it.

    A query that names ``change:`` says itself which changes count: it hears all that it matches. One that does not
    hears of new events only, and of these only the news: no history, no corroboration, no change of what was told.
    """
    return names_change or (development.change is Change.NEW and development.event.news)


def hears(query: Query, development: Development) -> bool:
    """Whether a subscription with this query would be sent the development, were it live and late enough."""
    heard = audible(development, names_change="change" in fields_used(query))
    return heard and matches(query, development.event, development.change)
