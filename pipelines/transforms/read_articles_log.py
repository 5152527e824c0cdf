"""The articles log as an unbounded collection on Flink, which has no splittable DoFn to offer that does not leak."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
import structlog
from apache_beam.coders import VarIntCoder
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipelines.transforms.once import once
from pipelines.transforms.partition_follower import HeldLog, PartitionFollower
from pipelines.transforms.partition_keys import partition_key, partition_of
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.errors import Unavailable
from schemas.ports import Entry

TICK_S = 0.2
EARLY_S = 0.7 * TICK_S
"""Each subtask of the source has ticks of its own; one that comes so soon after another is of no use."""
STALE_S = 1.0
"""A tick that has waited so long has others behind it; where the partition was asked since, it is passed over."""
ENTRIES, REJECTED = "entries", "rejected"

OpenLog = Callable[[], HeldLog]
"""Opens the log in a worker process; picklable and hashable."""


class ReadResult(NamedTuple):
    """Both outputs of `ReadFromArticlesLog`; each must be consumed."""

    entries: beam.PCollection[Entry[Article]]
    failed: beam.PCollection[Rejected]


class TickPartitionsFn(beam.DoFn):
    """For each tick, (key, time of the tick) of every partition there is by now."""

    def __init__(self, open_log: OpenLog, max_parallelism: int) -> None:
        self._open, self._max_parallelism = open_log, max_parallelism
        self._keys: list[str] = []

    def process(self, tick: Any) -> Iterator[tuple[str, float]]:
        """Asks now and then how many there are; goes on with those it knows while nobody answers."""
        del tick
        last, now = once(_LastTick, self._open), time.time()
        if abs(now - last.at) < EARLY_S:
            return
        last.at = now
        try:
            count = once(self._open).count()
        except Unavailable as error:
            structlog.get_logger().warning("partitions could not be counted", reason=str(error))
        else:
            self._keys += [partition_key(each, self._max_parallelism) for each in range(len(self._keys), count)]
            del self._keys[count:]
        for key in self._keys:
            yield key, now


class PollPartitionFn(beam.DoFn):
    """What has come in the partition of a tick; its next offset is in the runner's state.

    Counts `entries`, and those that were `missed` since they had expired.
    """

    OFFSET = ReadModifyWriteStateSpec("offset", VarIntCoder())

    def __init__(self, open_log: OpenLog, name: str) -> None:
        self._open, self._name = open_log, name
        self._entries = beam.metrics.Metrics.counter("read", "entries")
        self._missed = beam.metrics.Metrics.counter("read", "missed")

    def process(  # type: ignore[no-untyped-def]  # Beam reads an annotation as a type hint
        self,
        tick: tuple[str, float],
        offset=beam.DoFn.StateParam(OFFSET),  # noqa: B008 - Beam's way
        finalizer=beam.DoFn.BundleFinalizerParam,
    ):
        """Entries in order, until there is no more now or others should have their turn."""
        key, at = tick
        follower = once(_follower, self._open, self._name, partition_of(key))
        idle = follower.idle_s()
        if idle < EARLY_S or (idle < STALE_S < time.time() - at) or not follower.turn.acquire(blocking=False):
            return
        try:
            before, missed = offset.read(), follower.missed
            try:
                for found in follower.follow(before):
                    if isinstance(found, Rejected):
                        yield beam.pvalue.TaggedOutput(REJECTED, found)
                    else:
                        self._entries.inc()
                        yield found
            except Unavailable as error:
                structlog.get_logger().warning("cannot be read now", partition=partition_of(key), reason=str(error))
            self._missed.inc(follower.missed - missed)
            place = follower.place
            if place is not None and place != before:
                offset.write(place)
            if (done := follower.copy_due()) is not None:
                finalizer.register(partial(follower.finished, done))
        finally:
            follower.turn.release()


class _LastTick:
    """When a subtask of this process last had one; `time.time`."""

    def __init__(self, open_log: OpenLog) -> None:
        del open_log  # one for each job
        self.at = 0.0


def _follower(open_log: OpenLog, name: str, partition: int) -> PartitionFollower:
    return PartitionFollower(once(open_log), name, partition)


class ReadFromArticlesLog(beam.PTransform[beam.pvalue.PBegin, ReadResult]):
    """Entries of all partitions, also of those that are added while it runs.

    Unbounded; Flink only, whose own streaming impulse drives it. Keyed by partition, with the next offset as state. At
    least once: after a failure from the last checkpoint, after a resume from the savepoint, else from where the reader
    of this name stands. The watermark stays where it began, so event-time windows never fire; there are no timers.
    In ``failed`` is what has killed the process again and again.

    Args:
        open_log: Opens the log in a worker.
        name: The reader's.
        max_parallelism: The pipeline's: keys are spread by it. With another one the savepoint is of no use.
    """

    def __init__(self, open_log: OpenLog, name: str, max_parallelism: int) -> None:
        super().__init__()
        self._open, self._name, self._max_parallelism = open_log, name, max_parallelism

    def expand(self, begin: beam.pvalue.PBegin) -> ReadResult:
        """Applies the transform."""
        ticks = begin | "Tick" >> FlinkStreamingImpulseSource().set_interval_ms(int(TICK_S * 1000))
        keyed = ticks | "TickPartitions" >> beam.ParDo(
            TickPartitionsFn(self._open, self._max_parallelism)
        ).with_output_types(tuple[str, float])
        polling = beam.ParDo(PollPartitionFn(self._open, self._name)).with_outputs(REJECTED, main=ENTRIES)
        outputs = keyed | "PollPartition" >> polling
        return ReadResult(outputs[ENTRIES], outputs[REJECTED])
