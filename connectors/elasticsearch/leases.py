"""Who does what, among any number of processes."""

from datetime import datetime, timedelta

import msgspec

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.indices import LEASES
from connectors.elasticsearch.states import TRIES
from connectors.elasticsearch.times import micros
from schemas.errors import FencedOff, Unavailable
from schemas.ports import Lease

NOBODY = ""


class ElasticsearchLeases:
    """A document a lease, written where nobody wrote since it was read, and read by id, so always as it is now.

    It stays when the lease is given back, so that tokens only ever grow.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def acquire(self, name: str, holder: str, ttl: timedelta, now: datetime) -> Lease | None:
        """A lease where nobody else holds one that has not run out; the holder's own is renewed under the same token.

        Whoever comes after a release, be it the one who released, gets a new token.
        """
        for _ in range(TRIES):
            stored = self._stored(name)
            lease = Lease(name=name, holder=holder, token=1, until=now + ttl)
            if stored is not None:
                owner, token = stored.source["holder"], stored.source["token"]
                if owner not in (holder, NOBODY) and stored.source["until"] > micros(now):
                    return None
                lease = Lease(name=name, holder=holder, token=token + (owner != holder), until=now + ttl)
            if self._written(lease, stored):
                return lease
        raise Unavailable(f"lease {name!r}: others wrote it {TRIES} times meanwhile")

    def check(self, lease: Lease) -> None:
        """Passes where no later token was given out.

        Raises:
            FencedOff: One was.
        """
        stored = self._stored(lease.name)
        if stored is not None and stored.source["token"] > lease.token:
            owner = stored.source["holder"] or "another"
            raise FencedOff(f"lease {lease.name!r} has passed from {lease.holder!r} to {owner!r}")

    def release(self, lease: Lease) -> None:
        """Gives it back; one that has passed on is no error."""
        for _ in range(TRIES):
            stored = self._stored(lease.name)
            if stored is None or stored.source["token"] != lease.token or stored.source["holder"] == NOBODY:
                return
            if self._written(msgspec.structs.replace(lease, holder=NOBODY), stored):
                return
        raise Unavailable(f"lease {lease.name!r}: others wrote it {TRIES} times meanwhile")

    def _stored(self, name: str) -> Stored | None:
        return get(self._cluster, LEASES, [name]).get(name)

    def _written(self, lease: Lease, stored: Stored | None) -> bool:
        """Writes it unless somebody else did since it was read."""
        columns = {"name": lease.name, "holder": lease.holder, "token": lease.token, "until": micros(lease.until)}
        condition = stored.unchanged() if stored else CREATE
        return not bulk(self._cluster, [Write(LEASES, lease.name, msgspec.json.encode(columns), condition)]).conflicts
