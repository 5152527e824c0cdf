"""Input that could not be used."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from connectors.sqlite.database import Database
from connectors.sqlite.times import micros
from schemas.codec import decode, encode
from schemas.dead_letter import DeadLetter
from schemas.vocabulary import Stage


class SqliteDeadLetters:
    """The dead letters as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, letters: Sequence[DeadLetter]) -> None:
        """Durable on return; a letter that is there already has its attempts added up and its reason replaced."""
        with self._database.write() as connection:
            add(connection, letters)

    def list(self, stage: Stage | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        """The latest by `recorded`, newest first."""
        newest = " ORDER BY recorded DESC, number DESC LIMIT ?"
        with self._database.read() as connection:
            if stage is None:
                rows = connection.execute("SELECT data FROM dead_letters" + newest, (limit,))
            else:
                rows = connection.execute("SELECT data FROM dead_letters WHERE stage = ?" + newest, (stage, limit))
            return [decode(data, DeadLetter) for (data,) in rows]

    def remove(self, ids: Iterable[str]) -> None:
        """Forgets letters that were replayed; unknown ids are no error."""
        with self._database.write() as connection:
            connection.executemany("DELETE FROM dead_letters WHERE id = ?", [(letter,) for letter in ids])

    def expire(self, before: datetime) -> int:
        """Forgets letters recorded before then; returns how many."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM dead_letters WHERE recorded < ?", (micros(before),)).rowcount

    def count(self) -> Mapping[Stage, int]:
        """How many of each stage there are; a stage without any is absent."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT stage, count(*) FROM dead_letters GROUP BY stage").fetchall()
        return {Stage(stage): number for stage, number in rows}


def add(connection: sqlite3.Connection, letters: Sequence[DeadLetter]) -> None:
    """Adds letters inside the caller's transaction."""
    for letter in letters:
        row = connection.execute("SELECT data FROM dead_letters WHERE id = ?", (letter.id,)).fetchone()
        if row:
            known = decode(row[0], DeadLetter)
            merged = replace(known, attempts=known.attempts + letter.attempts, reason=letter.reason)
            connection.execute("UPDATE dead_letters SET data = ? WHERE id = ?", (encode(merged), letter.id))
        else:
            connection.execute(
                "INSERT INTO dead_letters (id, stage, recorded, data) VALUES (?, ?, ?, ?)",
                (letter.id, letter.stage, micros(letter.recorded), encode(letter)),
            )
