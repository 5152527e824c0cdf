"""Settings as the client takes them."""

from typing import Any

from schemas.elasticsearch_settings import ElasticsearchSettings


def client_options(settings: ElasticsearchSettings) -> dict[str, Any]:
    """What every client is given."""
    given: dict[str, Any] = {"hosts": settings.nodes, "request_timeout": settings.timeout_seconds}
    if settings.user is not None and settings.password is not None:
        given["basic_auth"] = (settings.user, settings.password)
    if settings.api_key is not None:
        given["api_key"] = settings.api_key
    if settings.ca_file is not None:
        given["ca_certs"] = str(settings.ca_file)
    return given
