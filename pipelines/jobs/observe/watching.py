"""A port whose calls are watched."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from pipelines.jobs.observe.metrics import Metrics
from schemas.errors import BadQuery, TreatywireError

After = Callable[..., object]
"""Told a call's result, then its arguments."""


class Watching:
    """Passes every call on to a port, and tells of those that are named: how long they took, how they ended.

    Not a subclass of any port, so that a port may grow without it.

    Args:
        port: What does the work.
        name: Of the port, for the metrics.
        metrics: Counts.
        after: What to do after a call that succeeded, by its name.
    """

    def __init__(self, port: object, name: str, metrics: Metrics, after: Mapping[str, After]) -> None:
        self._port, self._name, self._metrics, self._after = port, name, metrics, after

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._port, name)
        after = self._after.get(name)
        if after is None:
            return attribute

        def call(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                result = attribute(*args, **kwargs)
            except BadQuery:
                raise
            except Exception as error:
                kind = type(error).__name__ if isinstance(error, TreatywireError) else "Bug"
                self._metrics.errors.labels(self._name, kind).inc()
                raise
            self._metrics.calls.labels(self._name, name).observe(time.perf_counter() - started)
            after(result, *args, **kwargs)
            return result

        return call
