"""`treatywire feeds`."""

import sys
from datetime import timedelta
from pathlib import Path

import click
from msgspec import structs

from app.cli import DONE, NOTHING_FOUND
from app.environment import adapters_of, settings_of
from app.options import json_option
from app.render import minute
from schemas.codec import encode
from schemas.feed import Feed


@click.group("feeds", short_help="Say which feeds are watched.")
def command() -> None:
    """The feeds that are watched: RSS, Atom, RDF and JSON Feed, over http(s) or as local files.

    \b
    Example: treatywire feeds add https://news.example/rss --name 'The Example'
    """


@command.command("list", short_help="List the feeds.")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> int:
    """Print the feeds by address, with what is known of each.

    \b
    Example: treatywire feeds list
    """
    found = adapters_of(context, create=True).feeds.list()
    for feed, state in found:
        if as_json:
            click.echo(encode({**structs.asdict(feed), "state": state}))
        else:
            polled = minute(state.polled) if state.polled else "never polled"
            problem = f"  failing: {state.error}" if state.error else ""
            click.echo(f"{feed.url}  {feed.name or '–'}  {polled}  {state.articles} articles{problem}")
    return DONE if found else NOTHING_FOUND


@command.command("add", short_help="Watch a feed.")
@click.argument("address")
@click.option("--name", default="", help="The outlet's name; else the feed's own title.")
@click.option("--every", type=click.IntRange(5), default=300, show_default=True, help="Seconds between polls.")
@click.pass_context
def add(context: click.Context, address: str, name: str, every: int) -> None:
    """Watch the feed at ADDRESS, an http(s) address or a local file.

    \b
    Example: treatywire feeds add ./archive.xml --name 'Our archive'
    """
    from connectors.feeds import feed_address

    feed = Feed(url=feed_address(address), name=name, poll_every=timedelta(seconds=every))
    new = adapters_of(context, create=True).feeds.add(feed)
    click.echo(f"{'added' if new else 'changed'} {feed.url}")


@command.command("remove", short_help="Watch a feed no longer.")
@click.argument("address")
@click.pass_context
def remove(context: click.Context, address: str) -> int:
    """Watch the feed at ADDRESS no longer; what it gave stays.

    \b
    Example: treatywire feeds remove https://news.example/rss
    """
    from connectors.feeds import feed_address

    if adapters_of(context, create=True).feeds.remove(feed_address(address)):
        click.echo(f"removed {address}")
        return DONE
    click.echo(f"{address} is not watched", err=True)
    return NOTHING_FOUND


@command.command("check", short_help="Ask a feed once and say what it gives.")
@click.argument("address")
@json_option
@click.pass_context
def check(context: click.Context, address: str, as_json: bool) -> int:
    """Ask the feed at ADDRESS once and print its kind, items, dates and problems; keeps nothing.

    \b
    Example: treatywire feeds check https://news.example/rss
    """
    from connectors.feeds import check as check_feed
    from connectors.feeds import feed_address

    report = check_feed(feed_address(address), allow_private=settings_of(context).allow_private_addresses)
    click.echo(encode(report) if as_json else "\n".join(report.lines()))
    return DONE if report.items else NOTHING_FOUND


@command.command("import", short_help="Watch the feeds of an OPML file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def import_(context: click.Context, file: Path) -> int:
    """Watch every feed of an OPML FILE.

    \b
    Example: treatywire feeds import reader.opml
    """
    from connectors.feeds import read_opml

    feeds = read_opml(file.read_bytes())
    target = adapters_of(context, create=True).feeds
    new = 0
    with click.progressbar(feeds, label="feeds", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for feed in bar:
            new += target.add(feed)
    click.echo(f"{new} added, {len(feeds) - new} known already")
    return DONE if feeds else NOTHING_FOUND


@command.command("export", short_help="Print the feeds as OPML.")
@click.pass_context
def export(context: click.Context) -> None:
    """Print an OPML document of all feeds.

    \b
    Example: treatywire feeds export > treatywire.opml
    """
    from connectors.feeds import write_opml

    click.echo(write_opml([feed for feed, _ in adapters_of(context, create=True).feeds.list()]), nl=False)
