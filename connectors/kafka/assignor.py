"""Which member of a group gets which partitions."""

from collections.abc import Callable, Iterable
from typing import Any

from connectors.kafka.library import CooperativeStickyAssignor


class OwningAssignor(CooperativeStickyAssignor):  # type: ignore[misc]
    """Cooperative and sticky; a member claims what it owns, and nothing else.

    The class of kafka-python 3.0.12 goes on to claim what a member once owned, even where the group took it for dead
    and given its partitions to others. Two claim the same ones then, and the group gives them out anew for ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self.owned: Callable[[], Iterable[Any]] = tuple

    def metadata(self, topics: Any) -> Any:
        """What this member tells the group when it joins."""
        self.member_assignment = list(self.owned())
        return super().metadata(topics)
