"""The Containerfile by rules of our own: those of a linter that matter, and that it builds from what there is."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from msgspec import Struct

from tests.unit.deploy.manifests import DEPLOY, compose_containers, kubernetes_containers, of_kind

ROOT = DEPLOY.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


class Instruction(Struct, frozen=True):
    """One instruction of one stage, its continued lines joined."""

    stage: int
    word: str
    rest: str


def instructions() -> list[Instruction]:
    """All of them, in order."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text())
    found, stage = [], -1
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            stage += word == "FROM"
            found.append(Instruction(stage, word, " ".join(rest.split())))
    return found


ALL = instructions()
LAST = max(one.stage for one in ALL)


def of(word: str, stage: int | None = None) -> list[str]:
    """What follows each instruction of this word."""
    return [one.rest for one in ALL if one.word == word and stage in (None, one.stage)]


def test_only_known_instructions_are_used() -> None:
    """No ADD, no MAINTAINER, no shell of its own."""
    known = {
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "LABEL",
        "RUN",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
    }
    assert {one.word for one in ALL} <= known | {"WORKDIR"}


def test_the_base_image_is_pinned_and_can_be_pinned_by_its_digest() -> None:
    """One full version for all stages, in an argument that takes a digest; a Python that the project supports."""
    (argument,) = of("ARG")
    name, _, image = argument.partition("=")
    assert of("FROM") == [f"${{{name}}} AS build", f"${{{name}}}"]
    version = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-bookworm", image)
    assert version
    lowest, highest = re.findall(r"\d+\.\d+", PROJECT["project"]["requires-python"])
    assert (
        tuple(map(int, lowest.split(".")))
        <= tuple(map(int, version[1].split(".")))
        < tuple(map(int, highest.split(".")))
    )


@pytest.mark.parametrize("image", sorted({one.image for one in (*compose_containers(), *kubernetes_containers())}))
def test_every_image_has_a_full_version(image: str) -> None:
    """Not `latest`, and nothing that moves by itself; no host, so that each may take its own registry's."""
    name, _, tag = image.partition(":")
    assert re.fullmatch(r"v?\d+\.\d+\.\d+(-[\w.]+)?", tag), image
    assert "." not in name.split("/")[0], image


def test_our_image_is_named_after_our_version() -> None:
    """In every manifest, and in its own label."""
    version = PROJECT["project"]["version"]
    images = {one.image for one in (*compose_containers(), *kubernetes_containers()) if one.image.startswith("treaty")}
    assert images == {f"treatywire:{version}"}
    assert f'org.opencontainers.image.version="{version}"' in of("LABEL")[0]


def test_flink_and_beam_fit_one_another() -> None:
    """The job server's Flink is the cluster's, and its Beam is ours."""
    beam = next(one for one in PROJECT["project"]["dependencies"] if one.startswith("apache-beam==")).split("==")[1]
    (server,) = {one.image for one in (*compose_containers(), *kubernetes_containers()) if "beam" in one.image}
    (cluster,) = of_kind("FlinkDeployment")
    flink = re.match(r"flink:(\d+)\.(\d+)\.", cluster["spec"]["image"])
    assert flink
    assert server == f"apache/beam_flink{flink[1]}.{flink[2]}_job_server:{beam}"
    assert cluster["spec"]["flinkVersion"] == f"v{flink[1]}_{flink[2]}"
    assert {one.image for one in compose_containers() if one.image.startswith("flink:")} == {cluster["spec"]["image"]}


def test_the_image_runs_as_nobody_in_particular() -> None:
    """As the user by number that the manifests name, so that Kubernetes can see that it is not root."""
    assert of("USER", LAST) == ["10001:10001"]
    after = [one.word for one in ALL if one.stage == LAST]
    assert after.index("USER") > max(place for place, word in enumerate(after) if word in ("RUN", "COPY"))
    users = {
        spec["securityContext"]["runAsUser"]
        for deployment in of_kind("Deployment")
        for spec in [deployment["spec"]["template"]["spec"]]
        if any(container["image"].startswith("treatywire") for container in spec["containers"])
    }
    assert users == {10001}


def test_what_is_installed_is_hash_checked() -> None:
    """From the lock alone, and without the network for our own package; nothing by the system's package manager."""
    runs = of("RUN")
    assert sum("pip install" in run for run in runs) == 2
    for run in runs:
        for part in run.split("&&"):
            if "pip install" in part:
                assert "--require-hashes -r requirements.lock" in part or "--no-index" in part
        assert not re.search(r"\b(apt|apt-get|curl|wget|sudo|chmod 777)\b", run)


def test_commands_are_lists() -> None:
    """A shell in between would keep signals from the program."""
    assert of("ENTRYPOINT") == ['["treatywire"]']
    assert of("CMD") == ['["run"]']
    assert of("STOPSIGNAL") == ["SIGTERM"]


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    """Files of the project, all packages of the wheel among them."""
    sources = {name for copy in of("COPY", 0) for name in copy.split()[:-1]}
    assert all((ROOT / name).exists() for name in sources)
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) < sources
    lines = [
        one for one in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if one[:1] not in ("#", "")
    ]
    assert {line[1:] for line in lines if line.startswith("!")} == sources


def test_the_package_holds_every_file_that_it_reads(tmp_path: Path) -> None:
    """A wheel, built as the image builds it, has each file of each package; tests are not among them."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    wanted = {
        str(path.relative_to(ROOT))
        for package in packages
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }
    assert wanted - inside == set()
    assert not any(name.startswith("tests/") for name in inside)


def test_passwords_of_compose_stay_out(tmp_path: Path) -> None:
    """Out of the repository, of what an image is built from, and of the package."""
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert "**/.env" in (DEPLOY / "Containerfile.dockerignore").read_text().split()
    project = tmp_path / "project"
    for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        (project / name).mkdir(parents=True)
        (project / name / "__init__.py").touch()
    (project / "deploy" / ".env").write_text("ELASTIC_PASSWORD=secret\n")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=project, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".env")]
