"""The schema of the database file, version by version."""

from connectors.sqlite import search

# Times are microseconds since 1970 (UTC). Records are JSON, kept as bytes so that a damaged one can still be read;
# ``SELECT CAST(data AS TEXT)`` shows them. The other columns repeat what queries need.
# Offsets are AUTOINCREMENT: one is never given twice, even when the last entry has expired.
_FIRST = """
CREATE TABLE articles (
    offset INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    fetched INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (id, revision, hash)
);
CREATE INDEX articles_by_fetched ON articles (fetched);

CREATE TABLE developments (
    offset INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    data BLOB NOT NULL
);

CREATE TABLE readers (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    first INTEGER,
    last INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (log, name)
) WITHOUT ROWID;

CREATE TABLE dead_letters (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    stage TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX dead_letters_by_time ON dead_letters (recorded, number);
CREATE INDEX dead_letters_by_stage ON dead_letters (stage, recorded, number);

CREATE TABLE states (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX dossiers ON states (id) WHERE kind = 'dossier';

CREATE TABLE dossier_aliases (
    alias TEXT NOT NULL,
    dossier TEXT NOT NULL,
    PRIMARY KEY (alias, dossier)
) WITHOUT ROWID;
CREATE INDEX dossier_aliases_by_dossier ON dossier_aliases (dossier);

CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    place INTEGER NOT NULL,
    development TEXT NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (state, development)
);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    dossier TEXT NOT NULL,
    revision INTEGER NOT NULL,
    happened TEXT NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX events_by_dossier ON events (dossier, happened, id);

CREATE TABLE event_aliases (
    alias TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (alias, event)
) WITHOUT ROWID;
CREATE INDEX event_aliases_by_event ON event_aliases (event);

CREATE TABLE subscriptions (
    id TEXT NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,
    data BLOB NOT NULL
);

CREATE TABLE alerts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    subscription TEXT NOT NULL,
    status TEXT NOT NULL,
    due INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX alerts_due ON alerts (due, number) WHERE status = 'due';
CREATE INDEX alerts_by_subscription ON alerts (subscription, number);

CREATE TABLE feeds (
    url TEXT NOT NULL PRIMARY KEY,
    feed BLOB NOT NULL,
    state BLOB NOT NULL
);

CREATE TABLE article_hashes (
    article TEXT NOT NULL,
    revision INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (article, revision)
) WITHOUT ROWID;

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    token INTEGER NOT NULL,
    until INTEGER NOT NULL
) WITHOUT ROWID;
"""

# From here on the tables of `generation_tables` may be there more than once, with a number before their names. A script
# that changes one of them drops those that are being built or have served, with their rows here.
_GENERATIONS = """
CREATE TABLE generations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    stage TEXT NOT NULL UNIQUE,
    detectors TEXT NOT NULL,
    held_until INTEGER
);
INSERT INTO generations (stage, detectors)
    SELECT 'serving', CASE WHEN EXISTS (SELECT 1 FROM states) THEN '["unknown"]' ELSE '[]' END;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST + search.SCHEMA, _GENERATIONS)
"""Each brings a file of the version that is its index to the next one. Once released, a script is never edited."""
