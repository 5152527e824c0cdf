"""What our jobs are called on a Flink cluster, and where that is; without Beam, which costs seconds to import."""

from connectors.flink import FlinkCluster
from schemas.errors import Misconfigured
from schemas.flink_settings import FlinkSettings
from schemas.settings import Settings

READER = "detect"
"""The detect job's name, here and as a reader of the articles log in every mode."""


def flink_of(settings: Settings) -> FlinkSettings:
    """The cluster that the settings name.

    Raises:
        Misconfigured: They name none.
    """
    if settings.flink is None:
        raise Misconfigured("no Flink cluster is named: set flink.url, flink.job_server and flink.workers")
    return settings.flink


def cluster_of(settings: Settings) -> FlinkCluster:
    """Its REST interface."""
    return FlinkCluster(flink_of(settings).url)


def job_name(settings: Settings, job: str) -> str:
    """What the cluster calls a job: two installations on one cluster differ in the prefix of their topics.

    Raises:
        Misconfigured: No Kafka is named.
    """
    if settings.kafka is None:
        raise Misconfigured("a cluster takes kafka and elasticsearch: set kafka.bootstrap and elasticsearch.urls")
    return f"{settings.kafka.prefix}-{job}"
