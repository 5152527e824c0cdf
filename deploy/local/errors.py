"""What can go wrong with a local server."""


class LocalServerError(Exception):
    """A server cannot be had; the message is a sentence for a person."""


class MissingTools(LocalServerError):
    """Java or Maven is not on this machine; the message says how to get them."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(
            f"{' and '.join(missing)} not found: Kafka, Elasticsearch and Flink need Java 17 or newer to run,"
            " and Maven to be fetched."
            " On Debian and Ubuntu: apt-get install default-jre-headless maven"
        )


class NotFetched(LocalServerError):
    """A pinned artifact could not be downloaded, or is not the one that was pinned."""


class ServerFailed(LocalServerError):
    """A server did not start, or died; the message ends with the last lines of its log."""
