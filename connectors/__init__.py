"""The outside world behind the Protocols of `schemas.ports`."""
