"""Where Elasticsearch is, and who we are to it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from schemas.errors import Misconfigured

_PREFIX_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


class ElasticsearchSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may set of Elasticsearch. What is half set is refused, never guessed at.

    Raises:
        Misconfigured: A value is missing, out of range, or makes no sense beside the others; the message names it.
    """

    urls: str
    """``http://host:port`` or ``https://host:port`` of one or more nodes, separated by commas."""
    user: str | None = None
    password: str | None = None
    api_key: str | None = None
    """Instead of user and password: ``id:key`` in base64, as Elasticsearch gives it."""
    ca_file: Path | None = None
    """PEM; without it the system's authorities are trusted. Takes https."""
    prefix: str = "treatywire"
    """What the names of indices begin with; two installations on one cluster differ in it."""
    replicas: int = 1
    """How many copies of each index there are besides the first; 0 where there is one node only."""
    timeout_seconds: float = 30.0
    """How long one request may take."""

    def __post_init__(self) -> None:
        for url in self.nodes:
            _check_url(url)
        schemes = {urlsplit(url).scheme for url in self.nodes}
        if len(schemes) > 1:
            raise Misconfigured(f"elasticsearch urls = {self.urls!r}: all http, or all https")
        if (self.user is None) != (self.password is None):
            there, missing = ("user", "password") if self.password is None else ("password", "user")
            raise Misconfigured(f"elasticsearch {there} is set, and needs {missing}")
        if self.user == "" or self.password == "" or self.api_key == "":
            raise Misconfigured("elasticsearch user, password or api_key is empty: leave it out, or give one")
        if self.user is not None and self.api_key is not None:
            raise Misconfigured("elasticsearch user and api_key are both set: one of them says who we are")
        if self.ca_file is not None and schemes == {"http"}:
            raise Misconfigured("elasticsearch ca_file is set, but http makes no use of it; https does")
        if self.ca_file is not None and not self.ca_file.is_file():
            raise Misconfigured(f"elasticsearch ca_file = {self.ca_file}: there is no such file")
        if not self.prefix or set(self.prefix) - _PREFIX_LETTERS or self.prefix[0] in "-_.":
            raise Misconfigured(f"elasticsearch prefix = {self.prefix!r}: small letters, digits, - _ and . inside")
        if self.replicas < 0:
            raise Misconfigured(f"elasticsearch replicas = {self.replicas}: a whole number, 0 or more")
        if not 0 < self.timeout_seconds <= 600:
            raise Misconfigured(f"elasticsearch timeout_seconds = {self.timeout_seconds}: more than 0, up to 600")

    def __repr__(self) -> str:
        return f"ElasticsearchSettings(urls={self.urls!r}, prefix={self.prefix!r}, user={self.user!r})"

    def __rich_repr__(self) -> Any:
        yield repr(self)

    @property
    def nodes(self) -> list[str]:
        """The addresses, one by one."""
        return [url.strip().rstrip("/") for url in self.urls.split(",")]


def _check_url(url: str) -> None:
    takes = "takes http://host:port or https://host:port, several separated by commas"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        raise Misconfigured(f"elasticsearch urls: {takes}") from None
    if parts.username is not None or parts.password is not None:
        raise Misconfigured("elasticsearch urls: a user or password has no place there; set user and password")
    if not good or parts.query or parts.fragment:
        raise Misconfigured(f"elasticsearch urls = {url!r}: {takes}")
