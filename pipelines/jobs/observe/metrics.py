"""Every metric there is, with what it means; the table in deploy/README.md and all rules and panels name no other."""

from collections.abc import Iterable
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from schemas.vocabulary import Stage

COMPONENT = "component"
"""On every series: ``fetch``, ``detect``, ``alert``, ``deliver``, ``upgrade`` or ``run``; `job` is Prometheus's own."""
LATENCIES = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 21600.0)
"""Buckets in seconds: the aims of 2 and 3 s are edges, and so is what an outage makes of them."""
CALLS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics(Collector):
    """The metrics of one process, none of them global. Counts begin at 0 with the process.

    What is tried again counts again: these are figures of work, not of results.
    """

    def __init__(self, component: str) -> None:
        self.component = component
        inner = self._inner = CollectorRegistry(auto_describe=True)
        aside = CollectorRegistry(auto_describe=True)

        def of(*components: str) -> CollectorRegistry:
            """Where a metric of these components goes: those of others are not shown by this one."""
            return inner if component in components else aside

        ProcessCollector(registry=inner)
        GCCollector(registry=inner)
        build = Gauge("treatywire_build_info", "1, with the version at work.", ["version"], registry=inner)
        build.labels(version("treatywire")).set(1)

        self.polls = Counter("treatywire_feed_polls", "Feeds asked: ok, failed.", ["outcome"], registry=of("fetch"))
        self.feeds = Gauge(
            "treatywire_feeds", "Feeds watched: ok, failing, new (never asked).", ["state"], registry=of("fetch")
        )
        self.fetched = Counter("treatywire_articles_fetched", "Articles appended to their log.", registry=of("fetch"))

        detect = of("detect")
        self.read = Counter("treatywire_articles_read", "Articles given out by their log.", registry=detect)
        self.done = Counter(
            "treatywire_articles_done", "Articles whose effects are durable and searchable.", registry=detect
        )
        self.mentions = Counter(
            "treatywire_mentions", "Mentions found, before merging.", ["type", "modality"], registry=detect
        )
        self.searchable = Histogram(
            "treatywire_searchable_seconds",
            "From an article's fetching to its events' being stored.",
            registry=detect,
            buckets=LATENCIES,
        )
        self.developments = Counter(
            "treatywire_developments",
            "Developments appended to their log.",
            ["type", "change", "origin"],
            registry=detect,
        )
        self.events = Gauge("treatywire_events", "Events in the index.", registry=detect)

        self.alerts = Counter("treatywire_alerts", "Alerts noted in the ledger, new or known.", registry=of("alert"))
        self.deliveries = Counter(
            "treatywire_deliveries",
            "Tries to deliver: delivered, again, given_up.",
            ["outcome"],
            registry=of("deliver"),
        )
        self.delivered = Histogram(
            "treatywire_delivered_seconds",
            "From a development's finding to its delivery.",
            registry=of("deliver"),
            buckets=LATENCIES,
        )
        self.overdue = Gauge(
            "treatywire_alert_overdue_seconds",
            "For how long the alert that is due longest has been.",
            registry=of("deliver"),
        )

        self.letters = Counter(
            "treatywire_dead_letters", "Dead letters written.", ["stage"], registry=of("fetch", "detect", "alert")
        )
        self.lag = Gauge(
            "treatywire_lag_entries",
            "Entries of a log that its readers, all of them together, have not finished.",
            ["log"],
            registry=of("fetch", "detect", "alert"),
        )
        self.missed = Counter(
            "treatywire_missed_entries",
            "Entries of a log that had expired before their reader came to them.",
            ["log"],
            registry=of("detect", "alert"),
        )
        self.upgrade_done = Gauge(
            "treatywire_upgrade_done",
            "Articles that a phase of the upgrade has worked on; 0 where it works on something else.",
            ["phase"],
            registry=of("upgrade"),
        )
        self.upgrade_total = Gauge(
            "treatywire_upgrade_total", "How many there are, where that is known.", ["phase"], registry=of("upgrade")
        )
        jobs = of("fetch", "detect", "alert", "deliver", "upgrade")
        self.leases = Gauge("treatywire_leases_held", "Leases that this process holds.", ["kind"], registry=jobs)
        self.calls = Histogram(
            "treatywire_call_seconds",
            "How long calls took that write, or work on a batch.",
            ["port", "call"],
            registry=jobs,
            buckets=CALLS,
        )
        self.errors = Counter(
            "treatywire_call_errors",
            "Calls that failed, by the kind of error; a Conflict is a merge that is done again.",
            ["port", "error"],
            registry=jobs,
        )
        self.progress = Gauge(
            "treatywire_last_progress_timestamp_seconds", "When something durable was done last.", registry=jobs
        )
        self.steps = Counter(
            "treatywire_steps", "Rounds of the loop: ok, unavailable, error.", ["outcome"], registry=inner
        )
        self.stepped = Gauge("treatywire_last_step_timestamp_seconds", "When a round ended last.", registry=inner)

        # A series that is there from the start with 0 shows its first count as an increase.
        for counter, values in (
            (self.polls, ("ok", "failed")),
            (self.deliveries, ("delivered", "again", "given_up")),
            (self.letters, tuple(stage.value for stage in Stage)),
            (self.steps, ("ok", "unavailable", "error")),
        ):
            for value in values:
                counter.labels(value)

    def collect(self) -> Iterable[Metric]:
        """All families, each series with its component."""
        for family in self._inner.collect():
            labelled = Metric(family.name, family.documentation, family.type, family.unit)
            labelled.samples = [
                Sample(one.name, {COMPONENT: self.component, **one.labels}, one.value, one.timestamp, one.exemplar)
                for one in family.samples
                if not one.name.endswith("_created")  # when the process began says as much, once
            ]
            yield labelled
