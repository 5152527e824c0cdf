"""How records travel between Beam stages: as their JSON, so that keys and states are the same on every runner."""

from typing import Any

import apache_beam as beam
import msgspec

from schemas.article import Article
from schemas.state import Statement


class RecordCoder(beam.coders.Coder):
    """A coder for one record type; deterministic."""

    def __init__(self, type_: type[msgspec.Struct]) -> None:
        self.type_ = type_
        self._encoder = msgspec.json.Encoder(order="deterministic")
        self._decoder = msgspec.json.Decoder(type_)

    def encode(self, value: Any) -> bytes:
        """The record's JSON."""
        return self._encoder.encode(value)

    def decode(self, encoded: bytes) -> Any:
        """The record."""
        return self._decoder.decode(encoded)

    def is_deterministic(self) -> bool:
        """Equal records have equal bytes."""
        return True

    def to_type_hint(self) -> Any:
        """The record's type."""
        return self.type_

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> "RecordCoder":  # type: ignore[override]  # narrower
        """The coder of a record type."""
        del registry
        return cls(typehint)

    def __reduce__(self) -> tuple[type["RecordCoder"], tuple[type[msgspec.Struct]]]:
        return RecordCoder, (self.type_,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and other.type_ is self.type_

    def __hash__(self) -> int:
        return hash(self.type_)


def register(*more: type[msgspec.Struct]) -> None:
    """Makes Beam use `RecordCoder` for the records that our transforms pass on."""
    for type_ in (Article, Statement, *more):
        beam.coders.registry.register_coder(type_, RecordCoder)
