"""What is half set or makes no sense is refused when settings are read, not when something fails."""

from pathlib import Path

import pytest

from connectors.elasticsearch import ElasticsearchSettings
from schemas.errors import Misconfigured

URL = "https://es.example:9200"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"urls": ""}, "takes http://host:port"),
        ({"urls": "es.example:9200"}, "takes http://host:port"),
        ({"urls": "http://es.example"}, "takes http://host:port"),
        ({"urls": "http://es.example:port"}, "takes http://host:port"),
        ({"urls": "http://es.example:9200,https://other.example:9200"}, "all http, or all https"),
        ({"urls": "http://me:secret@es.example:9200"}, "set user and password"),
        ({"user": "me"}, "user is set, and needs password"),
        ({"password": "secret"}, "password is set, and needs user"),
        ({"user": "me", "password": ""}, "is empty"),
        ({"user": "me", "password": "secret", "api_key": "key"}, "one of them"),
        ({"urls": "http://es.example:9200", "ca_file": Path(__file__)}, "https does"),
        ({"ca_file": Path("/no/such.pem")}, "no such file"),
        ({"prefix": "Treaty Wire"}, "small letters"),
        ({"prefix": "-wire"}, "small letters"),
        ({"replicas": -1}, "0 or more"),
        ({"timeout_seconds": 0}, "more than 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given: dict[str, object], said: str) -> None:
    """By a sentence that names the key, and never tells a secret."""
    with pytest.raises(Misconfigured, match=said) as refused:
        ElasticsearchSettings(**{"urls": URL, **given})  # type: ignore[arg-type] # by name
    assert "secret" not in str(refused.value).replace("needs password", "")


def test_secrets_are_not_shown() -> None:
    """Neither in logs nor in tracebacks."""
    settings = ElasticsearchSettings(urls=URL, user="me", password="hush")
    assert "hush" not in repr(settings)
    assert "hush" not in str(list(settings.__rich_repr__()))


def test_several_nodes_are_given_by_commas() -> None:
    """Spaces and slashes at the end do not matter."""
    settings = ElasticsearchSettings(urls="https://a.example:9200/, https://b.example:9200")
    assert settings.nodes == ["https://a.example:9200", "https://b.example:9200"]
