"""What may be set of Flink, and what commands say where it is not, or where no cluster is."""

from pathlib import Path

import pytest

from connectors.flink import FlinkCluster
from schemas.errors import Misconfigured, Unavailable
from schemas.flink_settings import FlinkSettings
from schemas.settings import load_settings
from tests.process_tree import command

GOOD = {"url": "http://flink:8081", "job_server": "flink:8099", "workers": "localhost:50000"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "flink:8081"),
        ("url", "http://"),
        ("job_server", "flink"),
        ("workers", "somewhere"),
        ("parallelism", 0),
        ("parallelism", 129),
        ("max_parallelism", 40_000),
        ("checkpoint_seconds", 0),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: object) -> None:
    """The message says what it takes."""
    with pytest.raises(Misconfigured, match=f"flink (max_)?{key} = "):
        FlinkSettings(**{**GOOD, key: value})  # type: ignore[arg-type]


def test_the_settings_come_from_the_environment(tmp_path: Path) -> None:
    """As for the other servers."""
    environment = {f"TREATYWIRE_FLINK_{key}".upper(): value for key, value in GOOD.items()}
    nowhere = tmp_path / "config.toml"
    nowhere.touch()
    settings = load_settings({}, environment | {"TREATYWIRE_FLINK_PARALLELISM": "4", "TREATYWIRE_CONFIG": str(nowhere)})
    assert settings.flink == FlinkSettings(**{**GOOD, "parallelism": 4})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments", [("jobs",), ("stop",), ("resume",), ("submit",), ("job", "detect", "--runner", "flink")]
)
def test_without_a_cluster_commands_say_what_to_set(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Exit code 2."""
    done = command(tmp_path, *arguments)
    assert done.returncode == 2
    assert "flink.url" in done.stderr or "kafka.bootstrap" in done.stderr


def test_a_cluster_that_does_not_answer_is_unavailable() -> None:
    """Port 9 of this machine takes no connections."""
    with pytest.raises(Unavailable, match=r"flink http://127\.0\.0\.1:9"):
        FlinkCluster("http://127.0.0.1:9").jobs()
