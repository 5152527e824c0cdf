"""The indices made and checked: `treatywire index create` and `check`."""

from collections.abc import Iterable, Mapping
from typing import Any

from elasticsearch import BadRequestError

from connectors.elasticsearch import indices
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.failures import reason_of
from schemas.errors import Misconfigured


def create(cluster: Cluster) -> list[str]:
    """Makes the templates, and the indices that are missing, each behind its alias; the names of the new ones.

    May be run again, and by several at once. Takes a user who may manage templates and these indices
    (`rights.administrator`).

    Raises:
        Misconfigured: An index is there, and is not what it should be; or the user may not.
    """
    made = make(cluster)
    check(cluster)
    return made


def make(cluster: Cluster) -> list[str]:
    """The same, whatever the indices are that are there."""
    for name, body in indices.templates(cluster.settings).items():
        _put_template(cluster, name, body)
    there = behind(cluster, [indices.alias(cluster.settings, kind) for kind in indices.KINDS])
    made = []
    for kind in indices.KINDS:
        alias = indices.alias(cluster.settings, kind)
        if alias not in there:
            name = indices.index_name(cluster.settings, kind, 1)
            create_index(cluster, kind, name, alias)
            made.append(name)
    return made


def create_index(cluster: Cluster, kind: str, name: str, *aliases: str) -> None:
    """Makes one index with its aliases, at once; it is no error that it is there."""
    try:
        cluster.call(
            f"create {name}",
            lambda client: client.indices.create(
                index=name,
                aliases={alias: {"is_write_index": True} for alias in aliases},
                settings=indices.index_settings(cluster.settings, kind),
                mappings=indices.mapping(kind),
            ),
        )
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise Misconfigured(f"create {name}: {reason_of(error.body)}") from error


def check(cluster: Cluster, kinds: Iterable[str] = indices.KINDS) -> None:
    """Passes where every alias leads to one index that holds what this version writes.

    Args:
        cluster: Where.
        kinds: Of which indices.

    Raises:
        Misconfigured: One is missing, leads to several, or is made otherwise; the message names the difference.
        Unavailable: Elasticsearch does not answer.
    """
    aliases = {cluster.alias(kind): kind for kind in kinds}
    there = behind(cluster, aliases)
    for alias in aliases:
        names = there.get(alias, [])
        if not names:
            raise Misconfigured(f"elasticsearch: there is no alias {alias}; `treatywire index create` makes it")
        if len(names) > 1:
            raise Misconfigured(f"elasticsearch: alias {alias} leads to {' and '.join(names)}; it takes one index")
    names_of = {names[0]: aliases[alias] for alias, names in there.items()}
    found = cluster.call(
        "get mappings", lambda client: client.indices.get_mapping(index=list(names_of), allow_no_indices=False)
    )
    for name, kind in names_of.items():
        difference = _difference(indices.mapping(kind), found[name]["mappings"])
        if difference:
            raise Misconfigured(
                f"elasticsearch index {name}: {difference}; it was made by another program or version. Name another "
                f"prefix, or build a new generation with `treatywire index migrate`"
            )


def behind(cluster: Cluster, aliases: Iterable[str]) -> dict[str, list[str]]:
    """The indices behind each of these aliases that exists.

    Raises:
        Misconfigured: An index, not an alias, has such a name.
    """
    asked = list(aliases)
    found = cluster.call(
        "get aliases",
        lambda client: client.options(ignore_status=404).indices.get(
            index=asked, features=["aliases"], ignore_unavailable=True
        ),
    )
    leading: dict[str, list[str]] = {}
    for name, index in sorted(found.items()):
        if name in asked:
            raise Misconfigured(f"elasticsearch: {name} is an index; an alias takes its place. Name another prefix")
        for alias in index.get("aliases", {}):
            if alias in asked:
                leading.setdefault(alias, []).append(name)
    return leading


def _put_template(cluster: Cluster, name: str, body: Mapping[str, Any]) -> None:
    arguments = {{"_meta": "meta"}.get(key, key): value for key, value in body.items()}
    cluster.call(f"put template {name}", lambda client: client.indices.put_index_template(name=name, **arguments))


def _difference(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """The first thing in which a mapping is another."""
    if str(found.get("dynamic")) != "strict":
        return f"dynamic is {found.get('dynamic', 'true')!s}, and must be strict"
    ours, theirs = wanted["properties"], found.get("properties", {})
    for field in sorted(ours.keys() | theirs.keys()):
        if field not in theirs:
            return f"there is no field {field}"
        if field not in ours:
            return f"there is a field {field}, which nobody here writes"
        if theirs[field] != ours[field]:
            return f"field {field} is {_shown(theirs[field])}, and must be {_shown(ours[field])}"
    return None


def _shown(field: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in field.items() if key != "properties") or "an object"
