"""Writing many documents at once, with an outcome for each of them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import Any

import msgspec
from msgspec import Struct

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.document_ids import document_id
from connectors.elasticsearch.failures import BAD_DOCUMENT, PASSING, reason_of
from schemas.errors import BadRecord, Misconfigured, Unavailable

AT_ONCE = 500
BYTES_AT_ONCE = 8 * 1024 * 1024
CREATE: Mapping[str, Any] = {"op_type": "create"}
"""The condition on a write, that there is no such document yet."""


class Write(Struct, frozen=True):
    """One document to be written."""

    kind: str
    name: str
    document: bytes | None
    """JSON; None deletes what is there, if anything is."""
    condition: Mapping[str, Any] = {}
    """`CREATE`, `Stored.unchanged`, an external version, or none."""


class Refused(Struct, frozen=True):
    """A document that this index will never take."""

    write: Write
    reason: str


class Outcome(Struct, frozen=True):
    """What did not happen. Everything else is durable: in the transaction log of every copy that is up."""

    conflicts: tuple[Write, ...] = ()
    """Those whose condition does not hold (409)."""
    refused: tuple[Refused, ...] = ()


def bulk(cluster: Cluster, writes: Sequence[Write], *, at_leisure: bool = False) -> Outcome:
    """Writes them; each document at most once in a call, since one that is tried again comes after the others.

    A try whose answer is lost is repeated. Where it had been written, the repetition is a conflict: what a condition
    means to a caller must allow for that.

    Args:
        cluster: Where.
        writes: What.
        at_leisure: Whether searches of this process, too, may find out about it a second later.

    Raises:
        Unavailable: Some items were refused for the moment (429, 5xx) for too long, or there is no answer. Any of the
            documents may be written.
        Misconfigured: No such index, or no right to write it.
    """
    conflicts: list[Write] = []
    refused: list[Refused] = []
    try:
        for chunk in _chunks(writes):
            _write(cluster, chunk, conflicts, refused)
    finally:
        if not at_leisure:
            for kind in {write.kind for write in writes}:
                cluster.wrote(kind)
    return Outcome(tuple(conflicts), tuple(refused))


def _write(cluster: Cluster, writes: Sequence[Write], conflicts: list[Write], refused: list[Refused]) -> None:
    """Sends them, and again those that are refused for the moment."""
    pauses = cluster.patience.pauses()
    while True:
        writes, reason = _send(cluster, writes, conflicts, refused)
        if not writes:
            return
        pause = next(pauses, None)
        if pause is None:
            raise Unavailable(f"elasticsearch {cluster.settings.urls}: {len(writes)} documents: {reason}")
        time.sleep(pause)


def _chunks(writes: Sequence[Write]) -> Iterator[list[Write]]:
    chunk: list[Write] = []
    size = 0
    for write in writes:
        length = len(write.document or b"") + 200
        if chunk and (len(chunk) == AT_ONCE or size + length > BYTES_AT_ONCE):
            yield chunk
            chunk, size = [], 0
        chunk.append(write)
        size += length
    if chunk:
        yield chunk


def _send(
    cluster: Cluster, writes: Sequence[Write], conflicts: list[Write], refused: list[Refused]
) -> tuple[list[Write], str]:
    """Sends them once; gives those that are to be sent again, with the reason of the last."""
    lines: list[bytes] = []
    for write in writes:
        lines.append(_action(cluster, write))
        if write.document is not None:
            lines.append(write.document)
    into = ", ".join(sorted({cluster.alias(write.kind) for write in writes}))
    try:
        answer = cluster.call(
            f"write to {into}",
            lambda client: client.bulk(
                operations=lines,  # type: ignore[arg-type] # encoded lines are sent as they are
                require_alias=True,
                filter_path="items.*.status,items.*.error",
            ),
        )
    except BadRecord as error:  # larger than the server takes: 413
        if len(writes) == 1:
            refused.append(Refused(writes[0], str(error)))
            return [], ""
        half = len(writes) // 2
        first, reason = _send(cluster, writes[:half], conflicts, refused)
        second, other = _send(cluster, writes[half:], conflicts, refused)
        return first + second, other or reason
    again: list[Write] = []
    reason = ""
    for write, item in zip(writes, answer["items"], strict=True):
        (result,) = item.values()
        match _verdict(write, result["status"]):
            case _Verdict.CONFLICT:
                conflicts.append(write)
            case _Verdict.REFUSED:
                refused.append(Refused(write, reason_of(result["error"])))
            case _Verdict.AGAIN:
                again.append(write)
                reason = f"{result['status']}: {reason_of(result.get('error', {}))}"
            case _Verdict.WRONG:
                said = reason_of(result.get("error", {}))
                raise Misconfigured(
                    f"elasticsearch {cluster.settings.urls}: write to {into}: {result['status']}: {said}"
                )
            case _Verdict.WRITTEN:
                pass
    return again, reason


def _action(cluster: Cluster, write: Write) -> bytes:
    condition = dict(write.condition)
    action = "delete" if write.document is None else condition.pop("op_type", "index")
    return msgspec.json.encode(
        {action: {"_index": cluster.alias(write.kind), "_id": document_id(write.name), **condition}}
    )


class _Verdict(Enum):
    WRITTEN = auto()
    CONFLICT = auto()
    REFUSED = auto()
    AGAIN = auto()
    WRONG = auto()


def _verdict(write: Write, status: int) -> _Verdict:
    if status < 300 or (status == 404 and write.document is None):
        return _Verdict.WRITTEN
    if status == 409:
        return _Verdict.CONFLICT
    if status in BAD_DOCUMENT:
        return _Verdict.REFUSED
    return _Verdict.AGAIN if status in PASSING else _Verdict.WRONG
