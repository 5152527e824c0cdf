"""What articles have said that the log no longer holds: heard again in a new generation, word for word."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace

from pipelines.consolidation import consolidate
from pipelines.consolidation.article import article_state_id
from schemas.errors import Conflict, Unavailable
from schemas.ports import Findings, States
from schemas.state import Aggregate, ArticleState, Report, Source, Statement
from schemas.vocabulary import Origin

AT_ONCE = 200
TRIES = 20


def carry_over(before: Findings, new: States, catch_up: Callable[[], None], *, now: datetime) -> Iterator[int]:
    """Has the new generation hear each article that spoke in the one before and that it has not met; yields how many.

    Their statements are made again from the voices that the old cells keep, and merged like any other: an event of
    which some reports are older than the log and some are not stays one event. May be broken off and begun again: the
    state of an article is saved after all that it said, so whoever has one has been heard in full.

    What is lost is what cells do not keep: of more than 32 articles that agree exactly, those beyond 32, and how many
    there were.

    Args:
        before: The generation that serves.
        new: The one that is being built.
        catch_up: Replays what the detect job has worked on until now, so that its articles are not taken for old ones.
        now: When this is found out, UTC.
    """
    after = ""
    while page := before.heard(after, AT_ONCE):
        after = page[-1].id
        missing = _missing(page, new)
        if missing:
            catch_up()
            missing = _missing(missing, new)
        if missing:
            _hear([*_statements(missing, before)], new, now)
        yield len(missing)


def _missing(states: Sequence[ArticleState], new: States) -> list[ArticleState]:
    spoke = [state for state in states if state.aggregates]
    there = new.load(state.id for state in spoke)
    return [state for state in spoke if state.id not in there]


def _statements(articles: Iterable[ArticleState], before: States) -> Iterator[Statement]:
    """All that these articles said, each revision by itself, and that the latest says no more where that is so."""
    for state in articles:
        said: dict[int, tuple[Source, list[Report]]] = {}
        for aggregate in before.load(state.aggregates).values():
            if not isinstance(aggregate, Aggregate):
                continue
            for cell in aggregate.cells.values():
                for article, voice in cell.voices.items():
                    if article_state_id(article) == state.id:
                        said.setdefault(voice.source.revision, (voice.source, []))[1].append(voice.report)
        yield from (Statement(source, tuple(reports)) for source, reports in said.values())
        if said and state.revision > max(said):
            source, _ = said[max(said)]
            yield Statement(replace(source, revision=state.revision))


def _hear(statements: Sequence[Statement], new: States, now: datetime) -> None:
    for _ in range(TRIES):
        outcome = consolidate(statements, new.load, now=now, origin=Origin.REPLAY)
        spoken = [state for state in outcome.states if isinstance(state, ArticleState)]
        others = [state for state in outcome.states if not isinstance(state, ArticleState)]
        try:
            new.save(others, outcome.views, outcome.retired, basis=outcome.basis)
            new.save(spoken, ())
        except Conflict:
            continue
        return
    raise Unavailable(f"{TRIES} merges in a row were overtaken by another upgrade")
