"""The servers' programs, pinned, fetched by Maven once and kept in the cache.

A pom beside this file says what is fetched, a list of SHA-256 sums that it is what was pinned: change them together.
Maven compares each download with its repository's own checksum besides; for Flink, whose one jar is put together
here and differs from Java to Java, that is the only check.
"""

import hashlib
import shutil
import zipfile
from pathlib import Path

import structlog

from deploy.local.cache import made_once
from deploy.local.errors import NotFetched
from deploy.local.tools import java_home, maven

HERE = Path(__file__).parent
log = structlog.get_logger()


def fetch_all() -> None:
    """Whatever is not in the cache yet.

    Raises:
        MissingTools: Java or Maven is not there.
        NotFetched: Maven could not get something, or it is not what was pinned.
    """
    java_home()
    kafka_jars()
    elasticsearch_distribution()
    flink_jar()


def kafka_jars() -> Path:
    """The folder of the broker's jars (44 MB)."""

    def fetch(folder: Path) -> None:
        _copy_dependencies("kafka", folder)

    return made_once(_name("kafka"), fetch)


def elasticsearch_distribution() -> Path:
    """The unpacked distribution (119 MB; 107 MB to download); nothing in it is written when a node runs."""

    def fetch(folder: Path) -> None:
        _copy_dependencies("elasticsearch", folder)
        [archive] = folder.iterdir()
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        archive.unlink()
        [unpacked] = folder.iterdir()
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)

    return next(made_once(_name("elasticsearch"), fetch).iterdir())


def flink_jar() -> Path:
    """The one jar of Flink and of Beam's job server (160 MB)."""

    def fetch(folder: Path) -> None:
        log.info("fetching", server="flink", size_mb=160)
        pom = Path(shutil.copy(HERE / "flink-pom.xml", folder / "pom.xml"))
        maven(pom, "package")
        built = folder / "target" / "flink.jar"
        if not zipfile.is_zipfile(built):
            raise NotFetched(f"flink-pom.xml: Maven made no {built.name}")
        built.rename(folder / "flink.jar")
        pom.unlink()
        shutil.rmtree(folder / "target")

    return made_once(_name("flink"), fetch) / "flink.jar"


def _name(server: str) -> str:
    """Changes whenever the pom does, so that an older cache is not taken for the newer."""
    return f"{server}-{hashlib.sha256((HERE / f'{server}-pom.xml').read_bytes()).hexdigest()[:8]}"


def _copy_dependencies(server: str, folder: Path) -> None:
    log.info("fetching", server=server)
    maven(
        HERE / f"{server}-pom.xml",
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        "-Dmdep.useBaseVersion=true",
        f"-DoutputDirectory={folder}",
    )
    lines = (HERE / f"{server}.sha256").read_text().splitlines()
    pinned = {name: digest for digest, name in (line.split() for line in lines)}
    fetched = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    if wrong := sorted(name for name in pinned.keys() | fetched.keys() if pinned.get(name) != fetched.get(name)):
        raise NotFetched(f"{server}: not what {server}.sha256 has pinned: {', '.join(wrong)}")
