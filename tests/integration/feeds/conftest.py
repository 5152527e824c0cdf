"""What the tests of feeds over HTTP share."""

from collections.abc import Iterator

import pytest

from tests.integration.feeds.server import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on the loopback."""
    with serving() as running:
        yield running
