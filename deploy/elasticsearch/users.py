"""Makes the two users with the least rights: ``python -m deploy.elasticsearch.users``.

Takes the settings of the program with a user who may manage security (``elastic``), and the new passwords in
``WORKER_PASSWORD`` and ``ADMINISTRATOR_PASSWORD``. May be run again; roles and passwords are then set anew.
"""

import os
import sys
from collections.abc import Mapping

from connectors.elasticsearch import Cluster, ElasticsearchSettings, rights
from schemas.errors import Misconfigured, TreatywireError
from schemas.settings import load_settings


def make_users(settings: ElasticsearchSettings, passwords: Mapping[str, str]) -> list[str]:
    """Makes a role and a user of the same name for each of `worker` and `administrator`; returns the names.

    Raises:
        Misconfigured: The settings' user may not do so.
        Unavailable: Elasticsearch does not answer.
    """
    bodies = {"worker": rights.worker(settings.prefix), "administrator": rights.administrator(settings.prefix)}
    made = []
    with Cluster(settings) as cluster:
        for kind, password in passwords.items():
            name, body = f"{settings.prefix}-{kind}", bodies[kind]
            cluster.call(f"put role {name}", lambda client: client.security.put_role(name=name, **body))  # noqa: B023
            cluster.call(
                f"put user {name}",
                lambda client: client.security.put_user(username=name, password=password, roles=[name]),  # noqa: B023
            )
            made.append(name)
    return made


def main() -> None:
    """The command."""
    try:
        settings = load_settings({}).elasticsearch
        if settings is None:
            raise Misconfigured("there is no Elasticsearch to make users on: set elasticsearch.urls")
        passwords = {kind: os.environ.get(f"{kind.upper()}_PASSWORD", "") for kind in ("worker", "administrator")}
        if missing := [kind for kind, password in passwords.items() if not password]:
            raise Misconfigured(f"set {' and '.join(f'{kind.upper()}_PASSWORD' for kind in missing)}")
        for name in make_users(settings, passwords):
            print(f"made user and role {name}")  # noqa: T201 - a command
    except TreatywireError as error:
        sys.exit(f"users: {error}")


if __name__ == "__main__":
    main()
