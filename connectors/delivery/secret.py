"""Signing secrets, as the Standard Webhooks specification writes them."""

import base64
import binascii
import secrets

from schemas.errors import Misconfigured

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64  # Standard Webhooks 1.0.0, "Signature scheme"
NEW_BYTES = 32


def new_secret() -> str:
    """A secret that nobody has had before: ``whsec_`` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(NEW_BYTES)).decode()


def check_secret(secret: str) -> str:
    """The secret as given, if every library of the specification can sign with it.

    Raises:
        Misconfigured: It is none; the message says what is wrong and never shows the secret.
    """
    wanted = f"{PREFIX} and {FEWEST_BYTES} to {MOST_BYTES} bytes in base64 (Standard Webhooks)"
    if not secret.startswith(PREFIX):
        raise Misconfigured(f"webhook secret: does not begin with {PREFIX}: give {wanted}, or none for a new one")
    try:
        size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError) as error:
        raise Misconfigured(f"webhook secret: not base64 with its padding: give {wanted}") from error
    if not FEWEST_BYTES <= size <= MOST_BYTES:
        raise Misconfigured(f"webhook secret: {size} bytes: give {wanted}")
    return secret
