"""The jobs: the only rooms, besides `app`, that know both the pure parts and the connectors."""
