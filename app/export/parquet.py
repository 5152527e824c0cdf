"""The flat view as Apache Parquet."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from app.export.flat import COLUMNS, Kind, values
from schemas.event import EventView

GROUP = 10_000
"""Events of one row group: what is in memory at a time."""

_TYPES = {
    Kind.COUNT: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.LIST: pa.list_(pa.string()),
    Kind.NUMBER: pa.float64(),
    Kind.TEXT: pa.string(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
}
SCHEMA = pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in COLUMNS])


def write_parquet(out: BinaryIO, views: Iterable[EventView]) -> int:
    """Typed columns, lists as lists, Zstandard; returns how many events were written."""
    written = 0
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        for group in _groups(iter(views)):
            columns = zip(*map(values, group), strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))
            written += len(group)
    return written


def _groups(views: Iterator[EventView]) -> Iterator[list[EventView]]:
    while group := list(islice(views, GROUP)):
        yield group
