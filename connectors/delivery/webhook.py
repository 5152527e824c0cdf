"""Alerts as HTTP posts, signed by the Standard Webhooks specification 1.0.0."""

from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

from connectors.delivery.address import check_address
from connectors.delivery.channel import Delivered, GivenUp, Outcome, TryAgain
from connectors.delivery.envelope import envelope, try_out_envelope
from connectors.delivery.retry import parse_retry_after
from connectors.delivery.secret import check_secret
from connectors.network.guard import AddressRefused, GuardedTransport
from schemas.errors import Misconfigured
from schemas.identifiers import content_id
from schemas.subscription import Alert, Subscription

GONE = 410
USER_AGENT = "treatywire/0.1 (Standard Webhooks 1.0.0)"


class WebhookChannel:
    """Posts alerts; one connection a try, safe to use from several threads.

    At least once: the id in ``webhook-id`` is the same on each try, by which a receiver knows a repeat. Redirects are
    not followed. Nothing of an answer is read but its status and headers, so that no body is too long. The transport is
    used without a client around it, which would keep cookies.

    Args:
        allow_private: Whether endpoints may be on loopback and private networks; the address connected to counts.
        connect_timeout_s: For each address of the host.
        total_timeout_s: From the look-up of the host to the last header of the answer, however slowly these drip in;
            the specification recommends 15 to 30 seconds.
    """

    def __init__(
        self, *, allow_private: bool = False, connect_timeout_s: float = 5.0, total_timeout_s: float = 15.0
    ) -> None:
        self._transport = GuardedTransport(allow_private=allow_private, total_s=total_timeout_s)
        self._connect_timeout_s, self._total_timeout_s = connect_timeout_s, total_timeout_s

    def send(self, alert: Alert, subscription: Subscription, now: datetime) -> Outcome:
        """How the endpoint answered: 2xx is delivered, 410 ends it, all else is to be tried again."""
        return self._post(alert.id, envelope(alert.development), subscription, now)

    def send_test(self, subscription: Subscription, now: datetime) -> Outcome:
        """The same for a post that a person has sent to try the endpoint out; its id is that of no alert."""
        trial = content_id("test", subscription.id, now.isoformat())
        return self._post(trial, try_out_envelope(subscription, now), subscription, now)

    def _post(self, id: str, body: bytes, subscription: Subscription, now: datetime) -> Outcome:
        try:
            request = self._request(id, body, subscription, now)
        except Misconfigured as error:
            return GivenUp(str(error))
        try:
            response = self._transport.handle_request(request)
        except AddressRefused as error:
            return TryAgain(str(error))
        except httpx.ConnectTimeout:
            return TryAgain("cannot be reached: no connection was made in time")
        except httpx.TimeoutException:
            return TryAgain(f"no answer within {self._total_timeout_s:g} s")
        except httpx.ConnectError as error:
            return TryAgain(f"cannot be reached: {error}")
        except httpx.NetworkError:
            return TryAgain("the connection was lost before an answer came")
        except httpx.TransportError as error:
            return TryAgain(f"no HTTP answer came ({type(error).__name__})")
        response.close()
        status = str(response.status_code)
        if response.is_success:
            return Delivered(status)
        if response.status_code == GONE:
            return GivenUp(status)
        return TryAgain(status, parse_retry_after(response.headers.get("retry-after"), now))

    def _request(self, id: str, body: bytes, subscription: Subscription, now: datetime) -> httpx.Request:
        url = check_address(subscription.webhook)
        tried = now.astimezone(UTC).replace(microsecond=0)  # the library takes the clock's digits for UTC
        signature = Webhook(check_secret(subscription.secret)).sign(id, tried, body.decode())
        return httpx.Request(
            "POST",
            url,
            content=body,
            headers={
                "connection": "close",
                "content-type": "application/json",
                "user-agent": USER_AGENT,
                "webhook-id": id,
                "webhook-signature": signature,
                "webhook-timestamp": str(int(tried.timestamp())),
            },
            extensions={"timeout": {"connect": self._connect_timeout_s}},
        )
