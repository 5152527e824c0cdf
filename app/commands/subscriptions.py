"""`treatywire subscriptions`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from app.cli import DONE, NOTHING_FOUND, UNAVAILABLE
from app.codes import Codes
from app.environment import adapters_of, settings_of
from app.options import json_option
from app.render import development_line, minute
from schemas.codec import encode
from schemas.identifiers import content_id
from schemas.subscription import Subscription


@click.group("subscriptions", short_help="Have matching developments sent.")
def command() -> None:
    """Webhooks that are called with each development that matches a query.

    \b
    Example: treatywire subscriptions add --query 'party:IRN' --webhook https://desk.example/hook
    """


@command.command("add", short_help="Subscribe a webhook to a query.")
@click.option("--query", required=True, help="As for `treatywire search`, and `change:`.")
@click.option("--webhook", required=True, metavar="URL")
@click.option("--owner", default="", help="Whom to ask about it.")
@click.option("--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Holds whsec_…")
@json_option
@click.pass_context
def add(context: click.Context, query: str, webhook: str, owner: str, secret_file: Path | None, as_json: bool) -> int:
    """Send each later development that matches to the webhook, signed by the Standard Webhooks specification.

    The secret is that of --secret-file, else the setting `webhook_secret`, else a new one, which is shown this once.

    \b
    Example: treatywire subscriptions add --query 'type:withdrawal' --webhook https://desk.example/hook
    """
    from connectors.delivery import check_address, check_secret, new_secret
    from schemas.query.parse import parse
    from schemas.query.unparse import unparse

    tree = parse(query, for_developments=True, codes=Codes())
    if parse(query, for_developments=True) != tree:
        query = unparse(tree)  # it names a state or organisation; the jobs know codes alone
    settings = settings_of(context)
    check_address(webhook, allow_private=settings.allow_private_addresses)
    given = secret_file.read_text(encoding="utf-8").strip() if secret_file else settings.webhook_secret
    secret = check_secret(given) if given else new_secret()
    adapters = adapters_of(context, create=True)
    created = datetime.now(UTC)
    subscription = Subscription(
        id=content_id("sub", query, webhook, owner, created.isoformat()),
        query=query,
        webhook=webhook,
        secret=secret,
        owner=owner,
        created=created,
        position=adapters.developments.end(),
    )
    adapters.subscriptions.add(subscription)
    if as_json:
        click.echo(encode(subscription if not given else _without_secret(subscription)))
    else:
        click.echo(subscription.id)
        if not given:
            click.echo(f"secret: {secret}  (shown only now: the receiver verifies the webhooks with it)", err=True)
    return DONE


@command.command("list", short_help="List the subscriptions.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> int:
    """Print the subscriptions, the oldest first, without their secrets.

    \b
    Example: treatywire subscriptions list
    """
    found = adapters_of(context, create=True).subscriptions.list()
    for subscription in found:
        if as_json:
            click.echo(encode(_without_secret(subscription)))
        else:
            owner = f"  ({subscription.owner})" if subscription.owner else ""
            what = f"{subscription.query}  → {subscription.webhook}{owner}"
            click.echo(f"{subscription.id}  {minute(subscription.created)}  {what}")
    return DONE if found else NOTHING_FOUND


@command.command("remove", short_help="End a subscription.")
@click.argument("id")
@click.pass_context
def remove(context: click.Context, id: str) -> int:
    """End the subscription ID, or the one whose id begins so. What is due to it is not sent.

    \b
    Example: treatywire subscriptions remove sub-7c2a
    """
    subscriptions = adapters_of(context, create=True).subscriptions
    found = _find(subscriptions.list(), id)
    if found is None:
        click.echo(f"there is no subscription {id}", err=True)
        return NOTHING_FOUND
    subscriptions.remove(found.id)
    click.echo(f"removed {found.id}")
    return DONE


@command.command("test", short_help="Try a webhook now, or ask how often a query would have fired.")
@click.argument("id", required=False)
@click.option("--query", help="Instead of an ID: count what this query would have sent.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True)
@json_option
@click.pass_context
def test(context: click.Context, id: str | None, query: str | None, days: int, as_json: bool) -> int:
    """Send a test to the webhook of subscription ID, or print what --query would have sent in the last days.

    \b
    Example: treatywire subscriptions test --query 'party:IRN AND type:allegation' --days 30
    """
    if (id is None) == (query is None):
        raise click.UsageError("give either the ID of a subscription or --query")
    if query is not None:
        return _back_test(context, query, days, as_json)
    from connectors.delivery import WebhookChannel

    found = _find(adapters_of(context, create=True).subscriptions.list(), id or "")
    if found is None:
        click.echo(f"there is no subscription {id}", err=True)
        return NOTHING_FOUND
    channel = WebhookChannel(allow_private=settings_of(context).allow_private_addresses)
    outcome = channel.send_test(found, datetime.now(UTC))
    click.echo(f"{found.webhook}: {outcome.outcome}")
    return DONE if outcome.delivered else UNAVAILABLE


def _back_test(context: click.Context, query: str, days: int, as_json: bool) -> int:
    from pipelines.jobs.watch import Watch
    from schemas.query.parse import parse

    since = datetime.now(UTC) - timedelta(days=days)
    watch = Watch(adapters_of(context).developments, parse(query, for_developments=True, codes=Codes()), 0)
    heard = 0
    while developments := watch.poll():
        for development in developments:
            if development.recorded >= since:
                heard += 1
                click.echo(encode(development) if as_json else development_line(development))
    click.echo(f"{heard} in the last {days} days", err=True)
    return DONE if heard else NOTHING_FOUND


def _find(subscriptions: Sequence[Subscription], id: str) -> Subscription | None:
    found = [each for each in subscriptions if each.id.startswith(id)]
    if len(found) > 1:
        raise click.UsageError(f"{id} is the beginning of {len(found)} ids: give more of it")
    return found[0] if found else None


def _without_secret(subscription: Subscription) -> dict[str, object]:
    return {name: getattr(subscription, name) for name in subscription.__struct_fields__ if name != "secret"}
