"""Settings: which source wins, and what a wrong one says."""

from pathlib import Path

import pytest

from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.errors import Misconfigured
from schemas.kafka_settings import KafkaSettings
from schemas.settings import load_settings


def config(folder: Path, text: str) -> dict[str, str]:
    """An environment that names a TOML file of this text."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return {"TREATYWIRE_CONFIG": str(file)}


def test_flag_wins_over_environment_over_file_over_default(tmp_path: Path) -> None:
    """Each source is asked only where the earlier ones say nothing."""
    environment = config(tmp_path, "keep_articles_days = 7\nallow_private_addresses = true\ndata = '/file'")
    environment |= {"TREATYWIRE_KEEP_ARTICLES_DAYS": "8", "TREATYWIRE_DATA": "/environment"}
    settings = load_settings({"data": Path("/flag")}, environment)
    assert settings.data == Path("/flag")
    assert settings.keep_articles_days == 8
    assert settings.allow_private_addresses is True
    assert settings.webhook_secret is None
    assert load_settings({"data": None}, environment).data == Path("/environment")


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    """`…_FILE` names the file, whose white space at the ends does not count."""
    secret = tmp_path / "secret"
    secret.write_text("whsec_abc\n", encoding="utf-8")
    assert load_settings({}, {"TREATYWIRE_WEBHOOK_SECRET_FILE": str(secret)}).webhook_secret == "whsec_abc"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TREATYWIRE_KEEP_ARTICLE_DAYS": "3"}, "unknown key keep_article_days; did you mean keep_articles_days?"),
        ({"TREATYWIRE_KEEP_ARTICLES_DAYS": "three"}, "keep_articles_days = 'three': takes a whole number"),
        ({"TREATYWIRE_KEEP_ARTICLES_DAYS": "0"}, "keep_articles_days = 0: a whole number of days, 1 or more"),
        ({"TREATYWIRE_ALLOW_PRIVATE_ADDRESSES": "perhaps"}, "takes true or false"),
        ({"TREATYWIRE_DATA_FILE": "/x"}, "unknown key data_file"),
        ({"TREATYWIRE_WEBHOOK_SECRET_FILE": "/nowhere/at/all"}, "webhook_secret_file: cannot be read"),
        ({"TREATYWIRE_CONFIG": "/nowhere/at/all"}, "there is no file /nowhere/at/all"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(environment: dict[str, str], says: str) -> None:
    """The message names the key and what it takes."""
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, environment)
    assert says in str(caught.value)


def test_an_unknown_key_in_the_file_is_refused_with_its_place(tmp_path: Path) -> None:
    """A misspelt key never goes unnoticed."""
    environment = config(tmp_path, "dta = '/x'")
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, environment)
    assert str(caught.value).startswith(f"{tmp_path / 'config.toml'}: unknown key dta; did you mean data?")


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """What is not TOML says where."""
    with pytest.raises(Misconfigured, match=r"not TOML: .*line 1"):
        load_settings({}, config(tmp_path, "data = 1 2"))


SERVED = {"TREATYWIRE_KAFKA_BOOTSTRAP": "broker:9092", "TREATYWIRE_ELASTICSEARCH_URLS": "http://node:9200"}


def test_without_servers_everything_is_in_the_data_folder() -> None:
    """The default."""
    settings = load_settings({}, {})
    assert (settings.kafka, settings.elasticsearch) == (None, None)


def test_tables_of_the_file_and_flat_variables_name_the_same_keys(tmp_path: Path) -> None:
    """Key by key, the variable wins."""
    file = "[kafka]\nbootstrap = 'one:1'\nprefix = 'desk'\nreplication = 1\n[elasticsearch]\nurls = 'http://node:9200'"
    settings = load_settings({}, config(tmp_path, file) | {"TREATYWIRE_KAFKA_BOOTSTRAP": "two:2"})
    assert settings.kafka == KafkaSettings(bootstrap="two:2", prefix="desk", replication=1)
    assert settings.elasticsearch == ElasticsearchSettings(urls="http://node:9200")


def test_passwords_may_lie_in_files(tmp_path: Path) -> None:
    """Of both servers, named by a variable or in the file."""
    secret = tmp_path / "secret"
    secret.write_text("hush\n", encoding="utf-8")
    environment = config(tmp_path, f"[elasticsearch]\nuser = 'desk'\npassword_file = '{secret}'") | SERVED
    environment |= {
        "TREATYWIRE_KAFKA_SECURITY": "SASL_SSL",
        "TREATYWIRE_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
        "TREATYWIRE_KAFKA_SASL_USER": "desk",
        "TREATYWIRE_KAFKA_SASL_PASSWORD_FILE": str(secret),
    }
    settings = load_settings({}, environment)
    assert settings.kafka is not None
    assert settings.elasticsearch is not None
    assert (settings.kafka.sasl_password, settings.elasticsearch.password) == ("hush", "hush")
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"TREATYWIRE_ELASTICSEARCH_URLS": None}, "kafka is set and elasticsearch is not: they go together"),
        ({"TREATYWIRE_KAFKA_BOOTSTRAP": None}, "elasticsearch is set and kafka is not: they go together"),
        (
            {"TREATYWIRE_KAFKA_BOOTSTRAP": None, "TREATYWIRE_KAFKA_PREFIX": "x"},
            "kafka: prefix is set, but not bootstrap",
        ),
        ({"TREATYWIRE_KAFKA_BOOTSTRAPS": "x:1"}, "unknown key kafka.bootstraps; did you mean kafka.bootstrap?"),
        ({"TREATYWIRE_KAFKA_BOOTSTRAP": "broker"}, "kafka bootstrap = 'broker': takes host:port"),
        ({"TREATYWIRE_KAFKA_SASL_USER": "desk"}, "kafka sasl_user: set, but security = PLAINTEXT makes no use of it"),
        ({"TREATYWIRE_KAFKA_SECURITY": "SASL_SSL"}, "SASL_SSL also needs sasl_mechanism, sasl_user, sasl_password"),
        (
            {"TREATYWIRE_KAFKA_SECURITY": "TLS"},
            "kafka.security = 'TLS': takes PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL",
        ),
        ({"TREATYWIRE_KAFKA_REPLICATION": "two"}, "kafka.replication = 'two': takes a whole number"),
        ({"TREATYWIRE_KAFKA_CA_FILE": "/nowhere"}, "kafka ca_file is set, but security = PLAINTEXT"),
        ({"TREATYWIRE_ELASTICSEARCH_PASSWORD": "x"}, "elasticsearch password is set, and needs user"),
        (
            {"TREATYWIRE_ELASTICSEARCH_TIMEOUT_SECONDS": "long"},
            "elasticsearch.timeout_seconds = 'long': takes a number",
        ),
    ],
)
def test_servers_half_set_or_wrong_are_refused(more: dict[str, str | None], says: str) -> None:
    """Before anything is connected, in a sentence that names the key."""
    environment = {key: value for key, value in (SERVED | more).items() if value is not None}
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, environment)
    assert says in str(caught.value)


def test_a_secret_given_twice_is_refused_and_none_is_shown(tmp_path: Path) -> None:
    """The value and its file; and a value of the wrong kind."""
    with pytest.raises(Misconfigured, match=r"webhook_secret and webhook_secret_file are both set"):
        load_settings({}, {"TREATYWIRE_WEBHOOK_SECRET": "hush", "TREATYWIRE_WEBHOOK_SECRET_FILE": "/x"})
    with pytest.raises(Misconfigured) as caught:
        load_settings({}, config(tmp_path, "[kafka]\nsasl_password = 12345"))
    assert "12345" not in str(caught.value)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    """With what it takes."""
    with pytest.raises(Misconfigured, match=r"kafka = 'broker:9092': takes a table, \[kafka\]"):
        load_settings({}, config(tmp_path, "kafka = 'broker:9092'"))
