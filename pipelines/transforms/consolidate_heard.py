"""Statements → the event store, in batches."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec

from pipelines.transforms.detect_for_dossiers import Heard
from pipelines.transforms.once import once
from pipelines.transforms.rejected import Rejected

AT_ONCE = 500


class Consolidator(Protocol):
    """Where effects become durable; doing it again changes nothing. Shared by the threads of a process."""

    def consolidate(self, heard: Sequence[Heard]) -> None:
        """Merges, saves and publishes; durable on return."""

    def set_aside(self, rejected: Sequence[Rejected]) -> None:
        """Writes dead letters; durable on return."""


OpenConsolidator = Callable[[], Consolidator]
"""Opens it in a worker process; picklable and hashable."""


class ConsolidateFn(beam.DoFn):
    """Consolidates a bundle at a time, so that what is counted as done by a checkpoint is durable."""

    def __init__(self, open_consolidator: OpenConsolidator) -> None:
        self._open = open_consolidator
        self._heard: list[Heard] = []

    def start_bundle(self) -> None:
        """Forgets what a failed bundle has left."""
        self._heard = []

    def process(self, keyed: tuple[str, Heard]) -> None:
        """Takes one."""
        self._heard.append(keyed[1])
        if len(self._heard) >= AT_ONCE:
            self.finish_bundle()

    def finish_bundle(self) -> None:
        """Makes all effects durable."""
        heard, self._heard = self._heard, []
        if heard:
            once(self._open).consolidate(heard)


class ConsolidateKeyedFn(ConsolidateFn):
    """The same, with all of a key on one worker: a runner sees to that where a DoFn has state, if only in name.

    So there is no batch per key, no window and no timer, which would tie savepoints to the graph.
    """

    PLACE = ReadModifyWriteStateSpec("place", VarIntCoder())

    def process(self, keyed: tuple[str, Heard], place: Any = beam.DoFn.StateParam(PLACE)) -> None:  # noqa: B008
        """Takes one."""
        del place
        super().process(keyed)


class SetAsideFn(beam.DoFn):
    """Writes dead letters, a bundle at a time."""

    def __init__(self, open_consolidator: OpenConsolidator) -> None:
        self._open = open_consolidator
        self._rejected: list[Rejected] = []

    def setup(self) -> None:
        """Opens what it writes to: so that is there, and sees to what others left, before anything is heard."""
        once(self._open)

    def start_bundle(self) -> None:
        """Forgets what a failed bundle has left."""
        self._rejected = []

    def process(self, rejected: Rejected) -> None:
        """Takes one."""
        self._rejected.append(rejected)

    def finish_bundle(self) -> None:
        """Makes them durable."""
        if self._rejected:
            once(self._open).set_aside(self._rejected)


class ConsolidateHeard(beam.PTransform[beam.PCollection[tuple[str, Heard]], None]):
    """Merges statements into states, views and developments.

    Unbounded; keyed by dossier; a state in name only. At least once, with effects that a repetition does not change.
    """

    def __init__(self, open_consolidator: OpenConsolidator) -> None:
        super().__init__()
        self._open = open_consolidator

    def expand(self, heard: beam.PCollection[tuple[str, Heard]]) -> None:
        """Applies the transform."""
        # An input of its own: two stages that read one collection may swap their states at a resume.
        own = heard | "ForDossier" >> beam.Map(_same).with_output_types(tuple[str, Heard])
        _ = own | "Consolidate" >> beam.ParDo(ConsolidateKeyedFn(self._open))


class SetAside(beam.PTransform[beam.PCollection[Rejected], None]):
    """Writes dead letters. Bounded or unbounded; stateless; at least once: a repetition counts as one attempt more."""

    def __init__(self, open_consolidator: OpenConsolidator) -> None:
        super().__init__()
        self._open = open_consolidator

    def expand(self, rejected: beam.PCollection[Rejected]) -> None:
        """Applies the transform."""
        _ = rejected | beam.ParDo(SetAsideFn(self._open))


def _same(keyed: tuple[str, Heard]) -> tuple[str, Heard]:
    return keyed
