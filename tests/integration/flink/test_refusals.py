"""What a worker could only fail on is refused where the job is submitted."""

import re
from pathlib import Path

import pytest

from connectors.elasticsearch import indices
from deploy.local import Elasticsearch
from pipelines.jobs import distributed
from schemas.errors import Misconfigured, TreatywireError, Unavailable
from schemas.settings import load_settings
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected

NOWHERE = "127.0.0.1:9"


@pytest.mark.timeout(280)
def test_submit_says_what_is_wrong_and_what_is_in_the_log_waits(
    install: Install, elasticsearch: Elasticsearch, tmp_path: Path
) -> None:
    """A topic with fewer partitions, wrong clusters of each kind, a foreign mapping; set right, all is found."""
    installed = install(article_partitions=2)
    articles = list(stream(30, relevant=0.5, size=800))
    installed.append(articles)

    def refused(kind: type[TreatywireError], says: str, **variables: str) -> None:
        settings = load_settings({}, installed.environment(tmp_path) | variables)
        with pytest.raises(kind, match=re.escape(says)):
            distributed.start_detect(settings)

    refused(Misconfigured, "2 partitions, where 3 are set", TREATYWIRE_KAFKA_ARTICLE_PARTITIONS="3")
    refused(Misconfigured, "no topic nobody.articles.v1", TREATYWIRE_KAFKA_PREFIX="nobody")
    refused(Misconfigured, "there is no alias nobody-", TREATYWIRE_ELASTICSEARCH_PREFIX="nobody")
    refused(Misconfigured, "speaks HTTP", TREATYWIRE_KAFKA_BOOTSTRAP=elasticsearch.url.split("//")[1])
    refused(Misconfigured, f"flink {elasticsearch.url}/jobs/overview: 40", TREATYWIRE_FLINK_URL=elasticsearch.url)
    refused(Unavailable, f"flink http://{NOWHERE}", TREATYWIRE_FLINK_URL=f"http://{NOWHERE}")

    cluster = installed.adapters.cluster
    name = indices.index_name(cluster.settings, indices.EVENTS, 1)
    cluster.client.indices.put_mapping(index=name, properties={"colour": {"type": "keyword"}})
    refused(Misconfigured, "there is a field colour, which nobody here writes")
    assert not installed.running()
    assert installed.adapters.articles.reader("detect").lag() == len(articles)

    installed.command(tmp_path, "index", "migrate")
    installed.command(tmp_path, "submit")
    installed.await_all(Expected(articles))
