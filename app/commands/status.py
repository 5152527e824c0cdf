"""`treatywire status`."""

from typing import Any

import click

from app.environment import adapters_of
from app.options import json_option
from app.render import minute
from pipelines.jobs.adapters import Adapters
from schemas.codec import encode
from schemas.ports import Generations
from schemas.subscription import AlertStatus


@click.command("status", short_help="Show how things stand.")
@json_option
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Print counts, lags, failing feeds and dead letters.

    \b
    Example: treatywire status
    """
    adapters = adapters_of(context)
    found = status(adapters)
    if as_json:
        click.echo(encode(found))
        return
    for label, value in found.items():
        if label == "failing_feeds":
            for feed in value:
                click.echo(f"  failing: {feed['url']}: {feed['error']}; next try {feed['next_try'] or 'at once'}")
        elif isinstance(value, dict):
            click.echo(f"{label.replace('_', ' '):<24}" + (", ".join(f"{k} {v}" for k, v in value.items()) or "none"))
        else:
            click.echo(f"{label.replace('_', ' '):<24}{value}")


def status(adapters: Adapters) -> dict[str, Any]:
    """What `treatywire status` prints, by label."""
    feeds = adapters.feeds.list()
    alerts = [alert.status for alert in adapters.ledger.list(limit=10_000)]
    return {
        "feeds": len(feeds),
        "failing_feeds": [
            {"url": feed.url, "error": state.error, "next_try": minute(state.due) if state.due else None}
            for feed, state in feeds
            if state.error
        ],
        "articles_fetched": sum(state.articles for _, state in feeds),
        "articles_waiting": adapters.articles.reader("detect").lag(),
        "events": adapters.events.count(None),
        "developments": adapters.developments.end(),
        "subscriptions": len(adapters.subscriptions.list()),
        "alerts": {kind.value: alerts.count(kind) for kind in AlertStatus if kind in alerts},
        "dead_letters": {stage.value: count for stage, count in adapters.dead_letters.count().items() if count},
        "index": index_status(adapters.generations),
        "data": adapters.place,
    }


def index_status(generations: Generations) -> str:
    """Which detector made the index, and what is to be done where it is not this one."""
    from pipelines.detection.version import detector_version

    serving, building = generations.serving(), generations.building()
    if not serving.detectors:
        found = "empty"
    elif serving.detectors == (detector_version(),):
        found = f"generation {serving.number}, by this detector"
    else:
        found = f"generation {serving.number}, by another version; `treatywire upgrade` brings it to this one"
    return found + (f"; generation {building.number} is being built by `treatywire upgrade`" if building else "")
