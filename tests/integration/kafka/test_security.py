"""Who we are to the broker: right, wrong and half-set credentials."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connectors.kafka import KafkaAdapters, KafkaSettings
from schemas.errors import Misconfigured
from schemas.kafka_settings import Mechanism, Security
from tests.integration.contract.records import article
from tests.integration.kafka.conftest import Connect, Install
from tests.integration.kafka.server import PASSWORD, USER, GuardedKafka


@pytest.fixture
def guarded(broker: GuardedKafka, install: Install) -> KafkaSettings:
    """An installation, by the door that asks for a password."""
    return replace(
        install(),
        bootstrap=broker.guarded,
        security=Security.SASL_PLAINTEXT,
        sasl_mechanism=Mechanism.PLAIN,
        sasl_user=USER,
        sasl_password=PASSWORD,
    )


def test_the_right_password_opens(guarded: KafkaSettings, connect: Connect) -> None:
    """Producer, administrator and consumer."""
    log = connect(guarded).articles
    log.append([article(1)])
    assert [entry.record for entry in log.reader("detect").read(10)] == [article(1)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sasl_password": "wrong"}, "sasl_user = 'desk' or sasl_password: Authentication failed"),
        ({"sasl_user": "nobody"}, "sasl_user = 'nobody' or sasl_password: Authentication failed"),
        ({"sasl_mechanism": Mechanism.SCRAM_SHA_512}, "sasl_mechanism = SCRAM-SHA-512: the broker takes PLAIN"),
    ],
)
def test_a_wrong_one_is_said_and_not_retried_for_ever(
    change: dict[str, Any], reason: str, guarded: KafkaSettings, connect: Connect
) -> None:
    """In the broker's words, by whatever is used first; the password itself is in no message."""
    adapters: KafkaAdapters = connect(replace(guarded, **change))
    for use in (lambda: adapters.articles.append([article(1)]), lambda: adapters.articles.reader("detect").read(1)):
        with pytest.raises(Misconfigured) as refused:
            use()
        assert reason in str(refused.value)
        assert PASSWORD not in str(refused.value)
        assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"bootstrap": "kafka"}, "kafka bootstrap = 'kafka': takes host:port"),
        ({"bootstrap": "a:9092,b"}, "kafka bootstrap = 'a:9092,b': takes host:port"),
        ({"security": Security.SASL_SSL}, "security = SASL_SSL also needs sasl_mechanism, sasl_user, sasl_password"),
        (
            {"security": Security.SASL_SSL, "sasl_mechanism": Mechanism.PLAIN, "sasl_user": "desk"},
            "security = SASL_SSL also needs sasl_password",
        ),
        ({"sasl_user": "desk"}, "sasl_user: set, but security = PLAINTEXT makes no use of it; SASL_SSL or"),
        ({"ca_file": Path("/etc/hostname")}, "ca_file is set, but security = PLAINTEXT makes no use of it"),
        ({"security": Security.SSL, "ca_file": Path("/no")}, "ca_file = /no: there is no such file"),
        ({"security": Security.SSL, "key_file": Path("/etc/hostname")}, "certificate_file and key_file: set both"),
        ({"article_partitions": 0}, "article_partitions = 0: a whole number, 1 or more"),
        ({"replication": 0}, "replication = 0: a whole number, 1 or more"),
    ],
)
def test_settings_that_are_half_set_are_refused(given: dict[str, Any], reason: str) -> None:
    """With what is missing, before anything is connected."""
    with pytest.raises(Misconfigured) as refused:
        KafkaSettings(**{"bootstrap": "127.0.0.1:9092", **given})
    assert reason in str(refused.value)


def test_the_password_shows_nowhere(guarded: KafkaSettings) -> None:
    """Neither in the settings' own text nor in that of a bundle."""
    assert PASSWORD not in repr(guarded) + str(guarded) + repr(KafkaAdapters(guarded))
