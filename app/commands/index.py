"""`treatywire index`."""

from typing import TYPE_CHECKING

import click

from app.cli import DONE
from app.commands.upgrade import command as upgrade
from app.environment import settings_of

if TYPE_CHECKING:
    from schemas.elasticsearch_settings import ElasticsearchSettings

EMBEDDED = "nothing to do: the embedded database makes and checks its index itself"


@click.group("index", short_help="Make, rebuild or check Elasticsearch's indices.")
def command() -> None:
    """The indices of the setting `elasticsearch`. The embedded database needs none of these commands.

    \b
    Example: treatywire index create
    """


@command.command("create", short_help="Make the indices that are missing.")
@click.pass_context
def create(context: click.Context) -> int:
    """Make templates, and the indices that are missing, each behind its alias; may be run again.

    It takes a user who may make indices; the jobs need not be that one.

    \b
    Example: treatywire index create
    """
    settings = _elasticsearch(context)
    if settings is None:
        return DONE
    from connectors.elasticsearch import Cluster, index

    with Cluster(settings) as cluster:
        made = index.create(cluster)
    for name in made:
        click.echo(f"made {name}")
    if not made:
        click.echo("all indices are there, and as they should be")
    return DONE


@command.command("migrate", short_help="Fill indices as this version makes them, and switch.")
@click.pass_context
def migrate(context: click.Context) -> int:
    """Build a new generation from the articles log, as this version makes its indices, and let it serve.

    The same as `treatywire upgrade --again`, which reports more: it says what changes.

    \b
    Example: treatywire index migrate
    """
    if _elasticsearch(context) is None:
        return DONE
    code = context.invoke(upgrade, dry_run=False, abandon=False, again=True, limit=0, as_json=False)
    assert isinstance(code, int)
    return code


@command.command("check", short_help="Check that every index is what it should be.")
@click.pass_context
def check(context: click.Context) -> int:
    """Check that each alias leads to one index with the fields that this version writes.

    Each job does the same at its start, and refuses to start where it is not so.

    \b
    Example: treatywire index check
    """
    settings = _elasticsearch(context)
    if settings is None:
        return DONE
    from connectors.elasticsearch import open_elasticsearch

    open_elasticsearch(settings).close()
    click.echo("all indices are there, and as they should be")
    return DONE


def _elasticsearch(context: click.Context) -> "ElasticsearchSettings | None":
    settings = settings_of(context).elasticsearch
    if settings is None:
        click.echo(EMBEDDED)
    return settings
