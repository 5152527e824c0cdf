"""The indices: their names, mappings and settings. Those of the findings belong to a generation, the others to none."""

from typing import Any

from connectors.elasticsearch.columns import event_properties
from schemas.elasticsearch_settings import ElasticsearchSettings

STATES, EVENTS = "states", "events"
ALERTS, ARTICLES_SEEN, FEEDS, LEASES, SUBSCRIPTIONS = "alerts", "articles-seen", "feeds", "leases", "subscriptions"
GENERATIONAL = (STATES, EVENTS)
NEXT, LAST = "next", "last"
"""What ends the aliases of the generation that is being built, and of the one that served before."""
KINDS = (ALERTS, ARTICLES_SEEN, EVENTS, FEEDS, LEASES, STATES, SUBSCRIPTIONS)
LASTING = tuple(kind for kind in KINDS if kind not in GENERATIONAL)
VERSION = 1
"""Of the mappings; another one is another index, filled as a new generation or copied."""

KEYWORD = {"type": "keyword"}
LONG = {"type": "long"}
KEPT = {"type": "object", "enabled": False}
"""Kept in the source and neither parsed nor indexed. Records are JSON in a string: whatever keys and numbers they have,
they come back byte by byte, and Elasticsearch reads over them in one step."""
STORED_LONG = {"type": "long", "index": False, "doc_values": False}

PROPERTIES: dict[str, dict[str, dict[str, Any]]] = {
    ALERTS: {"subscription": KEYWORD, "status": KEYWORD, "due": LONG, "number": LONG, "data": KEPT},
    ARTICLES_SEEN: {"hashes": KEPT},
    EVENTS: event_properties(),
    FEEDS: {"url": KEYWORD, "feed": KEPT, "state": KEPT},
    LEASES: {"name": KEYWORD, "holder": KEYWORD, "token": LONG, "until": LONG},
    STATES: {
        "id": KEYWORD,
        "kind": KEYWORD,
        "version": STORED_LONG,
        "pending": LONG,
        "aliases": KEYWORD,
        "data": KEPT,
        "outbox": KEPT,
    },
    SUBSCRIPTIONS: {"id": KEYWORD, "created": LONG, "data": KEPT},
}
"""What each index holds; anything else is refused by it."""


def alias(settings: ElasticsearchSettings, kind: str, suffix: str | int = "") -> str:
    """The name under which an index is read and written.

    Args:
        settings: With the prefix.
        kind: Of the index.
        suffix: `NEXT`, `LAST` or the number of a generation that does not serve; empty for the one that does.
    """
    name = f"{settings.prefix}-{kind}"
    if kind not in GENERATIONAL or not suffix:
        return name
    return f"{name}-{suffix}" if isinstance(suffix, str) else f"{name}-g{suffix:06}"


def pattern(settings: ElasticsearchSettings, kind: str) -> str:
    """What matches the names of all indices of this kind and version."""
    return f"{settings.prefix}-{kind}-v{VERSION}-*"


def index_name(settings: ElasticsearchSettings, kind: str, generation: int) -> str:
    """The index itself, ``treatywire-events-v1-000001``; nobody but `index` and `generations` names it."""
    return f"{settings.prefix}-{kind}-v{VERSION}-{generation:06}"


def mapping(kind: str) -> dict[str, Any]:
    """Strict: a field that is not declared here is refused with its document."""
    return {"dynamic": "strict", "_meta": {"treatywire": f"{kind} v{VERSION}"}, "properties": PROPERTIES[kind]}


def index_settings(settings: ElasticsearchSettings, kind: str) -> dict[str, Any]:
    """One shard, so that an order is one order and a refresh one refresh; another process sees a write within 1 s."""
    given: dict[str, Any] = {
        "number_of_shards": 1,
        "number_of_replicas": settings.replicas,
        "refresh_interval": "1s",  # named, so that an index nobody searches is refreshed too
    }
    if kind == EVENTS:
        given["gc_deletes"] = "-1"  # a retired event may come back at once, at whatever revision
    return given


def templates(settings: ElasticsearchSettings) -> dict[str, dict[str, Any]]:
    """Index templates by name, as ``PUT _index_template/NAME`` takes them: every index of ours is made by one."""
    return {
        f"{settings.prefix}-{kind}": {
            "index_patterns": [pattern(settings, kind)],
            "priority": 500,
            "template": {"settings": {"index": index_settings(settings, kind)}, "mappings": mapping(kind)},
            "_meta": {"treatywire": f"{kind} v{VERSION}"},
        }
        for kind in KINDS
    }
