"""The developments log."""

from tests.integration.contract.records import development
from tests.integration.contract.stores import Ports, Store


def test_append_keeps_order_and_content(store: Store) -> None:
    """What was appended is read as it was, also by the next process."""
    written = [development(2), development(1), development(3)]
    store.ports.developments.append(written[:1])
    store.ports.developments.append(written[1:])
    log = store.reopen().developments
    assert [entry.record for entry in log.after(0, 10)] == written
    assert [entry.record for entry in log.reader("alert").read(10)] == written


def test_an_id_that_is_there_is_left_as_it_is(ports: Ports) -> None:
    """A sweep after a crash publishes again; the log holds it once, at its first place."""
    log = ports.developments
    log.append([development(1), development(2)])
    end = log.end()
    log.append([development(2), development(1)])
    assert [entry.record for entry in log.after(0, 10)] == [development(1), development(2)]
    assert log.end() == end == log.after(0, 10)[-1].offset


def test_after_gives_up_to_limit_entries_after_an_offset(ports: Ports) -> None:
    """For one who keeps a position of its own; nothing comes at the end."""
    log = ports.developments
    assert log.end() == 0
    log.append([development(number) for number in range(5)])
    offsets = [entry.offset for entry in log.after(0, 10)]
    assert [entry.record for entry in log.after(offsets[1], 2)] == [development(2), development(3)]
    assert list(log.after(log.end(), 10)) == []
