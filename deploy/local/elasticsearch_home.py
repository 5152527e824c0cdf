"""The folder that an Elasticsearch node runs in: its configuration, and its own tools run over it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.artifacts import elasticsearch_distribution
from deploy.local.errors import ServerFailed
from deploy.local.tools import java_home
from deploy.local.unprivileged import as_unprivileged, give, may_read

TOOL_S = 120
"""Seconds after which one of its tools counts as stuck."""
QUICK = "-Xms512m\n-Xmx512m\n-XX:TieredStopAtLevel=1\n"
FOR_LOAD = "-Xms1g\n-Xmx1g\n"
JVM_OPTIONS = """\
-XX:+UseSerialGC
-XX:-AlwaysPreTouch
-XX:+ExitOnOutOfMemoryError
-XX:ErrorFile={home}/logs/hs_err_pid%p.log
-Djava.io.tmpdir=${{ES_TMPDIR}}
"""
LOGGING = """\
status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = ${sys:es.logs.base_path}/server.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""


def prepare_home(
    home: Path, ports: Mapping[str, int], *, security: bool, for_load: bool, settings: Mapping[str, str]
) -> Path:
    """Makes a home that a node can start in; the distribution to start it from.

    The distribution is that of the cache, or a copy in the home where the node's user may not enter the cache.
    """
    distribution = elasticsearch_distribution()
    if not may_read(distribution / "bin" / "elasticsearch"):
        distribution = shutil.copytree(distribution, home / "distribution")
    for name in ("config", "data", "logs", "scratch", "snapshots"):
        (home / name).mkdir()
    config = home / "config"
    for name in ("roles.yml", "role_mapping.yml", "users", "users_roles"):
        shutil.copy(distribution / "config" / name, config / name)
    lines = {
        "cluster.name": "treatywire-local",
        "node.name": "node",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": str(ports["http"]),
        "transport.port": str(ports["transport"]),
        "path.data": f"{home}/data",
        "path.logs": f"{home}/logs",
        "path.repo": f"{home}/snapshots",
        "resource.reload.interval.high": "500ms",  # so that new users and roles are known at once
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "xpack.security.enabled": str(security).lower(),
        "xpack.security.enrollment.enabled": "false",
        "xpack.security.http.ssl.enabled": "false",
        "xpack.security.transport.ssl.enabled": "false",
    }
    (config / "elasticsearch.yml").write_text(
        "".join(f"{key}: {value}\n" for key, value in {**lines, **settings}.items())
    )
    (config / "jvm.options").write_text((FOR_LOAD if for_load else QUICK) + JVM_OPTIONS.format(home=home))
    (config / "log4j2.properties").write_text(LOGGING)
    give(home)
    return distribution


def environment(home: Path) -> dict[str, str]:
    """All that a node or a tool is told by its environment; nothing of ours leaks into it."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "ES_JAVA_HOME": str(java_home()),
        "ES_PATH_CONF": f"{home}/config",
        "ES_TMPDIR": f"{home}/scratch",
        "CLI_JAVA_OPTS": "-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }


def run_tool(distribution: Path, home: Path, *command: str, stdin: str = "") -> None:
    """Runs one of the distribution's tools to its end.

    Raises:
        ServerFailed: It refused; the message is its own.
    """
    ran = subprocess.run(
        [str(distribution / "bin" / command[0]), *command[1:]],
        input=stdin,
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=TOOL_S,
        check=False,
        **as_unprivileged(),
    )
    if ran.returncode:
        raise ServerFailed(f"{command[0]} {command[1]}: {ran.stdout}{ran.stderr}")
