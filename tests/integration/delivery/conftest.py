"""Webhook receivers that end with their test."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration.delivery.receiver import Answer, Receiver
from tests.unit.delivery.records import SECRET

OpenReceiver = Callable[..., Receiver]


@pytest.fixture
def open_receiver() -> Iterator[OpenReceiver]:
    """Opens receivers that check signatures with `SECRET` and answer as told."""
    receivers: list[Receiver] = []

    def open_one(answer: Answer | None = None, secret: str = SECRET) -> Receiver:
        receivers.append(Receiver(secret, answer))
        return receivers[-1]

    yield open_one
    for receiver in receivers:
        receiver.close()
