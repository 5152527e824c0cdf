"""Every command and variable of the manifests, against the real command line and the real settings."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from app.cli import UNAVAILABLE, cli
from deploy.making.metrics import COMPONENTS
from schemas.settings import load_settings
from tests.process_tree import ROOT
from tests.unit.deploy.manifests import DEPLOY, Container, ours, settings_of
from tests.unit.deploy.processes import answer, free_port
from tests.waiting import until

CONTAINERS = ours()
COMMANDS = sorted({one.arguments for one in CONTAINERS if not one.entrypoint})
JOBS = [one for one in CONTAINERS if one.arguments[:1] == ("job",)]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
each_container = pytest.mark.parametrize("container", [pytest.param(one, id=one.where) for one in CONTAINERS])


def filled(container: Container, folder: Path) -> dict[str, str]:
    """Its settings as they would be at run time: secrets filled in, files of secrets made."""
    found = {}
    for name, value in settings_of(container).items():
        if name.endswith("_FILE"):
            file = folder / Path(value).name
            file.write_text(SECRET)
            value = str(file)
        elif value.startswith("${"):
            value = SECRET
        found[name] = value
    return found


def parsed(arguments: tuple[str, ...]) -> click.Context:
    """The innermost command's context, each argument and option of it checked, and nothing run."""
    context = cli.make_context("treatywire", list(arguments))
    while isinstance(context.command, click.Group):
        name, command, rest = context.command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None
        context = command.make_context(name, list(rest), parent=context)
    return context


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_of_a_manifest_is_one_of_ours(arguments: tuple[str, ...]) -> None:
    """Its words, arguments and options are taken by the command line, and its help is shown by a real process."""
    parsed(arguments)
    ran = subprocess.run([sys.executable, "-m", "app", *arguments, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "Usage: treatywire" in ran.stdout


@pytest.mark.parametrize(
    "arguments", [("job", "fetsch"), ("topics", "create", "--all"), ("index", "built")], ids=" ".join
)
def test_a_wrong_command_is_seen(arguments: tuple[str, ...]) -> None:
    """The check itself."""
    with pytest.raises(click.UsageError):
        parsed(arguments)


@each_container
def test_the_settings_of_a_manifest_are_settings(container: Container, tmp_path: Path) -> None:
    """Each name is known, each value is taken, and they make sense together."""
    settings = load_settings({}, filled(container, tmp_path))
    if container.arguments[:1] in (("job",), ("topics",), ("index",), ("submit",), ("upgrade",)):
        assert settings.kafka is not None
        assert settings.elasticsearch is not None
        assert settings.elasticsearch.password == SECRET
    if container.arguments[:1] == ("submit",):
        assert settings.flink is not None
    assert settings.metrics_listen == (
        "0.0.0.0:9464" if container.arguments[:1] == ("job",) else settings.metrics_listen
    )


@each_container
def test_a_variable_that_is_no_setting_belongs_to_the_program_that_is_started(container: Container) -> None:
    """It is read there."""
    others = container.environment.keys() - settings_of(container).keys()
    if others:
        module = container.entrypoint[2]
        source = Path(str(importlib.util.find_spec(module).origin)).read_text()  # type: ignore[union-attr]  # it is there
        assert "_PASSWORD" in source
        assert others == {"ADMINISTRATOR_PASSWORD", "WORKER_PASSWORD"}


@pytest.mark.parametrize("module", sorted({one.entrypoint[2] for one in CONTAINERS if one.entrypoint}))
def test_a_module_of_a_manifest_can_be_started(module: str) -> None:
    """By the same Python."""
    assert all(one.entrypoint[:2] == ("python", "-m") for one in CONTAINERS if one.entrypoint)
    assert importlib.util.find_spec(module) is not None


def test_the_worker_pool_takes_its_option() -> None:
    """Of Beam's own program, in the version in use."""
    (arguments,) = {one.arguments for one in CONTAINERS if "worker_pool" in " ".join(one.entrypoint)}
    ran = subprocess.run(
        [sys.executable, "-m", "apache_beam.runners.worker.worker_pool_main", "--help"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    for argument in arguments:
        assert argument.partition("=")[0] in ran.stdout


def test_every_job_is_deployed() -> None:
    """Each in compose and in Kubernetes."""
    names = sorted(one.arguments[1] for one in JOBS)
    assert names == sorted([*COMPONENTS[:4], *COMPONENTS[:4]])


def environment(container: Container, folder: Path, **other: str) -> dict[str, str]:
    """What its process would have, with servers that nobody runs."""
    nowhere = f"127.0.0.1:{free_port()}"
    given = filled(container, folder) | {
        "TREATYWIRE_KAFKA_BOOTSTRAP": nowhere,
        "TREATYWIRE_ELASTICSEARCH_URLS": f"http://{nowhere}",
        "TREATYWIRE_DATA": str(folder),
    }
    given = {name: value for name, value in given.items() if "_SASL_" not in name and not name.endswith("_SECURITY")}
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **given, **other}


@pytest.mark.parametrize("container", [pytest.param(one, id=one.where) for one in JOBS if "compose" not in one.where])
def test_a_job_starts_as_deployed_and_waits_for_its_servers(container: Container, tmp_path: Path) -> None:
    """A real process: alive and not ready while nobody answers it, scraped meanwhile, gone in time when told to."""
    port = free_port()
    variables = environment(container, tmp_path, TREATYWIRE_METRICS_LISTEN=f"127.0.0.1:{port}")
    command = [sys.executable, "-m", "app", *container.arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True)
    try:
        assert until(lambda: answer(port, "/health"), 60) == (200, {"loop": "ok"})
        ready, metrics = answer(port, "/ready"), answer(port, "/metrics")
        assert ready is not None
        assert ready[0] == 503
        assert metrics is not None
        assert f'component="{container.arguments[1]}"' in metrics[1]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=15)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [("topics", "create"), ("index", "create")], ids=" ".join)
def test_a_step_of_setting_up_says_that_a_server_is_away(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """By the exit code by which it is tried again."""
    container = next(one for one in CONTAINERS if one.arguments == arguments)
    ran = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env=environment(container, tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == UNAVAILABLE, ran.stderr
    assert "Traceback" not in ran.stderr


def test_commands_in_the_documents_are_ours() -> None:
    """Each `treatywire …` of README and runbook begins with a command that there is."""
    text = (DEPLOY / "README.md").read_text() + (DEPLOY / "runbook.md").read_text()
    named = {tuple(words.split()) for words in re.findall(r"`treatywire ((?:[a-z-]+ ?)+)", text)}
    assert len(named) > 10
    context = cli.make_context("treatywire", ["status"])
    for words in named:
        command = cli.get_command(context, words[0])
        assert command is not None, words
        if isinstance(command, click.Group) and len(words) > 1:
            assert command.get_command(context, words[1]) is not None, words
