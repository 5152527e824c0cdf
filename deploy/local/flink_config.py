"""How the local Flink cluster is configured, and how its Java processes are started."""

from collections.abc import Mapping
from pathlib import Path

SLOTS = 4
"""So many subtasks run at once: two jobs of parallelism 2."""
_OPENED = (
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/java.lang.reflect",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/java.util.concurrent.locks",
    "java.base/sun.nio.ch",
)
JVM_OPTIONS = (
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$s %3$s %5$s%6$s%n",
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
    *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),  # Flink 1.19 reflects into these
)


def configuration(home: Path, ports: Mapping[str, int], heap: str) -> dict[str, str]:
    """The lines of `config.yaml`."""
    return {
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": str(ports["rest"]),
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": str(ports["rpc"]),
        "jobmanager.bind-host": "127.0.0.1",
        "blob.server.port": str(ports["blob"]),
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.rpc.port": str(ports["task"]),
        "taskmanager.data.port": str(ports["data"]),
        "taskmanager.numberOfTaskSlots": str(SLOTS),
        # Started without Flink's scripts, a TaskManager works nothing out for itself: all of these must be given.
        "taskmanager.cpu.cores": "2",
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.task.heap.size": heap,
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "0",
        "taskmanager.memory.managed.size": "128m",
        "taskmanager.memory.network.min": "128m",
        "taskmanager.memory.network.max": "128m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "192m",
        "taskmanager.memory.jvm-overhead.max": "192m",
        # A loaded machine answers late; a part that was killed is noticed by its refused connections.
        "heartbeat.interval": "5000",
        "heartbeat.timeout": "30000",
        "cluster.registration.error-delay": "1000",
        # As in compose.yaml and the manifests, where it is said why.
        "restart-strategy.type": "exponential-delay",
        "restart-strategy.exponential-delay.initial-backoff": "1 s",
        "restart-strategy.exponential-delay.backoff-multiplier": "2.0",
        "restart-strategy.exponential-delay.max-backoff": "20 s",
        "restart-strategy.exponential-delay.jitter-factor": "0.1",
        "restart-strategy.exponential-delay.attempts-before-reset-backoff": "20",
        "restart-strategy.exponential-delay.reset-backoff-threshold": "5 min",
        "state.checkpoints.dir": f"{home.as_uri()}/checkpoints",
        "state.savepoints.dir": f"{home.as_uri()}/savepoints",
        "io.tmp.dirs": f"{home}/scratch",
        "web.upload.dir": f"{home}/uploads",
    }
