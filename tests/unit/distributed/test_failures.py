"""What is said of a job that failed."""

import pytest

from connectors.flink import FlinkCluster

RAISED = """java.util.concurrent.ExecutionException: java.lang.RuntimeException: Error received from SDK harness
\tat org.example.Runner.run(Runner.java:1)
Caused by: java.lang.RuntimeException: Error received from SDK harness: Traceback (most recent call last):
  File "worker.py", line 1, in work
    raise KeyError("first")
KeyError: 'first'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "worker.py", line 2, in work
    raise Misconfigured("there is no alias desk-states")
    ^^^^^^^^^^^^^^^^^^^^^
schemas.errors.Misconfigured: there is no alias desk-states [while running 'Job/Consolidate']

\tat org.example.Runner.finish(Runner.java:2)
\t... 1 more
"""
JAVAS_OWN = """org.example.JobException: Recovery is suppressed
\tat org.example.Runner.run(Runner.java:1)
Caused by: org.example.NoSlots: none came in time
\tat org.example.Runner.run(Runner.java:1)
"""


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        (RAISED, "Misconfigured: there is no alias desk-states [while running 'Job/Consolidate']"),
        (JAVAS_OWN, "org.example.NoSlots: none came in time"),
    ],
)
def test_the_last_cause_is_told_in_a_line(trace: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker raised in its own words, without the way there."""
    answer = {"exceptionHistory": {"entries": [{"stacktrace": trace}]}}
    monkeypatch.setattr(FlinkCluster, "_ask", lambda *_: answer)
    assert FlinkCluster("http://flink:8081").failure("a") == said
