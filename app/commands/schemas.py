"""`treatywire schemas`."""

from pathlib import Path

import click
import msgspec

from schemas.codec import PUBLISHED, json_schema


@click.command("schemas", short_help="Print the JSON Schemas of the records.")
@click.argument("name", required=False, type=click.Choice(sorted(PUBLISHED)))
@click.option(
    "--write", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", help="One file each, instead."
)
def command(name: str | None, write: Path | None) -> None:
    """Print the JSON Schema of the record NAME, or the names there are.

    \b
    Example: treatywire schemas development
    """
    names = [name] if name else sorted(PUBLISHED)
    if write is not None:
        write.mkdir(parents=True, exist_ok=True)
        for each in names:
            (write / f"{each}.json").write_bytes(schema_text(each))
    elif name is None:
        click.echo("\n".join(names))
    else:
        click.echo(schema_text(name), nl=False)


def schema_text(name: str) -> bytes:
    """The schema as it is published: indented, keys in the order of the record, a line end at the end."""
    return msgspec.json.format(msgspec.json.encode(json_schema(name)), indent=2) + b"\n"
