"""All that is seen of one job's process."""

from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.loop import Step
from pipelines.jobs.observe.listener import Verdict, listening
from pipelines.jobs.observe.metrics import Metrics
from pipelines.jobs.observe.observing import observed
from pipelines.jobs.observe.pulse import Pulse
from pipelines.jobs.observe.sampler import Sampler, questions


class Observation:
    """What a job is built and run with, so that it is seen."""

    def __init__(self, component: str) -> None:
        self.metrics = Metrics(component)
        self.address: str | None = None
        """Where the listener is; None without one."""
        self._pulse = Pulse(self.metrics)
        self._sampler: Sampler | None = None

    @contextmanager
    def adapters(self, adapters: Adapters) -> Iterator[Adapters]:
        """The same adapters, observed; their servers are asked how they are while the body runs, if anybody listens."""
        sampler = Sampler(questions(self.metrics.component, adapters, self.metrics))
        if self.address is not None:
            sampler.start()
        self._sampler = sampler
        try:
            yield observed(adapters, self.metrics)
        finally:
            sampler.stop()

    def step(self, step: Step) -> Step:
        """The same step, observed."""
        return self._pulse.watched(step)

    def came_round(self) -> None:
        """A loop without steps has come round."""
        self._pulse.beat("ok", None)

    def upgrading(self, phase: str, done: int, total: int | None) -> None:
        """How far the upgrade is."""
        self.metrics.upgrade_done.labels(phase).set(done)
        if total is not None:
            self.metrics.upgrade_total.labels(phase).set(total)

    def health(self) -> Verdict:
        """Whether the loop turns."""
        return Verdict({"loop": self._pulse.alive()})

    def ready(self) -> Verdict:
        """Whether it turns, its last step found what it needed, and its servers answer."""
        servers = "not asked yet" if self._sampler is None else self._sampler.trouble()
        return Verdict({"loop": self._pulse.alive(), "last step": self._pulse.trouble(), "servers": servers})


@contextmanager
def observing(component: str, address: str) -> Iterator[Observation]:
    """The observation of this process's job, with a listener on that address, or none where it is empty.

    The listener is there before the job is built, which takes seconds: alive, and not ready yet.

    Raises:
        Misconfigured: The address is none, or is taken.
    """
    observation = Observation(component)
    with listening(address, observation.metrics, observation.health, observation.ready) as at:
        observation.address = at
        yield observation
