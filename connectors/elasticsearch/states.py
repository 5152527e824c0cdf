"""States by id, written where nobody wrote since they were loaded."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.indices import STATES
from connectors.elasticsearch.state_documents import NUMBERS, outbox_entries, state_document, state_of
from schemas.errors import BadRecord, Conflict
from schemas.state import State

TRIES = 10
"""How often a state is written anew because its outbox was marked meanwhile; its version is then still the same."""


def load_states(cluster: Cluster, ids: Iterable[str]) -> tuple[dict[str, State], str | None]:
    """The states that exist, by id, as they are now, and the index that they are in; None where there are none."""
    found = get(cluster, STATES, ids)
    index = next((stored.index for stored in found.values()), None)
    return {name: state_of(stored.source) for name, stored in found.items()}, index


def look(cluster: Cluster, states: Iterable[State], *, ahead: int = 0) -> dict[str, Stored]:
    """What is stored of these states, by id, where each is still at its `version`, or so many ahead of it.

    Raises:
        Conflict: The stored version of one of them is another.
    """
    asked = {state.id: state for state in states}
    stored = get(cluster, STATES, asked, only=NUMBERS)
    for name, state in asked.items():
        version = stored[name].source["version"] if name in stored else 0
        if version != state.version + ahead:
            raise Conflict(f"state {name}: its stored version is no longer {state.version + ahead}")
    return stored


def write_states(
    cluster: Cluster,
    states: Sequence[State],
    stored: Mapping[str, Stored],
    number: Callable[[str], int],
    loaded: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> None:
    """Writes each state at its `version` + 1.

    Args:
        cluster: Where.
        states: What is written.
        stored: What `look` gave; a state that somebody has saved since is not written.
        number: Numbers a new entry in the outbox of a state, by its id.
        loaded: The ids of entries that were in the outboxes of the states when these were loaded.

    Raises:
        Conflict: Somebody has; the other states may be written.
        BadRecord: Elasticsearch will never take one of them; the others may be written.
    """
    waiting = {state.id: state for state in states}
    for _ in range(TRIES):
        outcome = bulk(cluster, [_write(state, stored.get(name), number, loaded) for name, state in waiting.items()])
        for refused in outcome.refused:
            raise BadRecord(f"state {refused.write.name}: Elasticsearch refuses it: {refused.reason}")
        waiting = {write.name: waiting[write.name] for write in outcome.conflicts}
        if not waiting:
            return
        stored = look(cluster, waiting.values())
    raise Conflict(f"state {min(waiting)}: others wrote it {TRIES} times meanwhile")


def _write(
    state: State, stored: Stored | None, number: Callable[[str], int], loaded: Mapping[str, Collection[str]]
) -> Write:
    entries = outbox_entries(state, stored.source if stored else None, number, loaded.get(state.id, ()))
    return Write(STATES, state.id, state_document(state, entries), stored.unchanged() if stored else CREATE)
