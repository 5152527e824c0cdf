"""What is wrong has an error or a dead letter of its own, and nothing is lost by it."""

from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from msgspec.structs import replace

from connectors.elasticsearch import indices
from deploy.local import Elasticsearch
from schemas.codec import encode
from schemas.dead_letter import KEPT_BYTES
from schemas.errors import Misconfigured
from schemas.settings import load_settings
from schemas.vocabulary import Stage
from tests.articles import stream
from tests.integration.kafka.server import USER, GuardedKafka
from tests.integration.served.installation import Install, Installation, found
from tests.process_tree import command
from tests.unit.delivery.records import a_development, a_subscription
from tests.waiting import until

ARTICLES = list(stream(20, relevant=1, size=600))
FOREIGN = list(stream(5, relevant=1, size=600, seed=8))
TYPE = [("ce_type", b"treatywire.article.v1")]
BAD: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]], str]] = [
    (b"art-1", b"\xff{", TYPE, "JSON is malformed"),
    (b"art-1", b"[]", TYPE, "Expected `object`, got `array`"),
    (b"art-1", None, TYPE, "no value"),
    (
        FOREIGN[0].id.encode(),
        encode(FOREIGN[0]),
        [("ce_type", b"treatywire.article.v2")],
        "reads treatywire.article.v1",
    ),
    (FOREIGN[1].id.encode(), encode(FOREIGN[1]), [], "no header ce_type"),
    (b"art-2", encode(FOREIGN[2]), TYPE, "the key is b'art-2', the record's own"),
    (None, encode(FOREIGN[3]), TYPE, "the key is None"),
    (FOREIGN[4].id.encode(), encode(replace(FOREIGN[4], text="x" * 10_000_000)), TYPE, "a record has 8388608 at most"),
]
"""Key, value, headers; and what the letter says."""
MISUSE, UNAVAILABLE = 2, 3


@pytest.fixture
def foreigner(kafka: GuardedKafka) -> Iterator[Any]:
    """A producer that knows nothing of us."""
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, max_request_size=20_000_000)
    yield producer
    producer.close()


def detect(installation: Installation, **variables: str) -> "tuple[int, str]":
    """A worker that ends when there is no more to do, or at once: its exit code and what it said."""
    job = installation.job("detect", "--until-idle", **variables)
    return job.ended(), job.log


def detect_all(installation: Installation, **variables: str) -> None:
    """The same, where it must end well."""
    code, log = detect(installation, **variables)
    assert code == 0, log


@pytest.mark.timeout(240)
def test_bad_records_are_dead_letters_and_their_neighbours_are_found(install: Install, foreigner: Any) -> None:
    """Not JSON, an unknown version, 10 MB, a wrong key …: each with its own reason, kept as it came."""
    installation, undisturbed = install(), install()
    adapters, others = installation.open(), undisturbed.open()
    others.articles.append(ARTICLES)
    detect_all(undisturbed)
    adapters.articles.append(ARTICLES[:10])
    topic = adapters.kafka.settings.articles
    for key, value, headers, _ in BAD:
        foreigner.send(topic, key=key, value=value, headers=headers).get(10)
    adapters.articles.append(ARTICLES[10:])
    code, log = detect(installation)
    assert code == 0, log
    assert found(adapters) == found(others) != []
    letters = {letter.data: letter for letter in adapters.dead_letters.list()}
    assert len(letters) == len(BAD)
    for _, value, _, reason in BAD:
        letter = letters[(value or b"")[:KEPT_BYTES]]
        assert letter.length == len(value or b"")
        assert reason in letter.reason
        assert f"{topic}, partition " in letter.reason
    assert adapters.articles.reader("detect").lag() == 0


@pytest.mark.timeout(240)
def test_a_bad_development_is_a_dead_letter_and_its_neighbours_are_heard(
    installation: Installation, foreigner: Any
) -> None:
    """Whoever wrote it; each alert of the others is noted once."""
    adapters = installation.open()
    adapters.subscriptions.add(a_subscription(query="*"))
    adapters.developments.append([a_development(1)])
    topic = adapters.kafka.settings.developments
    for value in (b"\xff{", b"{}"):
        foreigner.send(topic, key=b"dossier-1", value=value, headers=[("ce_type", b"treatywire.development.v1")]).get(
            10
        )
    adapters.developments.append([a_development(2)])
    job = installation.job("alert", "--until-idle")
    assert job.ended() == 0, job.log
    assert [one.development.id for one in adapters.ledger.list()] == [a_development(2).id, a_development(1).id]
    letters = adapters.dead_letters.list(Stage.RECORD)
    assert sorted(letter.data for letter in letters) == [b"{}", b"\xff{"]
    assert all(topic in letter.reason for letter in letters)
    assert adapters.developments.reader("alert").lag() == 0


@pytest.mark.timeout(240)
def test_a_topic_with_fewer_partitions_than_before_is_refused(install: Install, kafka: GuardedKafka) -> None:
    """Every job refuses to start on it. Made anew, it is refused too until somebody says that it is meant."""
    installation = install(4)
    for name in ("detect", "fetch"):
        job = installation.job(name, TREATYWIRE_KAFKA_ARTICLE_PARTITIONS="5")
        assert job.ended() == MISUSE
        assert "4 partitions, where 5 are set: what was in the others is gone" in job.log


