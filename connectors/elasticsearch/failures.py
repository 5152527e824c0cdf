"""What Elasticsearch's errors mean to the others."""

from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import SerializationError, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.errors import BadRecord, Misconfigured, TreatywireError, Unavailable

PASSING = frozenset({408, 429, *range(500, 600)})
"""HTTP statuses, of requests and of items of a bulk, that are tried again."""
BAD_DOCUMENT = frozenset({400, 413})
WRONG = frozenset({401, 403, 404, 405, 406})
_CERTIFICATE = ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER", "record layer failure")


def is_passing(error: Exception) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, ApiError):
        return error.status_code in PASSING
    if isinstance(error, TlsError) and any(word in str(error) for word in _CERTIFICATE):
        return False
    return isinstance(error, TransportError) and not isinstance(error, SerializationError)


def translation(error: Exception, settings: ElasticsearchSettings, doing: str) -> TreatywireError | None:
    """The error as callers know it; None where it is a bug of ours, or a conflict of versions.

    Args:
        error: What the client raised.
        settings: Whose server it is.
        doing: What was tried, for the message: "search in treatywire-events".
    """
    where = f"elasticsearch {settings.urls}: {doing}"
    if isinstance(error, UnsupportedProductError | SerializationError):
        return Misconfigured(f"{where}: what answers there is no Elasticsearch; urls takes one's address")
    if is_passing(error):
        return Unavailable(f"{where}: {_said(error)}")
    if isinstance(error, TlsError):
        return Misconfigured(f"{where}: {_said(error)}; ca_file takes the authority that signed its certificate")
    if isinstance(error, ApiError):
        return _of_status(error.status_code, reason_of(error.body), where, settings)
    return None


def _of_status(status: int, reason: str, where: str, settings: ElasticsearchSettings) -> TreatywireError | None:
    if status == 401:
        given = "api_key" if settings.api_key else "user and password" if settings.user else "none is given; user"
        return Misconfigured(f"{where}: it does not know who we are (401): check {given}")
    if status == 403:
        return Misconfigured(f"{where}: this user lacks a right (403): {reason}")
    if status in WRONG:
        return Misconfigured(f"{where}: {status}: {reason}; `treatywire index create` makes what is missing")
    if status == 413:
        return BadRecord(f"{where}: too large for this Elasticsearch (413)")
    if "maxClauseCount" in reason or "too_many" in reason:
        return Misconfigured(f"{where}: the query has more conditions than this Elasticsearch answers: {reason}")
    return None


def reason_of(body: Any) -> str:
    """Elasticsearch's own sentence, from the body of an answer or the ``error`` of an item."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:500]
    causes = [_short(cause["reason"]) for cause in _causes(error) if cause.get("reason")]
    return ": ".join(dict.fromkeys(causes))[:1000] or str(error.get("type", error))[:500]


def _short(reason: str) -> str:
    """Without the middle of a preview of a document."""
    return reason if len(reason) <= 300 else f"{reason[:200]} … {reason[-90:]}"


def _causes(error: dict[str, Any]) -> list[dict[str, Any]]:
    """The error, and what it was caused by."""
    found = [error]
    shards = error.get("failed_shards")
    if isinstance(shards, list) and shards and isinstance(shards[0], dict):
        found.append(shards[0].get("reason") or {})
    while isinstance(found[-1].get("caused_by"), dict):
        found.append(found[-1]["caused_by"])
    return found


def _said(error: Exception) -> str:
    if isinstance(error, ApiError):
        return f"{error.status_code}: {reason_of(error.body)}"
    kind = "no connection" if isinstance(error, NoConnection) else type(error).__name__
    return f"{kind}: {getattr(error, 'message', error)}"
