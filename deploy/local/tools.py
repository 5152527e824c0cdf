"""Java and Maven, as they are on this machine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.errors import MissingTools, NotFetched

OLDEST_JAVA = 17
"""Kafka 4.3 and Elasticsearch 8.19 do not start on an older one."""
DOWNLOAD_S = 900
"""Seconds after which a download counts as stuck."""


def java_home() -> Path:
    """The folder of a Java that is new enough: `JAVA_HOME`, else the one whose `java` is on the path.

    Raises:
        MissingTools: There is none, or only an older one.
    """
    told, found = os.environ.get("JAVA_HOME"), shutil.which("java")
    if told and (Path(told) / "bin" / "java").exists():
        home = Path(told)
    elif found:
        home = Path(found).resolve().parents[1]
    else:
        raise MissingTools(["java", *([] if shutil.which("mvn") else ["mvn"])])
    release = home / "release"
    version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.exists() else None
    if version and int(version[1]) < OLDEST_JAVA:
        raise MissingTools([f"a Java of {OLDEST_JAVA} or newer (that of {home} is {version[1]})"])
    return home


def java() -> str:
    """The path of the `java` to run.

    Raises:
        MissingTools: There is none that is new enough.
    """
    return str(java_home() / "bin" / "java")


def maven(pom: Path, *arguments: str) -> None:
    """Runs Maven quietly over a pom; its own configuration says where artifacts come from.

    Raises:
        MissingTools: There is no Maven or no Java.
        NotFetched: Maven failed, found a checksum wrong, or hung.
    """
    java_home()
    program = shutil.which("mvn")
    if program is None:
        raise MissingTools(["mvn"])
    command = [program, "--quiet", "--batch-mode", "--strict-checksums", "--file", str(pom), *arguments]
    try:
        ran = subprocess.run(command, cwd=pom.parent, capture_output=True, text=True, timeout=DOWNLOAD_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotFetched(f"{pom.name}: Maven has not finished within {DOWNLOAD_S} s") from error
    if ran.returncode:
        raise NotFetched(f"{pom.name}: Maven failed:\n{(ran.stdout + ran.stderr)[-3000:]}")
