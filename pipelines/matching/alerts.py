"""From stored subscriptions and a development to what is to be delivered."""

from collections.abc import Iterable
from datetime import datetime

from pipelines.matching.matcher import Matcher
from schemas.development import Development
from schemas.errors import BadQuery
from schemas.query.parse import parse
from schemas.query.tree import Query
from schemas.subscription import Alert, Subscription, alert_id
from schemas.vocabulary import Origin


class Audience:
    """Subscriptions, parsed and indexed once for any number of developments. Never changes; safe to share."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self.unusable: dict[str, BadQuery] = {}
        """Subscriptions, by id, whose query is none (any longer): they hear nothing, and somebody must be told."""
        self._subscriptions: dict[str, Subscription] = {}
        queries: dict[str, Query] = {}
        for subscription in subscriptions:
            text = subscription.query
            try:
                queries[text] = queries[text] if text in queries else parse(text, for_developments=True)
            except BadQuery as error:
                self.unusable[subscription.id] = error
            else:
                self._subscriptions[subscription.id] = subscription
        self._matcher = Matcher((one.id, queries[one.query]) for one in self._subscriptions.values())

    def alerts(self, development: Development, *, offset: int, now: datetime) -> tuple[Alert, ...]:
        """An alert, due now, for each subscription that is to be sent the development; by subscription id.

        Only what is live, and what came into the log later than the subscription.

        Args:
            development: What has changed.
            offset: Its place in the developments log.
            now: UTC.
        """
        if development.origin is not Origin.LIVE:
            return ()
        return tuple(
            Alert(id=alert_id(name, development.id), subscription=name, development=development, due=now)
            for name in self._matcher.match(development)
            if offset > self._subscriptions[name].position
        )


def alerts(
    subscriptions: Iterable[Subscription], development: Development, *, offset: int, now: datetime
) -> tuple[Alert, ...]:
    """The same for one development; for several an `Audience` is kept."""
    return Audience(subscriptions).alerts(development, offset=offset, now=now)
