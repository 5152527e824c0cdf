"""Generations of findings, as tables of one file."""

import json
import sqlite3
import threading
from collections.abc import Sequence
from datetime import datetime

from connectors.sqlite import generation_tables, projections, reader, state_table
from connectors.sqlite.database import Database
from connectors.sqlite.event_store import SqliteEventStore
from connectors.sqlite.times import micros, moment
from schemas.errors import Conflict, FencedOff, Misconfigured
from schemas.event import EventView
from schemas.ports import Findings, Generation
from schemas.state import ArticleState

SERVING, BUILDING, LEAVING = "serving", "building", "leaving"


class SqliteFindings(SqliteEventStore):
    """An event store over the tables of one generation.

    Args:
        database: Its connections mean these tables.
        number: Of a generation beside the one that serves; None for that one.
    """

    def __init__(self, database: Database, number: int | None = None) -> None:
        super().__init__(database)
        self._number = number

    def views(self, after: str, limit: int) -> Sequence[EventView]:
        """Events whose ids come after this one, by id."""
        with self._database.read() as connection:
            return projections.after(connection, after, limit)

    def heard(self, after: str, limit: int) -> Sequence[ArticleState]:
        """States of articles whose ids come after this one, by id."""
        with self._database.read() as connection:
            return state_table.articles(connection, after, limit)

    def _generation(self, connection: sqlite3.Connection) -> int:
        """This one's number.

        Raises:
            FencedOff: It serves now, or is gone: another upgrade has gone on with it.
        """
        if self._number is None:
            return super()._generation(connection)
        found = connection.execute("SELECT stage FROM generations WHERE number = ?", (self._number,)).fetchone()
        if found is None or found[0] == SERVING:
            raise FencedOff(f"generation {self._number} is no longer being built; another upgrade has taken over")
        return self._number


class SqliteGenerations:
    """Generations side by side in one file. The switch is one transaction of renamings, whatever their size."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._beside: dict[int, Database] = {}

    def __getstate__(self) -> Database:
        return self._database

    def __setstate__(self, database: Database) -> None:
        self.__init__(database)  # type: ignore[misc]

    def serving(self) -> Generation:
        """The one that every search reads."""
        with self._database.read() as connection:
            found = _at(connection, SERVING)
        assert found is not None  # there is one from the first migration on
        return found

    def building(self) -> Generation | None:
        """The one that was begun, and does not serve yet."""
        with self._database.read() as connection:
            return _at(connection, BUILDING)

    def leaving(self) -> Generation | None:
        """The one that served before the last switch, until `finish`."""
        with self._database.read() as connection:
            return _at(connection, LEAVING)

    def wrote(self, detector: str) -> None:
        """Notes, durably, that a detector writes into the serving generation."""
        if detector in self.serving().detectors:
            return
        with self._database.write() as connection:
            now = _at(connection, SERVING)
            if now is not None and detector not in now.detectors:
                connection.execute(
                    "UPDATE generations SET detectors = ? WHERE stage = ?",
                    (json.dumps([*now.detectors, detector]), SERVING),
                )

    def begin(self, detector: str) -> Generation:
        """The one that is being built by this detector.

        Raises:
            Misconfigured: Another detector's is being built, or the last switch is not finished.
        """
        with self._database.write() as connection:
            if _at(connection, LEAVING):
                raise Misconfigured("the last switch of generations is not finished; finish it first")
            found = _at(connection, BUILDING)
            if found is None:
                (number,) = connection.execute(
                    "INSERT INTO generations (stage, detectors) VALUES (?, ?) RETURNING number",
                    (BUILDING, json.dumps([detector])),
                ).fetchone()
                generation_tables.create(connection, number)
                found = Generation(number, (detector,))
        if found.detectors != (detector,):
            raise Misconfigured(f"generation {found.number} is being built by {found.detectors[0]}; abandon it first")
        return found

    def findings(self, generation: Generation) -> Findings:
        """What is in this generation. Once it is dropped, its use raises."""
        with self._database.read() as connection:
            row = connection.execute("SELECT stage FROM generations WHERE number = ?", (generation.number,)).fetchone()
        if row is None:
            raise Misconfigured(f"there is no generation {generation.number}")
        if row[0] == SERVING:
            return SqliteFindings(self._database)
        with self._lock:
            if generation.number not in self._beside:
                connections = generation_tables.beside(generation.number)
                self._beside[generation.number] = Database(self._database.path, connections)
            return SqliteFindings(self._beside[generation.number], generation.number)

    def hold(self, until: datetime | None) -> None:
        """Asks detect jobs to begin nothing before then."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE generations SET held_until = ? WHERE stage = ?", (until and micros(until), SERVING)
            )

    def switch(self, follower: str, leader: str) -> None:
        """Lets the new generation serve, where both readers stand at one entry and nothing is unpublished.

        Raises:
            Conflict: It is not such a moment; nothing was changed.
            Misconfigured: None is being built, or it has no events while the old one has some.
        """
        with self._database.write() as connection:
            serving, building = _at(connection, SERVING), _at(connection, BUILDING)
            if building is None or serving is None:
                raise Misconfigured("no new generation was begun")
            if reader.between(connection, follower, leader) or state_table.unpublished(connection, 1):
                raise Conflict("articles or developments came meanwhile")
            built = generation_tables.prefixed(building.number, "search_event")
            if _is_empty(connection, built) and not _is_empty(connection, "search_event"):
                raise Misconfigured(f"generation {building.number} has no events, and the one that serves has some")
            generation_tables.rename(connection, serving=serving.number, building=building.number)
            for number, stage in ((serving.number, LEAVING), (building.number, SERVING)):
                connection.execute(
                    "UPDATE generations SET stage = ?, held_until = NULL WHERE number = ?", (stage, number)
                )
        self._close(building.number)

    def finish(self) -> None:
        """Deletes the generation that served before."""
        self._delete(LEAVING)

    def abandon(self) -> bool:
        """Deletes the one that is being built."""
        return self._delete(BUILDING)

    def _delete(self, stage: str) -> bool:
        with self._database.write() as connection:
            found = _at(connection, stage)
            if found is not None:
                generation_tables.drop(connection, found.number)
                connection.execute("DELETE FROM generations WHERE number = ?", (found.number,))
        if found is not None:
            self._close(found.number)
            self._database.give_back()
        return found is not None

    def _close(self, number: int) -> None:
        with self._lock:
            database = self._beside.pop(number, None)
        if database is not None:
            database.close()


def _at(connection: sqlite3.Connection, stage: str) -> Generation | None:
    row = connection.execute(
        "SELECT number, detectors, held_until FROM generations WHERE stage = ?", (stage,)
    ).fetchone()
    if row is None:
        return None
    number, detectors, held = row
    return Generation(number, tuple(json.loads(detectors)), None if held is None else moment(held))


def _is_empty(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None
