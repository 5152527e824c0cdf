"""One row of numbers for the entries of many partitions.

A log's port has one ascending offset; a topic has one for each partition. With one partition the number is the
broker's offset plus one. With several, a reader numbers entries as it gives them, going on from how many its group
has passed: so numbers ascend, 0 stands before the first, and the log's length less a position is what is yet to be
read. Such a number is good for one reader until it is committed, and never stored: the broker's offset of each
partition is.
"""

from bisect import bisect_right
from collections.abc import Collection
from typing import Generic, TypeVar

from msgspec import Struct

from schemas.ports import Entry

T = TypeVar("T")


class Given(Struct, Generic[T], frozen=True):
    """An entry that was given and not committed, with its place."""

    entry: Entry[T]
    partition: int
    offset: int
    size: int


class Numbering(Generic[T]):
    """What was given and not committed, by number.

    Args:
        partitions: How many the topic has.
        passed: How many entries the group had committed.
    """

    def __init__(self, partitions: int, passed: int) -> None:
        self._single = partitions == 1
        self._last = passed
        self.given: list[Given[T]] = []

    def number(self, partition: int, offset: int) -> int:
        """The next number; it is given out."""
        self._single = self._single and partition == 0  # partitions were added: from now on we count
        self._last = offset + 1 if self._single else self._last + 1
        return self._last

    def forget(self, partitions: Collection[int]) -> None:
        """Drops what was given of partitions that are ours no longer."""
        self.given = [one for one in self.given if one.partition not in partitions]

    def done(self, number: int) -> None:
        """Drops what was given up to a number."""
        self.given = self.given[bisect_right(self.given, number, key=lambda one: one.entry.offset) :]

    def spans(self, first: int, last: int) -> dict[int, tuple[int, int]]:
        """(first, last) broker's offset in each partition of the entries with these numbers.

        Raises:
            ValueError: They were never given, and with several partitions nobody else could tell what they are.
        """
        if self._single:
            return {0: (first - 1, last - 1)}
        spans: dict[int, tuple[int, int]] = {}
        for one in self.given:
            if first <= one.entry.offset <= last:
                begin, _ = spans.get(one.partition, (one.offset, one.offset))
                spans[one.partition] = (begin, one.offset)
        if not spans and last > self._last:
            raise ValueError(f"entries {first} to {last} were never given by this reader")
        return spans

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Broker's offsets of a single partition as numbers; only where `single`."""
        return first + 1, last + 1

    @property
    def single(self) -> bool:
        """Whether numbers are the broker's offsets plus one."""
        return self._single

    @property
    def last(self) -> int:
        """The last number given out."""
        return self._last
