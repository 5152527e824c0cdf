"""One endpoint for a process tree: the supervisor asks its jobs, and shows what they say beside its own."""

import http.client
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import msgspec
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from pipelines.jobs.observe.listener import Verdict
from pipelines.jobs.observe.metrics import COMPONENT, Metrics
from pipelines.jobs.supervise import Died, LogLine

PATIENCE_S = 2.0
AWAY = "does not answer"


class Gathering(Collector):
    """Metrics and readiness of the jobs of one supervisor.

    Args:
        own: The supervisor's metrics.
        names: Of the jobs.
    """

    def __init__(self, own: Metrics, names: Iterable[str]) -> None:
        self._own = own
        self._addresses: dict[str, str | None] = dict.fromkeys(names)

    def heard(self, event: LogLine | Died) -> None:
        """Learns from what the supervisor tells where a job listens, or that it has ended."""
        if isinstance(event, Died):
            self._addresses[event.job] = None
        elif '"metrics"' in event.text:
            with suppress(msgspec.DecodeError):
                self._addresses[event.job] = msgspec.json.decode(event.text, type=_Ready).metrics

    def collect(self) -> Iterable[Metric]:
        """The families of all processes that answer; `treatywire_component_up` says which do."""
        families: dict[str, Metric] = {family.name: family for family in self._own.collect()}
        up = GaugeMetricFamily("treatywire_component_up", "1 where the job's process answers.", labels=[COMPONENT])
        for name, text in self._ask("/metrics").items():
            up.add_metric([name], float(text is not None))
            for family in text_string_to_metric_families(text or ""):
                families.setdefault(family.name, Metric(family.name, family.documentation, family.type)).samples.extend(
                    family.samples
                )
        families[up.name] = up
        return families.values()

    def ready(self) -> Verdict:
        """Whether every job is ready; what is wrong where one is not."""
        parts: dict[str, str | None] = {}
        for name, text in self._ask("/ready").items():
            if text is None:
                parts[name] = AWAY
                continue
            parts |= {f"{name}: {part}": None if said == "ok" else said for part, said in json.loads(text).items()}
        return Verdict(parts)

    def _ask(self, path: str) -> Mapping[str, str | None]:
        """Each job's answer, None where there is none in time; all at once, so that one that hangs delays by 2 s."""
        addresses = dict(self._addresses)
        with ThreadPoolExecutor(max(1, len(addresses))) as pool:
            answers = pool.map(lambda address: _get(address, path), addresses.values())
            return dict(zip(addresses, answers, strict=True))


class _Ready(msgspec.Struct):
    """The line by which a job says that it is ready."""

    metrics: str


def _get(address: str | None, path: str) -> str | None:
    if address is None:
        return None
    connection = http.client.HTTPConnection(address, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
