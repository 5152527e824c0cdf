"""Processes are known again by id and start time, and end with their children."""

import os
import signal
import sys
from pathlib import Path

import psutil

from deploy.local.ports import free_ports
from deploy.local.processes import Process, known, spawn
from tests.integration.servers.running import runs
from tests.waiting import until

PARENT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("ready", flush=True)
time.sleep(600)
"""


def stubborn(log: Path) -> Process:
    """A process with a child, that does not heed SIGTERM."""
    process = spawn([sys.executable, "-c", PARENT], log)
    until(lambda: log.exists() and "ready" in log.read_text())
    return process


def test_a_process_id_that_was_given_anew_is_let_alone() -> None:
    """Here it is our own: had it been signalled, this test would not end."""
    earlier = Process(os.getpid(), started=1)
    assert not earlier.alive
    assert earlier.family() == []
    earlier.stop()
    earlier.kill()
    mine = known(os.getpid())
    assert mine is not None
    assert mine.alive


def test_stop_ends_what_does_not_heed_it_and_its_children(tmp_path: Path) -> None:
    """Once the grace is over."""
    process = stubborn(tmp_path / "log")
    family = [member.pid for member in process.family()]
    assert len(family) == 2
    process.stop(grace_s=0.2)
    assert not process.alive
    assert not any(runs(pid) for pid in family)


def test_children_end_with_a_process_that_was_killed_by_others(tmp_path: Path) -> None:
    """They are found by its group."""
    process = stubborn(tmp_path / "log")
    [child] = psutil.Process(process.pid).children()
    process.send(signal.SIGKILL)
    until(lambda: not process.alive)
    assert runs(child.pid)
    process.kill()
    assert not runs(child.pid)


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections() -> None:
    """So that a connection does not take the port of a server that is down for a moment."""
    ports = free_ports([f"port {number}" for number in range(20)])
    assert len(set(ports.values())) == 20
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports.values()) < lowest