@pytest.mark.timeout(240)
def test_logs_that_do_not_belong_to_the_indices_are_refused(install: Install, kafka: GuardedKafka) -> None:
    """Another installation's, or a topic made anew: places in the old log mean nothing there. `adopt` goes on."""
    installation, other = install(), install()
    adapters = installation.open()
    adapters.check()
    other.open().check()
    foreign = {"TREATYWIRE_KAFKA_PREFIX": other.prefix}
    code, log = detect(installation, **foreign)
    assert (code, "they do not belong together" in log) == (MISUSE, True)

    administrator = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    adapters.articles.append(ARTICLES)
    detect_all(installation)
    events, end = found(adapters), adapters.developments.end()
    assert (
        installation.command("subscriptions", "add", "--query", "*", "--webhook", "http://127.0.0.1:9/").returncode == 0
    )
    assert adapters.subscriptions.list()[0].position == end > 0
    administrator.delete_topics([adapters.kafka.settings.developments])
    until(lambda: adapters.kafka.settings.developments not in administrator.list_topics())
    administrator.close()
    assert "no topic" in detect(installation)[1]
    assert installation.command("topics", "create").returncode == 0
    code, log = detect(installation)
    assert (code, "`treatywire topics adopt` go on with this one" in log) == (MISUSE, True)
    assert installation.command("topics", "adopt").returncode == 0
    detect_all(installation)
    assert found(adapters) == events
    assert adapters.subscriptions.list()[0].position == 0


@pytest.mark.timeout(240)
def test_an_index_with_a_foreign_mapping_is_refused(installation: Installation, elasticsearch: Elasticsearch) -> None:
    """By jobs and by searches; and what is in the log waits."""
    adapters = installation.open()
    adapters.articles.append(ARTICLES)
    settings = adapters.cluster.settings
    name = indices.index_name(settings, indices.EVENTS, 1)
    client = adapters.cluster.client
    client.indices.put_mapping(index=name, properties={"colour": {"type": "keyword"}})
    code, log = detect(installation)
    assert (code, "there is a field colour, which nobody here writes" in log) == (MISUSE, True)
    searched = installation.command("search", "*")
    assert (searched.returncode, "made by another program or version" in searched.stderr) == (MISUSE, True)
    assert adapters.articles.reader("detect").lag() == len(ARTICLES)


@pytest.mark.timeout(240)
def test_wrong_passwords_are_refused_by_name_and_never_shown(
    installation: Installation, kafka: GuardedKafka, elasticsearch: Elasticsearch
) -> None:
    """Of either server; the work waits, and is done with the right one."""
    adapters = installation.open()
    adapters.articles.append(ARTICLES)
    wrong_kafka = {
        "TREATYWIRE_KAFKA_BOOTSTRAP": kafka.guarded,
        "TREATYWIRE_KAFKA_SECURITY": "SASL_PLAINTEXT",
        "TREATYWIRE_KAFKA_SASL_MECHANISM": "PLAIN",
        "TREATYWIRE_KAFKA_SASL_USER": USER,
        "TREATYWIRE_KAFKA_SASL_PASSWORD": "hush-hush",
    }
    code, log = detect(installation, **wrong_kafka)
    assert (code, f"sasl_user = '{USER}' or sasl_password" in log, "hush-hush" in log) == (MISUSE, True, False)
    code, log = detect(installation, TREATYWIRE_ELASTICSEARCH_PASSWORD="hush-hush")
    assert (code, "it does not know who we are (401): check user and password" in log) == (MISUSE, True)
    assert "hush-hush" not in log
    assert adapters.articles.reader("detect").lag() == len(ARTICLES)
    detect_all(installation, **wrong_kafka | {"TREATYWIRE_KAFKA_SASL_PASSWORD": "right"})
    assert found(adapters)


@pytest.mark.timeout(240)
def test_wrong_clusters_are_told(installation: Installation, kafka: GuardedKafka, elasticsearch: Elasticsearch) -> None:
    """One without our topics or indices; one that is none; one that nobody serves."""
    nowhere = "127.0.0.1:9"
    for variables, code, says in (
        ({"TREATYWIRE_KAFKA_PREFIX": "nobody"}, MISUSE, "no topic nobody.articles.v1"),
        ({"TREATYWIRE_ELASTICSEARCH_PREFIX": "nobody"}, MISUSE, "there is no alias nobody-alerts"),
        ({"TREATYWIRE_KAFKA_BOOTSTRAP": elasticsearch.url.split("//")[1]}, MISUSE, "speaks HTTP"),
        ({"TREATYWIRE_ELASTICSEARCH_URLS": f"http://{kafka.bootstrap}"}, UNAVAILABLE, "no connection"),
        ({"TREATYWIRE_KAFKA_BOOTSTRAP": nowhere}, UNAVAILABLE, "Unable to bootstrap"),
        ({"TREATYWIRE_ELASTICSEARCH_URLS": f"http://{nowhere}"}, UNAVAILABLE, "no connection"),
    ):
        shown = installation.command("status", **variables)
        assert shown.returncode == code, (variables, shown.stderr)
        assert says in shown.stderr


def test_one_server_without_the_other_is_refused(installation: Installation) -> None:
    """By the settings, before anything is connected; without either, there are no topics to make."""
    refused = command(installation.folder, "topics", "create")
    assert (refused.returncode, "there is no Kafka: set kafka.bootstrap" in refused.stderr) == (MISUSE, True)
    given = {key: value for key, value in installation.variables.items() if "KAFKA" in key}
    with pytest.raises(Misconfigured, match="kafka is set and elasticsearch is not"):
        load_settings({}, given)
