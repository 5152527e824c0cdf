"""States by id, written where nobody wrote since they were loaded."""

from collections.abc import Iterable, Mapping, Sequence

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.indices import STATES
from connectors.elasticsearch.numbering import Numbering
from connectors.elasticsearch.state_documents import NUMBERS, outbox_entries, state_document, state_of
from schemas.errors import BadRecord, Conflict
from schemas.state import State

TRIES = 10
"""How often a state is written anew because its outbox was marked meanwhile; its version is then still the same."""


def load_states(cluster: Cluster, ids: Iterable[str]) -> dict[str, State]:
    """The states that exist, by id, as they are now."""
    return {name: state_of(stored.source) for name, stored in get(cluster, STATES, ids).items()}


def save_states(cluster: Cluster, states: Sequence[State], numbering: Numbering) -> None:
    """Writes each state at its `version` + 1.

    The stored versions are looked at before anything is written: where one is another, nothing is. Where somebody
    writes between the look and the write, the other states of the call may be written and that one is not.

    Raises:
        Conflict: The stored version of a state is not its `version`.
        BadRecord: Elasticsearch will never take one of them.
    """
    waiting = {state.id: state for state in states}
    for _ in range(TRIES):
        stored = get(cluster, STATES, waiting, only=NUMBERS)
        _check(waiting, stored, ahead=0)
        outcome = bulk(cluster, [_write(state, stored.get(name), numbering) for name, state in waiting.items()])
        for refused in outcome.refused:
            raise BadRecord(f"state {refused.write.name}: Elasticsearch refuses it: {refused.reason}")
        waiting = {write.name: waiting[write.name] for write in outcome.conflicts}
        if not waiting:
            return
    raise Conflict(f"state {min(waiting)}: others wrote it {TRIES} times meanwhile")


def check_saved(cluster: Cluster, states: Sequence[State]) -> None:
    """Passes where the states are still what was saved.

    Raises:
        Conflict: Somebody has saved one of them since.
    """
    saved = {state.id: state for state in states}
    _check(saved, get(cluster, STATES, saved, only=("version",)), ahead=1)


def _check(states: Mapping[str, State], stored: Mapping[str, Stored], *, ahead: int) -> None:
    for name, state in states.items():
        version = stored[name].source["version"] if name in stored else 0
        if version != state.version + ahead:
            raise Conflict(f"state {name}: its stored version is no longer {state.version + ahead}")


def _write(state: State, stored: Stored | None, numbering: Numbering) -> Write:
    entries = outbox_entries(state, stored.source if stored else None, numbering.next)
    return Write(STATES, state.id, state_document(state, entries), stored.unchanged() if stored else CREATE)
