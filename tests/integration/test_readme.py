"""The README's commands do what it says, run as a newcomer would: from the project's folder, with nothing kept yet."""

import os
import re
import shlex
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).parents[2]
DAEMONS = ("make run", ".venv/bin/treatywire watch", ".venv/bin/treatywire run")
NOT_RUN = {"make test": "this test is part of it", "make bench": "half an hour; `tests/bench` has its results"}
DEVELOPMENT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\dZ  \S")


def commands() -> list[str]:
    """The lines of the README's ``sh`` blocks, in order, once each."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    lines = [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]
    return list(dict.fromkeys(lines))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home of its own, and no settings of the person who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TREATYWIRE_", "XDG_", "MAKE"))}
    return kept | {
        "HOME": str(home),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv")),
    }


def test_the_readme_names_the_two_commands_first() -> None:
    """One runs the main job, the other passes the tests."""
    assert commands()[:2] == ["make run", "make test"]


@pytest.mark.timeout(900)
def test_the_readme_commands_work_in_order(environment: dict[str, str]) -> None:
    """Each daemon until its first development, then SIGINT, which ends it within five seconds; others to their end."""
    for command in commands():
        if command not in NOT_RUN:
            run_daemon(command, environment) if command.startswith(DAEMONS) else run_to_end(command, environment)


def run_to_end(command: str, environment: dict[str, str]) -> None:
    """Runs a command that ends by itself."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert done.stdout, f"{command} prints nothing"


def run_daemon(command: str, environment: dict[str, str]) -> None:
    """Runs a daemon as a terminal would: Ctrl-C goes to its whole process group."""
    process = subprocess.Popen(
        shlex.split(command), cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        process_group=0,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[str] = []
    errors: list[str] = []
    readers = [
        threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True),  # type: ignore[arg-type]
        threading.Thread(target=lambda: errors.extend(process.stderr), daemon=True),  # type: ignore[arg-type]
    ]
    for reader in readers:
        reader.start()
    try:
        until(lambda: any(map(DEVELOPMENT.match, lines)) or process.poll() is not None, 120)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(5)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    for reader in readers:
        reader.join(5)
    process.stdout.close()
    process.stderr.close()
    assert any(map(DEVELOPMENT.match, lines)), f"{command}\n{lines}\n{errors}"
    # make itself reports that it was interrupted; the program below it ends well.
    assert process.returncode in (0, -signal.SIGINT, 2, 130), (command, process.returncode, errors)
    assert not [line for line in errors if "Traceback" in line], errors
