"""Where an article has spoken, over all its revisions."""

from collections.abc import Iterable

import msgspec

from schemas.state import ArticleState


def article_state_id(article: str) -> str:
    """The id of the state of this article."""
    return f"article:{article}"


def spoken(state: ArticleState | None, article: str, revision: int, aggregates: Iterable[str]) -> ArticleState:
    """The state after a revision has spoken to these aggregates; the same object where that was known.

    The greatest revision and the union of aggregates: the order in which revisions come does not matter.
    """
    known = state or ArticleState(id=article_state_id(article))
    together = tuple(sorted({*known.aggregates, *aggregates}))
    latest = max(known.revision, revision)
    if state is not None and latest == state.revision and together == state.aggregates:
        return state
    return msgspec.structs.replace(known, revision=latest, aggregates=together)
