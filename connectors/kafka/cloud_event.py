"""A record on Kafka: JSON under the CloudEvents 1.0 Kafka binding, binary mode.

So a consumer in any language can tell what it reads by the headers alone, and need not know us.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from schemas.article import Article
from schemas.codec import decode, encode
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.errors import BadRecord
from schemas.ports import Unreadable

T = TypeVar("T")
Headers = Sequence[tuple[str, bytes | None]]

MAX_BYTES = 8 * 1024 * 1024
"""Of a value before compression. A longer one is no news article, and would be read into memory many times over."""
JSON = b"application/json"


class Message(Struct, frozen=True):
    """What a producer is given."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Format(Struct, Generic[T], frozen=True):
    """How records of one kind are written, and what is demanded of those that are read."""

    type: type[T]
    name: str
    """The event type without its version; a change that old readers cannot read is a new version."""
    version: int
    source: str
    """A URN: which log of ours it comes from."""
    key: Callable[[T], str]
    id: Callable[[T], str]
    """One for each event; the same for a repeated one."""
    time: Callable[[T], datetime]

    @property
    def ce_type(self) -> str:
        """Name and version."""
        return f"{self.name}.v{self.version}"

    def written(self, record: T) -> Message:
        """The message that holds a record.

        Raises:
            BadRecord: It is longer than `MAX_BYTES`.
        """
        value = encode(record)
        if len(value) > MAX_BYTES:
            raise BadRecord(f"{self.name} {self.key(record)}: {len(value)} bytes of JSON; a topic takes {MAX_BYTES}")
        headers = {
            "ce_specversion": "1.0",
            "ce_id": self.id(record),
            "ce_source": self.source,
            "ce_type": self.ce_type,
            "ce_time": self.time(record).isoformat().replace("+00:00", "Z"),
        }
        pairs = [(name, text.encode()) for name, text in headers.items()]
        return Message(self.key(record).encode(), value, [*pairs, ("content-type", JSON)])

    def read(self, key: bytes | None, value: bytes | None, headers: Headers, place: str) -> T | Unreadable:
        """The record of a message, or why it cannot be used; `place` tells where a person finds it."""
        try:
            return self._read(key, value, dict(headers))
        except BadRecord as error:
            return Unreadable(value or b"", f"{place}: {error}")

    def _read(self, key: bytes | None, value: bytes | None, headers: Mapping[str, bytes | None]) -> T:
        if value is None:
            raise BadRecord("no value")
        if len(value) > MAX_BYTES:
            raise BadRecord(f"{len(value)} bytes; a record has {MAX_BYTES} at most")
        found = headers.get("ce_type")
        if found is None:
            raise BadRecord(f"no header ce_type; takes {self.ce_type}, a CloudEvent in binary mode")
        if found != self.ce_type.encode():
            raise BadRecord(f"ce_type is {found.decode(errors='replace')!r}; this program reads {self.ce_type}")
        record = decode(value, self.type)
        if key != self.key(record).encode():
            raise BadRecord(f"the key is {key!r}, the record's own {self.key(record)!r}")
        return record


ARTICLE = Format(
    type=Article,
    name="treatywire.article",
    version=1,
    source="urn:treatywire:articles",
    key=lambda article: article.id,
    id=lambda article: f"{article.id}.{article.revision}",
    time=lambda article: article.fetched,
)
DEVELOPMENT = Format(
    type=Development,
    name="treatywire.development",
    version=1,
    source="urn:treatywire:developments",
    key=lambda development: development.event.dossier,
    id=lambda development: development.id,
    time=lambda development: development.recorded,
)
DEAD_LETTER = Format(
    type=DeadLetter,
    name="treatywire.dead-letter",
    version=1,
    source="urn:treatywire:dead-letters",
    key=lambda letter: letter.id,
    id=lambda letter: f"{letter.id}.{letter.attempts}",
    time=lambda letter: letter.recorded,
)
