"""Signing secrets."""

import base64

import pytest

from connectors.delivery.secret import check_secret, new_secret
from schemas.errors import Misconfigured


def test_a_new_secret_is_valid_and_nobody_elses() -> None:
    """32 random bytes in the specification's form."""
    first, second = new_secret(), new_secret()
    assert first != second
    assert check_secret(first) == first
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("size", [24, 64])
def test_a_secret_of_allowed_length_is_taken_as_given(size: int) -> None:
    """The specification allows 24 to 64 bytes."""
    secret = "whsec_" + base64.b64encode(b"x" * size).decode()
    assert check_secret(secret) == secret


@pytest.mark.parametrize(
    ("secret", "wrong"),
    [
        ("", "does not begin with whsec_"),
        ("hunter2hunter2", "does not begin with whsec_"),
        ("whsk_" + "QUFB" * 8, "does not begin with whsec_"),
        ("whsec_", "0 bytes"),
        ("whsec_" + "QUFB" * 7, "21 bytes"),
        ("whsec_" + "QUFB" * 22, "66 bytes"),
        ("whsec_" + "QUFB" * 8 + "Q", "not base64"),
        ("whsec_" + "QUF!" * 8, "not base64"),
        ("whsec_" + "QUFB" * 8 + "\n", "not base64"),
        ("whsec_" + "ÄÖÜß" * 8, "not base64"),
    ],
)
def test_a_bad_secret_is_refused_without_being_shown(secret: str, wrong: str) -> None:
    """The message says what is wrong and what would be right, and holds no part of the secret."""
    with pytest.raises(Misconfigured) as refused:
        check_secret(secret)
    message = str(refused.value)
    assert wrong in message
    assert "24 to 64 bytes in base64" in message
    assert not secret or secret == "whsec_" or secret not in message
