"""`treatywire topics`."""

from typing import TYPE_CHECKING

import click

from app.cli import DONE
from app.environment import adapters_of, settings_of
from schemas.errors import Misconfigured

if TYPE_CHECKING:
    from connectors.kafka import KafkaAdapters

NO_KAFKA = "there is no Kafka: set kafka.bootstrap and elasticsearch.urls"


@click.group("topics", short_help="Make or check Kafka's topics.")
def command() -> None:
    """The topics of the setting `kafka`: articles, developments and dead letters.

    \b
    Example: treatywire topics create
    """


@command.command("create", short_help="Make the topics that are missing.")
@click.pass_context
def create(context: click.Context) -> int:
    """Make the topics that are missing, and check those that are there; may be run again.

    \b
    Example: TREATYWIRE_KAFKA_REPLICATION=1 treatywire topics create
    """
    from connectors.kafka import create as create_topics

    made = create_topics(_kafka(context).client, settings_of(context).keep_articles)
    for name in made:
        click.echo(f"made {name}")
    if not made:
        click.echo("all topics are there, and as they should be")
    return DONE


@command.command("check", short_help="Check that no topic would lose data.")
@click.pass_context
def check(context: click.Context) -> int:
    """Check partitions, retention, cleanup policy, size of a message and replicas in sync of every topic.

    Each job does the same at its start, and refuses to start on a topic that would lose data.

    \b
    Example: treatywire topics check
    """
    from connectors.kafka import check as check_topics

    check_topics(_kafka(context).client, settings_of(context).keep_articles)
    click.echo("all topics are there, and as they should be")
    return DONE


@command.command("adopt", short_help="Go on with these topics and indices that were filled from others.")
@click.pass_context
def adopt(context: click.Context) -> int:
    """Let the indices go with the topics of the settings, though they were filled from others.

    After a move to another Kafka, or once a topic had to be made anew. Subscriptions hear what is found from now on.

    \b
    Example: treatywire topics adopt
    """
    from pipelines.jobs.served import ServedAdapters

    adapters = adapters_of(context)
    if not isinstance(adapters, ServedAdapters):
        raise Misconfigured(NO_KAFKA)
    adapters.adopt()
    click.echo(f"goes on with {adapters.place}")
    return DONE


def _kafka(context: click.Context) -> "KafkaAdapters":
    """The logs that the settings name, closed after the command.

    Raises:
        Misconfigured: They name none.
    """
    from connectors.kafka import KafkaAdapters

    settings = settings_of(context)
    if settings.kafka is None:
        raise Misconfigured(NO_KAFKA)
    adapters = KafkaAdapters(settings.kafka)
    context.call_on_close(adapters.close)
    return adapters
