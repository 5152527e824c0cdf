"""Every delivery, with each try."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import replace

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.conditions import ALL
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.event_store import Commit
from connectors.elasticsearch.indices import ALERTS
from connectors.elasticsearch.numbering import Numbering
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.states import TRIES
from connectors.elasticsearch.times import micros
from schemas.codec import decode, encode
from schemas.errors import BadRecord, Unavailable
from schemas.ports import Position
from schemas.subscription import Alert, AlertStatus

_DUE_ORDER = [{"due": "asc"}, {"number": "asc"}]


class ElasticsearchLedger:
    """The delivery ledger as an index that belongs to no generation.

    What is due is looked for, then read by id: a delivery that somebody has just told of is not tried again because an
    index was not refreshed.

    Args:
        cluster: Where.
        commit: Moves a reader of the developments log.
        numbering: What orders alerts that are due at one moment.
    """

    def __init__(self, cluster: Cluster, commit: Commit, *, numbering: Numbering | None = None) -> None:
        self._cluster, self._commit, self._numbering = cluster, commit, numbering or Numbering()

    def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """Adds alerts that are not there yet, then moves the reader: after a crash in between they are there already.

        Raises:
            BadRecord: Elasticsearch refuses one of them.
        """
        new: dict[str, Alert] = {}
        for alert in alerts:
            new.setdefault(alert.id, alert)
        writes = [self._write(alert, self._numbering.next(), CREATE) for alert in new.values()]
        _raise_refused(bulk(self._cluster, writes).refused)
        if position is not None:
            self._commit(position)

    def due(self, now: datetime, limit: int, without: Collection[str] = ()) -> Sequence[Alert]:
        """Alerts to try now, the longest due first, then in the order of recording.

        Those to the subscriptions in `without` are left out. What others recorded comes within a second.
        """
        if limit < 1:
            return []
        asked = _due(range={"due": {"lte": micros(now)}})
        if without:
            asked["bool"]["must_not"] = [{"terms": {"subscription": sorted(set(without))}}]
        found = hits(self._cluster, ALERTS, asked, _DUE_ORDER, source=False, page=min(1000, 2 * limit))
        due: list[tuple[tuple[int, int], Alert]] = []
        try:
            while names := [hit["_id"] for hit in islice(found, 2 * limit)]:
                stored = get(self._cluster, ALERTS, names)
                alerts = ((stored[name].source, _alert(stored[name].source)) for name in names if name in stored)
                due += [((s["due"], s["number"]), a) for s, a in alerts if a.status is AlertStatus.DUE and a.due <= now]
                if len(due) >= limit:
                    break
        finally:
            found.close()  # type: ignore[attr-defined] # a generator, which ends its search
        return [alert for _, alert in sorted(due, key=lambda each: each[0])[:limit]]

    def update(self, alert: Alert) -> None:
        """Replaces what is recorded of a delivery after a try; durable on return.

        Looked at and written as one: what another writes in between makes it look again.

        Raises:
            Conflict: A try is recorded that this alert knows nothing of.
            BadRecord: Elasticsearch refuses it.
        """
        for _ in range(TRIES):
            stored = get(self._cluster, ALERTS, [alert.id]).get(alert.id)
            if stored:
                alert.check_follows(_alert(stored.source))
            number = stored.source["number"] if stored else self._numbering.next()
            write = self._write(alert, number, stored.unchanged() if stored else CREATE)
            outcome = bulk(self._cluster, [write], at_leisure=stored is not None and _is_later(alert, stored.source))
            _raise_refused(outcome.refused)
            if not outcome.conflicts:
                return
        raise Unavailable(f"alert {alert.id}: others wrote it {TRIES} times meanwhile")

    def list(self, subscription: str | None = None, limit: int = 100) -> Sequence[Alert]:
        """The latest recorded, newest first."""
        self._cluster.refresh(ALERTS)
        asked = ALL if subscription is None else {"term": {"subscription": subscription}}
        found = hits(self._cluster, ALERTS, asked, [{"number": "desc"}], page=max(1, min(1000, limit)))
        return [_alert(hit["_source"]) for hit in islice(found, limit)]

    def _write(self, alert: Alert, number: int, condition: Mapping[str, Any]) -> Write:
        columns = {
            "subscription": alert.subscription,
            "status": alert.status.value,
            "due": micros(alert.due),
            "number": number,
            "data": encode(alert).decode(),
        }
        return Write(ALERTS, alert.id, msgspec.json.encode(columns), condition)


def give_up(cluster: Cluster, subscription: str) -> None:
    """Sets what is due to a subscription to failed; each try is kept."""
    cluster.refresh(ALERTS)  # what another process recorded a moment ago is given up as well
    asked = _due(term={"subscription": subscription})
    names = [hit["_id"] for hit in hits(cluster, ALERTS, asked, _DUE_ORDER, source=False)]
    for _ in range(TRIES):
        stored = get(cluster, ALERTS, names)
        writes = [_given_up(name, one) for name, one in stored.items() if one.source["status"] == AlertStatus.DUE]
        names = [write.name for write in bulk(cluster, writes).conflicts]
        if not names:
            return
    raise Unavailable(f"subscription {subscription}: its alerts are written all the time")


def _given_up(name: str, stored: Stored) -> Write:
    status = {"status": AlertStatus.FAILED.value}
    return Write(ALERTS, name, msgspec.json.encode(stored.source | status), stored.unchanged())


def _due(**condition: Any) -> dict[str, Any]:
    return {"bool": {"filter": [{"term": {"status": AlertStatus.DUE.value}}, condition]}}


def _is_later(alert: Alert, before: Mapping[str, Any]) -> bool:
    """Whether a search that still goes by what was recorded before finds it early rather than late, or not at all."""
    return alert.status is not AlertStatus.DUE or (
        before["status"] == AlertStatus.DUE and micros(alert.due) >= before["due"]
    )


def _alert(source: Mapping[str, Any]) -> Alert:
    """The column `status` is what counts; in the JSON it may be older."""
    alert = decode(source["data"], Alert)
    return alert if alert.status == source["status"] else replace(alert, status=AlertStatus(source["status"]))


def _raise_refused(refused: Collection[Any]) -> None:
    for one in refused:
        raise BadRecord(f"alert {one.write.name}: Elasticsearch refuses it: {one.reason}")
