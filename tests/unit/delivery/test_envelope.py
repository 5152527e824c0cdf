"""The body of a webhook."""

import json

from connectors.delivery.envelope import envelope, try_out_envelope
from schemas.codec import decode, encode
from schemas.development import Development
from tests.unit.delivery.records import NOON, SECRET, a_development, a_subscription


def test_the_body_is_the_recommended_envelope_around_the_development() -> None:
    """Type, time of the happening, and the whole development as its published schema has it."""
    body = json.loads(envelope(a_development()))
    assert list(body) == ["type", "timestamp", "data"]
    assert body["type"] == "treatywire.development"
    assert body["timestamp"] == "2026-05-21T12:01:00Z"
    assert decode(json.dumps(body["data"]), Development) == a_development()


def test_the_body_is_the_same_on_each_try() -> None:
    """Equal developments give equal bytes, without line breaks."""
    assert envelope(a_development()) == envelope(decode(encode(a_development()), Development))
    assert b"\n" not in envelope(a_development())


def test_a_try_out_says_which_subscription_it_is_of_and_not_its_secret() -> None:
    """A receiver tells it from news by its type."""
    body = try_out_envelope(a_subscription(), NOON)
    assert json.loads(body) == {
        "type": "treatywire.test",
        "timestamp": "2026-05-21T12:00:00Z",
        "data": {"subscription": "desk", "query": "party:IRN"},
    }
    assert SECRET.encode() not in body
