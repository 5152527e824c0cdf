"""What Elasticsearch and Kafka are made to hold, by the code that makes it, with its own defaults."""

import json
from typing import Any

from connectors.elasticsearch import ElasticsearchSettings, indices, rights
from connectors.kafka import KafkaSettings
from connectors.kafka.topics import definition, wanted
from schemas.settings import Settings

_ELASTICSEARCH = ElasticsearchSettings(urls="http://elasticsearch:9200")
POLICY = f"{_ELASTICSEARCH.prefix}-keep"


def templates() -> str:
    """Index templates by name: `treatywire index create` puts the same ones."""
    return _json(indices.templates(_ELASTICSEARCH))


def roles() -> str:
    """Roles by name, with the least rights that suffice."""
    prefix = _ELASTICSEARCH.prefix
    return _json({f"{prefix}-worker": rights.worker(prefix), f"{prefix}-administrator": rights.administrator(prefix)})


def life_cycle() -> str:
    """The one policy: nothing of ours is rolled over, shrunk or deleted by age, and it is recovered before other data.

    Events are kept for ever, ids are computed, and a generation is deleted by the command that has replaced it: every
    action of a policy that moves or deletes would lose data or break an alias.
    """
    policy = {"phases": {"hot": {"min_age": "0ms", "actions": {"set_priority": {"priority": 200}}}}}
    return _json({POLICY: {"policy": {**policy, "_meta": {"treatywire": "nothing expires here"}}}})


def topics() -> str:
    """Topics by name: `treatywire topics create` makes the same ones."""
    settings = KafkaSettings(bootstrap="kafka:9092")
    return _json(
        {one.name: definition(one, settings.replication) for one in wanted(settings, Settings().keep_articles)}
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
