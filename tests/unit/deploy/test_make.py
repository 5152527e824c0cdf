"""`make test` where Java and Maven are missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 2)])
def test_what_is_left_out_is_said_with_how_to_get_it_and_in_ci_it_is_a_failure(
    ci: str, code: int, tmp_path: Path
) -> None:
    """The tests that need neither are not run here again (-o)."""
    make = shutil.which("make")
    assert make
    bare = {"PATH": str(tmp_path), "JAVA_HOME": "", "TREATYWIRE_CACHE": str(tmp_path), "CI": ci, "MAKEFLAGS": ""}
    done = subprocess.run(
        [make, "-o", "test-embedded", "test"],
        cwd=ROOT,
        env={name: value for name, value in (os.environ | bare).items() if value or name == "JAVA_HOME"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stderr
    assert "java and mvn not found" in done.stderr
    assert "apt-get install default-jre-headless maven" in done.stderr
    assert ("left out: the tests on a real Kafka" in done.stderr) == (not ci)
