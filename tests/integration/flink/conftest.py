"""A real Kafka, Elasticsearch and Flink for all tests here; each test has topics, indices and jobs of its own."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from deploy.local import Elasticsearch, Flink, Kafka, elasticsearch_server
from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.flink_settings import FlinkSettings
from schemas.kafka_settings import KafkaSettings
from schemas.settings import Settings
from tests.integration.flink.installation import Installation, create
from tests.integration.kafka.conftest import pytest_configure, pytest_unconfigure
from tests.integration.servers.conftest import flink, kafka, left_out_without_tools

# The hooks pass over what kafka-python leaves open.
__all__ = ["flink", "kafka", "pytest_configure", "pytest_unconfigure"]

Install = Callable[..., Installation]


@pytest.fixture(scope="session")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """One node."""
    with left_out_without_tools(), elasticsearch_server(tmp_path_factory.mktemp("elasticsearch")) as server:
        yield server


@pytest.fixture
def install(kafka: Kafka, elasticsearch: Elasticsearch, flink: Flink) -> Iterator[Install]:
    """Makes topics and indices of a new installation; its jobs end with the test."""
    with ExitStack() as stack:

        def made(article_partitions: int = 4, workers: str | None = None) -> Installation:
            prefix = f"t{uuid.uuid4().hex[:12]}"
            settings = Settings(
                kafka=KafkaSettings(
                    bootstrap=kafka.bootstrap, prefix=prefix, article_partitions=article_partitions, replication=1
                ),
                elasticsearch=ElasticsearchSettings(urls=elasticsearch.url, prefix=prefix, replicas=0),
                flink=FlinkSettings(
                    url=flink.rest_url,
                    job_server=flink.job_server,
                    workers=workers or flink.worker_pool,
                    checkpoint_seconds=1,
                ),
            )
            create(settings)
            return stack.enter_context(Installation(settings))

        yield made
