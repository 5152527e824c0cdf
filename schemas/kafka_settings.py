"""Where Kafka is, and who we are to it."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

from schemas.errors import Misconfigured


class Security(StrEnum):
    """How the connection is made; the names are Kafka's."""

    PLAINTEXT = "PLAINTEXT"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"
    SSL = "SSL"


class Mechanism(StrEnum):
    """How a user is told to be the one; the names are Kafka's."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class KafkaSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may set of Kafka. What is half set is refused, never guessed at.

    Raises:
        Misconfigured: A value is missing, out of range, or makes no sense beside the others; the message names it.
    """

    bootstrap: str
    """``host:port`` of one or more brokers, separated by commas."""
    security: Security = Security.PLAINTEXT
    sasl_mechanism: Mechanism | None = None
    sasl_user: str | None = None
    sasl_password: str | None = None
    ca_file: Path | None = None
    """PEM; without it the system's authorities are trusted."""
    certificate_file: Path | None = None
    """PEM, for brokers that ask who we are by certificate; goes with `key_file`."""
    key_file: Path | None = None
    prefix: str = "treatywire"
    """What the names of topics and consumer groups begin with; two installations on one cluster differ in it."""
    article_partitions: int = 6
    """How many processes may detect at once. May grow, never shrink."""
    replication: int = 3
    """On how many brokers each record is kept; 1 where there is one broker only."""

    def __post_init__(self) -> None:
        hosts = [host.strip() for host in self.bootstrap.split(",")]
        if not all(name and port.isdecimal() for name, _, port in (host.rpartition(":") for host in hosts)):
            raise Misconfigured(f"kafka bootstrap = {self.bootstrap!r}: takes host:port, several separated by commas")
        _refuse_half(
            "security",
            self.security in (Security.SASL_PLAINTEXT, Security.SASL_SSL),
            self.security,
            {key: getattr(self, key) for key in ("sasl_mechanism", "sasl_user", "sasl_password")},
        )
        tls = self.security in (Security.SSL, Security.SASL_SSL)
        files = {key: getattr(self, key) for key in ("ca_file", "certificate_file", "key_file")}
        for key, path in files.items():
            if path is not None and not tls:
                raise Misconfigured(f"kafka {key} is set, but security = {self.security} makes no use of it")
            if path is not None and not path.is_file():
                raise Misconfigured(f"kafka {key} = {path}: there is no such file")
        if (self.certificate_file is None) != (self.key_file is None):
            raise Misconfigured("kafka certificate_file and key_file: set both, or neither")
        for key in ("article_partitions", "replication"):
            if getattr(self, key) < 1:
                raise Misconfigured(f"kafka {key} = {getattr(self, key)}: a whole number, 1 or more")

    def __repr__(self) -> str:
        return f"KafkaSettings(bootstrap={self.bootstrap!r}, security={self.security!s}, user={self.sasl_user!r})"

    def __rich_repr__(self) -> Any:
        yield repr(self)

    @property
    def articles(self) -> str:
        """The articles topic."""
        return f"{self.prefix}.articles.v1"

    @property
    def developments(self) -> str:
        """The developments topic."""
        return f"{self.prefix}.developments.v1"

    @property
    def dead_letters(self) -> str:
        """The dead letters' topic."""
        return f"{self.prefix}.dead-letters.v1"


def _refuse_half(name: str, used: bool, value: str, parts: dict[str, object]) -> None:
    missing = [key for key, part in parts.items() if not part]
    if used and missing:
        raise Misconfigured(f"kafka {name} = {value} also needs {', '.join(missing)}")
    if not used and len(missing) < len(parts):
        there = [key for key in parts if key not in missing]
        takes = f"{Security.SASL_SSL} or {Security.SASL_PLAINTEXT}"
        raise Misconfigured(f"kafka {', '.join(there)}: set, but {name} = {value} makes no use of it; {takes} does")
