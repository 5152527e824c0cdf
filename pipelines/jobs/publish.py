"""Outboxes → developments log."""

from schemas.ports import DevelopmentLog, States

AT_ONCE = 500


def publish(store: States, log: DevelopmentLog) -> int:
    """Appends every unmarked development, then marks it; returns how many.

    At least once: a crash in between appends again, under the same id.
    """
    published = 0
    while entries := store.unpublished(AT_ONCE):
        # Saved by aggregate, told by time: a reader of the log hears a batch in the order in which it was reported.
        developments = sorted((entry for _, entry in entries), key=lambda entry: (entry.event.last_seen, entry.id))
        log.append(developments)
        store.mark_published([(state, development.id) for state, development in entries])
        published += len(entries)
    return published
