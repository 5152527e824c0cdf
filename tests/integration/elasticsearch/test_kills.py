"""kill -9 of the writer, and of Elasticsearch, in mid-bulk: what was acknowledged is there."""

import random
import subprocess
import sys
from pathlib import Path

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings
from deploy.local import Elasticsearch
from schemas.codec import encode
from schemas.state import Aggregate
from tests.integration.contract.records import view
from tests.integration.elasticsearch.served import Composed, composed
from tests.waiting import until

ROOT = Path(__file__).parents[3]


def _writer(settings: ElasticsearchSettings, first: int) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "tests.integration.elasticsearch.writer",
        encode(settings).decode(),
        str(first),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _acknowledged(writer: "subprocess.Popen[str]", lines: int) -> int:
    """The last round that it had told of when it was killed, at some moment after so many."""
    assert writer.stdout is not None
    said_ = [writer.stdout.readline() for _ in range(lines + 1)]
    writer.kill()
    said_ += writer.stdout.readlines()
    writer.communicate(timeout=60)
    return max((int(line.split()[1]) for line in said_ if line.startswith("saved") and line.endswith("\n")), default=-1)


def _rounds(ports: Composed) -> int:
    """How many rounds the state has seen; views and outbox agree, or the next round makes them agree."""
    state = ports.events.load(["agg-1"]).get("agg-1")
    if state is None:
        return 0
    assert isinstance(state, Aggregate)
    (entry,) = ports.events.unpublished(9)
    assert entry == ("agg-1", state.outbox[0])
    shown = ports.events.event("evt-once")
    assert shown is not None or state.version == 1
    assert shown is None or shown.revision in (state.version - 1, state.version - 2)
    return state.version


def test_what_a_killed_writer_acknowledged_is_there(cluster: Cluster) -> None:
    """Kill -9 at arbitrary moments, again and again; the next writer goes on."""
    chance, begun = random.Random(1), 0
    for _ in range(4):
        last = _acknowledged(_writer(cluster.settings, begun), chance.randrange(1, 8))
        with Cluster(cluster.settings) as reading:
            ports = composed(memory.Adapters(), reading)
            begun = _rounds(ports)
            assert begun > last
            if last >= 0:
                assert ports.events.event(f"evt-{last:08}") == view(f"evt-{last:08}", revision=last)
    assert begun > 4


def test_what_elasticsearch_acknowledged_survives_its_kill(server: Elasticsearch, cluster: Cluster) -> None:
    """Kill -9 of the server in mid-bulk; the writer waits, and goes on when it is there again."""
    writer = _writer(cluster.settings, 0)
    assert writer.stdout is not None
    said_ = [writer.stdout.readline() for _ in range(10)]
    server.kill()
    server.restart()
    before = len(said_)
    until(lambda: said_.append(writer.stdout.readline()) or len(said_) > before + 10, 60)  # type: ignore[func-returns-value, union-attr] # reads a line a turn
    writer.kill()
    said_ += writer.stdout.readlines()
    writer.communicate(timeout=60)
    saved = [int(line.split()[1]) for line in said_ if line.startswith("saved") and line.endswith("\n")]
    assert saved == list(range(len(saved)))
    with Cluster(cluster.settings) as reading:
        ports = composed(memory.Adapters(), reading)
        assert _rounds(ports) > saved[-1]
        for number in saved:
            assert ports.events.event(f"evt-{number:08}") == view(f"evt-{number:08}", revision=number)
