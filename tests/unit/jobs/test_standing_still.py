"""What the detect job heeds of generations."""

from datetime import UTC, datetime, timedelta

import pytest
import structlog

from connectors.memory import Adapters
from pipelines.jobs.standing_still import HELD_POLL, StandingStill
from tests.integration.contract.records import view

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Steps:
    """A job that counts its steps."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, now: datetime) -> timedelta:
        """One more."""
        self.number += 1
        return timedelta()


def test_a_step_notes_who_writes_and_works() -> None:
    """An empty index is this detector's then, and there is nothing to say."""
    adapters, steps = Adapters(), Steps()
    guard = StandingStill(steps, adapters.generations, "new")
    with structlog.testing.capture_logs() as logs:
        assert guard(NOW) == timedelta()
        guard(NOW)
    assert steps.number == 2
    assert adapters.generations.serving().detectors == ("new",)
    assert logs == []


def test_another_versions_index_is_said_once_and_worked_on() -> None:
    """The upgrade is a person's decision."""
    adapters, steps = Adapters(), Steps()
    adapters.generations.wrote("old")
    guard = StandingStill(steps, adapters.generations, "new")
    with structlog.testing.capture_logs() as logs:
        guard(NOW)
        guard(NOW)
    assert steps.number == 2
    assert ["upgrade" in log["event"] for log in logs] == [True]
    assert adapters.generations.serving().detectors == ("old", "new")


def test_nothing_is_begun_while_a_switch_is_held() -> None:
    """Until the hold is taken back, or has run out with the upgrade that asked for it."""
    adapters, steps = Adapters(), Steps()
    guard = StandingStill(steps, adapters.generations, "new")
    guard(NOW)
    adapters.generations.hold(NOW + SECOND)
    assert guard(NOW) == HELD_POLL
    assert steps.number == 1
    guard(NOW + SECOND)
    assert steps.number == 2
    adapters.generations.hold(NOW + 9 * SECOND)
    adapters.generations.hold(None)
    guard(NOW + SECOND)
    assert steps.number == 3


def _rebuilt(adapters: Adapters, detector: str) -> None:
    generation = adapters.generations.begin(detector)
    adapters.generations.findings(generation).save([], [view("evt-aaaa")])
    adapters.generations.switch("upgrade", "detect")
    adapters.generations.finish()


def test_a_process_goes_on_after_an_upgrade_to_its_own_version() -> None:
    """As it does where it was restarted before the upgrade."""
    adapters, steps = Adapters(), Steps()
    adapters.generations.wrote("old")
    guard = StandingStill(steps, adapters.generations, "new")
    guard(NOW)
    _rebuilt(adapters, "new")
    guard(NOW)
    assert steps.number == 2
    assert adapters.generations.serving().detectors == ("new",)


def test_a_process_of_the_old_version_ends_when_the_index_is_rebuilt() -> None:
    """It writes nothing more; one that is started with the old version goes on, and is noted."""
    adapters, steps = Adapters(), Steps()
    guard = StandingStill(steps, adapters.generations, "old")
    guard(NOW)
    _rebuilt(adapters, "new")
    with pytest.raises(SystemExit, match="rebuilt by detector new"):
        guard(NOW)
    assert steps.number == 1
    assert adapters.generations.serving().detectors == ("new",)
    StandingStill(steps, adapters.generations, "old")(NOW)
    assert adapters.generations.serving().detectors == ("new", "old")
